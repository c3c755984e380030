import Kernel

/// The shifts of an area on a day, by their beginning; those of the night before that reach into it, too.
package struct ListShifts: Query {
  package static let name = "shifts.list"
  package static let duty: Duty = "offices.read"
  package static let purposes: [Purpose] = []
  package let place: PlaceID?
  package let day: Day?

  package init(place: PlaceID?, day: Day? = nil) {
    self.place = place
    self.day = day
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> [Shift] {
    let path =
      try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) } ?? .everywhere
    let day = day ?? reading.today
    return try ShiftsStore(reading.transaction).shifts(
      in: path, from: day.start(in: reading.zone), until: (day + 1).start(in: reading.zone),
      limit: 500)
  }
}
