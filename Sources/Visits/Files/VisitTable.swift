/// The visits of a plain file, row by row.
package struct VisitTable {
  package let file: PlainFile
  private let scanner: LineScanner
  /// For person, venue, from, to, source: the place among the cells, or -1.
  private let order: [Int]

  /// The columns of a file of visits.
  package static let columns = ["person", "venue", "from", "to"]

  /// Finds the columns; `nil` when one is missing or there twice, which a slower reader explains.
  package init?(_ file: PlainFile, source: Bool = false) {
    let names = Self.columns + (source && file.header.contains("source") ? ["source"] : [])
    var places: [Int] = []
    for name in names {
      let found = file.header.indices.filter { file.header[$0] == name }
      guard found.count == 1 else { return nil }
      places.append(found[0])
    }
    let sorted = places.sorted()
    self.file = file
    order = places.map { place in sorted.firstIndex(of: place) ?? 0 }
    scanner = LineScanner(
      wanted: sorted, width: file.header.count, delimiter: file.delimiter)
  }

  /// A row as it stands in the file; good only while it is handed out.
  struct RawRow {
    let person: FieldText
    let venue: FieldText
    let from: FieldText
    let to: FieldText
    let source: FieldText?
    let number: Int
  }

  /// Hands out every row that has all cells; both closures say whether to go on.
  ///
  /// - Returns: whether it came to the end; if not, the file is not plain or was left.
  @inline(__always)
  func forEachRow(
    progress: (Int) -> Void = { _ in }, short: (Int) -> Bool, row body: (RawRow) -> Bool
  ) -> Bool {
    let (person, venue, from, to) = (order[0], order[1], order[2], order[3])
    let source = order.count > 4 ? order[4] : -1
    return file.forEachLine(scanner, progress: progress) { outcome, cells, number in
      switch outcome {
      case .cells:
        return body(
          RawRow(
            person: cells[person], venue: cells[venue], from: cells[from],
            to: cells[to], source: source >= 0 ? cells[source] : nil,
            number: number))
      case .otherWidth: return short(number)
      case .blank: return true
      case .quoted: return false
      }
    }
  }
}

extension VisitTable {
  /// Lets all rows come past a search for companions.
  ///
  /// - Returns: false when a row is not plain or not right, which a slower reader explains.
  package func pass(
    _ pass: Int, to search: VisitSearch, clock: inout ClockText,
    progress: (Int) -> Void = { _ in }
  ) -> Bool {
    forEachRow(
      progress: progress, short: { _ in false },
      row: { row in
        let isSkipped = search.skips(pass: pass, person: row.person, venue: row.venue)
        // Everything was checked on the first pass.
        if isSkipped, pass > 0 { return true }
        guard Self.isPlain(row.person), Self.isPlain(row.venue),
          let (from, to) = Self.span(row, &clock)
        else { return false }
        if !isSkipped {
          search.take(pass: pass, person: row.person, venue: row.venue, from: from, to: to)
        }
        return true
      })
  }

  /// Lets all rows come past a search for visitors.
  ///
  /// - Returns: false when a row is not plain or not right, which a slower reader explains.
  package func pass(
    to search: VisitorSearch, clock: inout ClockText, progress: (Int) -> Void = { _ in }
  ) -> Bool {
    forEachRow(
      progress: progress, short: { _ in false },
      row: { row in
        guard Self.isPlain(row.person),
          Self.isPlain(row.venue), let (from, to) = Self.span(row, &clock)
        else { return false }
        search.take(person: row.person, venue: row.venue, from: from, to: to)
        return true
      })
  }

  /// The times of a row, when they are right.
  @inline(__always)
  static func span(_ row: RawRow, _ clock: inout ClockText) -> (UInt32, UInt32)? {
    guard let from = clock.seconds(row.from), let to = clock.seconds(row.to), from <= to else {
      return nil
    }
    return (from, to)
  }

  /// An identifier that needs no second look: there, in UTF-8, not guarded against formulas.
  @inline(__always)
  static func isPlain(_ field: FieldText) -> Bool {
    field.number != nil || isPlainText(field)
  }

  @inline(__always)
  private static func isPlainText(_ field: FieldText) -> Bool {
    field.count > 0 && field.start[0] != UInt8(ascii: "'") && field.isUnicode
  }
}
