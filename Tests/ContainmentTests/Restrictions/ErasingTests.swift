import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Restrictions that are over are deleted") struct ErasingTests {
  private static let tables: [SQL] = [
    "restriction", "restriction_phase", "restriction_evidence", "restriction_change", "objection",
    "restriction_request", "evidence", "restriction_held", "restriction_cause", "restriction_freed",
  ]

  private func counts(_ town: Town) async throws -> [Int] {
    var counts: [Int] = []
    for table in Self.tables {
      counts.append(try await town.rows("SELECT COUNT(*) FROM \(table)")[0].integer(0))
    }
    return counts
  }

  @Test("sixty days after the end nothing of it is left but the figures and the journal's leaves")
  func erased() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    let view = try #require(try await town.own().first)
    try await town.submit(
      RaiseObjection(restriction: view.restriction, ground: "我当天不在场"),
      from: .resident(Town.zhao))
    try await town.endEarly(view.restriction)
    let figures = try await town.ask(PublicFigures(days: 100), for: .supervision, from: .nobody)
    let leaves = try await town.rows("SELECT COUNT(*) FROM journal")[0].integer(0)
    #expect(try await counts(town)[0] == 1)
    try await town.pass(.days(59) + .hours(23))
    #expect(try await counts(town)[0] == 1)
    try await town.pass(.hours(2))
    #expect(try await counts(town) == Self.tables.map { _ in 0 })
    #expect(try await town.own().isEmpty)
    let after = try await town.ask(PublicFigures(days: 100), for: .supervision, from: .nobody)
    #expect(after.days.map(\.started).reduce(0, +) == figures.days.map(\.started).reduce(0, +))
    #expect(after.reasons.map(\.code) == figures.reasons.map(\.code))
    #expect(try await town.rows("SELECT COUNT(*) FROM journal")[0].integer(0) > leaves)
    #expect(try await town.violations() == [:])
  }

  @Test("what still runs, or ended later, stays with its evidence; what was never used goes")
  func stays() async throws {
    let town = try await Town.withZhao()
    let request = try await ask(town)
    try await town.submit(ApproveRestriction(request: request, approved: false), as: "street")
    try await town.pass(.days(50))
    try await town.confirm("late", case: "b", exposedAt: town.now)
    let late = try #require(try await town.own().first { $0.clause == "close" })
    try await town.pass(.days(11))
    #expect(try await town.own().map(\.restriction) == [late.restriction])
    #expect(try await town.rows("SELECT reference FROM evidence").map { $0.text(0) } == ["late"])
    #expect(try await counts(town)[5] == 0)
    #expect(try await town.violations() == [:])
  }

  @Test(
    "an edition that would keep it for ever, or delete it before anybody can object, is refused")
  func bounds() throws {
    for (days, isGood) in [(59, false), (60, true), (183, true), (184, false)] {
      let policy = try Fields.json(Array("{\"keep_days\": \(days)}".utf8))
        .decoded(RestrictionsKeepingPolicy.self)
      #expect(policy.faults.isEmpty == isGood, "\(days)")
    }
  }

  /// An entry record that restricts nobody by a rule, cited by an office and declined by another.
  private func ask(_ town: Town) async throws -> RestrictionID {
    let day = Day(of: town.now, in: .china)
    let entry = try await town.submit(
      NoteEntry(
        person: Town.zhao, areaCode: "130102", level: .low, leftOn: day, arrivedOn: day,
        source: "own_word"), as: "leader"
    ).entry
    return try await town.submit(
      IssueRestriction(
        person: Town.zhao, clause: "zone_middle",
        evidence: Evidence(kind: .entryRecord, reference: entry.text)), as: "leader"
    ).restriction
  }
}
