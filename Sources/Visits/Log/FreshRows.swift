/// Rows that are in the log and in no segment yet, day by day, in memory.
final class FreshRows {
  private static let most = 1 << 16
  private static let mostRuns = 8
  private var days: [UInt32: Day] = [:]
  private let memory = GrowingMemory<StayRow>()
  private let scratch = GrowingMemory<StayRow>()

  private struct Day {
    /// Rows in the order in which they came.
    var rows: [StayRow] = []
    /// The segment made of `rows`, until more come.
    var recent: Segment?
    /// Segments of earlier rows, so that a question does not sort everything again.
    var runs: [Segment] = []
  }

  /// The days that have rows.
  var all: [UInt32] { days.keys.sorted() }

  func add(_ row: StayRow, to number: UInt32) throws(VisitFault) {
    var day = days.removeValue(forKey: number) ?? Day()
    day.rows.append(row)
    day.recent = nil
    if day.rows.count >= Self.most {
      day.runs.append(try segment(number, of: day.rows))
      day.rows = []
      if day.runs.count > Self.mostRuns {
        day.runs = [try segment(number, of: day.runs.flatMap(\.stayRows))]
      }
    }
    days[number] = day
  }

  /// Takes rows away, each once; what is not there is left over.
  func remove(_ rows: inout [StayRow: Int], of number: UInt32) throws(VisitFault) {
    guard var day = days.removeValue(forKey: number) else { return }
    var kept = day.rows
    Self.remove(&rows, from: &kept)
    if kept.count < day.rows.count {
      day.rows = kept
      day.recent = nil
    }
    for index in day.runs.indices where !rows.isEmpty {
      var kept = day.runs[index].stayRows
      Self.remove(&rows, from: &kept)
      if kept.count < day.runs[index].count { day.runs[index] = try segment(number, of: kept) }
    }
    days[number] = day
  }

  /// Takes rows out of a list, each as often as is asked for.
  static func remove(_ rows: inout [StayRow: Int], from list: inout [StayRow]) {
    list.removeAll { row in
      guard let count = rows[row] else { return false }
      rows[row] = count > 1 ? count - 1 : nil
      return true
    }
  }

  /// Everything as segments.
  func segments() throws(VisitFault) -> [Segment] {
    var segments: [Segment] = []
    for number in days.keys.sorted() {
      guard var day = days[number] else { continue }
      if !day.rows.isEmpty, day.recent == nil {
        day.recent = try segment(number, of: day.rows)
        days[number] = day
      }
      segments += day.runs
      if let recent = day.recent { segments.append(recent) }
    }
    return segments
  }

  /// All rows of a day.
  func rows(of number: UInt32) -> [StayRow] {
    guard let day = days[number] else { return [] }
    return day.runs.flatMap(\.stayRows) + day.rows
  }

  func forget(_ number: UInt32) { days[number] = nil }

  /// A segment of rows in memory.
  func segment(
    _ number: UInt32, of rows: [StayRow], sequence: UInt64 = 0
  ) throws(VisitFault) -> Segment {
    memory.reserve(rows.count, keeping: 0)
    scratch.reserve(rows.count, keeping: 0)
    for (index, row) in rows.enumerated() { memory.base[index] = row }
    var maker = SegmentMaker(
      day: number, rows: memory.base, scratch: scratch.base, count: rows.count)
    maker.sequence = sequence
    let (region, form) = try maker.make()
    return Segment(region, form)
  }
}

extension Segment {
  /// All rows, as they were put in.
  var stayRows: [StayRow] {
    var all: [StayRow] = []
    all.reserveCapacity(rows)
    for venue in 0..<venues {
      for row in rows(of: venue) { all.append(stayRow(row, venue: venue)) }
    }
    return all
  }
}
