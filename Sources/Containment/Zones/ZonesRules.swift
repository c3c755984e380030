import Gazette
import Kernel
import Registry

/// Judgement about zones, without any row.
package enum ZonesRules {
  /// When a number of days after a moment's day is complete: 24:00 of day n, the moment's own day
  /// being day 0 (RULES 6: day 0 = day of setting; as the days of restrictions are counted).
  package static func complete(_ days: Int, after moment: Instant, zone: Zone) -> Instant {
    (Day(of: moment, in: zone) + days).end(in: zone)
  }

  /// From when on samples belong to the round that a clause asks.
  package static func roundFrom(
    _ clause: ZonesPolicy.Clause, countedFrom: Instant, now: Instant, zone: Zone
  ) -> Instant {
    if let day = clause.onDay { return (Day(of: countedFrom, in: zone) + day).start(in: zone) }
    let back = (Day(of: now, in: zone) - (clause.withinDays ?? 0)).start(in: zone)
    return max(back, countedFrom)
  }

  /// What is missing before a contact is found: the days, or a negative sample of the last of them;
  /// nil when nothing is.
  package static func missing(
    of exposedAt: Instant, lastNegative: Instant?, _ clause: ZonesPolicy.Clause, now: Instant,
    zone: Zone
  ) -> String? {
    let days = clause.days ?? 0
    if complete(days, after: exposedAt, zone: zone) > now { return "days" }
    let from = (Day(of: exposedAt, in: zone) + (days - (clause.withinDays ?? 0) + 1))
    guard let lastNegative, lastNegative >= from.start(in: zone) else { return "negative" }
    return nil
  }

  /// The place for which a case proposes a zone: the entrance of its home, or the nearest place
  /// above it where no entrance is known, up to the widest that one may decide; nil when the home
  /// is known less exactly. Never a whole estate by itself.
  package static func proposed(line: [Place], alone: PlaceLevel) -> Place? {
    line.filter { $0.level.depth <= PlaceLevel.entrance.depth && $0.level.depth >= alone.depth }
      .max { $0.level.depth < $1.level.depth }
  }

  /// The birthday of somebody who turns a number of years on a day; of a leap day the day before.
  static func birthday(years: Int, before day: Day) -> Day {
    let (year, month, number) = day.parts
    return Day(year: year - years, month: month, day: number)
      ?? Day(year: year - years, month: month, day: number - 1) ?? day
  }

  /// The longest path that holds all others.
  package static func common(_ paths: [PlacePath]) -> PlacePath {
    guard var shared = paths.first?.text.split(separator: ".") else { return .everywhere }
    for path in paths.dropFirst() {
      let parts = path.text.split(separator: ".")
      let same = zip(shared, parts).prefix { $0 == $1 }.count
      shared = Array(shared.prefix(same))
    }
    return PlacePath(shared.joined(separator: "."))
  }

  /// Whether one account may open a zone alone.
  package static func isForOne(
    people: Int, openedAlone: Int, levels: [PlaceLevel], isInfectionInside: Bool,
    alone: ZonesPolicy.Alone
  ) -> Bool {
    isInfectionInside && people + openedAlone <= alone.people
      && levels.allSatisfy { $0.depth >= alone.widest.depth }
  }

  /// The times in a span during which a post has fewer than it needs.
  package static func gaps(
    _ shifts: [ZoneShift], role: String, checkpoint: String? = nil, needed: Int, from: Instant,
    until: Instant
  ) -> [RosterGap] {
    let held = shifts.filter { $0.role == role && $0.checkpoint == checkpoint }
      .map { RosterTurn(account: $0.account, from: $0.from, until: $0.until) }
    return RosterRules.holes(in: held, needed: needed, from: from, until: until).map {
      RosterGap(
        role: role, checkpoint: checkpoint, from: $0.from, until: $0.until, present: $0.present,
        needed: needed)
    }
  }
}
