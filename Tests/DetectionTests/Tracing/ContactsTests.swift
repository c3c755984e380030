import Gazette
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("Contacts") struct ContactsTests {
  @Test("those together with a case inside the window are proposed, each once")
  func proposes() async throws {
    let town = try await Town()
    // Onset on the 27th: others are at risk from the 25th at 00:00.
    try await town.visit("case", "超市", "24T23:00", "25T01:00")
    try await town.visit("before", "超市", "24T23:00", "25T00:00")
    try await town.visit("across", "超市", "24T23:30", "25T00:20")
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.visit("twice", "饭店", "28T12:00", "28T12:30")
    try await town.visit("twice", "饭店", "28T12:20", "28T12:40", source: .venueCode)
    try await town.visit("touches", "饭店", "28T13:00", "28T14:00")
    try await town.visit("stands", "饭店", "28T12:30", "28T12:30")
    try await town.visit("short", "饭店", "28T12:55", "28T14:00")
    try await town.report("c1", of: "case", onset: "2022-11-27")
    #expect(
      try await town.contacts("c1") == [
        "twice close 1 2400 proposed", "across close 1 1200 proposed",
        "short general 1 300 proposed",
      ])
    #expect(try await town.violations().isEmpty)
  }

  @Test("those behind the same door are close contacts; those known by district only are not")
  func household() async throws {
    let town = try await Town()
    try await town.settle("case", at: .door101)
    try await town.settle("wife", at: .door101)
    try await town.settle("neighbour", at: .door102)
    try await town.report("c1", of: "case", onset: "2022-11-28")
    #expect(try await town.contacts("c1") == ["wife close 1 0 proposed"])

    let other = try await Town()
    try await other.settle("case", at: .district)
    try await other.settle("stranger", at: .district)
    try await other.report("c1", of: "case", onset: "2022-11-28")
    #expect(try await other.contacts("c1").isEmpty)
  }

  @Test("who has moved since is looked for where they lived when the case was infectious")
  func householdThen() async throws {
    let town = try await Town()
    try await town.settle("case", at: .door101)
    try await town.settle("wife", at: .door101)
    try await town.settle("later", at: .door201)
    try await town.pass(.days(2))
    try await town.report("c1", of: "case", onset: "2022-11-30")
    #expect(try await town.contacts("c1") == ["wife close 1 0 proposed"])
    try await town.pass(.days(2))
    for person in ["case", "wife"] {
      let to: Town.Spot = person == "case" ? .door201 : .door102
      try await town.submit(MoveResident(person: PersonID(trusted: person), to: to.id))
    }
    try await town.pass(.minutes(1))
    _ = try await town.submit(ComputeContacts(infection: CaseID("c1")))
    #expect(try await town.contacts("c1") == ["wife close 1 0 proposed"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("an encounter makes a contact")
  func encounter() async throws {
    let town = try await Town()
    let rows = ["case", "b"].map { person in
      Fields.object([
        "person_a": .text("a"), "person_b": .text(person), "at": .text("2022-11-28T08:00"),
        "seconds": .integer(60),
      ])
    }
    _ = try await town.submit(ImportEncounters(rows: rows, run: nil))
    try await town.report("c1", of: "case", onset: "2022-11-28")
    #expect(try await town.contacts("c1") == ["a close 1 60 proposed"])
  }

  @Test("contacts of close contacts are found where the edition knows them, in order of time")
  func second() async throws {
    for (day, expected) in [
      ("2022-07-29", ["first close 1 3600 proposed", "after secondary 2 1800 proposed"]),
      ("2022-11-29", ["first close 1 3600 proposed"]),
    ] {
      let town = try await Town(on: day)
      let month = day.prefix(8)
      func visit(_ person: String, _ venue: String, _ from: String, _ to: String) async throws {
        let row = VisitRow(
          person: try PersonID(person), venue: try VenueID(venue),
          from: try #require(Instant("\(month)\(from)", in: .china)),
          to: try #require(Instant("\(month)\(to)", in: .china)), source: .interview)
        try await town.submit(RecordVisit(row))
      }
      try await visit("case", "饭店", "28T12:00", "28T13:00")
      try await visit("first", "饭店", "28T12:00", "28T13:00")
      try await visit("first", "公司", "28T08:00", "28T09:00")
      try await visit("earlier", "公司", "28T08:00", "28T09:00")
      try await visit("first", "茶馆", "28T18:00", "28T19:00")
      try await visit("after", "茶馆", "28T18:30", "28T20:00")
      try await town.report("c1", of: "case", onset: "\(month)28")
      #expect(try await town.contacts("c1") == expected)
      #expect(try await town.violations().isEmpty)
    }
  }

  @Test("visits added later change the list, and the same knowledge again changes nothing")
  func recompute() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    #expect(try await town.contacts("c1").isEmpty)
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.visit("late", "饭店", "28T12:00", "28T12:30")
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["late close 1 1800 proposed"])
    let before = try await town.rows("SELECT * FROM exposure ORDER BY contact, ordinal")
    let again = try await town.submit(ComputeContacts(infection: CaseID("c1")))
    #expect(again.changed == 0 && again.proposed == 0 && again.withdrawn == 0)
    let after = try await town.rows("SELECT * FROM exposure ORDER BY contact, ordinal")
    #expect(before.map(\.values) == after.map(\.values))
  }

  @Test("one person through two cases is one contact; the latest exposure drives the clock")
  func oneContact() async throws {
    let town = try await Town()
    try await town.visit("c", "饭店", "27T12:00", "27T13:00")
    try await town.visit("d", "茶馆", "28T12:00", "28T13:00")
    try await town.visit("both", "饭店", "27T12:00", "27T13:00")
    try await town.report("c1", of: "c", onset: "2022-11-28")
    let ids = try await town.contactIDs("c1", of: "both")
    _ = try await town.submit(ConfirmContacts(contacts: ids), as: "investigator")
    try await town.report("c2", of: "d", onset: "2022-11-28")
    try await town.visit("both", "茶馆", "28T12:30", "28T13:00")
    try await town.pass(.seconds(1))
    #expect(try await town.contactIDs("c2", of: "both") == ids)
    let told = try await town.facts("contacts.confirmed")
    #expect(
      told.map { $0["lastExposureAt"] } == [
        .text("2022-11-27T13:00:00+08:00"), .text("2022-11-28T13:00:00+08:00"),
      ])
    #expect(told.map { $0["infection"] } == [.text("c1"), .text("c2")])
    #expect(try await town.violations().isEmpty)
  }

  @Test("confirming opens a file for a stranger and finishes the step when nobody waits")
  func confirms() async throws {
    let town = try await Town()
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.visit("stranger", "饭店", "28T12:00", "28T13:00")
    try await town.visit("short", "饭店", "28T12:58", "28T13:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let preview = try await town.ask(
      PreviewContacts(infection: CaseID("c1")), as: "investigator")
    #expect(preview.byKind == ["close": 1, "general": 1])
    #expect(preview.unknownToRegistry == 2)
    let close = try await town.ask(
      PreviewContacts(infection: CaseID("c1"), kind: .close), as: "investigator")
    let done = try await town.submit(
      ConfirmContacts(contacts: close.contacts), as: "investigator")
    #expect(done.decided == 1)
    let again = try await town.submit(
      ConfirmContacts(contacts: close.contacts), as: "investigator")
    #expect(again.decided == 0)
    #expect(try await town.facts("contacts.confirmed").count == 1)
    #expect(
      try await town.rows("SELECT id FROM person ORDER BY id").map { $0.text(0) }
        == ["case", "stranger"])
    #expect(try await owed(town) == ["tracing.contacts", "tracing.trajectory"])
    let short = try await town.contactIDs("c1", of: "short")
    _ = try await town.submit(
      RejectContacts(contacts: short, reason: .notNear), as: "investigator")
    #expect(try await owed(town) == ["tracing.trajectory"])
    #expect(try await town.violations().isEmpty)
  }

  private func owed(_ town: Town) async throws -> [String] {
    try await town.rows(
      """
      SELECT kind FROM obligation
      WHERE closed_at IS NULL AND kind LIKE 'tracing.%'
      ORDER BY kind
      """
    ).map { $0.text(0) }
  }

  @Test("who was rejected stays so on the same grounds, and is proposed anew on new ones")
  func rejects() async throws {
    let town = try await Town()
    try await town.settle("case", at: .door101)
    try await town.settle("wife", at: .door101)
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.visit("guest", "饭店", "28T12:00", "28T13:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let guest = try await town.contactIDs("c1", of: "guest")
    let wife = try await town.contactIDs("c1", of: "wife")
    _ = try await town.submit(ConfirmContacts(contacts: guest))
    _ = try await town.submit(RejectContacts(contacts: guest + wife, reason: .notThere))
    #expect(try await town.facts("contacts.withdrawn").map { $0["reason"] } == [.text("not_there")])
    try await town.pass(.hours(1))
    _ = try await town.submit(ComputeContacts(infection: CaseID("c1")))
    #expect(try await town.contacts("c1").isEmpty)
    try await town.visit("case", "茶馆", "28T15:00", "28T16:00")
    try await town.visit("guest", "茶馆", "28T15:00", "28T16:00")
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["guest close 1 7200 proposed"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("an investigator adds a contact by hand, inside the window and never the case itself")
  func byHand() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    func add(_ person: String, _ from: String, _ to: String) async throws -> ContactID {
      try await town.submit(
        AddContact(
          infection: CaseID("c1"), person: PersonID(person), kind: .close,
          from: town.moment(from), to: town.moment(to)), as: "investigator"
      ).contact
    }
    let told = try await add("told", "28T12:00", "28T12:30")
    #expect(try await add("told", "28T14:00", "28T14:30") == told)
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["told close 1 3600 proposed"])
    await #expect(throws: Refusal.self) { try await add("told", "25T12:00", "25T12:30") }
    await #expect(throws: Refusal.self) { try await add("case", "28T12:00", "28T12:30") }
    // The window runs on into tomorrow, but nobody was told of what is yet to come.
    await #expect(throws: Refusal.self) { try await add("told", "29T07:30", "29T09:00") }
    let card = try await town.ask(ContactCard(contact: told))
    #expect(card.links.map(\.basis) == [.interview, .interview])
  }

  @Test("saying since when a case is isolated drops what came after")
  func isolation() async throws {
    let town = try await Town()
    try await town.visit("case", "医院", "28T12:00", "28T20:00")
    try await town.visit("nurse", "医院", "28T18:00", "28T20:00")
    try await town.visit("guest", "医院", "28T12:00", "28T12:30")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    #expect(try await town.contacts("c1").count == 2)
    try await town.submit(
      SetIsolation(infection: CaseID("c1"), isolatedAt: town.moment("28T13:00")))
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["guest close 1 1800 proposed"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("each step has its clock, late ones escalate, and the report's conclusion closes it")
  func clocks() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    try await town.pass(.hours(5))
    let answer = try await town.ask(InvestigationOfCase(infection: CaseID("c1")))
    let steps = answer.steps.filter { $0.kind.hasPrefix("tracing.") }
    #expect(steps.map(\.kind) == ["tracing.trajectory", "tracing.contacts"])
    #expect(steps.map(\.isLate) == [true, false])
    let rungs = try await town.rows(
      "SELECT rung FROM obligation WHERE kind LIKE 'tracing.%' ORDER BY deadline")
    #expect(rungs.map { $0.integer(0) } == [1, 0])
    let whole = try #require(answer.steps.first { $0.kind == Cases.investigate.name })
    try await town.submit(FinishObligation(obligation: whole.obligation, proof: [:]))
    let after = try await town.ask(InvestigationOfCase(infection: CaseID("c1")))
    #expect(after.concludedAt == town.now)
  }

  @Test("a concluded investigation owes no steps, but whoever waits for a decision still waits")
  func concluded() async throws {
    for (guests, left) in [(0, [String]()), (1, ["tracing.contacts"])] {
      let town = try await Town()
      for person in ["case"] + (0..<guests).map({ "guest-\($0)" }) {
        try await town.visit(person, "饭店", "28T12:00", "28T13:00")
      }
      try await town.report("c1", of: "case", onset: "2022-11-28")
      let steps = try await town.ask(InvestigationOfCase(infection: CaseID("c1"))).steps
      let whole = try #require(steps.first { $0.kind == Cases.investigate.name })
      try await town.submit(FinishObligation(obligation: whole.obligation, proof: [:]))
      #expect(try await owed(town) == left)
      #expect(try await town.violations().isEmpty)
    }
  }

  @Test("a case of another district than was said is investigated there")
  func otherDistrict() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    try await town.submit(
      CorrectCase(
        infection: CaseID("c1"), field: .district, value: Town.Spot.otherDistrict.rawValue,
        reason: "told later"), as: "duty")
    let seats = try await town.rows(
      """
      SELECT DISTINCT seat FROM obligation
      WHERE kind = 'cases.investigate' OR kind LIKE 'tracing.%'
      """)
    #expect(seats.map { $0.text(0) } == ["investigator@370202"])
    let investigations = try await town.ask(
      ListInvestigations(place: Town.Spot.otherDistrict.id), as: "duty")
    #expect(investigations.lines.map(\.infection.text) == ["c1"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("arriving at the hospital ends the window")
  func transferred() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let steps = try await town.ask(InvestigationOfCase(infection: CaseID("c1"))).steps
    let transfer = try #require(steps.first { $0.kind == Cases.transfer.name })
    try await town.pass(.hours(1))
    try await town.submit(
      FinishObligation(obligation: transfer.obligation, proof: ["hospital": "h1"]))
    let after = try await town.ask(InvestigationOfCase(infection: CaseID("c1")))
    #expect(after.isolatedAt == town.now && after.window.to == town.now)
  }

  @Test("a corrected onset moves the window, and with it who is a contact")
  func corrected() async throws {
    let town = try await Town()
    try await town.visit("case", "饭店", "24T12:00", "24T13:00")
    try await town.visit("guest", "饭店", "24T12:00", "24T13:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    #expect(try await town.contacts("c1").isEmpty)
    try await town.submit(
      CorrectCase(
        infection: CaseID("c1"), field: .onsetOn, value: "2022-11-26", reason: "told later"))
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["guest close 1 3600 proposed"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("after 8 January 2023 nobody is a contact")
  func off() async throws {
    let town = try await Town(on: "2023-01-08")
    try await town.report("c1", of: "case", onset: "2023-01-07")
    #expect(try await town.rows("SELECT infection FROM investigation").isEmpty)
  }

  @Test("a lift is a closed room: there a short ride makes a close contact")
  func venueKind() async throws {
    let town = try await Town()
    try await town.visit("case", "1号楼电梯", "28T12:00", "28T12:02")
    try await town.visit("guest", "1号楼电梯", "28T12:00", "28T12:02")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    #expect(try await town.contacts("c1") == ["guest general 1 120 proposed"])
    try await town.submit(ClassifyVenue(venue: VenueID("1号楼电梯"), kind: .enclosed))
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["guest close 1 120 proposed"])
  }
}
