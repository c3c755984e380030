import Kernel

/// How strictly a zone is held, as the published lists name it (高、中、低风险区; 封控、管控、防范区).
package enum ZoneLevel: String, Codable, CaseIterable, Sendable {
  case low
  case medium
  case high
  case precaution
  case controlled
  case sealed

  /// From the mildest: a step up is a higher rank.
  package var rank: Int {
    switch self {
    case .low, .precaution: 0
    case .medium, .controlled: 1
    case .high, .sealed: 2
    }
  }

  /// Reads a level as files and lists write it; nil when it is none.
  package init?(written: String) {
    let words: [String: ZoneLevel] = [
      "高": .high, "高风险": .high, "高风险区": .high, "中": .medium, "中风险": .medium,
      "中风险区": .medium, "低": .low, "低风险": .low, "低风险区": .low, "封控": .sealed, "封控区": .sealed,
      "管控": .controlled, "管控区": .controlled, "防范": .precaution, "防范区": .precaution,
    ]
    if let level = words[written] ?? ZoneLevel(rawValue: written.lowercased()) {
      self = level
    } else {
      return nil
    }
  }
}

/// One line of a published list of zones.
package struct ZoneListing: Sendable {
  /// When the list was published.
  package let asOf: Instant
  package let zone: ListedZone
  package let level: ZoneLevel

  package init(asOf: Instant, zone: ListedZone, level: ZoneLevel) {
    self.asOf = asOf
    self.zone = zone
    self.level = level
  }
}

/// A zone as lists name it: the same words are the same zone.
package struct ListedZone: Hashable, Comparable, Sendable {
  package let city: String
  package let county: String
  package let area: String

  package init(city: String, county: String, area: String) {
    self.city = city
    self.county = county
    self.area = area
  }

  package static func < (left: ListedZone, right: ListedZone) -> Bool {
    let (one, other) = (
      [left.city, left.county, left.area], [right.city, right.county, right.area]
    )
    return one.lexicographicallyPrecedes(other) {
      Array($0.utf8).lexicographicallyPrecedes($1.utf8)
    }
  }
}

/// What became of the zones of published daily lists.
///
/// The list of a day is each city's last one of that day. Listed at two levels, a zone counts at the
/// higher and is named as a contradiction.
package struct ZoneHistory: Codable, Sendable {
  /// What stood on a day and what happened since the day before, by city.
  package struct DayOfZones: Codable, Sendable {
    package let day: Day
    /// `3702-high`: how many stood.
    package var standing: [String: Int] = [:]
    /// `3702-opened_high`, `3702-closed_high`, `3702-raised`, `3702-lowered`.
    package var events: [String: Int] = [:]
  }

  /// A zone that one list names at several levels.
  package struct Contradiction: Codable, Sendable {
    package let day: Day
    package let cityCode: String
    package let county: String
    package let area: String
    package let levels: [String]

    private enum CodingKeys: String, CodingKey {
      case day
      case county
      case area
      case levels
      case cityCode = "city_code"
    }
  }

  /// How long zones stood at one level without a break.
  package struct Episodes: Codable, Sendable {
    package let count: Int
    package let meanDays: Double
    package let most: Int

    private enum CodingKeys: String, CodingKey {
      case count = "n"
      case meanDays = "mean_days"
      case most = "max"
    }
  }

  package let days: [DayOfZones]
  package let contradictions: [Contradiction]
  package let episodes: [String: Episodes]
  /// How often a zone was listed again after one to seven days off the list.
  package let reopenedWithinSevenDays: Int
  /// Days inside the range for which there is no list at all; nothing stood on them.
  package let daysWithoutList: [Day]

  private enum CodingKeys: String, CodingKey {
    case days
    case contradictions
    case episodes
    case reopenedWithinSevenDays = "reopened_within_7_days"
    case daysWithoutList = "days_without_list"
  }

  /// Follows the zones from the first list to the last.
  package init(_ listings: [ZoneListing], zone: Zone) {
    let lists = ZoneLists(listings, zone: zone)
    var reading = ZoneReading()
    for day in lists.days { reading.read(lists.levels(on: day), on: day) }
    days = reading.days
    contradictions = lists.contradictions
    episodes = reading.episodes()
    reopenedWithinSevenDays = reading.reopened
    daysWithoutList = lists.days.filter { !lists.listed.contains($0) }
  }
}
