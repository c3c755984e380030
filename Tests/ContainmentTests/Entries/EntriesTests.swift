import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Entry records") struct EntriesTests {
  private func note(
    _ town: Town, _ level: EntryLevel = .middle, left: String = "2022-07-02",
    arrived: String = "2022-07-03", area: String = "130102", source: String = "checkpoint",
    entry: String? = nil, of person: PersonID = Town.zhao, as account: String = "leader"
  ) async throws -> NoteEntry.Answer {
    try await town.submit(
      NoteEntry(
        person: person, areaCode: area, level: level, leftOn: try #require(Day(left)),
        arrivedOn: try #require(Day(arrived)), source: source,
        entry: entry.map { EntryID(trusted: $0) }), as: account)
  }

  @Test(
    "somebody from an area of risk is asked what the edition in force says, from the day of leaving",
    arguments: [
      (EntryLevel.high, "zone_high", RestrictionKind.centralIsolation),
      (.middle, "zone_middle", .homeIsolation),
    ])
  func restricts(level: EntryLevel, clause: String, kind: RestrictionKind) async throws {
    let town = try await Town.withZhao()
    let entry = try await note(town, level).entry
    let view = try #require(try await town.own().first)
    #expect(view.clause == clause && view.kind == kind && view.edition == "cn-9@1")
    #expect(view.evidence.map(\.reference) == [entry.text])
    #expect(view.evidence.map(\.kind) == [.entryRecord])
    #expect(view.end == at("2022-07-10T00:00"))
    #expect(try await town.violations() == [:])
    // It was somebody else: what rests on it is over at once.
    try await town.submit(WithdrawEntry(entry: entry), as: "leader")
    let over = try #require(try await town.own().first)
    #expect(over.state == .ended && over.endReason == .evidenceWithdrawn)
    #expect(try await town.colour() == .green)
    #expect(try await town.violations() == [:])
  }

  @Test(
    "nobody is asked anything after an area of low risk, or by an edition without such a clause")
  func asksNothing() async throws {
    let low = try await Town.withZhao()
    _ = try await note(low, .low)
    let off = try await Town.withZhao(on: "2023-01-09")
    _ = try await note(off, .high, left: "2023-01-08", arrived: "2023-01-08")
    for town in [low, off] {
      #expect(try await town.own().isEmpty)
      #expect(try await town.violations() == [:])
    }
  }

  @Test("what cannot be is refused with the field and what would be right")
  func refused() async throws {
    let town = try await Town.withZhao()
    let wrong: [(() async throws -> Void, String)] = [
      ({ _ = try await note(town, area: "999999") }, "area_code"),
      ({ _ = try await note(town, area: "1301") }, "area_code"),
      ({ _ = try await note(town, source: "hearsay") }, "source"),
      ({ _ = try await note(town, left: "2022-07-04", arrived: "2022-07-05") }, "arrived_on"),
      ({ _ = try await note(town, left: "2022-07-04", arrived: "2022-07-03") }, "left_on"),
      ({ _ = try await note(town, left: "2022-06-12", arrived: "2022-07-03") }, "left_on"),
      ({ _ = try await note(town, of: PersonID(trusted: "nobody")) }, "person"),
      ({ _ = try await note(town, as: "otherWorker") }, ""),
    ]
    for (attempt, field) in wrong {
      let refusal = await #expect(throws: Refusal.self, "\(field)") { try await attempt() }
      #expect((refusal?.field ?? "") == field)
    }
    #expect(try await town.own().isEmpty)
  }

  @Test("the same record again is known, and other content under its number is refused")
  func again() async throws {
    let town = try await Town.withZhao()
    #expect(try await note(town, entry: "letter-1").isNew)
    #expect(try await !note(town, entry: "letter-1").isNew)
    #expect(try await !note(town).isNew)
    let other = await #expect(throws: Refusal.self) {
      try await note(town, .high, entry: "letter-1")
    }
    #expect(other?.code == "entry.differs")
    try await town.submit(WithdrawEntry(entry: EntryID(trusted: "letter-1")), as: "leader")
    let gone = await #expect(throws: Refusal.self) { try await note(town, entry: "letter-1") }
    #expect(gone?.code == "entry.withdrawn")
    #expect(try await note(town, .high, entry: "letter-2").isNew)
    #expect(try await town.own().count { $0.state == .effective } == 1)
  }

  @Test(
    "a file of a hundred restricts no more people than one account may, and the auditor is told")
  func many() async throws {
    let town = try await Town(on: "2022-07-04")
    try await town.submit(FillList(from: 0, to: 100), from: .clock)
    let rows = (0..<100).map { number -> Fields in
      .object([
        "person": .text("target-\(number)"), "area_code": .text("130102"),
        "level": .text("中风险"), "left_on": .text("2022-07-02"),
        "arrived_on": .text("2022-07-03"), "source": .text("transport"),
      ])
    }
    let answer = try await town.submit(ImportEntries(rows: rows + [rows[0]]), as: "duty")
    #expect(answer.accepted == 100 && answer.outcomes.map(\.code) == ["entry.known"])
    let reds = try await town.rows("SELECT COUNT(*) FROM restriction WHERE ended_at IS NULL")
    #expect(reds.first?.integer(0) == 20)
    let held = try await town.ask(
      HeldRestrictions(account: AccountID(trusted: "duty")), for: .containment)
    #expect(held.people == 80)
    let alarms = try await town.rows(
      "SELECT subject FROM obligation WHERE kind = 'restrictions.alarm'")
    #expect(alarms.map { $0.text(0) } == ["duty"])
    #expect(try await town.violations() == [:])
  }

  @Test("a row of somebody who is not in the register, or with a day that is none, says so")
  func rows() async throws {
    let town = try await Town.withZhao()
    func row(_ changes: [String: String]) -> Fields {
      let all = [
        "person": "zhao", "area_code": "130102", "level": "middle", "left_on": "2022-07-02",
        "arrived_on": "2022-07-03", "source": "transport",
      ].merging(changes) { $1 }
      return .object(all.filter { !$0.value.isEmpty }.mapValues { .text($0) })
    }
    let answer = try await town.submit(
      ImportEntries(rows: [
        row(["person": ""]), row(["person": "", "identity_number": "11010519491231002X"]),
        row(["left_on": "yesterday"]), row(["level": "purple"]), row(["person": "zhao"]),
      ]), as: "duty")
    #expect(answer.accepted == 1)
    #expect(
      answer.outcomes.map { "\($0.code) \($0.field ?? "")" } == [
        "field.missing identity_number", "entry.personUnknown identity_number",
        "field.malformed left_on", "field.malformed level",
      ])
  }

  @Test("a record is deleted when its time is over, and the list shows it with stars until then")
  func forgotten() async throws {
    let town = try await Town.withZhao()
    _ = try await note(town)
    let listed = try await town.ask(ListEntries(), for: .containment).entries
    #expect(listed.map(\.person) == [Town.zhao] && listed.allSatisfy { !$0.name.contains("小明") })
    let read = try await town.rows("SELECT COUNT(*) FROM disclosure WHERE person = 'zhao'")
    #expect((read.first?.integer(0) ?? 0) > 0)
    try await town.pass(.days(27))
    #expect(try await town.ask(ListEntries(), for: .containment).entries.count == 1)
    try await town.pass(.days(1) + .hours(2))
    #expect(try await town.ask(ListEntries(), for: .containment).entries.isEmpty)
    #expect(try await town.violations() == [:])
  }
}
