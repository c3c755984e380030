import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Leads") struct LeadsTests {
  private static let numbers = ["11010519491231002X", "370202199001010023"]

  /// A row of a sheet as somebody writes it, by the English columns.
  private func row(
    _ title: String, urgency: String = "普通", name: String = "赵小明", _ more: [String: String] = [:]
  ) -> [String: String] {
    ["title": title, "urgency": urgency, "name": name].merging(more) { $1 }
  }

  @discardableResult
  private func take(
    _ rows: [[String: String]], in town: Town, as account: String = "street"
  ) async throws -> ImportAnswer {
    try await town.submit(
      ImportLeads(rows: rows.map { .object($0.mapValues { .text($0) }) }), as: account)
  }

  private func leads(_ town: Town, _ query: ListLeadsToCheck = .init()) async throws -> [String] {
    try await town.ask(query).leads.map {
      "\($0.title) \($0.placeName) \($0.routing.rawValue) \($0.state.rawValue)"
    }
  }

  private func id(_ title: String, in town: Town) async throws -> LeadID {
    try #require(
      try await town.ask(ListLeadsToCheck()).leads.first { $0.title == title }
    ).lead
  }

  @Test("a lead goes to the community of the person's file, else of the address, else it waits")
  func routing() async throws {
    let town = try await Town()
    try await town.submit(
      EnrolResident(
        person: PersonID("p1"), home: Town.Spot.door101.id,
        form: PersonForm(
          name: "钱多", identityKind: "resident_id", identityNumber: Self.numbers[0],
          phone: "13800000001")), as: "leader")
    let answer = try await take(
      [
        row("甲", name: "钱多", ["identity_number": Self.numbers[0].lowercased()]),
        row("乙", name: "钱多", ["phone": "+86 138 0000 0001", "address": "北山社区"]),
        row("丙", ["address": "青岛市北山社区9号"]), row("丁", ["address": "海云小区1号楼"]),
        row("戊", ["address": "不知道"]), row("己", ["place_code": Town.Spot.otherCommunity.rawValue]),
      ], in: town)
    #expect(answer.accepted == 6)
    #expect(
      Set(try await leads(town)) == [
        "甲 河西社区 person assigned", "乙 河西社区 person assigned", "丙 北山社区 address assigned",
        "丁 河西社区 address assigned", "戊 水清沟街道 none waiting", "己 北山社区 given assigned",
      ])
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "a deadline follows from the urgency",
    arguments: [("加急", 2), ("紧急", 8), ("ordinary", 24)])
  func deadlines(urgency: String, hours: Int) async throws {
    let town = try await Town()
    try await take([row("甲", urgency: urgency, ["address": "河西社区"])], in: town)
    let lead = try #require(try await town.ask(ListLeadsToCheck()).leads.first)
    #expect(lead.deadline == town.now + .hours(hours))
    let owed = try await town.rows(
      "SELECT seat, deadline FROM obligation WHERE kind = 'leads.verify'")
    #expect(owed.map { $0.text(0) } == ["community_leader@\(Town.Spot.community.rawValue)"])
    #expect(owed.map { $0.instant(1) } == [lead.deadline])
    try await town.pass(.hours(hours) - .minutes(1))
    #expect(try await town.ask(ListLeadsToCheck(late: true)).leads.isEmpty)
    try await town.pass(.minutes(2))
    #expect(try await town.ask(ListLeadsToCheck(late: true)).leads.count == 1)
    #expect(try await town.ask(ListLeadsToCheck()).late == 1)
  }

  @Test("what waits is split as the preview shows, and not when the list has changed since")
  func splitting() async throws {
    let town = try await Town()
    try await take((1...5).map { row("线索\($0)") }, in: town)
    let owed = try await town.rows(
      "SELECT COUNT(*) FROM obligation WHERE kind = 'leads.split' AND closed_at IS NULL")
    #expect(owed.first?.integer(0) == 1)
    let preview = try await town.ask(PreviewSplit(place: Town.Spot.street.id))
    #expect(preview.waiting == 5)
    #expect(
      preview.communities.map { "\($0.name) \($0.open) \($0.given)" } == [
        "河西社区 0 3", "北山社区 0 2",
      ])
    let refusal = try await #require(throws: Refusal.self) {
      try await town.submit(SplitLeads(place: Town.Spot.street.id, expected: 4), as: "street")
    }
    #expect(refusal.code == "lead.listChanged")
    let done = try await town.submit(
      SplitLeads(place: Town.Spot.street.id, expected: 5), as: "street")
    #expect(done.leads == 5 && done.communities == 2)
    let counts = Dictionary(
      grouping: try await town.ask(ListLeadsToCheck()).leads, by: \.placeName
    ).mapValues(\.count)
    #expect(counts == ["河西社区": 3, "北山社区": 2])
    let left = try await town.rows(
      "SELECT COUNT(*) FROM obligation WHERE kind = 'leads.split' AND closed_at IS NULL")
    #expect(left.first?.integer(0) == 0)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a result ends what is owed; putting it right takes a reason and keeps the first")
  func verifying() async throws {
    let town = try await Town()
    try await take([row("甲", ["address": "河西社区"])], in: town)
    let lead = try await id("甲", in: town)
    let first = VerifyLead(
      lead: lead, measure: "居家", foundAddress: "海云小区1号楼101", lastTest: Day("2022-11-28"),
      linkedPeople: "妻子 13800000002", codeColour: "绿码")
    let refused = try await #require(throws: Refusal.self) {
      try await town.submit(first, as: "otherLeader")
    }
    #expect(refused.code == "duty.outsideArea")
    try await town.submit(first, as: "leader")
    try await town.submit(first, as: "leader")
    let second = VerifyLead(lead: lead, measure: "集中", reason: nil)
    let missing = try await #require(throws: Refusal.self) {
      try await town.submit(second, as: "leader")
    }
    #expect(missing.field == "reason")
    try await town.submit(
      VerifyLead(lead: lead, measure: "集中", reason: "次日转运"), as: "leader")
    let card = try await town.ask(LeadCard(lead: lead), for: .fieldwork, as: "leader")
    #expect(card.results.map(\.measure) == [.home, .central])
    #expect(card.results.map(\.reason) == [nil, "次日转运"])
    #expect(card.results[0].linkedPeople == "妻子 13800000002")
    let owed = try await town.rows("SELECT state FROM obligation WHERE kind = 'leads.verify'")
    #expect(owed.map { $0.text(0) } == ["done"])
    #expect(try await town.facts("leads.verified").count == 2)
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "the same person's result is shown for half a year and no longer",
    arguments: [(182, 1), (184, 0)])
  func previous(days: Int, shown: Int) async throws {
    let town = try await Town()
    let number = ["identity_number": Self.numbers[1], "address": "河西社区"]
    try await take([row("旧", number)], in: town)
    try await town.submit(
      VerifyLead(lead: try await id("旧", in: town), measure: "已出境"), as: "leader")
    try await town.pass(.days(days))
    try await take(
      [
        row("新", number), row("同名不同号", ["identity_number": Self.numbers[0], "address": "河西社区"]),
        row("同号不同名", name: "孙三", number), row("只有姓名", ["address": "河西社区"]),
      ], in: town)
    for (title, count) in [("新", shown), ("同名不同号", 0), ("同号不同名", 0), ("只有姓名", 0)] {
      let card = try await town.ask(LeadCard(lead: try await id(title, in: town)))
      #expect(card.previous.map(\.measure) == Array(repeating: .leftCountry, count: count))
    }
  }

  @Test("the same telephone and name are one person where a number is missing")
  func previousByPhone() async throws {
    let town = try await Town()
    try await take([row("旧", ["phone": "13800000003", "address": "河西社区"])], in: town)
    try await town.submit(
      VerifyLead(lead: try await id("旧", in: town), measure: "居家"), as: "leader")
    try await take(
      [
        row(
          "新",
          [
            "phone": "138-0000-0003", "identity_number": Self.numbers[1], "address": "北山社区",
          ])
      ], in: town)
    let card = try await town.ask(LeadCard(lead: try await id("新", in: town)))
    #expect(card.previous.map(\.title) == ["旧"])
    #expect(card.previous.map(\.placeName) == ["河西社区"])
  }

  @Test("handing over moves who owes it, keeps the deadline, and a street splits it again")
  func handingOver() async throws {
    let town = try await Town()
    try await take([row("甲", ["address": "河西社区"])], in: town)
    let lead = try await id("甲", in: town)
    let deadline = try await town.ask(LeadCard(lead: lead)).line.deadline
    try await town.submit(
      HandOverLead(lead: lead, to: Town.Spot.otherCommunity.rawValue, reason: "住在北山"),
      as: "leader")
    #expect(try await leads(town) == ["甲 北山社区 handed_over assigned"])
    let seat = try await town.rows(
      "SELECT seat, deadline FROM obligation WHERE kind = 'leads.verify'")
    #expect(seat.map { $0.text(0) } == ["community_leader@\(Town.Spot.otherCommunity.rawValue)"])
    #expect(seat.map { $0.instant(1) } == [deadline])
    try await town.submit(
      HandOverLead(lead: lead, to: Town.Spot.street.rawValue, reason: "也不在北山"),
      as: "otherLeader")
    #expect(try await leads(town) == ["甲 水清沟街道 handed_over waiting"])
    #expect(try await town.violations().isEmpty)
    try await town.submit(SplitLeads(place: Town.Spot.street.id), as: "street")
    let card = try await town.ask(LeadCard(lead: lead))
    #expect(card.line.state == .assigned && card.line.deadline == deadline)
    #expect(card.moves.map(\.reason) == ["住在北山", "也不在北山"])
    for (place, code) in [("370203030001", "lead.samePlace"), ("town-grid", "lead.place")] {
      let refusal = try await #require(throws: Refusal.self) {
        try await town.submit(HandOverLead(lead: lead, to: place, reason: "x"))
      }
      #expect(refusal.code == code)
    }
    #expect(try await town.violations().isEmpty)
  }

  @Test("rows read are accepted, rejected or known, and no number is quoted or stored open")
  func counts() async throws {
    let town = try await Town()
    let good = row(
      "甲",
      [
        "identity_number": Self.numbers[0], "phone": "13800000004", "address": "河西社区",
        "requirement": "联系 13800000005 核实",
      ])
    let answer = try await take(
      [
        good, good, row("乙", urgency: "马上"), row("丙", ["identity_number": "110105194912310020"]),
        row("丁 13800000006"), row("戊", ["phone": "12"]), row("己", ["measure": "落地"]),
        row("庚", ["found_address": "河西"]), ["title": "辛", "urgency": "普通"],
        row("壬", ["place_code": "999"]),
      ], in: town)
    #expect(answer.accepted == 2)
    #expect(answer.accepted + answer.outcomes.count == 10)
    #expect(
      answer.outcomes.map { "\($0.row) \($0.verdict.rawValue) \($0.field ?? "-")" } == [
        "1 duplicate -", "2 rejected urgency", "3 rejected identity_number", "4 rejected title",
        "5 rejected phone", "7 rejected measure", "8 rejected name", "9 rejected place_code",
      ])
    let said = answer.outcomes.map { $0.words.chinese + $0.words.english }.joined()
    let journal = try await town.rows("SELECT payload FROM journal").map { $0.text(0) }.joined()
    let kept = try await town.rows("SELECT answer FROM receipt").map { $0.text(0) }.joined()
    for text in ["1100", "1105", "1380000"] { #expect(!(said + journal + kept).contains(text)) }
    for cells in try await town.rows("SELECT * FROM lead") {
      for case .text(let text) in cells.values { #expect(!PersonalNumbers.isIn(text)) }
    }
    let card = try await town.ask(LeadCard(lead: try await id("甲", in: town)))
    #expect(card.phone == "＊＊＊0004" && card.identityNumber == "11＊＊＊2X" && card.name == "赵＊＊")
    let whole = try await town.ask(
      LeadCard(lead: try await id("甲", in: town), revealed: true), for: .fieldwork, as: "leader")
    #expect(whole.phone == "13800000004" && whole.identityNumber == Self.numbers[0])
  }

  @Test("a sheet goes back with its results and comes in again as it went out")
  func roundTrip() async throws {
    let town = try await Town()
    try await take(
      [
        row(
          "甲", urgency: "加急",
          [
            "category": "密接", "identity_number": Self.numbers[0], "phone": "13800000004",
            "address": "河西社区", "requirement": "两小时内落地",
          ]),
        row("乙", ["address": "北山社区"]), row("丙"),
      ], in: town)
    try await town.pass(.hours(1))
    try await town.submit(
      VerifyLead(
        lead: try await id("甲", in: town), measure: "home", foundAddress: "=1+1",
        lastTest:
          Day("2022-11-28"), linkedPeople: "无", codeColour: "green"), as: "leader")
    let rows = try await town.ask(ExportLeads(), for: .exchange).rows
    #expect(rows.count == 3)
    let first = try #require(rows.first { $0[1] == "甲" })
    #expect(first[3] == "加急" && first[10] == "居家" && first[14] == "绿码")
    let again = try await take(back(rows), in: town, as: "duty")
    #expect(again.accepted == 0)
    #expect(again.outcomes.map(\.verdict) == [.duplicate, .duplicate, .duplicate])

    let other = try await Town(on: "2022-11-30")
    #expect(try await take(back(rows), in: other, as: "duty").accepted == 3)
    let there = try await other.ask(ExportLeads(), for: .exchange).rows
    #expect(Set(there) == Set(rows))
    #expect(try await other.violations().isEmpty)

    // The result that somebody entered in the sheet while it was away.
    var filled = rows
    let at = try #require(filled.firstIndex { $0[1] == "乙" })
    filled[at][10] = "移交他区"
    let answer = try await take(back(filled), in: town, as: "duty")
    #expect(answer.accepted == 1)
    #expect(try await leads(town, ListLeadsToCheck(measure: .toDistrict)).count == 1)
    filled[at][10] = "落地"
    let differs = try await take(back(filled), in: town, as: "duty")
    #expect(
      differs.outcomes.filter { $0.verdict == .rejected }.map(\.code) == [
        "lead.resultDiffers"
      ])
    #expect(try await town.violations().isEmpty)
  }

  private func back(_ rows: [[String]]) -> [[String: String]] {
    rows.map { cells in
      Dictionary(uniqueKeysWithValues: zip(Leads.columns.map(\.name), cells))
        .filter { !$0.value.isEmpty }
    }
  }

  @Test("who answers for one street takes in nothing for another district")
  func areas() async throws {
    let town = try await Town()
    let answer = try await take(
      [row("甲", ["place_code": Town.Spot.otherDistrict.rawValue])], in: town)
    #expect(answer.outcomes.map(\.code) == ["duty.outsideArea"])
    let held = try await #require(throws: Refusal.self) {
      try await self.take([self.row("甲")], in: town, as: "worker")
    }
    #expect(held.code == "duty.notHeld")
  }
}
