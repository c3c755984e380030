import Gazette
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("The clock tends zones") struct ZonesClockTests {
  @Test("in parts of fifty, each of them, however many stand")
  func parts() async throws {
    let town = try await Town.withZhao(on: "2022-11-11")
    try await town.settleZones(60, of: "cn-9@1")
    #expect(try await town.submit(TendZones(), from: .clock) == 50)
    try await town.pass(.seconds(60))
    let editions = try await town.rows("SELECT edition, COUNT(*) FROM zone GROUP BY edition")
    #expect(editions.map { $0.text(0) } == ["cn-20-measures@1"])
    #expect(editions.map { $0.integer(1) } == [60])
  }

  @Test("a zone that cannot be tended holds up no other one")
  func broken() async throws {
    let town = try await Town.withZhao()
    try await town.settleZones(2, of: "cn-9@1", countedFrom: town.now - .days(20))
    try await town.change("UPDATE zone SET place = 'nowhere' WHERE id = 'zone-100'")
    try await town.test([Town.zhao])
    #expect(try await town.submit(TendZones(), from: .clock) == 2)
    let owed = try await town.rows("SELECT subject FROM obligation WHERE kind = 'zones.release'")
    #expect(owed.map { $0.text(0) } == ["zone-101"])
  }

  @Test("results older than any clause looks back go, though no zone stands any more")
  func forgets() async throws {
    let town = try await Town.withZhao()
    for days in [59, 61] {
      try await town.change(
        """
        INSERT INTO zone_test (person, sampled_at, negative)
        VALUES ('somebody', \(town.now - .days(days)), 1)
        """)
    }
    try await town.pass(.seconds(60))
    let left = try await town.rows("SELECT sampled_at FROM zone_test")
    #expect(left.map { $0.instant(0) } == [town.now - .days(59) - .seconds(60)])
  }
}

extension Town {
  /// Zones that stand at the one entrance, opened under an edition.
  fileprivate func settleZones(
    _ count: Int, of edition: String, countedFrom: Instant? = nil
  ) async throws {
    let (now, entrance) = (countedFrom ?? now, Spot.entrance)
    try await desk.storage.write { transaction in
      for number in 0..<count {
        let id = ZoneID(trusted: "zone-\(100 + number)")
        try transaction.execute(
          """
          INSERT INTO zone (id, level, edition, state, place, path, infection, proposed_by,
            proposed_by_organisations, proposed_at, opened_by, opened_at, counted_from,
            level_since, stepped_down, people, served_until)
          VALUES (\(id), 'high', \(edition), 'standing', \(entrance.id), '1.1.1.1.1.1.1.1', 'z-1',
            'leader', 'community', \(number), 'street', \(now), \(now), \(now), 0, 1,
            \(now + .days(365)))
          """)
        try transaction.execute(
          """
          INSERT INTO zone_place (zone, place, path, from_at)
          VALUES (\(id), \(entrance.id), '1.1.1.1.1.1.1.1', \(now))
          """)
      }
    }
  }
}
