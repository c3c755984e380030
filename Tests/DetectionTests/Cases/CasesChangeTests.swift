import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Cases put right") struct CasesChangeTests {
  private func town(kind: String = "asymptomatic") async throws -> Town {
    let town = try await Town()
    try await town.submit(
      ReportCase(try row("C1", person: "P1", name: "赵小明", kind: kind, foundIn: "市南区")))
    return town
  }

  private func instant(_ text: String) throws -> Instant {
    try #require(Instant(text, in: .china))
  }

  @Test("an asymptomatic infection is converted once, from its report on and never in the future")
  func convert() async throws {
    let town = try await town()
    for (at, code) in [
      ("2022-11-29T07:29+08:00", "case.convertedBeforeReport"),
      ("2022-11-29T08:01+08:00", "case.convertedInFuture"),
    ] {
      let at = try instant(at)
      let found = try await refusal {
        try await town.submit(ConvertCase(infection: CaseID(trusted: "C1"), at: at))
      }
      #expect(found?.code == code)
    }
    let at = try instant("2022-11-29T07:30+08:00")
    try await town.submit(ConvertCase(infection: CaseID(trusted: "C1"), at: at))
    let again = try await refusal {
      try await town.submit(ConvertCase(infection: CaseID(trusted: "C1"), at: at))
    }
    #expect(again?.code == "case.confirmedAlready")
  }

  @Test("a converted row of a file is the conversion of the earlier case, by number or by person")
  func convertedRows() async throws {
    for (number, person) in [("C1", nil), ("C9", "P1")] as [(String, String?)] {
      let town = try await town()
      let row = try row(number, person: person, kind: "converted", at: "2022-11-29T07:50+08:00")
      let first = try await town.submit(ReportCase(row))
      #expect(first.verdict == .converted && first.infection.text == "C1")
      let second = try await town.submit(ReportCase(row))
      #expect(second.verdict == .duplicate)
      let count = try await town.rows("SELECT COUNT(*) FROM infection")
      #expect(count.first?.integer(0) == 1)
    }
  }

  @Test("a converted row without an earlier case is a case reported as converted on that day")
  func convertedAlone() async throws {
    let town = try await Town()
    let answer = try await town.submit(ReportCase(try row("C1", person: "P1", kind: "转归")))
    #expect(answer.verdict == .accepted)
    let again = try await town.submit(ReportCase(try row("C1", person: "P1", kind: "converted")))
    #expect(again.verdict == .duplicate)
  }

  @Test("a field is corrected with a reason, and what stood there is kept")
  func correct() async throws {
    let town = try await town()
    try await town.submit(
      CorrectCase(
        infection: CaseID(trusted: "C1"), field: .district, value: "市南区", reason: "现住址核实"))
    let card = try await town.ask(
      ShowCase(infection: CaseID(trusted: "C1")), for: .investigation)
    #expect(card.entry.district == Town.Spot.otherDistrict.id)
    #expect(card.changes.map(\.was) == ["370203"] && card.changes.map(\.became) == ["370202"])
    #expect(card.name == "赵小明" && card.entry.name != "赵小明")
    #expect(card.entry.foundIn == "370202")
    let same = try await refusal {
      try await town.submit(
        CorrectCase(
          infection: CaseID(trusted: "C1"), field: .district, value: "370202", reason: "再次"))
    }
    #expect(same?.code == "case.unchanged")
    #expect(try await town.violations().isEmpty)
  }

  @Test("a correction is judged like a report, and nobody moves a case out of their area")
  func correctionRefused() async throws {
    let town = try await town()
    let tries: [(CaseField, String?, String, String)] = [
      (.source, "telepathy", "duty", "case.unknownSource"),
      (.reportedAt, "2022-11-29T09:00+08:00", "duty", "case.reportedInFuture"),
      (.onsetOn, "2022-11-30", "duty", "case.onsetAfterReport"),
      (.kind, nil, "duty", "field.missing"),
      (.convertedAt, "2022-11-29", "duty", "case.notConverted"),
      (.district, "370202", "investigator", "duty.outsideArea"),
    ]
    for (field, value, account, code) in tries {
      let found = try await refusal {
        try await town.submit(
          CorrectCase(
            infection: CaseID(trusted: "C1"), field: field, value: value, reason: "核实"),
          as: account)
      }
      #expect(found?.code == code)
    }
  }

  @Test("a withdrawn case leaves nothing owed and its number is not used again")
  func withdraw() async throws {
    let town = try await town()
    try await town.submit(WithdrawCase(infection: CaseID(trusted: "C1"), reason: "复核阴性"))
    let owed = try await town.rows("SELECT DISTINCT state FROM obligation WHERE subject = 'C1'")
    #expect(owed.map { $0.text(0) } == ["waived"])
    let found = try await refusal {
      try await town.submit(ReportCase(try row("C1", kind: "asymptomatic", foundIn: "市南区")))
    }
    #expect(found?.code == "case.withdrawn")
    let shown = try await town.ask(ListCases(), for: .investigation)
    #expect(shown.cases.isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("what is exported imports back as the same cases")
  func export() async throws {
    let town = try await town()
    try await town.submit(
      ReportCase(
        try row(
          "C2", name: "钱多多", foundIn: "外省某市", onset: "2022-11-27",
          sampled: "2022-11-28T20:00+08:00", sex: "male", age: 60)))
    try await town.submit(
      ConvertCase(
        infection: CaseID(trusted: "C1"), at: try instant("2022-11-29T07:45+08:00")))
    let rows = try await town.ask(ExportCases(), for: .exchange).rows
    #expect(rows.count == 3)
    let fields = rows.map { row in
      Fields.object(
        Dictionary(
          zip(Cases.columns, row.map { Fields.text($0) }), uniquingKeysWith: { first, _ in first }))
    }
    let again = try await town.submit(ImportCases(rows: fields))
    #expect(
      again.accepted == 0 && again.outcomes.map(\.verdict) == [.duplicate, .duplicate, .duplicate])
    let other = try await Town()
    let taken = try await other.submit(ImportCases(rows: fields))
    #expect(taken.accepted == 3)
    #expect(try await other.ask(ExportCases(), for: .exchange).rows == rows)
  }

  @Test("a list is paged by its cursor, cut by its window, and the people see who looked")
  func list() async throws {
    let town = try await Town()
    for minute in 10...14 {
      try await town.submit(
        ReportCase(try row("C\(minute)", at: "2022-11-29T07:\(minute)+08:00")))
    }
    let first = try await town.ask(ListCases(limit: 2), for: .investigation)
    let second = try await town.ask(ListCases(after: first.after, limit: 2), for: .investigation)
    let third = try await town.ask(ListCases(after: second.after, limit: 2), for: .investigation)
    let all = (first.cases + second.cases + third.cases).map(\.infection.text)
    #expect(all == ["C10", "C11", "C12", "C13", "C14"] && third.after == nil)
    let window = try await town.ask(
      ListCases(
        from: try instant("2022-11-29T07:11+08:00"), to: try instant("2022-11-29T07:13+08:00")),
      for: .investigation)
    #expect(window.cases.map(\.infection.text) == ["C11", "C12"])
    let looks = try await town.rows("SELECT COUNT(*) FROM disclosure WHERE person IS NOT NULL")
    #expect(looks.first?.integer(0) == 7)
    let noReason = try await refusal { _ = try await town.ask(ListCases(), for: .fieldwork) }
    #expect(noReason?.code == "purpose.notAllowed")
  }

  @Test("the latest report comes first where people look for it, page by page")
  func latestFirst() async throws {
    let town = try await Town()
    for minute in 10..<15 {
      try await town.submit(
        ReportCase(try row("C\(minute)", at: "2022-11-29T07:\(minute)+08:00")))
    }
    var shown: [String] = []
    var after: String?
    repeat {
      let page = try await town.ask(
        ListCases(latestFirst: true, after: after, limit: 2), for: .investigation)
      shown += page.cases.map(\.infection.text)
      after = page.after
    } while after != nil
    #expect(shown == ["C14", "C13", "C12", "C11", "C10"])
  }
}
