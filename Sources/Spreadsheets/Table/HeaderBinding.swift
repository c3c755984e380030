/// Which cell of a row belongs to which column.
struct HeaderBinding: Sendable {
  /// The file's own headers.
  let header: [String]
  /// Positions of the known columns by their exact name.
  let positions: [String: Int]
  /// Headers that nobody asked for.
  let extra: [String]
  /// Cells that every row must have: up to the last header with a name.
  let width: Int

  /// The most headers that a sentence lists.
  private static let listedHeaders = 40
  /// A header with this many digits may be somebody's number.
  private static let telltaleDigits = 5

  init(_ record: Record, columns: [Column]) throws(SpreadsheetFault) {
    let header = record.cells.map(HeaderName.trimmed)
    let place = SpreadsheetPlace(row: record.number)
    var found: [String: [Int]] = [:]
    for (position, name) in header.enumerated() where !name.isEmpty {
      found[HeaderName.comparable(name), default: []].append(position)
    }
    var positions: [String: Int] = [:]
    var doubled: [String] = []
    var missing: [String] = []
    for column in columns {
      let names = Set(([column.name] + column.aliases).map(HeaderName.comparable))
      let hits = names.flatMap { found[$0] ?? [] }
      if hits.count > 1 { doubled.append(column.name) }
      if hits.isEmpty, column.isRequired { missing.append(column.name) }
      positions[column.name] = hits.first
    }
    // A first row that knows no column may hold people instead of headers: it is not repeated.
    if positions.isEmpty, !columns.isEmpty {
      throw SpreadsheetFault(.headerMissing, at: place, names: columns.map(\.name))
    }
    guard doubled.isEmpty else {
      throw SpreadsheetFault(.columnDoubled, at: place, names: doubled)
    }
    guard missing.isEmpty else {
      throw SpreadsheetFault(
        .columnMissing, at: place, names: missing, present: Self.listed(header))
    }
    let known = Set(positions.values)
    self.header = header
    self.positions = positions
    extra = header.enumerated().filter { !known.contains($0.offset) && !$0.element.isEmpty }
      .map(\.element)
    width = (header.lastIndex { !$0.isEmpty } ?? -1) + 1
  }

  private static func listed(_ header: [String]) -> [String] {
    let shown = header.filter { name in
      !name.isEmpty && name.utf8.count { (0x30...0x39).contains($0) } < telltaleDigits
    }
    return Array(shown.prefix(listedHeaders))
  }
}
