import Detection
import Foundation
import Kernel
import Visits

/// Brings the index of scans up to what the database says, in steps that hold up nobody for long.
actor ScanFeeder {
  /// From this size on the log becomes part of the days.
  private static let longestLog = 64 << 20
  /// So many proofs are told again by a program that has just begun.
  private static let proofsRepeated = 31
  /// Up to so many new scans go through the index's log; more are put in day by day.
  private let throughLog: Int
  private var isFeeding = false
  /// The deleted days of which the journal knows.
  private var noted: Set<UInt32> = []

  init(throughLog: Int) { self.throughLog = throughLog }

  func feed(_ engine: ScanEngine, from desk: Desk) async throws {
    guard !isFeeding else { return }
    isFeeding = true
    defer { isFeeding = false }
    let last = try await desk.storage.read { try ScansStore($0).last() }
    // A folder that never had a scan needs no index, and none is made.
    guard last > 0 || FileManager.default.fileExists(atPath: engine.folder) else { return }
    var taken = try engine.taken()
    if taken > last {
      // The index belongs to another state of the data: a database that was put back.
      try engine.clear()
      taken = try engine.taken()
    }
    try await drop(engine, desk)
    guard taken < last else { return }
    let from = taken
    let heads = try await desk.storage.read { try ScansStore($0).heads(after: from, upTo: last) }
    if heads.reduce(0, { $0 + $1.scans }) > throughLog {
      for day in Set(heads.map(\.day)).sorted() {
        try await fill(day, upTo: last, engine, desk.storage)
      }
      try engine.using { try $0.note(UInt64(last)) }
    } else {
      try await append(heads, upTo: last, engine, desk.storage)
    }
    try engine.using { store in
      if store.logBytes > Self.longestLog { try store.seal(before: .max) }
    }
  }

  /// New lists, one frame of the log each.
  private func append(
    _ heads: [ScansStore.Head], upTo last: Int, _ engine: ScanEngine, _ storage: any Storage
  ) async throws {
    for (number, heads) in Dictionary(grouping: heads, by: \.number).sorted(by: { $0.key < $1.key })
    {
      let batches = try await storage.read { transaction in
        // A day that was deleted meanwhile is not there any more.
        try heads.compactMap { try ScansStore(transaction).find($0.number, of: $0.day) }
      }
      try engine.using { store in
        let entries = batches.flatMap { batch in
          batch.scans.map { scan in
            var entry = VisitEntry(
              person: batch.persons[Int(scan.person)], venue: batch.venues[Int(scan.venue)],
              from: scan.from, to: scan.to, source: scan.source.number)
            entry.continues = scan.continues
            return entry
          }
        }
        let gone = Set(store.droppedDays.map(\.day))
        try store.record(
          entries.filter { !gone.contains($0.from / ScanTime.day) }, as: UInt64(number))
      }
    }
    try engine.using { try $0.note(UInt64(last)) }
  }

  /// A whole day from all its lists.
  private func fill(
    _ day: Int, upTo last: Int, _ engine: ScanEngine, _ storage: any Storage
  ) async throws {
    let number = UInt32(day)
    guard try engine.using({ $0.sequence(of: number) }) < UInt64(last) else { return }
    let heads = try await storage.read { try ScansStore($0).heads(of: day) }
      .filter { $0.number <= last }
    var visits: [Visits.Visit] = []
    visits.reserveCapacity(heads.reduce(0) { $0 + $1.scans })
    for head in heads {
      let batch = try await storage.read { try ScansStore($0).batch(head.number, of: day) }
      visits += try engine.using { store in
        let persons = batch.persons.map { store.persons.id(for: $0) }
        let venues = batch.venues.map { store.venues.id(for: $0) }
        return batch.scans.map { scan in
          Visits.Visit(
            person: persons[Int(scan.person)], venue: venues[Int(scan.venue)], from: scan.from,
            to: scan.to, source: scan.source.number | (scan.continues ? 0x80 : 0))
        }
      }
    }
    do {
      try engine.using { try $0.keepNames() }
      // Nobody waits meanwhile: the file is used when it is there.
      try VisitStore.write(
        visits, of: number, as: UInt64(last), in: VisitFolder(path: engine.folder))
      try engine.using { try $0.adopt(day: number) }
    } catch let fault as VisitFault { throw StorageFailure(fault) }
  }

  /// Deletes the days that the database has deleted, and says so with what proves it.
  private func drop(_ engine: ScanEngine, _ desk: Desk) async throws {
    let gone = try await desk.storage.read { try ScansStore($0).gone() }
    if gone.isEmpty { return }
    let now = ScanTime(desk.rules.zone).second(of: desk.clock.now()) ?? 0
    let dropped = try engine.using { store in
      for day in Set(store.days.map(Int.init)).intersection(gone).sorted() {
        _ = try store.drop(day: UInt32(day), at: now)
      }
      return Array(store.droppedDays.suffix(Self.proofsRepeated))
    }
    // The program may have ended between the deed and the word; the same word again changes nothing.
    for day in dropped where !noted.contains(day.day) {
      let checksum = String(day.sum, radix: 16)
      try await desk.submit(
        NoteDroppedScans(
          day: Int(day.day), node: engine.node, stays: day.rows, checksum: checksum),
        id: CommandID(trusted: "scans/dropped/\(engine.node)/\(day.day)/\(checksum)"),
        as: .clock)
      noted.insert(day.day)
    }
  }
}
