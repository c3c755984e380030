import Kernel

/// When which building comes, and how home visits are shared out.
package enum SlotsRules {
  /// People of one place.
  package struct Group: Hashable, Sendable {
    package let path: PlacePath
    package let people: Int

    package init(path: PlacePath, people: Int) {
      self.path = path
      self.people = people
    }
  }

  /// From when until when a group comes.
  package struct Slot: Hashable, Sendable {
    package let group: Group
    package let from: Instant
    package let until: Instant
  }

  /// A span in which a point samples.
  package struct Window: Hashable, Sendable {
    package let from: Instant
    package let until: Instant
    var seconds: Int { max(0, Int((until - from).inSeconds)) }
  }

  private static let minutesOfDay = 24 * 60

  /// When a point with these hours samples between two moments. One that closes before it opens is open
  /// over midnight; without hours it samples all the time.
  package static func windows(
    opens: String?, closes: String?, from: Instant, until: Instant, in zone: Zone
  ) -> [Window] {
    let start = opens.flatMap(minutes) ?? 0
    var end = closes.flatMap(minutes) ?? minutesOfDay
    if opens == nil && closes == nil || start == end { return [Window(from: from, until: until)] }
    if end < start { end += minutesOfDay }
    let midnight = Instant("\(Day(of: from, in: zone))T00:00:00", in: zone) ?? from
    var windows: [Window] = []
    // One that opened the evening before may still be open.
    var day = midnight - .days(1)
    while day < until {
      let window = Window(
        from: max(from, day + .minutes(start)), until: min(until, day + .minutes(end)))
      if window.from < window.until { windows.append(window) }
      day = day + .days(1)
    }
    return windows
  }

  /// The minutes since midnight of `07:30`.
  private static func minutes(_ time: String) -> Int? {
    let parts = time.split(separator: ":").compactMap { Int($0) }
    return parts.count == 2 ? parts[0] * 60 + parts[1] : nil
  }

  /// How many people come through in some windows at so many an hour.
  package static func capacity(_ windows: [Window], perHour: Int) -> Int {
    windows.reduce(0) { $0 + $1.seconds * perHour / 3_600 }
  }

  /// The groups one after another within the windows, so that nobody comes before those in front are
  /// through: each gets as long as its people take at so many an hour. A group that a window's end cuts
  /// goes on in the next one.
  ///
  /// - Returns: the slots, and how many people get none.
  package static func slots(
    _ groups: [Group], in windows: [Window], perHour: Int
  ) -> (slots: [Slot], left: Int) {
    let perHour = max(1, perHour)
    var slots: [Slot] = []
    var left = 0
    var place = 0
    var before = 0
    for group in groups {
      var people = group.people
      while people > 0, place < windows.count {
        let window = windows[place]
        let room = window.seconds * perHour / 3_600 - before
        guard room > 0 else {
          place += 1
          before = 0
          continue
        }
        let part = min(room, people)
        slots.append(
          Slot(
            group: Group(path: group.path, people: part),
            from: window.from + .seconds(before * 3_600 / perHour),
            until: window.from + .seconds((before + part) * 3_600 / perHour)))
        before += part
        people -= part
      }
      left += people
    }
    return (slots, left)
  }

  /// The doors in so many walks, in the order of their places, so that neighbours are one walk and no
  /// walk is longer than another by more than one door.
  package static func walks<Door>(_ doors: [Door], teams: Int) -> [[Door]] {
    let teams = max(1, min(teams, doors.count))
    if doors.isEmpty { return [] }
    return (0..<teams).map { team in
      Array(doors[doors.count * team / teams..<doors.count * (team + 1) / teams])
    }
  }
}
