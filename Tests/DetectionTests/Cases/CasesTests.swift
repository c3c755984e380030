import Kernel
import Registry
import Testing
import Town

@testable import Detection

/// A report as a form sends it, in the town's district unless told otherwise.
func row(
  _ id: String, person: String? = nil, name: String? = nil, kind: String = "confirmed",
  source: String? = "isolation", district: String = "市北区", foundIn: String? = nil,
  at reportedAt: String = "2022-11-29T07:30+08:00", onset: String? = nil, sampled: String? = nil,
  sex: String? = nil, age: Int? = nil
) throws -> CaseRow {
  CaseRow(
    infection: CaseID(trusted: id), person: person.map { PersonID(trusted: $0) }, name: name,
    sex: sex, age: age, kind: kind, source: source, district: district, foundIn: foundIn,
    reportedAt: try #require(Instant(reportedAt, in: .china)),
    onsetOn: onset.flatMap { Day($0) }, sampledAt: sampled.flatMap { Instant($0, in: .china) })
}

/// The code of the refusal that a body meets, nil when it meets none.
func refusal(_ body: () async throws -> Void) async throws -> Refusal? {
  do {
    try await body()
    return nil
  } catch let refusal as Refusal {
    return refusal
  }
}

@Suite("Cases") struct CasesTests {
  @Test("a report opens the person, the transfer and the investigation, on their clocks")
  func report() async throws {
    let town = try await Town()
    let answer = try await town.submit(
      ReportCase(try row("C1", person: "P1", name: "赵小明", sex: "女", age: 34)),
      as: "investigator")
    #expect(answer.verdict == .accepted && answer.person.text == "P1")
    let owed = try await town.rows(
      """
      SELECT kind, seat, deadline, person FROM obligation
      WHERE subject = 'C1' AND kind LIKE 'cases.%'
      ORDER BY deadline
      """)
    #expect(owed.map { $0.text(0) } == ["cases.transfer", "cases.investigate"])
    #expect(owed.map { $0.text(1) } == ["command_duty@370203", "investigator@370203"])
    let reported = try #require(Instant("2022-11-29T07:30+08:00", in: .china))
    #expect(owed.map { $0.instant(2) } == [reported + .hours(2), reported + .hours(24)])
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "what cannot be is refused by code and field",
    arguments: [
      ("district", "case-unknown", "district.unknown"),
      ("source", "telepathy", "case.unknownSource"),
      ("kind", "maybe", "field.malformed"), ("sex", "unsure", "field.malformed"),
      ("age", "131", "field.malformed"), ("reported_at", "soon", "field.malformed"),
    ])
  func impossible(field: String, value: String, code: String) async throws {
    let town = try await Town()
    var cells = [
      "case": "C1", "kind": "confirmed", "district": "370203",
      "reported_at": "2022-11-29T07:30+08:00",
    ]
    cells[field] = value
    let answer = try await town.submit(
      ImportCases(rows: [.object(cells.mapValues { .text($0) })]), as: "duty")
    #expect(answer.accepted == 0)
    #expect(answer.outcomes.map(\.code) == [code])
    #expect(answer.outcomes.map(\.field) == [field])
  }

  @Test(
    "times are checked against each other, to the moment",
    arguments: [
      ("2022-11-29T08:00+08:00", nil, nil, nil),
      ("2022-11-29T08:00:01+08:00", nil, nil, "case.reportedInFuture"),
      ("2022-11-29T07:00+08:00", "2022-11-29", nil, nil),
      ("2022-11-29T07:00+08:00", "2022-11-30", nil, "case.onsetAfterReport"),
      ("2022-11-29T07:00+08:00", nil, "2022-11-29T07:00+08:00", nil),
      ("2022-11-29T07:00+08:00", nil, "2022-11-29T07:00:01+08:00", "case.sampledAfterReport"),
    ] as [(String, String?, String?, String?)])
  func times(at: String, onset: String?, sampled: String?, code: String?) async throws {
    let town = try await Town()
    let found = try await refusal {
      try await town.submit(ReportCase(try row("C1", at: at, onset: onset, sampled: sampled)))
    }
    #expect(found?.code == code)
  }

  @Test("the same case is a duplicate, with another content it is refused by field")
  func again() async throws {
    let town = try await Town()
    try await town.submit(ReportCase(try row("C1", person: "P1", age: 34)))
    let same = try await town.submit(ReportCase(try row("C1", age: 34)))
    #expect(same.verdict == .duplicate)
    for other in [
      try row("C1", district: "市南区"), try row("C1", source: "clinic"),
      try row("C1", age: 35), try row("C1", person: "P2"), try row("C1", kind: "asymptomatic"),
    ] {
      let found = try await refusal { try await town.submit(ReportCase(other)) }
      #expect(found?.code == "case.different")
    }
    let count = try await town.rows("SELECT COUNT(*) FROM infection")
    #expect(count.first?.integer(0) == 1)
  }

  @Test("a second number for one infected person is refused for ninety days, not after")
  func second() async throws {
    let town = try await Town()
    let first = try row("C1", person: "P1", at: "2022-08-01T00:00+08:00")
    try await town.submit(ReportCase(first))
    let within = try row("C2", person: "P1", at: "2022-10-29T23:59+08:00")
    let found = try await refusal { try await town.submit(ReportCase(within)) }
    #expect(found?.code == "case.personHasCase")
    try await town.submit(ReportCase(try row("C3", person: "P1", at: "2022-10-30T00:00+08:00")))
  }

  @Test("an infection found long ago is history: nobody is sent for it")
  func history() async throws {
    let town = try await Town()
    try await town.submit(ReportCase(try row("C1", at: "2022-11-26T08:00+08:00")))
    try await town.submit(ReportCase(try row("C2", at: "2022-11-26T07:59+08:00")))
    let owed = try await town.rows(
      "SELECT DISTINCT subject FROM obligation WHERE kind LIKE 'cases.%'")
    #expect(owed.map { $0.text(0) } == ["C1"])
    let violations = try await town.violations()
    #expect(violations["I-32"] == nil)
  }

  @Test("an office reports only where it is responsible")
  func area() async throws {
    let town = try await Town()
    let outside = try await refusal {
      try await town.submit(ReportCase(try row("C1", district: "市南区")), as: "investigator")
    }
    #expect(outside?.code == "duty.outsideArea")
    let worker = try await refusal {
      try await town.submit(ReportCase(try row("C1")), as: "worker")
    }
    #expect(worker?.code == "duty.notHeld")
  }

  @Test("no name reaches the journal, the receipts or the obligations")
  func names() async throws {
    let town = try await Town()
    try await town.submit(ReportCase(try row("C1", person: "P1", name: "赵小明")))
    for text in try await town.rows(
      """
      SELECT payload FROM journal UNION ALL SELECT answer FROM receipt
      UNION ALL SELECT reason FROM obligation
      """)
    {
      #expect(!text.text(0).contains("赵小明"))
    }
  }

  @Test("an investigation that is missing is found by the invariant")
  func missingInvestigation() async throws {
    let town = try await Town()
    try await town.submit(ReportCase(try row("C1")))
    try await town.desk.storage.write { transaction in
      _ = try transaction.execute("DELETE FROM obligation WHERE kind = 'cases.investigate'")
    }
    #expect(try await town.violations()["I-32"] == ["C1"])
  }
}
