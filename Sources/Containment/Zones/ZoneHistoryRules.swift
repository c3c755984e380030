import Kernel

/// The lists of each day, one for each city: the last that was published that day.
struct ZoneLists {
  /// Every day from the first list to the last.
  let days: [Day]
  let listed: Set<Day>
  let contradictions: [ZoneHistory.Contradiction]
  private let standing: [Day: [ListedZone: ZoneLevel]]

  init(_ listings: [ZoneListing], zone: Zone) {
    var last: [Day: [String: Instant]] = [:]
    for listing in listings {
      let day = Day(of: listing.asOf, in: zone)
      let known = last[day]?[listing.zone.city]
      if known.map({ $0 < listing.asOf }) ?? true {
        last[day, default: [:]][listing.zone.city] = listing.asOf
      }
    }
    var found: [Day: [ListedZone: Set<ZoneLevel>]] = [:]
    for listing in listings {
      let day = Day(of: listing.asOf, in: zone)
      guard last[day]?[listing.zone.city] == listing.asOf else { continue }
      found[day, default: [:]][listing.zone, default: []].insert(listing.level)
    }
    listed = Set(found.keys)
    if let first = listed.min(), let end = listed.max() {
      days = (0...(end - first)).map { first + $0 }
    } else {
      days = []
    }
    standing = found.mapValues { zones in
      zones.mapValues { levels in levels.max { $0.rank < $1.rank } ?? .low }
    }
    contradictions = found.sorted { $0.key < $1.key }.flatMap { day, zones in
      zones.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { zone, levels in
        ZoneHistory.Contradiction(
          day: day, cityCode: zone.city, county: zone.county, area: zone.area,
          levels: levels.map(\.rawValue).sorted())
      }
    }
  }

  func levels(on day: Day) -> [ListedZone: ZoneLevel] { standing[day] ?? [:] }
}

/// Follows zones day by day: what opened, closed, rose and fell, and how long it stood.
struct ZoneReading {
  private(set) var days: [ZoneHistory.DayOfZones] = []
  private(set) var reopened = 0
  private var before: [ListedZone: ZoneLevel] = [:]
  /// Since when each zone stands at its level.
  private var since: [ListedZone: Day] = [:]
  /// When each zone was on a list last.
  private var seen: [ListedZone: Day] = [:]
  private var lengths: [String: [Int]] = [:]

  private static let reopenedWithin = 1...7

  mutating func read(_ now: [ListedZone: ZoneLevel], on day: Day) {
    var shown = ZoneHistory.DayOfZones(day: day)
    for (zone, level) in now {
      shown.standing["\(zone.city)-\(level.rawValue)", default: 0] += 1
      guard let earlier = before[zone] else {
        shown.events["\(zone.city)-opened_\(level.rawValue)", default: 0] += 1
        if let last = seen[zone], Self.reopenedWithin.contains(day - last - 1) { reopened += 1 }
        since[zone] = day
        continue
      }
      if earlier == level { continue }
      let isRaised = level.rank > earlier.rank
      shown.events["\(zone.city)-\(isRaised ? "raised" : "lowered")", default: 0] += 1
      end(zone, earlier, before: day)
      since[zone] = day
    }
    for (zone, level) in before where now[zone] == nil {
      shown.events["\(zone.city)-closed_\(level.rawValue)", default: 0] += 1
      end(zone, level, before: day)
    }
    for zone in now.keys { seen[zone] = day }
    before = now
    days.append(shown)
  }

  private mutating func end(_ zone: ListedZone, _ level: ZoneLevel, before day: Day) {
    guard let start = since.removeValue(forKey: zone) else { return }
    lengths["\(zone.city)-\(level.rawValue)", default: []].append(day - start)
  }

  /// How long zones stood, those that still stand on the last day up to and with it.
  func episodes() -> [String: ZoneHistory.Episodes] {
    var all = lengths
    if let last = days.last?.day {
      for (zone, level) in before {
        if let start = since[zone] {
          all["\(zone.city)-\(level.rawValue)", default: []].append(last - start + 1)
        }
      }
    }
    return all.mapValues { lengths in
      let mean = Double(lengths.reduce(0, +)) / Double(lengths.count)
      return ZoneHistory.Episodes(
        count: lengths.count, meanDays: (mean * 1_000).rounded() / 1_000, most: lengths.max() ?? 0)
    }
  }
}
