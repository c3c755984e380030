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

  /// The groups one after another, so that nobody comes before those in front are through: each gets as
  /// long as its people take at so many an hour.
  package static func slots(_ groups: [Group], from start: Instant, perHour: Int) -> [Slot] {
    var before = 0
    func moment(_ people: Int) -> Instant {
      start + .seconds(people * 3_600 / max(1, perHour))
    }
    return groups.map { group in
      let from = moment(before)
      before += group.people
      return Slot(group: group, from: from, until: moment(before))
    }
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
