import Detection
import Foundation
import Kernel
import Synchronization
import Visits

/// The visit engine of a data folder: an index of the scans that the database keeps packed. Every node
/// has its own; it can be deleted at any time and is made anew.
package final class ScanEngine: ScanIndex {
  let folder: String
  /// Opened when it is first needed.
  private let store: Mutex<VisitStore?> = Mutex(nil)
  /// One at a time brings it up to date.
  private let feeder: ScanFeeder

  /// Nothing is opened or made yet.
  ///
  /// - Parameter throughLog: up to so many new scans go through the log; more are put in day by day.
  package init(folder: String, throughLog: Int = 1_000_000) {
    self.folder = folder
    feeder = ScanFeeder(throughLog: throughLog)
  }

  // MARK: - Questions

  /// The number of the last batch that is in it.
  package func taken() throws -> Int { try using { Int($0.sequence) } }

  /// A person's own scans.
  package func scans(of person: PersonID, in span: ScanSpan) throws -> [Presence] {
    try using { store in
      guard let id = store.persons.known(person.text) else { return [] }
      return try store.inquiry().trajectory(of: id, in: SecondSpan(span)).map { visit in
        Presence(
          person: person, spot: VenueID(trusted: store.venues[visit.venue]),
          span: ScanSpan(visit.from, visit.to), source: Self.source(visit.source))
      }
    }
  }

  /// The parts of others' scans that one of a person's own has in common with them.
  package func crossings(of person: PersonID, in span: ScanSpan) throws -> [Presence] {
    try using { store in
      guard let id = store.persons.known(person.text) else { return [] }
      let shared = try store.inquiry().crossings(of: id, in: SecondSpan(span))
      return Self.presences(shared, in: store)
    }
  }

  /// Everybody's scans at a spot.
  package func presences(at spot: VenueID, in span: ScanSpan) throws -> [Presence] {
    try using { store in
      guard let id = store.venues.known(spot.text), span.from < span.to else { return [] }
      let there = try store.inquiry().presences(at: id, in: SecondSpan(span))
      return Self.presences(there, in: store)
    }
  }

  private static func presences(_ spans: [SharedSpan], in store: VisitStore) -> [Presence] {
    var venues: [UInt32: VenueID] = [:]
    return spans.map { span in
      let spot = venues[span.venue] ?? VenueID(trusted: store.venues[span.venue])
      venues[span.venue] = spot
      return Presence(
        person: PersonID(trusted: store.persons[span.person]), spot: spot,
        span: ScanSpan(span.from, span.to), source: source(span.source))
    }
  }

  private static func source(_ number: UInt8) -> VisitSource {
    VisitSource(number: number) ?? .venueCode
  }

  // MARK: - Keeping

  /// Takes in what came, and deletes what was deleted.
  package func tend(_ desk: Desk) async throws { try await feeder.feed(self, from: desk) }

  /// What is damaged, and the days that are not as the lists say.
  package func faults(against transaction: any Transaction) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    let stored = ScansStore(transaction)
    let taken: Int
    do {
      taken = try self.taken()
      try using { try $0.verify() }
    } catch let failure as StorageFailure { return [failure.description] }
    let last = try stored.last()
    guard taken <= last else { return ["\(folder): \(taken) > \(last)"] }
    var found: [String] = []
    let days = Set(try stored.heads(after: 0, upTo: taken).map(\.day))
    for day in try days.union(indexedDays()).sorted() {
      var expected = DayContents()
      for head in try stored.heads(of: day) where head.number <= taken {
        let batch = try stored.batch(head.number, of: day)
        let persons = batch.persons.map(DayContents.hash)
        let venues = batch.venues.map(DayContents.hash)
        for scan in batch.scans {
          expected.add(
            Visits.Visit(person: 0, venue: 0, from: scan.from, to: scan.to),
            person: persons[Int(scan.person)], venue: venues[Int(scan.venue)])
        }
      }
      let number = UInt32(day)
      if try using({ $0.contents(of: number) }) != expected {
        found.append("\(folder): \(Day(number: day).text)")
      }
    }
    return Array(found.prefix(20))
  }

  private func indexedDays() throws -> [Int] { try using { $0.days.map(Int.init) } }

  /// Looks into the store, which is opened when it is not yet.
  ///
  /// - Throws: a failure that names the file and what to do.
  func using<Result: Sendable>(_ body: (VisitStore) throws -> Result) throws -> Result {
    try store.withLock { store in
      do {
        if let open = store { return try body(open) }
        let open = try VisitStore(path: folder)
        store = open
        return try body(open)
      } catch let fault as VisitFault { throw StorageFailure(fault) }
    }
  }

  /// Forgets everything, on the disk too, to be made anew.
  func clear() throws {
    try store.withLock { store in
      store = nil
      do {
        try FileManager.default.removeItem(atPath: folder)
      } catch {
        throw StorageFailure(.unavailable, "the index “\(folder)” cannot be removed")
      }
    }
  }
}

extension SecondSpan {
  init(_ span: ScanSpan) { self.init(span.from, span.to) }
}

extension StorageFailure {
  /// The index's fault in the words of the seam: there is no backup of an index, and no need of one.
  init(_ fault: VisitFault) {
    let words = fault.english.replacing(
      "restore the file from a backup", with: "delete the folder, and it is made anew")
    self.init(.unavailable, words)
  }
}

extension ScanEngine {
  /// What tells this node's index from another's in the journal.
  var node: String {
    Hex.text(
      folder.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
        ($0 ^ UInt64($1)) &* 1_099_511_628_211
      }
      .bigEndianBytes.suffix(4))
  }
}
