import District
import Foundation
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Index of scans") struct ScanIndexTests {
  private func folder() -> String {
    FileManager.default.temporaryDirectory.appending(path: "scans-\(UUID().uuidString)").path
  }

  /// Visits of a few people at few venues, made to touch, tie, repeat, stand still and cross
  /// midnight.
  private func visits(_ chance: inout SeededChance, count: Int) -> [Visit] {
    (0..<count).map { _ in
      let from = 1_669_600_800 + Int64.random(in: 0..<192, using: &chance) * 900
      let length = [0, 0, 1, 2, 4, 40, 120].randomElement(using: &chance) ?? 1
      return Visit(
        person: PersonID(trusted: "p\(Int.random(in: 0..<12, using: &chance))"),
        venue: VenueID(trusted: "v\(Int.random(in: 0..<6, using: &chance))"),
        span: TimeSpan(Instant(seconds: from), Instant(seconds: from + Int64(length) * 900)),
        source: VisitSource.allCases.randomElement(using: &chance) ?? .interview)
    }
  }

  private func scans(_ visits: [Visit]) -> [Fields] {
    visits.map { visit in
      .object([
        "person": .text(visit.person.text), "venue": .text(visit.venue.text),
        "from": .text(visit.span.from.text(in: .china)),
        "to": .text(visit.span.to.text(in: .china)), "source": .text(visit.source.rawValue),
      ])
    }
  }

  private func keep(_ visits: [Visit], in town: Town) async throws {
    try await town.desk.storage.write { transaction in
      for (number, visit) in visits.enumerated() {
        _ = try VisitsStore(transaction).add(
          visit, id: VisitID(trusted: "\(number)"), at: Instant(seconds: 1_669_600_800))
      }
    }
  }

  private func exposures(
    in town: Town, of person: PersonID, _ span: TimeSpan
  ) async throws -> Set<Exposure> {
    let rules = town.desk.rules
    let policy = try rules.policies.section(
      ContactsPolicy.self, on: try #require(Day("2022-07-01"))
    ).section
    return try await town.desk.storage.read { transaction in
      let finder = ContactFinder(
        visits: try KnownVisits(transaction, rules: rules), policy: policy,
        household: { _, _ in [] })
      return Set(
        try finder.exposures(to: person, infection: CaseID(trusted: "case"), in: span))
    }
  }

  @Test(
    "rows, indexed scans and scans not indexed yet together find what rows alone find",
    arguments: 1...8)
  func agrees(seed: Int) async throws {
    var chance = SeededChance(state: UInt64(seed))
    let all = visits(&chance, count: 160)
    let rows = try await Town()
    try await keep(all, in: rows)

    let path = folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let mixed = try await Town(
      scans: ScanEngine(folder: path, throughLog: seed.isMultiple(of: 2) ? 0 : 1_000))
    let parts = Dictionary(grouping: all) { _ in Int.random(in: 0..<3, using: &chance) }
    try await keep(parts[0] ?? [], in: mixed)
    let indexed = parts[1] ?? []
    for half in [indexed.prefix(indexed.count / 2), indexed.suffix(indexed.count / 3)] {
      try await mixed.submit(TakeScans(rows: scans(Array(half))))
    }
    let rest = indexed.dropFirst(indexed.count / 2).dropLast(indexed.count / 3)
    if !rest.isEmpty { try await mixed.submit(TakeScans(rows: scans(Array(rest)))) }
    try await mixed.pass(.seconds(1))
    let index = try #require(mixed.desk.rules.scanIndex)
    #expect(try index.taken() > 0)
    if let fresh = parts[2] { try await mixed.submit(TakeScans(rows: scans(fresh))) }

    let span = TimeSpan(Instant(seconds: 1_669_633_200), Instant(seconds: 1_669_719_600))
    var found = 0
    for number in 0..<12 {
      let person = PersonID(trusted: "p\(number)")
      let expected = try await exposures(in: rows, of: person, span)
      #expect(try await exposures(in: mixed, of: person, span) == expected)
      found += expected.count
    }
    #expect(found > 12)
    #expect(try await mixed.violations().isEmpty)
  }

  @Test("the index is made anew when it is gone, and when it is of another state of the data")
  func rebuilt() async throws {
    let path = folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var chance = SeededChance(state: 3)
    let some = visits(&chance, count: 40)
    let town = try await Town(scans: ScanEngine(folder: path))
    try await town.submit(TakeScans(rows: scans(some)))
    try await town.submit(TakeScans(rows: scans(visits(&chance, count: 40))))
    try await town.pass(.seconds(1))
    #expect(try town.desk.rules.scanIndex?.taken() == 2)

    // Another district finds the folder: its only list is not among those in the index.
    let other = try await Town(scans: ScanEngine(folder: path))
    try await other.submit(TakeScans(rows: scans(some)))
    try await other.pass(.seconds(1))
    #expect(try other.desk.rules.scanIndex?.taken() == 1)
    #expect(try await other.violations().isEmpty)

    try FileManager.default.removeItem(atPath: path)
    let third = try await Town(scans: ScanEngine(folder: path))
    try await third.submit(TakeScans(rows: scans(some)))
    try await third.pass(.seconds(1))
    #expect(FileManager.default.fileExists(atPath: path))
    #expect(try await third.violations().isEmpty)
  }

  @Test("a flipped byte in the index is named, and so is an index that holds something else")
  func damage() async throws {
    let path = folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var chance = SeededChance(state: 4)
    let town = try await Town(scans: ScanEngine(folder: path))
    try await town.submit(TakeScans(rows: scans(visits(&chance, count: 40))))
    try await town.pass(.seconds(1))
    #expect(try await town.violations().isEmpty)
    _ = try await town.desk.storage.write { transaction in
      try transaction.execute("DELETE FROM scan_batch WHERE day = 19324")
    }
    #expect(try await town.violations()["I-36"] == ["\(path): 2022-11-28"])
  }

  @Test("a deleted day is deleted in the index too, and the journal holds what proves it")
  func dropped() async throws {
    let path = folder()
    defer { try? FileManager.default.removeItem(atPath: path) }
    var chance = SeededChance(state: 5)
    let some = visits(&chance, count: 60)
    let town = try await Town(scans: ScanEngine(folder: path))
    try await town.submit(TakeScans(rows: scans(some)))
    try await town.pass(.seconds(1))
    let days = try await town.rows("SELECT DISTINCT day FROM scan_batch").count
    // On the turn after the one that deletes the lists.
    try await town.pass(.hours(40 * 24))
    try await town.pass(.seconds(1))
    let facts = try await town.facts("scans.dropped")
    #expect(facts.count == days)
    let stays = facts.reduce(0) { sum, fact in
      if case .integer(let stays) = fact["stays"] { sum + Int(stays) } else { sum }
    }
    #expect(stays >= some.count)
    let index = try #require(town.desk.rules.scanIndex)
    let always = ScanSpan(0, .max)
    for number in 0..<12 {
      #expect(try index.scans(of: PersonID(trusted: "p\(number)"), in: always).isEmpty)
    }
    // What follows is indexed as before, and the proofs are told once.
    try await town.pass(.seconds(5))
    #expect(try await town.facts("scans.dropped").count == days)
    #expect(try await town.violations().isEmpty)
  }
}
