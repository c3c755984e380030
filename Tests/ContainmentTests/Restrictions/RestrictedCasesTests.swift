import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Containment

@Suite("Restrictions of cases") struct RestrictedCasesTests {
  @Test("a case told so late that its days are over restricts nobody; a day earlier it still does")
  func history() async throws {
    let town = try await Town.withZhao(on: "2022-07-20")
    try await town.report("c-1", at: town.now - .days(15))
    #expect(try await town.own().isEmpty)
    #expect(try await town.colour() == .green)
    let other = PersonID(trusted: "qian")
    try await town.submit(Happen(event: .resident(other, Town.Spot.door101.id)), from: .clock)
    try await town.report("c-2", of: other, at: town.now - .days(14))
    let view = try #require(try await town.own(other).first)
    #expect(view.end == at("2022-07-21T00:00") && view.kind == .hospital)
    #expect(try await town.violations() == [:])
  }

  @Test("an infection of long ago does not end what rests on a contact of today")
  func historyOfContact() async throws {
    let town = try await Town.withZhao(on: "2022-07-20")
    try await town.confirm(exposedAt: town.now)
    try await town.report("c-1", at: town.now - .days(40))
    #expect(try await town.own().map(\.clause) == ["close"])
    #expect(try await town.colour() == .red)
    #expect(try await town.violations() == [:])
  }

  @Test("who falls ill keeps the one restriction, where one clause is for both")
  func converted() async throws {
    let town = try await Town.withZhao()
    let reported = town.now
    try await town.report("c-1", as: .asymptomatic)
    let before = try await town.own()
    try await town.pass(.days(2))
    try await convert(town, reported: reported)
    let after = try await town.own()
    #expect(after.map(\.restriction) == before.map(\.restriction))
    #expect(after.map(\.state) == [.effective] && after.map(\.end) == before.map(\.end))
  }

  @Test("who falls ill leaves home for the hospital, where the clauses differ")
  func convertedToHospital() async throws {
    let town = try await Town.withZhao(on: "2022-12-20")
    let reported = town.now
    try await town.report("c-1", as: .asymptomatic)
    #expect(try await town.own().map(\.kind) == [.homeIsolation])
    try await town.pass(.days(2))
    try await convert(town, reported: reported)
    let held = try await town.own().filter { $0.state == .effective }
    #expect(held.map(\.clause) == ["case"] && held.map(\.kind) == [.hospital])
    #expect(held.map(\.end) == [at("2023-01-06T00:00")])
    let owed = try await town.rows(
      """
      SELECT COUNT(*) FROM obligation
      WHERE closed_at IS NULL AND kind LIKE 'restrictions.%' AND subject <> \(held[0].restriction)
      """)
    #expect(owed[0].integer(0) == 0)
    #expect(try await town.violations() == [:])
    // It was no conversion after all.
    try await correct(town, town.standing(.asymptomatic, reported: reported))
    let back = try await town.own().filter { $0.state == .effective }
    #expect(back.map(\.clause) == ["asymptomatic"] && back.map(\.end) == [at("2022-12-28T00:00")])
    #expect(try await town.violations() == [:])
  }

  @Test("another time of report moves the end, and restricts nobody who was released")
  func corrected() async throws {
    let town = try await Town.withZhao()
    try await town.report("c-1")
    let before = try #require(try await town.own().first)
    let earlier = town.now - .days(2)
    try await correct(town, town.standing(.confirmed, reported: earlier))
    let moved = try #require(try await town.own().first)
    #expect(moved.restriction == before.restriction && moved.end == before.end - .days(2))
    try await town.endEarly(moved.restriction)
    try await correct(town, town.standing(.confirmed, reported: earlier - .days(1)))
    #expect(try await town.own().map(\.state) == [.ended])
    #expect(try await town.violations() == [:])
  }

  private func convert(_ town: Town, reported: Instant) async throws {
    try await town.submit(
      Happen(
        event: .converted(
          CaseConverted(
            infection: CaseID(trusted: "c-1"), person: Town.zhao, at: town.now,
            standing: town.standing(.asymptomatic, reported: reported, converted: town.now)))),
      from: .clock)
  }

  private func correct(_ town: Town, _ standing: CaseStanding) async throws {
    try await town.submit(
      Happen(
        event: .corrected(
          CaseCorrected(
            infection: CaseID(trusted: "c-1"), person: Town.zhao, field: "reported_at",
            standing: standing))), from: .clock)
  }
}
