import Detection
import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Headquarters

/// A town whose clock stands at 08:00 on 30 November, with cases reported on the days before.
struct BulletinTown {
  let town: Town

  init() async throws { town = try await Town(on: "2022-11-30") }

  func instant(_ text: String) throws -> Instant {
    try #require(Instant("2022-\(text)+08:00", in: .china))
  }

  /// Reports a case at a time such as `11-29T07:30`.
  func report(
    _ id: String, _ kind: String = "confirmed", at: String, source: String? = "isolation",
    district: String = "市北区", person: String? = nil
  ) async throws {
    try await town.submit(
      ReportCase(
        CaseRow(
          infection: CaseID(trusted: id), person: PersonID(trusted: person ?? "P-\(id)"),
          kind: kind, source: source, district: district, reportedAt: try instant(at))))
  }

  func compose(
    _ from: String, _ to: String, declared: DeclaredBreakdown? = nil
  ) async throws -> BulletinFigures {
    try await town.ask(
      ComposeBulletin(from: try instant(from), to: try instant(to), declared: declared))
  }

  @discardableResult
  func publish(
    _ from: String, _ to: String, declared: DeclaredBreakdown? = nil
  ) async throws -> PublishedBulletin {
    try await town.submit(
      PublishBulletin(from: try instant(from), to: try instant(to), declared: declared))
  }

  /// The refusal that publishing meets.
  func refusal(
    _ from: String, _ to: String, declared: DeclaredBreakdown? = nil
  ) async throws -> Refusal? {
    do {
      try await publish(from, to, declared: declared)
      return nil
    } catch let refusal as Refusal {
      return refusal
    }
  }
}

@Suite("Bulletins") struct BulletinTests {
  private let day = ("11-29T00:00", "11-30T00:00")

  @Test("every breakdown is counted from one list, from the window's start up to its end")
  func compose() async throws {
    let town = try await BulletinTown()
    try await town.report("C0", at: "11-28T23:59")
    try await town.report("C1", at: "11-29T00:00")
    try await town.report("C2", "asymptomatic", at: "11-29T12:00", source: "clinic")
    try await town.report("C3", "converted", at: "11-29T23:59", district: "市南区")
    try await town.report("C4", at: "11-30T00:00")
    let figures = try await town.compose(day.0, day.1)
    #expect(figures.total == 3 && figures.confirmed == 2 && figures.asymptomatic == 1)
    #expect(figures.converted == 1)
    #expect(figures.byKind == ["confirmed": 2, "asymptomatic": 1])
    #expect(figures.bySource == ["isolation": 2, "clinic": 1])
    #expect(figures.byDistrict == ["市北区": 2, "市南区": 1])
    #expect(figures.reconciles && figures.differences.isEmpty && figures.corrections.isEmpty)
  }

  @Test("a conversion is confirmed on its day and infects nobody twice")
  func conversion() async throws {
    let town = try await BulletinTown()
    try await town.report("C1", "asymptomatic", at: "11-28T10:00")
    try await town.report("C1", "converted", at: "11-29T10:00")
    let first = try await town.compose("11-28T00:00", "11-29T00:00")
    #expect((first.confirmed, first.asymptomatic, first.converted) == (0, 1, 0))
    let second = try await town.compose(day.0, day.1)
    #expect((second.confirmed, second.asymptomatic, second.converted) == (1, 0, 1))
    let both = try await town.compose("11-28T00:00", "11-30T00:00")
    #expect((both.total, both.confirmed, both.converted) == (1, 1, 1))
    try await town.publish("11-28T00:00", "11-29T00:00")
    let published = try await town.publish(day.0, day.1)
    #expect((published.carried, published.newInfections, published.cumulative) == (1, 0, 1))
    #expect(try await town.town.violations().isEmpty)
  }

  @Test("a case without a source stops the bulletin until it is put right")
  func noSource() async throws {
    let town = try await BulletinTown()
    try await town.report("C1", at: "11-29T10:00")
    try await town.report("C2", at: "11-29T11:00", source: nil)
    let figures = try await town.compose(day.0, day.1)
    #expect(!figures.reconciles)
    #expect(figures.differences.map(\.breakdown) == ["by_source"])
    #expect(figures.differences.first?.cases.map(\.text) == ["C2"])
    let refused = try await town.refusal(day.0, day.1)
    #expect(refused?.code == "bulletin.notReconciled")
    #expect(refused?.words.english.contains("C2") == true)
    try await town.town.submit(
      CorrectCase(
        infection: CaseID(trusted: "C2"), field: .source, value: "clinic", reason: "核实"))
    try await town.publish(day.0, day.1)
  }

  @Test("a row whose district or source was broken in the table is named")
  func brokenRows() async throws {
    let town = try await BulletinTown()
    for number in 1...3 { try await town.report("C\(number)", at: "11-29T10:00") }
    try await town.town.desk.storage.write { transaction in
      _ = try transaction.execute(
        "UPDATE bulletin_entry SET district = '999999' WHERE infection = 'C1'")
      _ = try transaction.execute(
        "UPDATE bulletin_entry SET source = 'rumour' WHERE infection = 'C2'")
      _ = try transaction.execute(
        "UPDATE bulletin_entry SET person = 'P-C2' WHERE infection = 'C3'")
    }
    let figures = try await town.compose(day.0, day.1)
    #expect(figures.differences.map(\.breakdown) == ["by_source", "by_district", "total"])
    #expect(figures.differences.map(\.key) == ["rumour", "999999", nil])
    #expect(figures.differences.map { $0.cases.map(\.text) } == [["C2"], ["C1"], ["C2", "C3"]])
    #expect(try await town.refusal(day.0, day.1)?.field == "by_source.rumour")
  }

  @Test("a declared breakdown passes when it is right, by code or by words, and is named when not")
  func declared() async throws {
    let town = try await BulletinTown()
    try await town.report("C1", at: "11-29T10:00")
    try await town.report("C2", at: "11-29T10:00", source: "clinic", district: "市南区")
    let right = DeclaredBreakdown(
      total: 2, byKind: ["confirmed": 2], bySource: ["隔离管控": 1, "clinic": 1],
      byDistrict: ["370203": 1, "市南区": 1])
    #expect(try await town.compose(day.0, day.1, declared: right).reconciles)
    let wrong: [(DeclaredBreakdown, [String], [String?])] = [
      (DeclaredBreakdown(total: 3), ["total"], [nil]),
      (DeclaredBreakdown(converted: 1), ["converted"], [nil]),
      (
        DeclaredBreakdown(byDistrict: ["市北区": 2, "市南区": 0]), ["by_district", "by_district"],
        ["市北区", "市南区"]
      ),
      (
        DeclaredBreakdown(bySource: ["clinic": 1]), ["by_source", "by_source"],
        ["isolation", nil]
      ),
      (
        DeclaredBreakdown(byDistrict: ["市北区": 1, "市南区": 1, "市西区": 0, "市东区": 1]),
        ["by_district", "by_district"], ["市东区", nil]
      ),
    ]
    for (declared, breakdowns, keys) in wrong {
      let figures = try await town.compose(day.0, day.1, declared: declared)
      #expect(!figures.reconciles)
      #expect(figures.differences.map(\.breakdown) == breakdowns)
      #expect(figures.differences.map(\.key) == keys)
      #expect(try await town.refusal(day.0, day.1, declared: declared) != nil)
    }
    try await town.publish(day.0, day.1, declared: right)
  }

  @Test("a window is published once, when it is over")
  func once() async throws {
    let town = try await BulletinTown()
    #expect(try await town.refusal("11-29T00:00", "11-30T08:01")?.code == "bulletin.notOver")
    #expect(try await town.refusal("11-30T00:00", "11-30T00:00")?.code == "bulletin.window")
    try await town.publish("11-29T00:00", "11-30T08:00")
    #expect(try await town.refusal("11-29T00:00", "11-30T08:00")?.code == "bulletin.published")
  }

  @Test("a number opens to its rows, page by page")
  func rows() async throws {
    let town = try await BulletinTown()
    try await town.report("C1", at: "11-29T10:00")
    try await town.report("C2", "converted", at: "11-29T10:00")
    try await town.report("C3", "asymptomatic", at: "11-29T10:00", source: nil, district: "市南区")
    let from = try town.instant(day.0)
    let to = try town.instant(day.1)
    let tries: [(ListBulletinRows, [String])] = [
      (ListBulletinRows(from: from, to: to), ["C1", "C2", "C3"]),
      (ListBulletinRows(from: from, to: to, kind: .confirmed), ["C1", "C2"]),
      (ListBulletinRows(from: from, to: to, kind: .converted), ["C2"]),
      (ListBulletinRows(from: from, to: to, source: "none"), ["C3"]),
      (ListBulletinRows(from: from, to: to, district: "市南区"), ["C3"]),
      (ListBulletinRows(from: from, to: to, place: Town.Spot.district.id), ["C1", "C2"]),
      (ListBulletinRows(from: from, to: to, after: CaseID(trusted: "C1"), limit: 1), ["C2"]),
    ]
    for (query, expected) in tries {
      let found = try await town.town.ask(query, for: .bulletin)
      #expect(found.rows.map(\.infection.text) == expected)
    }
  }
}
