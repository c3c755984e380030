import Kernel
import Testing
import Town

@testable import Detection

@Suite("Scans") struct ScansTests {
  private func row(
    _ town: Town, _ person: String, _ venue: String, _ from: String, _ to: String
  ) -> Fields {
    .object([
      "person": .text(person), "venue": .text(venue),
      "from": .text("2022-11-\(from)+08:00"), "to": .text("2022-11-\(to)+08:00"),
    ])
  }

  private func take(_ town: Town, _ rows: [Fields]) async throws -> ImportAnswer {
    try await town.submit(TakeScans(rows: rows))
  }

  @Test("a scan counts like a visit: with other scans, with visits told of, and over midnight")
  func meetings() async throws {
    let town = try await Town()
    try await town.visit("told", "茶馆", "28T10:00", "28T11:00")
    try await town.report("case-1", of: "ill", onset: "2022-11-28")
    let answer = try await take(
      town,
      [
        row(town, "ill", "茶馆", "28T10:30", "28T12:00"),
        row(town, "scanned", "茶馆", "28T11:30", "28T13:00"),
        row(town, "ill", "夜市", "28T23:50", "29T00:20"),
        row(town, "late", "夜市", "28T23:00", "29T01:00"),
        row(town, "elsewhere", "超市", "28T10:30", "28T12:00"),
      ])
    #expect(answer.accepted == 5)
    #expect(try await town.contacts("case-1") == [])
    try await town.pass(.seconds(31))
    #expect(
      try await town.contacts("case-1") == [
        "late close 1 1800 proposed", "scanned close 1 1800 proposed",
        "told close 1 1800 proposed",
      ])
  }

  @Test("the same list again is known, and a wrong row is named while the others are kept")
  func outcomes() async throws {
    let town = try await Town()
    let rows = [
      row(town, "a", "v", "28T10:00", "28T11:00"), row(town, "b", "v", "28T11:00", "28T10:00"),
      row(town, "c", "v", "20T10:00", "28T10:00"), .object(["person": .text("d")]),
    ]
    let first = try await take(town, rows)
    #expect(first.accepted == 1)
    #expect(first.outcomes.map(\.code) == ["visit.reversed", "scan.tooLong", "field.missing"])
    #expect(first.outcomes.map(\.row) == [1, 2, 3])
    let second = try await take(town, rows)
    #expect(second.accepted == 0)
    #expect(second.outcomes.first?.code == "row.known")
    #expect(try await town.rows("SELECT scans FROM scan_batch").map { $0.integer(0) } == [1])
  }

  @Test("the trajectory shows scans beside visits, whole again over midnight")
  func trajectory() async throws {
    let town = try await Town()
    try await town.visit("p", "茶馆", "28T10:00", "28T11:00")
    _ = try await take(
      town,
      [
        row(town, "p", "夜市", "28T23:50", "29T00:20"), row(town, "p", "车站", "28T12:00", "28T12:00"),
      ])
    let line = try await town.ask(
      TrajectoryOfPerson(person: PersonID("p")), for: .investigation)
    #expect(line.stretches.map(\.venue.text) == ["茶馆", "车站", "夜市"])
    #expect(line.stretches.map { $0.span.seconds } == [3_600, 0, 1_800])
  }

  @Test("a day is deleted when its time has come, not before, and nothing can be added to it")
  func expiry() async throws {
    let town = try await Town()
    _ = try await take(town, [row(town, "a", "v", "28T10:00", "28T11:00")])
    try await town.visit("a", "茶馆", "28T10:00", "28T11:00")
    try await town.pass(.hours(28 * 24))
    #expect(try await town.rows("SELECT number FROM scan_batch").count == 1)
    #expect(try await town.rows("SELECT id FROM visit").count == 1)
    try await town.pass(.hours(24))
    #expect(try await town.rows("SELECT number FROM scan_batch").isEmpty)
    #expect(try await town.rows("SELECT id FROM visit").isEmpty)
    let told = try await town.facts("scans.expired")
    #expect(told.map { $0["scans"] } == [.integer(1)])
    #expect(try await town.facts("visits.expired").map { $0["visits"] } == [.integer(1)])
    let late = try await take(town, [row(town, "b", "v", "28T10:00", "28T11:00")])
    #expect(late.outcomes.map(\.code) == ["scan.dayGone"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a list whose bytes were changed is named")
  func damage() async throws {
    let town = try await Town()
    _ = try await take(town, [row(town, "a", "v", "28T10:00", "28T11:00")])
    #expect(try await town.violations().isEmpty)
    try await town.desk.storage.write { transaction in
      guard var body = try ScansStore(transaction).body(1, of: 19_324) else { return }
      body[body.count - 2] ^= 1
      try transaction.execute("UPDATE scan_batch SET body = \(body)")
    }
    #expect(try await town.violations()["I-36"] == ["scan_batch 1/19324"])
  }
}
