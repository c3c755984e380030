import Kernel
import Look
import Registry

/// Where to go, for those who answer for more than one walk: the places of the level below, each
/// with what is left in it. A worker's own grids or buildings need no choosing.
struct RoundBoard {
  let title: String
  private let look: Look
  private let reading: Reading
  /// What is above, to go back to; nil at the widest place.
  private let above: Place?
  private let isWidest: Bool
  private let paths: [PlacePath]
  private let places: [Place]

  /// Nil where one walks at once.
  init?(request: ScreenRequest, reading: Reading) throws {
    look = Look(reading)
    self.reading = reading
    let store = PlacesStore(reading.transaction)
    let roots = RoundToday.outermost(reading.authority.areas(for: RoundToday.duty))
    if let asked = request.query["place"] ?? request.query["building"], !asked.isEmpty {
      let place = try store.get(PlaceID(asked, field: "place"))
      guard reading.authority.may(RoundToday.duty, at: place.path) else {
        throw Refusal.outsideArea(RoundToday.duty)
      }
      guard Self.isTooWide(place) else { return nil }
      above = try store.line(to: place.path).dropLast()
        .last { reading.authority.may(RoundToday.duty, at: $0.path) }
      isWidest = above == nil
      (title, paths) = (place.name, [place.path])
      places = try store.children(of: place.id)
      return
    }
    (above, isWidest) = (nil, true)
    if roots.count == 1 {
      guard let widest = try reading.placeInSight(nil, for: RoundToday.duty) else {
        (title, paths) = (look("今天上门", "Today’s round"), [.everywhere])
        places = try store.children(of: nil)
        return
      }
      guard Self.isTooWide(widest) else { return nil }
      (title, paths) = (widest.name, [widest.path])
      places = try store.children(of: widest.id)
      return
    }
    let own = try roots.compactMap { try store.find(path: $0) }
    guard own.contains(where: Self.isTooWide) else { return nil }
    (title, paths, places) = (look("今天上门", "Today’s round"), roots, own)
  }

  /// One walk goes no further than a grid.
  private static func isTooWide(_ place: Place) -> Bool {
    place.level.depth < PlaceLevel.grid.depth
  }

  func body() throws -> HTML {
    let known = try counted()
    let counts = paths.compactMap { known[$0] }
    let (done, owed) = (counts.map(\.done).reduce(0, +), counts.map(\.owed).reduce(0, +))
    let behind = counts.map(\.late).reduce(0, +)
    let late = look.number(behind)
    let header = look.roundHeader(
      title, done: done, of: owed + done, nextDue: nil,
      chip: behind > 0 ? .init(look("超时 \(late)", "\(late) late"), .late) : nil)
    let board = look.board(
      places.map { tile($0, known[$0.path] ?? (0, 0, 0)) }, barLabel: look("已办", "done"),
      id: "areas")
    return look.fieldPage(header: header, board + back)
  }

  private var back: HTML {
    if let above {
      return look.linkButton(
        above.name, to: Address("/round", ["place": above.id.text]).text)
    }
    return isWidest ? "" : look.linkButton(look("全部", "Everywhere"), to: "/round")
  }

  private func tile(_ place: Place, _ count: Count) -> Look.Tile {
    let whole = count.owed + count.done
    return Look.Tile(
      place.spoken, address: Address("/round", ["place": place.id.text]).text,
      note: whole == 0
        ? look("今天没有", "nothing today")
        : look("还有 \(look.number(count.owed))", "\(look.number(count.owed)) left"),
      late: count.late, done: count.done, of: whole)
  }

  private typealias Count = (owed: Int, late: Int, done: Int)

  /// Of everything that stands on the board, how much is owed.
  private func counted() throws -> [PlacePath: Count] {
    let all = Set(paths + places.map(\.path)).sorted()
    return try reading.counted("round \(all.map(\.text).joined(separator: " "))") { reading in
      let store = RoundsStore(reading.transaction)
      let end = RoundsRules.end(of: reading.today, at: reading.now, in: reading.zone)
      let counts = try all.map { path in
        try store.counts(
          in: path, at: reading.now, from: reading.today.start(in: reading.zone), to: end)
      }
      return Dictionary(uniqueKeysWithValues: zip(all, counts))
    }
  }
}
