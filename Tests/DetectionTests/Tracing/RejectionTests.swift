import Detection
import Gazette
import Kernel
import Registry
import Testing
import Town

/// Freeing many is no more one account's than restricting many.
@Suite("Rejecting many contacts") struct RejectionTests {
  private let infection = CaseID(trusted: "c1")

  /// A town whose guests of a restaurant are confirmed contacts of one case.
  private func town(confirmed: Int) async throws -> (Town, [ContactID]) {
    let town = try await Town()
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    for guest in 0..<confirmed {
      try await town.visit("guest-\(guest)", "饭店", "28T12:00", "28T13:00")
    }
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let contacts = try await town.ask(ContactsOfCase(infection: infection)).lines.map(\.contact)
    let asked = try await town.submit(ConfirmContacts(contacts: contacts), as: "investigator")
    if let request = asked.request {
      try await town.submit(ApproveContacts(request: request, approved: true), as: "duty")
    }
    try await town.pass(.seconds(1))
    return (town, contacts)
  }

  private func held(_ town: Town) async throws -> Int {
    try await town.rows(
      "SELECT id FROM restriction WHERE clause = 'close' AND ended_at IS NULL"
    ).count
  }

  private func reject(
    _ contacts: some Sequence<ContactID>, in town: Town, as account: String = "investigator"
  ) async throws -> ContactsDecided {
    try await town.submit(
      RejectContacts(contacts: Array(contacts), reason: .notNear), as: account)
  }

  @Test("more than one may confirm alone are freed by two people of two organisations")
  func byTwo() async throws {
    let (town, contacts) = try await town(confirmed: 21)
    #expect(try await held(town) == 21)
    let preview = try await town.ask(
      PreviewDecision(contacts: contacts, decision: .reject), as: "investigator")
    #expect(preview.needsSecondPerson && preview.measuresEnd == 21)
    let asked = try await reject(contacts, in: town)
    let request = try #require(asked.request)
    #expect(asked.decided == 0)
    #expect(try await held(town) == 21)
    #expect(try await reject(contacts, in: town).request == request)
    let listed = try await town.ask(ListContactRequests(place: nil), for: .investigation)
    #expect(listed.requests.first?.reason == .notNear)
    #expect(listed.requests.first?.contacts.count == 21)
    let approve = ApproveContacts(request: request, approved: true)
    let same = await #expect(throws: Refusal.self) {
      try await town.submit(approve, as: "investigator")
    }
    #expect(same?.code == "contact.samePerson")
    #expect(try await town.submit(approve, as: "duty").decided == 21)
    try await town.pass(.seconds(1))
    #expect(try await held(town) == 0)
    #expect(try await town.violations().isEmpty)
  }

  @Test("twenty are freed alone, the next one takes another, however they are split up")
  func split() async throws {
    let (town, contacts) = try await town(confirmed: 22)
    #expect(try await reject(contacts.prefix(12), in: town).decided == 12)
    #expect(try await reject(contacts.dropFirst(12).prefix(8), in: town).decided == 8)
    let last = try await reject(contacts.suffix(1), in: town)
    #expect(last.decided == 0 && last.request != nil)
    #expect(try await held(town) == 2)
    try await town.pass(.hours(24))
    #expect(try await reject(contacts.suffix(2), in: town).decided == 2)
    #expect(try await town.violations().isEmpty)
  }

  @Test("what is declined frees nobody, and proposals are rejected by one as before")
  func declined() async throws {
    let (town, contacts) = try await town(confirmed: 21)
    let request = try #require(try await reject(contacts, in: town).request)
    try await town.submit(ApproveContacts(request: request, approved: false), as: "duty")
    #expect(try await held(town) == 21)
    for guest in 0..<30 { try await town.visit("late-\(guest)", "饭店", "28T12:00", "28T13:00") }
    try await town.pass(.seconds(1))
    let proposed = try await town.ask(ContactsOfCase(infection: infection)).lines
      .filter { $0.state == .proposed }.map(\.contact)
    #expect(proposed.count == 30)
    #expect(try await reject(proposed, in: town).decided == 30)
  }

  @Test("hundreds are freed part by part after the approval")
  func hundreds() async throws {
    let (town, contacts) = try await town(confirmed: 230)
    let request = try #require(try await reject(contacts, in: town).request)
    let done = try await town.submit(
      ApproveContacts(request: request, approved: true), as: "duty")
    #expect(done.decided == 230)
    try await town.pass(.seconds(2))
    #expect(try await held(town) == 0)
    #expect(try await town.violations().isEmpty)
  }

  @Test("the invariant sees who was freed behind everybody's back")
  func invariant() async throws {
    let (town, contacts) = try await town(confirmed: 21)
    try await town.desk.storage.write { transaction in
      for contact in contacts {
        try transaction.execute(
          """
          INSERT INTO contact_rejection (contact, person, at, issuer)
          SELECT id, person, \(town.now), 'investigator' FROM contact WHERE id = \(contact)
          """)
      }
    }
    #expect(try await town.violations()["I-16"] != nil)
  }
}
