import Glibc

/// Visits that are kept: sealed days as segments, everything since in a log.
///
/// It belongs to one thread or actor at a time (see ``VisitKeeper``), and a folder to one store.
package final class VisitStore {
  let folder: VisitFolder
  package private(set) var persons: Names
  package private(set) var venues: Names
  var sealed: [UInt32: Segment] = [:]
  /// Sealed days from which something was withdrawn; they are in memory until sealed again.
  var rewritten: Set<UInt32> = []
  let fresh = FreshRows()
  var log: VisitLog?
  private var dropped: [DroppedDay] = []
  var current: Inquiry?

  /// Opens a folder or makes it: maps the segments and reads the log back.
  package init(path: String) throws(VisitFault) {
    folder = try VisitFolder(path: path)
    if folder.hasNames {
      (persons, venues) = try folder.names()
    } else {
      (persons, venues) = (Names(), Names())
    }
    dropped = try DroppedDays.read(folder.droppedPath)
    let gone = Set(dropped.map(\.day))
    for day in try folder.days() {
      if gone.contains(day) {
        // The program ended between the decision and the deed.
        unlink(folder.segmentPath(of: day))
      } else {
        sealed[day] = try Segment(path: folder.segmentPath(of: day))
      }
    }
    log = try VisitLog(path: folder.logPath) { (sequence, entries) throws(VisitFault) in
      try take(entries, sequence: sequence)
    }
  }

  /// The number of the last entries that are safe.
  package var sequence: UInt64 { log?.sequence ?? 0 }

  /// The days that have visits, sealed or not.
  package var days: [UInt32] { Set(sealed.keys).union(fresh.all).sorted() }

  /// Writes entries down. When it returns they are on the disk.
  ///
  /// - Parameter number: by which ``sequence`` knows them, for whoever counts them too; it rises from
  ///   call to call.
  @discardableResult
  package func record(
    _ entries: [VisitEntry], as number: UInt64? = nil
  ) throws(VisitFault) -> UInt64 {
    let gone = Set(dropped.map(\.day))
    for entry in entries {
      guard entry.from <= entry.to else { throw VisitFault(.reversed) }
      for day in entry.days where gone.contains(day) {
        throw VisitFault(dropped: day)
      }
    }
    guard let log else { throw VisitFault(.notALog, at: folder.logPath) }
    let sequence = try log.append(entries, as: number)
    try take(entries, sequence: sequence)
    return sequence
  }

  /// Asks about everything that was recorded so far. Good until the next change.
  package func inquiry() throws(VisitFault) -> Inquiry {
    if let current { return current }
    let inquiry = Inquiry(Array(sealed.values) + (try fresh.segments()))
    current = inquiry
    return inquiry
  }

  // MARK: - Taking in

  /// Puts entries into memory, those first that add.
  private func take(_ entries: [VisitEntry], sequence: UInt64) throws(VisitFault) {
    current = nil
    let gone = Set(dropped.map(\.day))
    var withdrawn: [UInt32: [StayRow: Int]] = [:]
    var added: [(day: UInt32, row: StayRow)] = []
    for entry in entries {
      let visit = Visit(
        person: persons.id(for: entry.person), venue: venues.id(for: entry.venue),
        from: entry.from, to: entry.to, source: entry.source)
      StayRow.pieces(of: visit) { day, row in
        // A segment that was sealed after this frame has it already.
        guard !gone.contains(day), sequence > sealed[day]?.form.sequence ?? 0 else { return }
        var row = row
        if entry.continues { row.source |= StayRow.continues }
        if entry.isWithdrawal {
          withdrawn[day, default: [:]][row, default: 0] += 1
        } else {
          added.append((day, row))
        }
      }
    }
    for (day, row) in added { try fresh.add(row, to: day) }
    for (day, var rows) in withdrawn {
      try fresh.remove(&rows, of: day)
      guard !rows.isEmpty, let segment = sealed[day] else { continue }
      var kept = segment.stayRows
      FreshRows.remove(&rows, from: &kept)
      guard kept.count < segment.count else { continue }
      sealed[day] = try fresh.segment(day, of: kept, sequence: segment.form.sequence)
      rewritten.insert(day)
    }
  }

  // MARK: - Sealing

  /// Moves all days before one out of the log into segments, with what came late for them.
  package func seal(before day: UInt32) throws(VisitFault) {
    let due = Set(fresh.all.filter { $0 < day }).union(rewritten).sorted()
    guard !due.isEmpty else { return }
    try folder.keep(persons: persons, venues: venues)
    for number in due {
      let rows = (sealed[number]?.stayRows ?? []) + fresh.rows(of: number)
      let segment = try fresh.segment(number, of: rows, sequence: sequence)
      try DurableFile.write(
        segment.region.bytes(0..<segment.region.count), to: folder.segmentPath(of: number))
    }
    try DurableFile.syncFolder(folder.path)
    for number in due {
      fresh.forget(number)
      sealed[number] = try Segment(path: folder.segmentPath(of: number))
    }
    rewritten = []
    current = nil
    try log?.replace(with: freshEntries())
  }

  /// What the log still has to hold.
  private func freshEntries() -> [VisitEntry] {
    fresh.all.flatMap { day in
      fresh.rows(of: day).map { row in
        var entry = VisitEntry(
          person: persons[row.person], venue: venues[row.venue],
          from: day * Stay.day + Stay.enter(row.stay), to: day * Stay.day + Stay.leave(row.stay),
          source: UInt8(truncatingIfNeeded: row.source))
        entry.continues = row.source & StayRow.continues != 0
        return entry
      }
    }
  }

  // MARK: - Retention

  /// Deletes a day for good: its segment, its rows in the log, and the identifiers that no other
  /// day uses.
  ///
  /// - Parameter second: when it was decided, on the clock of the district.
  /// - Returns: the proof that stays behind.
  package func drop(day: UInt32, at second: UInt32) throws(VisitFault) -> DroppedDay {
    if let known = dropped.first(where: { $0.day == day }) { return known }
    let segment = sealed[day]
    let proof = DroppedDay(
      day: day, at: second, rows: (segment?.count ?? 0) + fresh.rows(of: day).count,
      sum: segment?.form.sum ?? 0)
    dropped.append(proof)
    try DroppedDays.write(dropped, to: folder.droppedPath)
    sealed[day] = nil
    rewritten.remove(day)
    fresh.forget(day)
    current = nil
    unlink(folder.segmentPath(of: day))
    try DurableFile.syncFolder(folder.path)
    try log?.replace(with: freshEntries())
    try forgetNames()
    return proof
  }

  /// The days that were deleted, with what was there.
  package var droppedDays: [DroppedDay] { dropped }

  /// Looks for anything that is left of a day: its file, frames of the log, rows in memory.
  package func isGone(day: UInt32) throws(VisitFault) -> Bool {
    guard access(folder.segmentPath(of: day), F_OK) != 0, sealed[day] == nil,
      fresh.rows(of: day).isEmpty
    else { return false }
    var isGone = true
    _ = try VisitLog(path: folder.logPath) { (_, entries) throws(VisitFault) in
      if entries.contains(where: { $0.days.contains(day) }) { isGone = false }
    }
    return isGone
  }

  /// Takes away the identifiers of people and venues that no day has any more.
  private func forgetNames() throws(VisitFault) {
    var usedPersons = PersonSet()
    var usedVenues = PersonSet()
    for segment in Array(sealed.values) + (try fresh.segments()) {
      for person in 0..<UInt32(segment.persons) where !segment.places(of: person).isEmpty {
        usedPersons.insert(person)
      }
      for venue in 0..<segment.venues where !segment.rows(of: venue).isEmpty {
        usedVenues.insert(UInt32(venue))
      }
    }
    persons = persons.keeping(usedPersons.contains)
    venues = venues.keeping(usedVenues.contains)
    try folder.keep(persons: persons, venues: venues)
  }

  // MARK: - Checking

  /// Reads every sealed day and compares all checksums.
  ///
  /// - Throws: the file and the column that is damaged.
  package func verify() throws(VisitFault) {
    for day in sealed.keys.sorted() where !rewritten.contains(day) {
      try sealed[day]?.verify()
    }
  }
}

extension VisitEntry {
  /// The days that it touches.
  package var days: ClosedRange<UInt32> {
    let first = from / Stay.day
    return first...max(first, (max(to, 1) - 1) / Stay.day)
  }
}
