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
    scanner = LineScanner(wanted: sorted, delimiter: file.delimiter)
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

  /// Hands out every row that has all cells.
  ///
  /// - Returns: false when the file turned out not to be plain.
  @inline(__always)
  func forEachRow(
    progress: (Int) -> Void = { _ in }, short: (Int) -> Void, _ body: (RawRow) -> Void
  ) -> Bool {
    let (person, venue, from, to) = (order[0], order[1], order[2], order[3])
    let source = order.count > 4 ? order[4] : -1
    return file.forEachLine(scanner, progress: progress) { outcome, cells, number in
      switch outcome {
      case .cells:
        body(
          RawRow(
            person: cells[person].trimmed, venue: cells[venue].trimmed, from: cells[from].trimmed,
            to: cells[to].trimmed, source: source >= 0 ? cells[source].trimmed : nil,
            number: number))
      case .tooFewCells: short(number)
      case .blank, .quoted: break
      }
    }
  }
}
