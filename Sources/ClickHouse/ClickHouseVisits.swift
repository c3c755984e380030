import NIOCore
import Visits

/// Visits in ClickHouse, on one machine or many, asked over HTTP.
///
/// It keeps nothing itself, so that any number of programs may use one database.
package struct ClickHouseVisits: VisitEngine {
  private let address: ClickHouseAddress
  private let tables: TablesStore
  private let questions: QuestionsStore

  /// Rows of one request; a day with more comes in several.
  private static let rowsAtOnce = 500_000

  package init(_ address: ClickHouseAddress) {
    self.address = address
    tables = TablesStore(address: address)
    questions = QuestionsStore(tables: tables)
  }

  /// Makes the tables on every machine where they are not there yet.
  package func prepare() async throws {
    for host in address.hosts {
      let door = ClickHouseDoor(host: host, address: address)
      for statement in tables.preparation { _ = try await door.ask(statement) }
    }
  }

  private var door: ClickHouseDoor { ClickHouseDoor(host: address.hosts[0], address: address) }

  // MARK: - Questions

  /// The companions of many people at once.
  package func companions(
    of people: [String], by rule: MeetingRule, in window: SecondSpan
  ) async throws -> [CompanionLine] {
    guard !people.isEmpty, window.from < window.to else { return [] }
    let statement = questions.companions(by: rule, in: window)
    return try await lines(door.ask(statement, beside: [Self.names(people)]))
  }

  /// Everyone at a venue between two times.
  package func visitors(of venue: String, in span: SecondSpan) async throws -> [CompanionLine] {
    guard span.from < span.to else { return [] }
    let statement = questions.visitors(in: span)
    return try await lines(door.ask(statement, beside: [Self.names([venue])]))
  }

  /// Contacts of carriers in the right order of time.
  package func onward(
    from carriers: [NamedCarrier], never: [String]
  ) async throws -> [NamedOnward] {
    guard !carriers.isEmpty else { return [] }
    var times: [String: SecondSpan] = [:]
    for carrier in carriers {
      let known = times[carrier.person] ?? SecondSpan(carrier.since, carrier.until)
      times[carrier.person] = SecondSpan(
        min(known.from, carrier.since), max(known.to, carrier.until))
    }
    var rows = ByteBuffer()
    for (person, span) in times {
      RowBytes.append(person, to: &rows)
      RowBytes.append(span.from, to: &rows)
      RowBytes.append(span.to, to: &rows)
    }
    let beside = ClickHouseDoor.Beside(
      name: "carriers", columns: "name String, carries_from UInt32, carries_to UInt32", rows: rows)
    let names = Self.names(Array(times.keys) + never)
    return try await rowsOf(door.ask(questions.onward(), beside: [beside, names])) { row in
      guard let person = row.text(), let first = row.number(UInt32.self) else { return nil }
      return NamedOnward(person: person, first: first)
    }
  }

  /// Where a person was.
  package func trajectory(
    of person: String, in window: SecondSpan
  ) async throws -> [VisitEntry] {
    guard window.from < window.to else { return [] }
    let statement = questions.stays(in: window)
    let answer = try await door.ask(statement, beside: [Self.names([person])])
    var venues: [String: UInt32] = [:]
    let stays = try rowsOf(answer) { row -> [(visit: Visit, continues: Bool)]? in
      guard let venue = row.text(), let since = row.number(UInt32.self),
        let until = row.number(UInt32.self), let source = row.number(UInt8.self),
        let times = row.number(UInt32.self)
      else { return nil }
      let number = venues[venue] ?? UInt32(venues.count)
      venues[venue] = number
      let visit = Visit(
        person: 0, venue: number, from: max(since, window.from), to: min(until, window.to),
        source: source & ~VisitEntry.continuation)
      let continues = source & VisitEntry.continuation != 0
      return Array(repeating: (visit, continues), count: Int(times))
    }
    let names = Dictionary(uniqueKeysWithValues: venues.map { ($0.value, $0.key) })
    return Visit.whole(stays.flatMap(\.self)).map { visit in
      VisitEntry(
        person: person, venue: names[visit.venue] ?? "", from: visit.from, to: visit.to,
        source: visit.source)
    }
  }

  /// The common spans behind the companions of a person.
  package func crossings(
    of person: String, in window: SecondSpan
  ) async throws -> [VisitEntry] {
    guard window.from < window.to else { return [] }
    let statement = questions.crossings(in: window)
    return try await rowsOf(door.ask(statement, beside: [Self.names([person])])) { row in
      guard let person = row.text(), let venue = row.text(), let from = row.number(UInt32.self),
        let to = row.number(UInt32.self), let source = row.number(UInt8.self)
      else { return nil }
      return VisitEntry(
        person: person, venue: venue, from: from, to: to,
        source: source & ~VisitEntry.continuation)
    }
  }

  /// For how many seconds it is known where people were.
  package func located(
    _ people: [String], in window: SecondSpan
  ) async throws -> [String: UInt32] {
    guard !people.isEmpty, window.from < window.to else { return [:] }
    let statement = questions.located(in: window)
    let rows = try await rowsOf(door.ask(statement, beside: [Self.names(people)])) { row in
      row.text().flatMap { person in row.number(UInt32.self).map { (person, $0) } }
    }
    return Dictionary(rows) { one, _ in one }
  }

  private static func names(_ names: [String]) -> ClickHouseDoor.Beside {
    ClickHouseDoor.Beside(
      name: "names", columns: "name String", rows: RowBytes.texts(Set(names)))
  }

  private func lines(_ answer: ByteBuffer) throws -> [CompanionLine] {
    try rowsOf(answer) { row in
      guard let index = row.text(), let person = row.text(),
        let overlap = row.number(UInt32.self), let meetings = row.number(UInt32.self),
        let first = row.number(UInt32.self), let last = row.number(UInt32.self)
      else { return nil }
      return CompanionLine(
        index: index, person: person, degree: 1,
        figures: Companion(
          person: 0, overlap: overlap, meetings: meetings, first: first, last: last))
    }
  }

  private func rowsOf<Row>(
    _ answer: ByteBuffer, _ row: (inout RowReader) -> Row?
  ) throws(VisitFault) -> [Row] {
    var reader = RowReader(answer)
    var rows: [Row] = []
    while !reader.isAtEnd {
      guard let row = row(&reader) else {
        throw VisitFault(.askedInVain, at: address.hosts[0].text, part: "RowBinary")
      }
      rows.append(row)
    }
    return rows
  }

  // MARK: - Keeping

  /// Writes entries down, one request a day and half a million rows. The days of one call are not
  /// written all at once: when it fails, some may be there. The same again adds copies, which no
  /// answer shows but that of ``trajectory(of:in:)``.
  package func keep(_ entries: [VisitEntry]) async throws {
    let gone = Set(try await droppedDays().map(\.day))
    for entry in entries {
      guard entry.from <= entry.to else { throw VisitFault(.reversed) }
      for day in entry.days where gone.contains(day) { throw VisitFault(dropped: day) }
    }
    var days: [UInt32: DayBlock] = [:]
    for entry in entries {
      var full: [DayBlock] = []
      entry.eachStay { day, span, source in
        days[day, default: DayBlock()].add(entry, day, span, source)
        guard days[day]?.count ?? 0 >= Self.rowsAtOnce else { return }
        if let block = days.removeValue(forKey: day) { full.append(block) }
      }
      for block in full { try await door.put(block.rows, into: tables.insertion) }
    }
    for day in days.keys.sorted() {
      if let block = days[day] { try await door.put(block.rows, into: tables.insertion) }
    }
  }

  /// Rows of a day on their way.
  private struct DayBlock {
    var rows = ByteBuffer()
    var count = 0

    mutating func add(_ entry: VisitEntry, _ day: UInt32, _ span: SecondSpan, _ source: UInt8) {
      RowBytes.append(UInt16(truncatingIfNeeded: day), to: &rows)
      RowBytes.append(entry.venue, to: &rows)
      RowBytes.append(span.from, to: &rows)
      RowBytes.append(span.to, to: &rows)
      RowBytes.append(entry.person, to: &rows)
      RowBytes.append(source, to: &rows)
      RowBytes.append(Int64(entry.isWithdrawal ? -1 : 1), to: &rows)
      count += 1
    }
  }

  // MARK: - Retention

  /// The days that were deleted, with what was there.
  package func droppedDays() async throws -> [DroppedDay] {
    try await rowsOf(door.ask(tables.droppedDays)) { row in
      guard let day = row.number(UInt16.self), let at = row.number(UInt32.self),
        let rows = row.number(UInt64.self), let sum = row.number(UInt64.self)
      else { return nil }
      return DroppedDay(day: UInt32(day), at: at, rows: Int(clamping: rows), sum: sum)
    }
  }

  /// Deletes a day on every machine, both orders of it, and looks whether anything is left. The
  /// decision is written down before the deed; the same call again finishes what was cut off.
  package func drop(day: UInt32, at second: UInt32) async throws -> DroppedDay {
    let known = try await droppedDays().first { $0.day == day }
    let proof: DroppedDay
    if let known {
      proof = known
    } else {
      let found = try await rowsOf(door.ask(tables.contents(of: day))) { row in
        row.number(UInt64.self).flatMap { rows in row.number(UInt64.self).map { (rows, $0) } }
      }
      let (rows, sum) = found.first ?? (0, 0)
      proof = DroppedDay(day: day, at: second, rows: Int(clamping: rows), sum: sum)
    }
    let noting = tables.noting(
      TablesStore.DroppedNumbers(
        day: day, at: proof.at, rows: UInt64(proof.rows), sum: proof.sum))
    for host in address.hosts {
      let door = ClickHouseDoor(host: host, address: address)
      if known == nil { _ = try await door.ask(noting) }
      for statement in tables.deletion(of: day) { _ = try await door.ask(statement) }
      let rest = try await rowsOf(door.ask(tables.rest(of: day))) { $0.number(UInt64.self) }
      guard rest == [0] else {
        throw VisitFault(.notGone, at: host.text, part: VisitFault(dropped: day).part)
      }
    }
    return proof
  }
}
