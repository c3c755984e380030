import Kernel
import Spreadsheets

/// What the files of an import have as a whole, counted before their first rows are sent.
struct WholeFile {
  private struct Count {
    var rows = 0
    var marked = 0
  }

  private let tally: ImportTally
  private var counts: [String: Count] = [:]

  /// Nil when the kind counts nothing, or when a file comes through a pipe and is read once only.
  init?(_ kind: ImportKind, _ sources: [ImportSource]) throws {
    guard let tally = kind.tally, sources.allSatisfy(\.isReadAgain) else { return nil }
    self.tally = tally
    for source in sources {
      var table = try source.table()
      // What cannot be read is told when the rows before it have been taken.
      while let entry = try? table.next() {
        if case .row(let row) = entry { add(row.fields) }
      }
    }
  }

  private mutating func add(_ row: [String: String]) {
    guard let group = row[tally.column] else { return }
    counts[group, default: Count()].rows += 1
    if tally.isMarked(row) { counts[group, default: Count()].marked += 1 }
  }

  /// What a command says of the whole besides its rows.
  func said(with rows: [[String: String]]) -> [String: Fields] {
    let groups = Set(rows.compactMap { $0[tally.column] }).sorted()
    return [
      tally.name: .list(
        groups.map { group in
          let count = counts[group] ?? Count()
          return .object([
            tally.column: .text(group), "rows": .integer(Int64(count.rows)),
            tally.marked: .integer(Int64(count.marked)),
          ])
        })
    ]
  }
}
