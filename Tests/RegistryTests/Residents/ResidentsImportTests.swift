import Kernel
import Testing
import Town

@testable import Registry

@Suite("Importing residents") struct ResidentsImportTests {
  @Test("a new person is enrolled behind a new door, and the same row again is a duplicate")
  func importTwice() async throws {
    let town = try await Town()
    let first = try await town.take([RowFixture("P1")])
    #expect(first.accepted == 1 && first.outcomes.isEmpty)
    let card = try await town.card("P1", reveal: true)
    #expect(card.line.map(\.name).suffix(5) == ["海云小区", "第一网格", "1号楼", "1单元", "501"])
    #expect(card.card.home.text == "H1" && card.card.floor == 5)
    #expect(card.card.name == "王小明" && card.card.phone == "13800138000")
    #expect(card.card.missing.isEmpty && card.retention == .resident)
    let second = try await town.take([RowFixture("P1")])
    #expect(second.accepted == 0)
    #expect(second.outcomes.map(\.verdict) == [.duplicate])
    #expect(try await town.violations().isEmpty)
  }

  @Test("the rows come as JSON of an envelope, with columns that nobody knows")
  func envelope() async throws {
    let town = try await Town()
    let row = RowFixture("P1", ["remark": "x"]).fields
    let receipt = try await town.desk.submit(
      Envelope(
        id: CommandID(trusted: "c1"), name: "residents.import",
        body: .object(["rows": .list([row])]), sender: .account(AccountID(trusted: "duty"))))
    #expect(try receipt.decoded(ImportAnswer.self).accepted == 1)
  }

  @Test(
    "a row that cannot be right is refused with its field, a code, and without what was written",
    arguments: [
      (["name": ""], "ok", ""),
      (["sex": "other"], "field.malformed", "sex"),
      (["birth_date": "1990-02-30"], "field.malformed", "birth_date"),
      (
        ["birth_date": "2023-01-01", "identity_number": "", "identity_kind": ""],
        "birth.implausible", "birth_date"
      ),
      (
        ["birth_date": "1879-12-31", "identity_number": "", "identity_kind": ""],
        "birth.implausible", "birth_date"
      ),
      (["birth_date": "1990-01-02"], "identity.birthDiffers", "birth_date"),
      (["sex": "女"], "identity.sexDiffers", "sex"),
      (["identity_number": "370203199001010012345"], "identity.length", "identity_number"),
      (["identity_number": "37020319900101001A"], "identity.characters", "identity_number"),
      (["identity_number": "370203199001010010"], "identity.checksum", "identity_number"),
      (["identity_kind": "library card"], "field.malformed", "identity_kind"),
      (
        ["identity_kind": "passport", "identity_number": "A1"], "identity.implausible",
        "identity_number"
      ),
      (["identity_kind": "passport", "identity_number": ""], "field.missing", "identity_number"),
      (["identity_kind": "none"], "identity.kindMissing", "identity_number"),
      (["phone": "12345"], "field.malformed", "phone"),
      (["phone": "一三八零零"], "field.malformed", "phone"),
      (["community_code": ""], "field.missing", "community_code"),
      (["community_code": "999999999999"], "community.unknown", "community_code"),
      (["community_code": "370203030"], "community.unknown", "community_code"),
      (["estate": ""], "address.gap", "estate"),
      (["building": ""], "address.gap", "building"),
      (["floor": "顶楼"], "field.malformed", "floor"),
      (["registered_code": "37020"], "field.malformed", "registered_code"),
      (["tags": "dialysis|rich"], "field.malformed", "tags"),
      (["name": "王小明 13800138000"], "text.personalNumber", "name"),
      (["person": "13800138000"], "text.personalNumber", "person"),
      (["room": RowFixture.number("37020319900101", 1)], "text.personalNumber", "room"),
      (["household": "town-door-101"], "household.elsewhere", "household"),
      (["household": "town-building"], "household.elsewhere", "household"),
    ] as [([String: String], String, String)])
  func badRows(changes: [String: String], code: String, field: String) async throws {
    let town = try await Town()
    let answer = try await town.take([
      RowFixture("P1", changes),
      RowFixture(
        "P9",
        [
          "identity_number": RowFixture.number("37020319900101", 3), "household": "H9",
          "room": "509",
        ]),
    ])
    if code == "ok" {
      #expect(answer.accepted == 2)
      return
    }
    #expect(answer.accepted == 1)
    let outcome = try #require(answer.outcomes.first)
    #expect(outcome.row == 0 && outcome.verdict == .rejected)
    #expect(outcome.code == code && outcome.field == field)
    #expect(!outcome.words.chinese.isEmpty && !outcome.words.english.isEmpty)
    let personal = ["name", "birth_date", "identity_number", "phone", "person", "room"]
    for (column, text) in changes where text.count > 1 && personal.contains(column) {
      #expect(!outcome.words.chinese.contains(text) && !outcome.words.english.contains(text))
    }
    #expect(try await town.rows("SELECT id FROM person WHERE id = 'P1'").isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a second file with the same number is a duplicate by the same name and refused by another")
  func sameNumber() async throws {
    let town = try await Town()
    let answer = try await town.take([
      RowFixture("P1"), RowFixture("P2"), RowFixture("P3", ["name": "李雷"]),
    ])
    #expect(answer.accepted == 1)
    #expect(answer.outcomes.map(\.code) == ["identity.duplicate", "identity.taken"])
    #expect(answer.outcomes.map(\.verdict) == [.duplicate, .rejected])
    let number = RowFixture.number("37020319900101", 1)
    #expect(answer.outcomes.allSatisfy { !$0.words.english.contains(number) })
    #expect(answer.outcomes.allSatisfy { $0.words.english.contains("P1") })
  }

  @Test("a changed row revises the known person, moves them, and keeps the history")
  func revise() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    try await town.pass(.hours(5))
    let answer = try await town.take([
      RowFixture("P1", ["household": "H2", "room": "502", "phone": "", "work_place": "邮局"])
    ])
    #expect(answer.accepted == 1 && answer.outcomes.isEmpty)
    let card = try await town.card("P1", reveal: true)
    #expect(card.card.home.text == "H2" && card.card.phone == "13800138000")
    #expect(Set(card.former.map(\.kind)) == [.home, .work])
    #expect(card.former.contains { $0.value == "H1" })
    let moved = try await town.rows("SELECT subject FROM journal WHERE name = 'residents.moved'")
    #expect(moved.map { $0.text(0) } == ["P1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a row that names less of the address leaves the person at home")
  func lessExact() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    let answer = try await town.take([
      RowFixture("P1", ["household": "", "room": "", "entrance": "", "floor": ""])
    ])
    #expect(answer.outcomes.map(\.verdict) == [.duplicate])
    #expect(try await town.card("P1").card.home.text == "H1")
  }

  @Test("without an identifier a person is found again by number, or by name behind the same door")
  func withoutIdentifier() async throws {
    let town = try await Town()
    let child = [
      "name": "王小小", "birth_date": "2022-11-01", "identity_kind": "none",
      "identity_number": "", "phone": "",
    ]
    let rows = [RowFixture(""), RowFixture("", child)]
    #expect(try await town.take(rows).accepted == 2)
    let again = try await town.take(rows)
    #expect(again.outcomes.map(\.verdict) == [.duplicate, .duplicate])
    let newborn = try await town.ask(
      ListResidents(place: Town.Spot.community.id, which: .incomplete), for: .registry)
    #expect(newborn.residents.map(\.missing) == [[.identity]])
  }

  @Test("new buildings fill grids of the policy's size, doors without an entrance stand in them")
  func grids() async throws {
    let town = try await Town()
    let rows = (1...9).map { building in
      RowFixture(
        "P\(building)",
        [
          "estate": "新小区", "building": "\(building)号楼", "entrance": "", "household": "",
          "room": "101", "identity_number": RowFixture.number("37020319900101", building * 2 - 1),
        ])
    }
    #expect(try await town.take(rows).accepted == 9)
    let grids = try await town.rows(
      """
      SELECT grid.name, COUNT(*)
      FROM place grid
      JOIN place building ON building.parent = grid.id
      JOIN place estate ON estate.id = grid.parent
      WHERE estate.name = '新小区'
      GROUP BY grid.name
      ORDER BY grid.name
      """)
    #expect(grids.map { $0.text(0) } == ["第1网格", "第2网格", "第3网格"])
    #expect(grids.map { $0.integer(1) }.sorted() == [1, 4, 4])
  }

  @Test("an office takes in only rows of its own area")
  func area() async throws {
    let town = try await Town()
    let other = RowFixture(
      "P2",
      [
        "community_code": "370203030002", "household": "H2",
        "identity_number": RowFixture.number("37020319900101", 3),
      ])
    let answer = try await town.take([RowFixture("P1"), other], as: "leader")
    #expect(answer.accepted == 1)
    #expect(answer.outcomes.map(\.code) == ["duty.outsideArea"])
    await #expect(throws: Refusal.self) { try await town.take([RowFixture("P3")], as: "auditor") }
  }

  @Test("what is exported imports back as duplicates, and everybody there can see it")
  func roundTrip() async throws {
    let town = try await Town()
    _ = try await town.take([
      RowFixture("P1"),
      RowFixture("P2", ["identity_number": "", "identity_kind": "none", "name": "王大明"]),
      RowFixture(
        "P3",
        [
          "identity_kind": "passport", "identity_number": "E12345678", "name": "Ann",
          "household": "",
          "room": "", "entrance": "", "floor": "", "tags": "",
        ]),
    ])
    let export = try await town.ask(ExportResidents(), for: .exchange)
    #expect(export.rows.count == 3 && export.after == nil)
    let header = ResidentRow.columns.map(\.name)
    let rows = export.rows.map { cells in
      Fields.object(
        Dictionary(uniqueKeysWithValues: zip(header, cells.map { Fields.text($0) })))
    }
    let back = try await town.submit(ImportResidents(rows: rows, run: "back"))
    #expect(
      back.accepted == 0 && back.outcomes.map(\.verdict) == [.duplicate, .duplicate, .duplicate])
    let seen = try await town.ask(
      ListDisclosures(person: PersonID(trusted: "P1")), for: .audit)
    #expect(seen.disclosures.contains { $0.isList && $0.purpose == .exchange })
  }
}
