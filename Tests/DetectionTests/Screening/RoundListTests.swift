import Foundation
import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: lists of people") struct RoundListTests {
  private func made(
    _ text: String? = nil, group: String? = nil, area: Town.Spot = .district, _ town: Town
  ) async throws -> ShowRoundList.Answer {
    let answer = try await town.submit(MakeRoundList(area: area.id, people: text, group: group))
    let found = try await town.ask(ShowRoundList(list: answer.list), for: .supervision)
    #expect(found.people == answer.people && found.faults.count == answer.faults)
    return found
  }

  private func open(_ list: RoundListID, _ town: Town, as account: String = "duty") async throws {
    try await town.submit(
      OpenListedRound(
        area: Town.Spot.district.id, name: "名单", pool: 1, list: list,
        round: RoundID(trusted: "r1")), as: account)
  }

  @Test("each row that names nobody is told by its number, and the others become the round")
  func rows() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.enrol(1, at: .otherDistrict, prefix: "q")
    let list = try await made(
      """
      序号,人员编号,备注
      1,p1,
      2,nobody,
      3,"p2",x
      4,q1,
      5,,
      6,p1,
      7,110105194912310021,
      8,11010519491231002X,

      """, town)
    #expect(list.people == 2 && list.listing == .named)
    #expect(
      list.faults.map { "\($0.row) \($0.kind.rawValue)" } == [
        "3 unknown", "5 elsewhere", "6 empty", "7 twice", "8 bad_card", "9 unknown",
      ])
    // Whoever did not make it does not open it, and it is opened once.
    try await town.appoint("other", "command_duty", at: .district)
    #expect(await refused { try await open(list.list, town, as: "other") } == "round.listOfOther")
    try await open(list.list, town)
    #expect(try await town.untested() == ["p1 missing", "p2 missing"])
    #expect(await refused { try await open(list.list, town) } == "round.listGone")
    #expect(try await town.rows("SELECT id FROM round_list").isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a group of the register or of an earlier round is a list with its own reason")
  func groups() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.enrol([ListedPerson(id: "ill", tags: "bedridden")])
    try await town.open("r0")
    try await town.swab("p1", "T1", round: "r0")
    try await town.pass(.hours(2))
    try await town.results([("T1", "negative")], from: 1)
    let ill = try await made(group: "need:bedridden", town)
    #expect(ill.people == 1 && ill.listing == .need)
    #expect(try await made(group: "again:r0", town).people == 3)
    let left = try await made(group: "untested:r0", town)
    #expect(left.people == 2 && left.listing == .unreached)
    #expect(await refused { _ = try await made(group: "contacts", town) } == "round.listEmpty")
    #expect(await refused { _ = try await made(group: "need:x", town) } == "notFound")
    #expect(await refused { _ = try await made(group: "x", town) } == "field.malformed")
    #expect(
      await refused { _ = try await made("p1", group: "contacts", town) } == "round.listOrGroup")
    try await open(left.list, town)
    #expect(try await town.untested() == ["ill missing", "p2 missing"])
  }

  @Test("a list that never becomes a round is gone when the policy says so")
  func gone() async throws {
    let town = try await Town()
    try await town.enrol(1)
    _ = try await made("p1", town)
    try await town.pass(.hours(23))
    #expect(try await town.rows("SELECT id FROM round_list").count == 1)
    try await town.pass(.hours(2))
    #expect(try await town.rows("SELECT id FROM round_list").isEmpty)
  }

  @Test("the page takes a list, says what is wrong with it and offers to open it")
  func page() async throws {
    let town = try await Town()
    try await town.enrol(1)
    let form = try await town.page("/screening/list")
    #expect(form.contains("name=\"people\"") && form.contains("need:bedridden"))
    let list = try await made("p1\nnobody", town)
    for language in [Language.chinese, .english] {
      let shown = try await town.page(
        "/screening/list", ["list": list.list.text], as: "duty", language)
      #expect(shown.contains("screening.openListed") && shown.contains("list-faults"))
    }
  }

  @Test("why somebody is on a list is said wherever they are shown")
  func reasons() async throws {
    let town = try await Town()
    try await town.enrol(2)
    try await town.open("r0")
    let list = try await made(group: "again:r0", town)
    try await open(list.list, town)
    try await town.swab("p1", "T1")
    try await town.swab("far", "T2")
    let lines = try await town.ask(ListUntested(round: RoundID(trusted: "r1")), for: .fieldwork)
    #expect(lines.lines.map(\.listed) == ["repeated", "repeated"])
    let phone = try await town.ask(ListPoint(round: RoundID(trusted: "r0")), for: .fieldwork)
    #expect(phone.lines.map(\.listed) == ["resident", "resident"])
    let untested = try await town.page("/untested", ["of": "r1/\(Town.Spot.building.rawValue)"])
    #expect(untested.contains("on the list that is repeated"))
    let rounds = try await town.ask(
      ShowPersonRounds(person: PersonID(trusted: "p1")), for: .fieldwork)
    #expect(
      rounds.map { "\($0.round) \($0.listing?.rawValue ?? "-") \($0.standing)" }.sorted() == [
        "r0 resident missing", "r1 repeated sampled",
      ])
    let page = try await town.page("/screening/of/:person", person: "p1")
    #expect(page.contains("lives in the area") && page.contains("T1"))
    let stranger = try await town.page("/screening/of/:person", person: "far")
    #expect(stranger.contains("on no list, swabbed all the same"))
  }
}

@Suite("Screening: lists by clause") struct RoundListClauseTests {
  @Test("whoever is isolated by a clause and owes a test before the round is done is listed")
  func clause() async throws {
    let town = try await Town()
    try await town.enrol(3)
    try await town.open("r0")
    for person in 1...3 { try await town.swab("p\(person)", "T1", round: "r0") }
    try await town.pass(.hours(2))
    try await town.results([("T1", "positive")], from: 1)
    let held = try await town.rows(
      "SELECT restriction, person, clause FROM screening_clause ORDER BY person")
    #expect(held.map { $0.text(1) } == ["p1", "p2", "p3"])
    let clause = try #require(held.first).text(2)
    func made(_ group: String) async throws -> MakeRoundList.Answer {
      try await town.submit(MakeRoundList(area: Town.Spot.district.id, group: group))
    }
    // Nobody owes a test yet: isolation by itself asks for none.
    _ = try await town.desk.storage.write {
      try $0.execute("DELETE FROM obligation WHERE kind = 'restrictions.test'")
    }
    #expect(await refused { _ = try await made("clause:\(clause)") } == "round.listEmpty")
    #expect(await refused { _ = try await made("clause:nothing") } == "round.listEmpty")
    #expect(await refused { _ = try await made("clauses:close") } == "field.malformed")
    let hours = [5, 48]
    for (row, after) in zip(held, hours) {
      let due = town.now + .hours(after)
      _ = try await town.desk.storage.write {
        try $0.execute(
          """
          INSERT INTO obligation (id, kind, subject, person, place, path, seat, opened_at,
            deadline, state, rung, policy)
          SELECT \("test-\(after)"), 'restrictions.test', \(row.text(0)), \(row.text(1)), place,
            path, seat, opened_at, \(due), 'open', 0, policy
          FROM obligation
          WHERE kind = 'screening.reswab'
          ORDER BY id
          LIMIT 1
          """)
      }
    }
    let list = try await made("clause:\(clause)")
    #expect(list.people == 1)
    #expect(
      try await town.page("/screening/list").contains("isolated and due"))
    try await town.submit(
      OpenListedRound(
        area: Town.Spot.district.id, name: "应检", pool: 1, list: list.list,
        round: RoundID(trusted: "r1")))
    let line = try #require(
      try await town.ask(ListUntested(round: RoundID(trusted: "r1")), for: .fieldwork).lines.first)
    #expect(line.person.text == "p1" && line.listed == "clause")
    // Whoever was isolated before this was told is known after the upgrade.
    let told = try #require(
      town.desk.assembly.migrations.first { $0.name == "screening-0022" })
    let before = try await town.rows(
      "SELECT restriction, person, clause FROM screening_clause ORDER BY person")
    _ = try await town.desk.storage.write { try $0.execute("DELETE FROM screening_clause") }
    try await town.desk.storage.migrate(
      town.desk.assembly.migrations + [Migration("trial-0001", told.statements[0])])
    #expect(
      try await town.rows(
        "SELECT restriction, person, clause FROM screening_clause ORDER BY person"
      ).map { "\($0.values)" } == before.map { "\($0.values)" })
    // Who is free is on no such list.
    try await town.swab("p1", "S1", round: "r0")
    try await town.pass(.hours(1))
    try await town.results([("S1", "negative")], from: 2)
    #expect(
      try await town.rows("SELECT person FROM screening_clause ORDER BY person").map { $0.text(0) }
        == ["p2", "p3"])
  }
}
