import Kernel

/// What a round is opened, sampled, tested and followed up by.
package struct ScreeningPolicy: PolicySection {
  package static let key = "screening"

  /// Who need not be tested.
  package struct Exempt: Decodable, Sendable {
    /// Who is younger than so many years.
    package let belowYears: Int
    /// Special needs of the register.
    package let tags: [String]

    private enum CodingKeys: String, CodingKey {
      case tags
      case belowYears = "below_years"
    }
  }

  /// Until when something is to be done.
  package struct Clocks: Decodable, Sendable {
    /// From a hold to the person's own swab.
    package let reswabMinutes: Int
    /// From that swab to its result.
    package let singleResultMinutes: Int
    /// From a tube's last swab to its result.
    package let resultMinutes: Int
    /// From a hand-over that one side confirmed to the other side's word.
    package let handOverMinutes: Int
    /// From packing a box to giving it.
    package let packedMinutes: Int
    /// From taking a box into a vehicle or a store to giving it on.
    package let carriedMinutes: Int
    /// From the list of the untested to the grid worker's answer.
    package let untestedMinutes: Int
    /// How far a device's clock may be ahead.
    package let clockAheadMinutes: Int

    private enum CodingKeys: String, CodingKey {
      case reswabMinutes = "reswab_minutes"
      case singleResultMinutes = "single_result_minutes"
      case resultMinutes = "result_minutes"
      case handOverMinutes = "hand_over_minutes"
      case packedMinutes = "packed_minutes"
      case carriedMinutes = "carried_minutes"
      case untestedMinutes = "untested_minutes"
      case clockAheadMinutes = "clock_ahead_minutes"
    }
  }

  /// How long a result counts, and from when.
  package struct Validity: Decodable, Sendable {
    /// Both times are kept; the policy says which one counts.
    package enum Start: String, Codable, Sendable {
      case sampling
      case report
    }

    package let hours: Int
    package let from: Start
  }

  /// What a laboratory's list may look like.
  package struct Plausibility: Decodable, Sendable {
    /// The fastest that a tube can be tested after it was received, or sampled where nobody wrote
    /// down when it was received.
    package let assayMinutes: Int
    /// How many results one list holds at most.
    package let mostRows: Int
    /// How far the number of a signed list may lie beyond the last one: lists that were lost leave a gap,
    /// and a number beyond it is no count.
    package let mostSequenceGap: Int
    /// From how many results on the share of those that are not negative is looked at.
    package let rateFromRows: Int
    /// How long what came before from the same laboratory is looked at together with what comes now.
    package let rateMinutes: Int
    package let mostShare: Double

    private enum CodingKeys: String, CodingKey {
      case assayMinutes = "assay_minutes"
      case mostRows = "most_rows"
      case mostSequenceGap = "most_sequence_gap"
      case rateFromRows = "rate_from_rows"
      case rateMinutes = "rate_minutes"
      case mostShare = "most_share"
    }
  }

  /// How many of what a round needs.
  package struct Sizing: Decodable, Sendable {
    package let peoplePerPoint: Int
    package let peoplePerSampler: Int
    /// Doors that one team gets to in an hour with those who cannot come.
    package let homeVisitsPerHour: Int
    package let hoursPerShift: Int
    /// People to one sampler in an hour, for slots and queues.
    package let swabsPerHour: Int
    /// From which share of what its samplers can do, in hundredths, a point is busy.
    package let busyPercent: Int
    /// Spare tubes, in hundredths.
    package let spareTubesPercent: Int
    /// Tubes that one laboratory line tests in an hour.
    package let tubesPerLineHour: Int
    package let finishHours: Int

    private enum CodingKeys: String, CodingKey {
      case peoplePerPoint = "people_per_point"
      case peoplePerSampler = "people_per_sampler"
      case homeVisitsPerHour = "home_visits_per_hour"
      case hoursPerShift = "hours_per_shift"
      case swabsPerHour = "swabs_per_hour"
      case busyPercent = "busy_percent"
      case spareTubesPercent = "spare_tubes_percent"
      case tubesPerLineHour = "tubes_per_line_hour"
      case finishHours = "finish_hours"
    }
  }

  /// How many swabs share a tube in a kind of place.
  package struct Mode: Codable, Sendable {
    package let code: String
    package let words: Words
    package let pool: Int
    /// Whether one household may share one tube whatever its number.
    package let householdTube: Bool

    private enum CodingKeys: String, CodingKey {
      case code
      case words
      case pool
      case householdTube = "household_tube"
    }
  }

  /// How often an area is tested after its first rounds.
  package struct Frequency: Decodable, Sendable {
    package let firstRounds: Int
    package let recentRounds: Int
    package let caseDays: Int
    package let everyDaysRecent: Int
    package let everyDaysCase: Int
    package let everyDaysOtherwise: Int

    private enum CodingKeys: String, CodingKey {
      case firstRounds = "first_rounds"
      case recentRounds = "recent_rounds"
      case caseDays = "case_days"
      case everyDaysRecent = "every_days_recent"
      case everyDaysCase = "every_days_case"
      case everyDaysOtherwise = "every_days_otherwise"
    }
  }

  /// No edition may let more swabs share a tube.
  static let mostPool = 100

  package let pools: [Int]
  /// How many people one transaction puts on a list.
  package let freezeAtOnce: Int
  /// How many days after its end the list and the swabs of a round are kept.
  package let keepDays: Int
  /// How many people of one household share a tube at most, where it may.
  package let householdMost: Int
  /// How many hours a list waits to become a round.
  package let listHours: Int
  /// How long the errands of others go on between two parts of what is deleted.
  package let erasePauseSeconds: Int
  package let exempt: Exempt
  package let clocks: Clocks
  package let validity: Validity
  package let plausibility: Plausibility
  package let sizing: Sizing
  package let modes: [Mode]
  package let frequency: Frequency

  private enum CodingKeys: String, CodingKey {
    case pools
    case exempt
    case clocks
    case validity
    case plausibility
    case sizing
    case modes
    case frequency
    case freezeAtOnce = "freeze_at_once"
    case keepDays = "keep_days"
    case listHours = "list_hours"
    case householdMost = "household_most"
    case erasePauseSeconds = "erase_pause_seconds"
  }

  /// Refuses how many share a tube when no round may be opened so: the plan and the opening say the same.
  func require(pool: Int) throws(Refusal) {
    guard pools.contains(pool) else {
      let known = pools.map(String.init).joined(separator: ", ")
      throw Refusal(
        .invalid, "round.pool",
        Words("混管人数应为 \(known) 之一", "The pool has one of these sizes: \(known)"),
        field: "pool")
    }
  }

  /// Refuses that a household shares a tube where no mode of the policy lets it.
  func requireHouseholdTube(pool: Int) throws(Refusal) {
    guard modes.contains(where: { $0.householdTube && $0.pool == pool }) else {
      let allowed = modes.filter(\.householdTube)
      let chinese = allowed.map { "\($0.words.chinese)（\($0.pool) 人一管）" }.joined(separator: "、")
      let english = allowed.map { "\($0.words.english) (\($0.pool) in a tube)" }.joined(
        separator: ", ")
      throw Refusal(
        .invalid, "round.household",
        Words(
          "一户一管只用于：\(chinese.isEmpty ? "现行方案不允许" : chinese)；请改混管人数或不勾选",
          "One household may share one tube only in: \(english.isEmpty ? "none by this policy" : english); choose that pool, or leave it out"
        ), field: "household_tube")
    }
  }

  package var faults: [Words] {
    var faults: [Words] = []
    if pools.isEmpty || pools.contains(where: { !(1...Self.mostPool).contains($0) }) {
      faults.append(
        Words("混管人数须在 1 到 \(Self.mostPool) 之间", "a pool has 1 to \(Self.mostPool) people"))
    }
    if modes.contains(where: { !pools.contains($0.pool) }) {
      faults.append(Words("采样方式的混管人数不在 pools 中", "a mode's pool is not among the pools"))
    }
    let spans = [
      freezeAtOnce, keepDays, listHours, householdMost, erasePauseSeconds, clocks.reswabMinutes,
      clocks.singleResultMinutes,
      clocks.resultMinutes,
      clocks.handOverMinutes, clocks.packedMinutes, clocks.carriedMinutes, clocks.untestedMinutes,
      validity.hours, plausibility.mostRows,
      plausibility.rateMinutes,
      sizing.peoplePerPoint, sizing.peoplePerSampler, sizing.homeVisitsPerHour,
      sizing.hoursPerShift, sizing.swabsPerHour, sizing.busyPercent, sizing.tubesPerLineHour,
      sizing.finishHours,
      frequency.everyDaysRecent, frequency.everyDaysCase, frequency.everyDaysOtherwise,
    ]
    if spans.contains(where: { $0 <= 0 }) {
      faults.append(Words("人数和时限须大于零", "every number and span must be above zero"))
    }
    if !(0...1).contains(plausibility.mostShare) || plausibility.assayMinutes < 0 {
      faults.append(
        Words(
          "异常比例须在 0 到 1 之间，检测用时不得为负", "the share lies between 0 and 1, and no assay is negative"))
    }
    return faults
  }
}
