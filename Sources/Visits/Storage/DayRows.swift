/// Stays on their way into segments, day by day, in the order in which they came.
package final class DayRows {
  private static let chunkRows = 1 << 16
  private var days: [UInt32: Day] = [:]
  private var spare: [UnsafeMutablePointer<StayRow>] = []
  /// The day of the last row, because rows mostly come in order.
  private var current: Day?

  /// The rows of one day in pieces that never move.
  private final class Day {
    let number: UInt32
    var chunks: [UnsafeMutablePointer<StayRow>] = []
    var next: UnsafeMutablePointer<StayRow>?
    var room = 0
    var count: Int { chunks.count * DayRows.chunkRows - room }

    init(_ number: UInt32) { self.number = number }
  }

  package init() {}

  deinit {
    for day in days.values {
      for chunk in day.chunks { chunk.deallocate() }
    }
    for chunk in spare { chunk.deallocate() }
  }

  /// The days that have rows, in order.
  package var all: [UInt32] { days.keys.sorted() }

  /// Adds a visit as one stay, or as several when it passes midnight or is longer than nine hours.
  @inline(__always)
  package func add(_ visit: Visit) {
    let day = visit.from / Stay.day
    let enter = visit.from &- day &* Stay.day
    let length = visit.to &- visit.from
    guard length <= Stay.lengthMask, enter &+ length <= Stay.day else { return addLong(visit) }
    append(
      StayRow(
        venue: visit.venue, stay: Stay.make(enter: enter, length: length), person: visit.person,
        source: UInt32(visit.source)), to: day)
  }

  @inline(never)
  private func addLong(_ visit: Visit) {
    StayRow.pieces(of: visit) { day, row in append(row, to: day) }
  }

  @inline(__always)
  func append(_ row: StayRow, to number: UInt32) {
    let day: Day
    if let current, current.number == number { day = current } else { day = change(to: number) }
    if day.room == 0 { extend(day) }
    day.next?.pointee = row
    day.next = day.next?.advanced(by: 1)
    day.room &-= 1
  }

  @inline(never)
  private func change(to number: UInt32) -> Day {
    let day = days[number] ?? Day(number)
    days[number] = day
    current = day
    return day
  }

  @inline(never)
  private func extend(_ day: Day) {
    let chunk = spare.popLast() ?? .allocate(capacity: Self.chunkRows)
    day.chunks.append(chunk)
    day.next = chunk
    day.room = Self.chunkRows
  }

  /// How many rows a day has.
  func count(of day: UInt32) -> Int { days[day]?.count ?? 0 }

  /// Makes the segment of a day and forgets its rows.
  func segment(
    of number: UInt32, in rows: GrowingMemory<StayRow>, _ scratch: GrowingMemory<StayRow>,
    sequence: UInt64 = 0
  ) throws(VisitFault) -> (region: Region, form: SegmentForm) {
    current = nil
    let day = days.removeValue(forKey: number) ?? Day(number)
    let count = day.count
    rows.reserve(count, keeping: 0)
    scratch.reserve(count, keeping: 0)
    for (index, chunk) in day.chunks.enumerated() {
      let first = index * Self.chunkRows
      rows.base.advanced(by: first)
        .update(from: chunk, count: min(Self.chunkRows, count - first))
    }
    spare.append(contentsOf: day.chunks)
    var maker = SegmentMaker(day: number, rows: rows.base, scratch: scratch.base, count: count)
    maker.sequence = sequence
    return try maker.make()
  }
}

extension StayRow {
  /// The stays as which a visit is kept: one, or several when it passes midnight or is longer than
  /// nine hours.
  static func pieces(of visit: Visit, _ take: (_ day: UInt32, StayRow) -> Void) {
    guard visit.to >= visit.from else { return }
    var source = UInt32(visit.source)
    var from = visit.from
    repeat {
      let day = from / Stay.day
      let midnight = (UInt64(day) + 1) * UInt64(Stay.day)
      var to = UInt32(min(UInt64(visit.to), midnight))
      if to - from > Stay.lengthMask { to = (from / Stay.cut + 1) * Stay.cut }
      take(
        day,
        StayRow(
          venue: visit.venue, stay: Stay.make(enter: from - day * Stay.day, length: to - from),
          person: visit.person, source: source))
      source |= StayRow.continues
      from = to
    } while from < visit.to
  }
}
