import Kernel
import Registry

/// How an edition holds places: its levels, what each asks, and when it is over.
package struct ZonesPolicy: PolicySection {
  package static let key = "zones"

  /// What one account may decide without a second person.
  package struct Alone: Decodable, Sendable {
    /// How many people at most in the zones that an account opens alone within the hours.
    package let people: Int
    package let hours: Int
    /// The widest kind of place.
    package let widest: PlaceLevel
    /// How long a second person waits after the first asked, so that somebody can object.
    package let coolingMinutes: Int

    /// What no edition may loosen (see ``PolicyBound``): one account shuts in sixty people of a
    /// building at most, and whoever agrees to more waits first.
    fileprivate var faultsOfBounds: [Words] {
      var faults = [
        PolicyBound("alone.people", 0...60).fault(people),
        PolicyBound("alone.hours", 24...(.max)).fault(hours),
        PolicyBound("alone.cooling_minutes", 1...1_440).fault(coolingMinutes),
      ].compactMap(\.self)
      if widest.depth < PlaceLevel.building.depth {
        faults.append(
          Words(
            "alone.widest 为 \(widest.rawValue)，最大为 building，任何版本都不能放宽",
            "alone.widest is \(widest.rawValue); no edition may have more than building"))
      }
      return faults
    }

    private enum CodingKeys: String, CodingKey {
      case people
      case hours
      case widest
      case coolingMinutes = "cooling_minutes"
    }
  }

  /// Who is needed at a zone, at any minute of day and night.
  package struct Staffing: Decodable, Sendable {
    package let role: String
    package let words: Words
    package let people: Int
  }

  /// What is brought to the doors, and until when each day.
  package struct Service: Decodable, Sendable {
    package let kind: ZoneService
    package let by: [RestrictionsPolicy.TimeOfDay]
  }

  /// What must be true before a level is over.
  package struct Clause: Decodable, Sendable {
    /// How it is computed.
    package enum Kind: String, Decodable, CaseIterable, Sendable {
      case daysWithoutNewCase = "days_without_new_case"
      case lastContactFound = "last_contact_found"
      case fullNegativeRound = "full_negative_round"
      case higherZonesOver = "higher_zones_over"
    }

    package let kind: Kind
    package let words: Words
    package let source: String
    /// How many days; day 0 is that of the opening or of the last infection that counts.
    package let days: Int?
    /// Whether the days count from the step down instead of the opening.
    package let sinceStepDown: Bool?
    /// From which day of the count on samples of the round are taken.
    package let onDay: Int?
    /// How many days back samples of the round may lie.
    package let withinDays: Int?
    /// Within what kind of place the higher zones are looked for.
    package let within: PlaceLevel?

    private enum CodingKeys: String, CodingKey {
      case kind
      case words
      case source
      case days
      case within
      case sinceStepDown = "since_step_down"
      case onDay = "on_day"
      case withinDays = "within_days"
    }

    /// Whether everything that its kind asks is there.
    var isComplete: Bool {
      switch kind {
      case .daysWithoutNewCase: (days ?? 0) > 0
      case .lastContactFound: (days ?? 0) > 0 && (withinDays ?? 0) > 0
      case .fullNegativeRound: ((onDay ?? 0) > 0) != ((withinDays ?? 0) > 0)
      case .higherZonesOver: within != nil
      }
    }
  }

  /// A level of zones.
  package struct Level: Decodable, Sendable {
    package let level: ZoneLevel
    package let words: Words
    /// What is asked of those who live there, as the notice says it.
    package let asks: Words
    package let source: String
    /// Whether they may leave their homes.
    package let mayLeaveHome: Bool
    /// Whether a reported case proposes this level for the entrance of its home.
    package let onPositive: Bool
    /// An infection lives or was found within this kind of place of each place of the zone.
    package let evidenceWithin: PlaceLevel
    package let widest: PlaceLevel
    /// The clause by which those who live there are restricted, where there is one.
    package let residentsClause: String?
    /// On which days of the count everybody there is tested.
    package let testDays: [Int]
    package let staffing: [Staffing]
    package let services: [Service]
    package let release: [Clause]
    /// What it takes after a step down from a higher level; ``release`` where nothing is said.
    package let releaseAfterStepDown: [Clause]?
    /// The level that follows; nil when the zone is over then.
    package let stepDownTo: ZoneLevel?
    /// Levels of earlier editions that go on as this one.
    package let replaces: [ZoneLevel]?

    private enum CodingKeys: String, CodingKey {
      case level
      case replaces
      case words
      case asks
      case source
      case widest
      case staffing
      case services
      case release
      case mayLeaveHome = "may_leave_home"
      case onPositive = "on_positive"
      case evidenceWithin = "evidence_within"
      case residentsClause = "residents_clause"
      case testDays = "test_days"
      case releaseAfterStepDown = "release_after_step_down"
      case stepDownTo = "step_down_to"
    }
  }

  package let decideMinutes: Int
  package let releaseMinutes: Int
  /// Within which somebody says whether a zone with another infection is to be larger.
  package let reviewMinutes: Int
  package let staffMinutes: Int
  package let gateMinutes: Int
  package let alone: Alone
  /// Below this age nobody is waited for in a round.
  package let exemptBelowYears: Int
  package let shiftHoursMost: Int
  /// How far ahead a roster must have no gap.
  package let rosterHours: Int
  package let checkpointPeople: Int
  package let levels: [Level]

  private enum CodingKeys: String, CodingKey {
    case alone
    case levels
    case decideMinutes = "decide_minutes"
    case releaseMinutes = "release_minutes"
    case reviewMinutes = "review_minutes"
    case staffMinutes = "staff_minutes"
    case gateMinutes = "gate_minutes"
    case exemptBelowYears = "exempt_below_years"
    case shiftHoursMost = "shift_hours_most"
    case rosterHours = "roster_hours"
    case checkpointPeople = "checkpoint_people"
  }

  /// What the edition says of a level, nil when it has none of that name.
  package func level(_ level: ZoneLevel) -> Level? { levels.first { $0.level == level } }

  /// What a level of an earlier edition goes on as; nil when it is over.
  package func successor(of level: ZoneLevel) -> Level? {
    self.level(level) ?? levels.first { $0.replaces?.contains(level) == true }
  }

  /// For how many days an infection is evidence for a level: the most that its clauses of release
  /// count, or those of any level where they count none.
  package func evidenceDays(for level: Level) -> Int {
    level.release.compactMap(\.days).max() ?? levels.flatMap(\.release).compactMap(\.days).max()
      ?? 0
  }

  /// The level that a reported case proposes; nil when the edition knows no zones.
  package var onPositive: Level? { levels.first(where: \.onPositive) }

  package var faults: [Words] {
    var faults: [Words] = []
    if Set(levels.map(\.level)).count != levels.count {
      faults.append(Words("风险等级重复", "a level stands twice"))
    }
    faults += alone.faultsOfBounds
    for level in levels {
      let name = level.level.rawValue
      let clauses = level.release + (level.releaseAfterStepDown ?? [])
      if level.release.isEmpty || clauses.contains(where: { !$0.isComplete }) {
        faults.append(
          Words(
            "“\(name)”的解除条件缺失或不完整", "the release clauses of “\(name)” are missing or incomplete"))
      }
      if let below = level.stepDownTo,
        self.level(below).map({ $0.level.rank < level.level.rank }) != true
      {
        faults.append(
          Words("“\(name)”降级后的等级不存在或不更低", "“\(name)” steps down to no lower level of this edition"))
      }
      if level.widest.depth > PlaceLevel.entrance.depth {
        faults.append(Words("“\(name)”最小到单元", "“\(name)” is at least an entrance"))
      }
    }
    return faults
  }
}

/// What is brought to the doors of a zone (上门服务).
package enum ZoneService: String, Codable, CaseIterable, Sendable {
  case supply
  case medical
  case rubbish
  case disinfection

  package var words: Words {
    switch self {
    case .supply: Words("生活物资送到门口", "Supplies to the doors")
    case .medical: Words("就医用药需求上门登记", "Ask what medicine and care is needed")
    case .rubbish: Words("上门收运垃圾", "Collect the rubbish")
    case .disinfection: Words("公共区域消毒", "Disinfect what is shared")
    }
  }
}
