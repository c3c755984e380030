import Kernel
import Registry

/// How a round is ordered, without any row.
enum RoundsRules {
  /// Until when a round of today looks ahead: to the end of the day, and past midnight to what a
  /// worker who sets out now still has to reach in time.
  static func end(of day: Day, at now: Instant, in zone: Zone) -> Instant {
    max(day.end(in: zone), now + .hours(2))
  }

  /// Where something is to be done, from the building down to the door.
  struct Stop {
    let building: Place?
    let entrance: Place?
    /// The door, or the nearest place above it that is known.
    let door: Place
    let people: Int
    let items: [Round.Item]
    let done: [Round.Item]
  }

  /// Stops in the order of the walk: building, entrance, floor from the top down, door.
  static func walk(_ stops: [Stop]) -> [Round.Building] {
    let sorted = stops.sorted { left, right in
      let (first, second) = (key(left), key(right))
      if first.building != second.building { return first.building < second.building }
      if first.entrance != second.entrance { return first.entrance < second.entrance }
      // Top down: whoever walks takes the lift up once. Doors without a floor come last.
      if first.floor != second.floor { return first.floor > second.floor }
      return first.door < second.door
    }
    return runs(of: sorted) { $0.building?.path }.map { inBuilding in
      Round.Building(
        place: inBuilding[0].building?.id, name: inBuilding[0].building?.name ?? "",
        entrances: runs(of: inBuilding) { $0.entrance?.path }.map { inEntrance in
          Round.Entrance(
            place: inEntrance[0].entrance?.id, name: inEntrance[0].entrance?.name ?? "",
            floors: runs(of: inEntrance) { $0.door.floor }.map { onFloor in
              Round.Floor(floor: onFloor[0].door.floor, doors: onFloor.map(door))
            })
        })
    }
  }

  private static func door(_ stop: Stop) -> Round.Door {
    Round.Door(
      place: stop.door.id, name: stop.door.name, people: stop.people, items: stop.items,
      done: stop.done)
  }

  private static func key(
    _ stop: Stop
  ) -> (building: WalkOrder, entrance: WalkOrder, floor: Int, door: WalkOrder) {
    (
      WalkOrder(stop.building?.path), WalkOrder(stop.entrance?.path),
      stop.door.floor ?? Int.min, WalkOrder(stop.door.path)
    )
  }

  /// Runs of neighbours that share a key.
  private static func runs<Key: Equatable>(
    of stops: [Stop], by key: (Stop) -> Key
  ) -> [[Stop]] {
    var runs: [[Stop]] = []
    for stop in stops {
      if let last = runs.last?.last, key(last) == key(stop) {
        runs[runs.count - 1].append(stop)
      } else {
        runs.append([stop])
      }
    }
    return runs
  }
}

/// The order of siblings as they were numbered, not as their text sorts; what is unknown is last.
struct WalkOrder: Comparable {
  private let ordinals: [Int]

  init(_ path: PlacePath?) {
    ordinals =
      path.map { path in path.text.split(separator: ".").map { Int($0, radix: 36) ?? 0 } }
      ?? [Int.max]
  }

  static func < (left: WalkOrder, right: WalkOrder) -> Bool {
    left.ordinals.lexicographicallyPrecedes(right.ordinals)
  }
}
