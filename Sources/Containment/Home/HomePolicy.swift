import Kernel

/// How isolation at home is looked after, in the editions that know it.
package struct HomePolicy: PolicySection {
  package static let key = "home"

  /// What is asked for those whom a clause of the edition keeps at home.
  package struct Clause: Decodable, Sendable {
    /// The clause of the edition's restrictions.
    package let id: String
    /// Whether the six rules are looked at.
    package let checklist: Bool
    /// Whether food, medicine and rubbish are somebody's to bring and fetch.
    package let deliveries: Bool
    /// Whether silence is somebody's to break.
    package let silence: Bool

    var asks: HomeAsks {
      HomeAsks(checklist: checklist, deliveries: deliveries, silence: silence)
    }
  }

  /// What is brought to the door, and until when each day.
  package struct Service: Decodable, Sendable {
    package let kind: HomeService
    package let by: [RestrictionsPolicy.TimeOfDay]
  }

  /// How long each part of a way out for care may take.
  package struct Outings: Decodable, Sendable {
    package let approveMinutes: Int
    package let aheadDays: Int
    package let departMinutes: Int
    package let travelMinutes: Int
    package let careMinutes: Int
    package let emergencyMinutes: Int

    private enum CodingKeys: String, CodingKey {
      case approveMinutes = "approve_minutes"
      case aheadDays = "ahead_days"
      case departMinutes = "depart_minutes"
      case travelMinutes = "travel_minutes"
      case careMinutes = "care_minutes"
      case emergencyMinutes = "emergency_minutes"
    }
  }

  package let source: String
  package let clauses: [Clause]
  package let checklistHours: Int
  /// After how many days the rules are looked at again; nil for once.
  package let revisitDays: Int?
  package let remedyHours: Int
  package let carerHours: Int
  /// After how long without a word silence is too long.
  package let silenceMinutes: Int
  /// Within how long somebody looks then.
  package let silenceVisitMinutes: Int
  /// How long after one report of a person the next is taken.
  package let reportGapMinutes: Int
  package let services: [Service]
  package let outings: Outings

  private enum CodingKeys: String, CodingKey {
    case source
    case clauses
    case services
    case outings
    case checklistHours = "checklist_hours"
    case revisitDays = "revisit_days"
    case remedyHours = "remedy_hours"
    case carerHours = "carer_hours"
    case silenceMinutes = "silence_minutes"
    case silenceVisitMinutes = "silence_visit_minutes"
    case reportGapMinutes = "report_gap_minutes"
  }

  /// What is asked for a clause; nil when nothing is.
  package func clause(_ id: String) -> Clause? { clauses.first { $0.id == id } }

  package var faults: [Words] {
    var faults: [Words] = []
    if Set(clauses.map(\.id)).count != clauses.count {
      faults.append(Words("条款重复", "a clause stands twice"))
    }
    if Set(services.map(\.kind)).count != services.count
      || services.contains(where: { $0.by.isEmpty })
    {
      faults.append(Words("上门服务重复或没有时刻", "a service stands twice or has no time"))
    }
    let spans = [
      checklistHours, revisitDays ?? 1, remedyHours, carerHours, silenceMinutes,
      silenceVisitMinutes, outings.approveMinutes, outings.aheadDays, outings.departMinutes,
      outings.travelMinutes, outings.careMinutes, outings.emergencyMinutes,
    ]
    if spans.contains(where: { $0 < 1 }) || reportGapMinutes < 0 {
      faults.append(Words("时限须为正数", "spans are positive"))
    }
    return faults
  }
}

/// What residents may ask for on their own page, whether or not anything restricts them.
package struct RequestsPolicy: PolicySection {
  package static let key = "requests"

  /// Something to ask for.
  package struct Kind: Decodable, Sendable {
    package let code: String
    package let words: Words
    package let minutes: Int
    /// Whether the community is told at once instead of the grid worker.
    package let urgent: Bool
  }

  package let kinds: [Kind]
  /// How many of one person wait at once.
  package let mostOpen: Int
  /// How many of one person in 24 hours.
  package let mostADay: Int
  /// How many characters a text holds.
  package let longestText: Int
  /// For how many days what residents wrote is kept after its answer.
  package let keepDays: Int

  private enum CodingKeys: String, CodingKey {
    case kinds
    case mostOpen = "most_open"
    case mostADay = "most_a_day"
    case longestText = "longest_text"
    case keepDays = "keep_days"
  }

  /// The kind with a code, nil when there is none.
  package func kind(_ code: String) -> Kind? { kinds.first { $0.code == code } }

  package var faults: [Words] {
    var faults: [Words] = []
    if kinds.isEmpty || Set(kinds.map(\.code)).count != kinds.count {
      faults.append(Words("求助种类为空或重复", "the kinds of requests are empty or stand twice"))
    }
    if kinds.contains(where: { $0.minutes < 1 }) || mostOpen < 1 || mostADay < mostOpen
      || longestText < 1 || keepDays < 1
    {
      faults.append(Words("求助的时限和数量须为正数", "spans and numbers of requests are positive"))
    }
    return faults
  }
}
