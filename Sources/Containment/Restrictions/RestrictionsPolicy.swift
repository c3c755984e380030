import Gazette
import Kernel

/// What may be asked of whom, for how long, and within which deadlines.
package struct RestrictionsPolicy: PolicySection {
  package static let key = "restrictions"

  /// A time of day, written `"12:00"`.
  package struct TimeOfDay: Decodable, Hashable, Sendable {
    package let minutes: Int

    package init(from decoder: any Decoder) throws {
      let text = try decoder.singleValueContainer().decode(String.self)
      let parts = text.split(separator: ":").map { Int($0) }
      guard parts.count == 2, let hour = parts[0], let minute = parts[1], (0..<24).contains(hour),
        (0..<60).contains(minute)
      else {
        throw Refusal.malformed(
          "health_by", text, expected: Words("时刻，如 12:00", "a time of day such as 12:00"))
      }
      minutes = hour * 60 + minute
    }
  }

  /// A stretch of a clause. Its days are numbered from 1.
  package struct Phase: Decodable, Sendable {
    package let kind: RestrictionKind
    package let days: Int
    package let testDays: [Int]
    /// Until when each day the temperature and the symptoms are to be asked.
    package let healthBy: [TimeOfDay]

    private enum CodingKeys: String, CodingKey {
      case kind
      case days
      case testDays = "test_days"
      case healthBy = "health_by"
    }
  }

  /// From when a clause counts: the day itself is day 0.
  package enum Count: String, Decodable, Sendable {
    case lastExposure = "last_exposure"
    case leaving
    case report
    /// The opening of the zone, or the last infection that counts in it.
    case zoneDay = "zone_day"
  }

  /// Whom a clause is about.
  package enum Subject: String, Decodable, CaseIterable, Sendable {
    case close
    case secondary
    case general
    case companion
    case confirmed
    case asymptomatic
    case converted
    case zoneResidence = "zone_residence"
    /// Somebody who lives in a zone that stands, as its level says.
    case zoneResident = "zone_resident"
    /// Somebody who came from an area of high, or of middle, risk.
    case entryHigh = "entry_high"
    case entryMiddle = "entry_middle"
    case positiveTube = "positive_tube"
    case symptoms
    case recheck

    package init(_ kind: ContactKind) {
      switch kind {
      case .close: self = .close
      case .secondary: self = .secondary
      case .general: self = .general
      case .companion: self = .companion
      }
    }

    package init(_ kind: InfectionKind) {
      switch kind {
      case .confirmed: self = .confirmed
      case .asymptomatic: self = .asymptomatic
      case .converted: self = .converted
      }
    }

    /// The evidence by which a person is one.
    package var evidence: EvidenceKind {
      switch self {
      case .close, .secondary, .general, .companion: .contact
      case .confirmed, .asymptomatic, .converted: .infection
      case .zoneResidence, .zoneResident: .zoneResidence
      case .entryHigh, .entryMiddle: .entryRecord
      case .positiveTube: .positiveTube
      case .symptoms: .symptoms
      case .recheck: .recheck
      }
    }
  }

  /// One rule: whom it is about, what it asks and for how long at most.
  package struct Clause: Decodable, Sendable {
    package let id: String
    package let words: Words
    /// The rule's own sentence.
    package let quote: String
    package let source: String
    package let appliesTo: [Subject]
    package let countedFrom: Count
    package let phases: [Phase]
    package let maximumDays: Int
    package let colour: CodeColour
    /// Within how many hours a person for central isolation is to be moved.
    package let transferHours: Int?
    /// What a phase becomes when the person was met elsewhere.
    package let onBreach: RestrictionKind?
    /// How many people one account may cause under it, where that is another number than for others.
    package let alonePeople: Int?

    private enum CodingKeys: String, CodingKey {
      case id
      case words
      case quote
      case source
      case phases
      case colour
      case appliesTo = "applies_to"
      case countedFrom = "counted_from"
      case maximumDays = "maximum_days"
      case transferHours = "transfer_hours"
      case onBreach = "on_breach"
      case alonePeople = "alone_people"
    }

    /// Whether it takes anything from a person's freedom.
    package var isLimiting: Bool { phases.contains { $0.kind.isLimiting } }
  }

  /// What one account may cause without a second person.
  package struct Alone: Decodable, Sendable {
    /// How many people within the hours, by whatever clauses, though a rule decides.
    package let people: Int
    /// What all accounts together may cause under one clause within the hours: so many, or so many of
    /// a thousand residents, whichever is more; what is not named is none beyond ``people``.
    package let clausePeople: Int?
    package let clausePerMille: Int?
    package let hours: Int
    package let coolingMinutes: Int
    package let approvalMinutes: Int
    /// After how many refusals within the minutes the auditor is told.
    package let attempts: Int
    package let attemptMinutes: Int
    package let alarmMinutes: Int

    private enum CodingKeys: String, CodingKey {
      case people
      case clausePeople = "clause_people"
      case clausePerMille = "clause_per_mille"
      case hours
      case attempts
      case coolingMinutes = "cooling_minutes"
      case approvalMinutes = "approval_minutes"
      case attemptMinutes = "attempt_minutes"
      case alarmMinutes = "alarm_minutes"
    }
  }

  package let alone: Alone
  package let noticeMinutes: Int
  package let medicalMinutes: Int
  package let approvalMinutes: Int
  package let objectionHours: Int
  /// How many days ahead of today the daily obligations are opened.
  package let horizonDays: Int
  /// From which temperature it is a fever, in degrees Celsius.
  package let feverCelsius: Double
  package let appeal: Words
  package let clauses: [Clause]

  private enum CodingKeys: String, CodingKey {
    case alone
    case clauses
    case appeal
    case noticeMinutes = "notice_minutes"
    case medicalMinutes = "medical_minutes"
    case approvalMinutes = "approval_minutes"
    case objectionHours = "objection_hours"
    case horizonDays = "horizon_days"
    case feverCelsius = "fever_celsius"
  }

  /// The clause with an id, nil when this edition has none.
  package func clause(_ id: String) -> Clause? { clauses.first { $0.id == id } }

  /// The clause for somebody who is what a subject says, nil when nothing is asked of them.
  package func clause(for subject: Subject) -> Clause? {
    clauses.first { $0.appliesTo.contains(subject) }
  }

  package var faults: [Words] {
    var faults: [Words] = []
    let ids = clauses.map(\.id)
    if Set(ids).count != ids.count { faults.append(Words("条款编号重复", "a clause id stands twice")) }
    faults += faultsOfBounds
    for clause in clauses {
      let days = clause.phases.map(\.days).reduce(0, +)
      if clause.phases.isEmpty || clause.phases.contains(where: { $0.days < 1 }) {
        faults.append(
          Words("条款“\(clause.id)”没有天数", "clause “\(clause.id)” has no days"))
      }
      if days > clause.maximumDays {
        faults.append(
          Words(
            "条款“\(clause.id)”的天数超过上限", "the days of clause “\(clause.id)” exceed its maximum"))
      }
      if clause.appliesTo.contains(.companion) && (clause.isLimiting || clause.colour != .green) {
        faults.append(
          Words(
            "时空伴随只能提示，不能限制（条款“\(clause.id)”）",
            "a companion is told and never limited (clause “\(clause.id)”)"))
      }
      for phase in clause.phases
      where phase.testDays.contains(where: { !(1...max(1, phase.days)).contains($0) }) {
        faults.append(
          Words(
            "条款“\(clause.id)”的检测日不在期限内", "a test day of clause “\(clause.id)” lies outside"))
      }
    }
    return faults
  }
}
