import Kernel
import Spreadsheets
import Visits

/// Rows of visits from files, for searches that need no data folder.
struct VisitRows {
  private static let columns = SearchRows.columns(
    of: "visits", needed: ["person", "venue", "from", "to"])

  private let files: [SearchRows]
  private let progress: ProgressLine
  private(set) var clock = SearchClock()

  init(_ files: [String], voice: Voice) throws {
    self.files = try files.map { try SearchRows($0, columns: Self.columns, voice: voice) }
    progress = ProgressLine(voice, Words("已读取", "read:"))
  }

  /// Whether every file can be read twice.
  var areRepeatable: Bool { files.allSatisfy(\.isRepeatable) }

  /// Lets all rows come past a search for companions, as often as it needs.
  ///
  /// - Returns: the search with the rows; a new one is made when a plain file turns out not to be.
  mutating func companions(_ make: () -> VisitSearch) throws -> VisitSearch {
    defer { progress.finish() }
    let search = make()
    if try companionsPlain(search) { return search }
    clock = SearchClock()
    let slow = make()
    for pass in 0..<slow.passes {
      for file in files {
        try read(file, noting: pass == 0) { person, venue, from, to in
          slow.take(pass: pass, person: person, venue: venue, from: from, to: to)
        }
      }
    }
    return slow
  }

  private mutating func companionsPlain(_ search: VisitSearch) throws -> Bool {
    guard let tables = try plainTables() else { return false }
    for pass in 0..<search.passes {
      for table in tables {
        let progress = progress
        let size = table.file.count
        let isWhole = table.pass(pass, to: search, clock: &clock.text) { done in
          progress.show(done, share: Double(done) / Double(size))
        }
        guard isWhole else { return false }
      }
    }
    note(tables)
    return true
  }

  /// Lets all rows come past a search for visitors.
  mutating func visitors(_ make: () -> VisitorSearch) throws -> VisitorSearch {
    defer { progress.finish() }
    let search = make()
    if try visitorsPlain(search) { return search }
    let slow = make()
    for file in files {
      try read(file, noting: true) { person, venue, from, to in
        slow.take(person: person, venue: venue, from: from, to: to)
      }
    }
    return slow
  }

  private mutating func visitorsPlain(_ search: VisitorSearch) throws -> Bool {
    guard let tables = try plainTables() else { return false }
    for table in tables {
      let progress = progress
      let size = table.file.count
      let isWhole = table.pass(to: search, clock: &clock.text) { done in
        progress.show(done, share: Double(done) / Double(size))
      }
      guard isWhole else { return false }
    }
    note(tables)
    return true
  }

  /// All files as plain text; `nil` when one of them needs the slower reader.
  private func plainTables() throws -> [VisitTable]? {
    var tables: [VisitTable] = []
    for file in files {
      guard let plain = try PlainFile(path: file.path), let table = VisitTable(plain) else {
        return nil
      }
      tables.append(table)
    }
    return tables
  }

  /// Names the columns that mean nothing; the slower reader does so itself.
  private func note(_ tables: [VisitTable]) {
    let known = Set(Self.columns.map(\.name))
    for (file, table) in zip(files, tables) {
      FileTable.noteExtra(table.file.header.filter { !known.contains($0) }, file.voice)
    }
  }

  private mutating func read(
    _ file: SearchRows, noting isFirst: Bool,
    _ take: (_ person: FieldText, _ venue: FieldText, _ from: UInt32, _ to: UInt32) -> Void
  ) throws {
    var clock = clock
    let personText = PaddedText()
    let venueText = PaddedText()
    defer { self.clock = clock }
    try file.read(noting: isFirst, progress: progress) { row throws(RowFault) in
      let from = try clock.seconds(row, "from")
      let to = try clock.seconds(row, "to")
      guard from <= to else { throw RowFault.reversed }
      guard let person = row["person"]?.trimmingWhitespace() else {
        throw RowFault.missing("person")
      }
      guard let venue = row["venue"]?.trimmingWhitespace() else { throw RowFault.missing("venue") }
      take(personText.field(person), venueText.field(venue), from, to)
    }
  }
}
