import Gazette
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("What takes two people to confirm") struct SecondPersonTests {
  private let infection = CaseID(trusted: "c1")

  /// A case, and so many guests at its table.
  private func town(guests: Int = 0) async throws -> Town {
    let town = try await Town()
    if guests > 0 { try await town.visit("case", "饭店", "28T12:00", "28T13:00") }
    for guest in 0..<guests {
      try await town.visit("guest-\(guest)", "饭店", "28T12:00", "28T13:00")
    }
    try await town.report("c1", of: "case", onset: "2022-11-28")
    return town
  }

  private func add(
    _ person: String, _ from: String, _ to: String, to town: Town,
    as account: String = "investigator"
  ) async throws -> ContactID {
    try await town.submit(
      AddContact(
        infection: infection, person: PersonID(person), kind: .close, from: town.moment(from),
        to: town.moment(to)), as: account
    ).contact
  }

  private func confirm(
    _ contacts: [ContactID], in town: Town, as account: String = "investigator"
  ) async throws -> ContactsDecided {
    try await town.submit(ConfirmContacts(contacts: contacts), as: account)
  }

  private func refusal(_ body: () async throws -> Void) async -> String? {
    await #expect(throws: Refusal.self) { try await body() }?.code
  }

  private func all(_ town: Town) async throws -> [ContactID] {
    try await town.ask(ContactsOfCase(infection: infection)).lines.map(\.contact)
  }

  private func restricted(_ town: Town) async throws -> Int {
    try await town.rows("SELECT id FROM restriction WHERE clause = 'close'").count
  }

  @Test("thousands are confirmed part by part, and who was rejected meanwhile stays so")
  func partByPart() async throws {
    let town = try await town()
    let guests = 2 * ConfirmApproved.size + 5
    let rows = (0...guests).map { number in
      Fields.object([
        "person": .text(number == 0 ? "case" : "guest-\(number)"), "venue": .text("饭店"),
        "from": .text("2022-11-28T12:00+08:00"), "to": .text("2022-11-28T13:00+08:00"),
      ])
    }
    try await town.submit(TakeScans(rows: rows))
    try await town.pass(.seconds(31))
    let asked = try await confirm(try await all(town), in: town)
    let request = try #require(asked.request)
    let answer = try await town.submit(
      ApproveContacts(request: request, approved: true), as: "duty")
    #expect(answer.decided == guests)
    let first = try await town.rows("SELECT id FROM contact WHERE state = 'confirmed'")
    #expect(first.count == ConfirmApproved.size)
    // All are handed over before anybody is restricted; of these one is no contact after all.
    #expect(try await restricted(town) == 0)
    let last = try await town.rows("SELECT id FROM contact ORDER BY id DESC LIMIT 1")
    let mistaken = [first[0].id(0), last[0].id(0)] as [ContactID]
    try await town.submit(
      RejectContacts(contacts: mistaken, reason: .notThere), as: "investigator")
    try await town.pass(.seconds(1))
    #expect(try await restricted(town) == guests - 2)
    let states = try await town.rows(
      "SELECT state, COUNT(*) FROM contact GROUP BY state ORDER BY state")
    #expect(
      states.map { "\($0.text(0)) \($0.integer(1))" } == ["confirmed \(guests - 2)", "rejected 2"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("whoever enters a contact by hand does not confirm it; another person does")
  func ownWord() async throws {
    let town = try await town()
    let told = try await add("told", "28T12:00", "28T12:30", to: town)
    let code = await refusal { _ = try await confirm([told], in: town) }
    #expect(code == "contact.ownWord")
    let preview = try await town.ask(PreviewContacts(infection: infection), as: "investigator")
    #expect(preview.contacts.isEmpty && preview.needAnother == 1)
    #expect(try await town.ask(ContactCard(contact: told), as: "investigator").needsAnother)
    #expect(try await restricted(town) == 0)
    #expect(try await confirm([told], in: town, as: "duty").decided == 1)
    #expect(try await restricted(town) == 1)
    #expect(try await town.violations().isEmpty)
  }

  @Test("nobody makes a confirmed contact's time longer by their own word")
  func ownWordLonger() async throws {
    let town = try await town(guests: 1)
    let contact = try #require(try await all(town).first)
    #expect(try await confirm([contact], in: town).decided == 1)
    #expect(try await add("guest-0", "28T20:00", "28T21:00", to: town) == contact)
    try await town.pass(.seconds(1))
    #expect(try await town.facts("contacts.confirmed").count == 1)
    let review = try await town.ask(InvestigationOfCase(infection: infection)).toReview
    #expect(review == 1)
    let code = await refusal { _ = try await confirm([contact], in: town) }
    #expect(code == "contact.ownWord")
    #expect(try await confirm([contact], in: town, as: "duty").decided == 1)
    let told = try await town.facts("contacts.confirmed").map { $0["lastExposureAt"] }
    #expect(told.last == .text("2022-11-28T21:00:00+08:00"))
    #expect(try await town.violations().isEmpty)
  }

  @Test("when what was found is gone, one account's word alone holds nobody")
  func onlyWordLeft() async throws {
    let town = try await town(guests: 1)
    let contact = try #require(try await all(town).first)
    _ = try await confirm([contact], in: town)
    _ = try await add("guest-0", "28T08:00", "28T09:00", to: town)
    try await town.submit(
      SetIsolation(infection: infection, isolatedAt: town.moment("28T10:00")))
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["guest-0 close 1 3600 proposed"])
    #expect(try await town.facts("contacts.withdrawn").count == 1)
    let held = try await town.rows(
      "SELECT id FROM restriction WHERE ended_at IS NULL AND clause = 'close'")
    #expect(held.isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("twenty people in a day are confirmed alone; one more waits for another organisation")
  func limit() async throws {
    let town = try await town(guests: 21)
    let contacts = try await all(town)
    let preview = try await town.ask(PreviewContacts(infection: infection), as: "investigator")
    #expect(preview.needsSecondPerson && preview.leftAlone == 20)
    let asked = try await confirm(contacts, in: town)
    let request = try #require(asked.request)
    #expect(asked.decided == 0)
    #expect(try await restricted(town) == 0)
    // The same again asks nobody again.
    #expect(try await confirm(contacts, in: town).request == request)
    let owed = try await town.rows(
      "SELECT seat FROM obligation WHERE kind = 'contacts.approve' AND closed_at IS NULL")
    #expect(owed.map { $0.text(0) } == ["command_duty@370203"])
    // Twenty of them can be confirmed alone, and then no more.
    #expect(try await confirm(Array(contacts.prefix(20)), in: town).decided == 20)
    #expect(try await restricted(town) == 20)
    #expect(try await confirm(Array(contacts.suffix(1)), in: town).decided == 0)
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "the day rolls: what was confirmed alone counts for twenty-four hours, whatever became of it")
  func rolling() async throws {
    let town = try await town(guests: 21)
    let contacts = try await all(town)
    _ = try await confirm(Array(contacts.prefix(20)), in: town)
    _ = try await town.submit(
      RejectContacts(contacts: Array(contacts.prefix(20)), reason: .notNear), as: "investigator")
    try await town.pass(.hours(24) - .milliseconds(1))
    let last = Array(contacts.suffix(1))
    let waits = try await town.ask(PreviewContacts(infection: infection), as: "investigator")
    #expect(waits.contacts == last && waits.needsSecondPerson && waits.leftAlone == 0)
    try await town.pass(.milliseconds(1))
    #expect(try await confirm(last, in: town).decided == 1)
    #expect(try await town.violations()["I-20"] == nil)
  }

  @Test("a second person of another organisation approves; the same person does not")
  func approved() async throws {
    let town = try await town(guests: 21)
    let contacts = try await all(town)
    let request = try #require(try await confirm(contacts, in: town).request)
    let listed = try await town.ask(ListContactRequests(place: nil), for: .investigation)
    #expect(listed.requests.map(\.request) == [request])
    #expect(listed.requests.first?.byKind == ["close": 21])
    let same = await refusal {
      try await town.submit(ApproveContacts(request: request, approved: true), as: "investigator")
    }
    #expect(same == "contact.samePerson")
    let colleague = try await colleague(in: town)
    let unit = await refusal {
      try await town.submit(ApproveContacts(request: request, approved: true), as: colleague)
    }
    #expect(unit == "contact.sameOrganisation")
    let owed: ObligationID = try #require(
      try await town.rows("SELECT id FROM obligation WHERE kind = 'contacts.approve'").first
    ).id(0)
    let ticked = await refusal {
      try await town.submit(FinishObligation(obligation: owed, proof: nil), as: "duty")
    }
    #expect(ticked == "obligation.decidedElsewhere")
    let done = try await town.submit(ApproveContacts(request: request, approved: true), as: "duty")
    #expect(done.decided == 21)
    #expect(try await restricted(town) == 21)
    let again = await refusal {
      try await town.submit(ApproveContacts(request: request, approved: false), as: "duty")
    }
    #expect(again == "contact.requestDecided")
    let open = try await town.rows(
      """
      SELECT id FROM obligation
      WHERE kind IN ('contacts.approve', 'tracing.contacts') AND closed_at IS NULL
      """)
    #expect(open.isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("what is declined confirms nobody, and what was decided in the meantime stays decided")
  func declined() async throws {
    let town = try await town(guests: 22)
    let contacts = try await all(town)
    let first = try #require(try await confirm(contacts, in: town).request)
    _ = try await town.submit(ApproveContacts(request: first, approved: false), as: "duty")
    #expect(try await restricted(town) == 0)
    let second = try #require(try await confirm(contacts, in: town).request)
    _ = try await town.submit(
      RejectContacts(contacts: Array(contacts.prefix(2)), reason: .notThere), as: "investigator")
    let done = try await town.submit(ApproveContacts(request: second, approved: true), as: "duty")
    #expect(done.decided == 20)
    #expect(try await town.violations().isEmpty)
  }

  @Test("the invariants see what was confirmed behind everybody's back")
  func invariants() async throws {
    let town = try await town(guests: 1)
    let contact = try #require(try await all(town).first)
    _ = try await confirm([contact], in: town)
    try await town.desk.storage.write { transaction in
      for number in 0..<20 {
        _ = try transaction.execute(
          """
          INSERT INTO contact_confirmation (contact, person, at, issuer)
          VALUES (\(contact), \("p-\(number)"), \(1_669_680_000_000 + number), 'investigator')
          """)
      }
    }
    #expect(try await town.violations()["I-20"] == [contact.text])
    try await town.desk.storage.write {
      _ = try $0.execute("UPDATE exposure SET told_by = 'investigator', by_hand = 1")
    }
    #expect(try await town.violations()["I-16"] == [contact.text])
  }

  private func colleague(in town: Town) async throws -> String {
    try await town.submit(OpenAccount(account: AccountID("second"), title: "流调二组"), as: "admin")
    try await town.submit(
      GrantOffice(
        account: AccountID("second"), role: "investigator", place: Town.Spot.district.id),
      as: "admin")
    return "second"
  }
}
