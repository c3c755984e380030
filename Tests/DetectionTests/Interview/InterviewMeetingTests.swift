import Gazette
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("Whom a case met, as it says") struct InterviewMeetingTests {
  private static let c1 = CaseID(trusted: "c1")

  private func meeting(
    _ town: Town, day: String = "28", person: String? = nil, name: String? = nil,
    phone: String? = nil, masked: Bool? = nil
  ) async throws -> InterviewKept {
    try await town.submit(
      NoteMeeting(
        infection: Self.c1, day: #require(Day("2022-11-\(day)")), from: "12:00", minutes: 40,
        person: try person.map { try PersonID($0) }, name: name, phone: phone, masked: masked),
      as: "investigator")
  }

  @Test("whom the registry knows becomes a contact, close without masks, for another to confirm")
  func known() async throws {
    for (masked, kind) in [(nil, "close"), (false, "close"), (true, "general")] as [(Bool?, String)]
    {
      let town = try await Town()
      try await town.settle("friend", at: .door201)
      try await town.report("c1", of: "case", onset: "2022-11-28")
      let kept = try await meeting(town, person: "friend", masked: masked)
      let contact = try #require(kept.contact)
      try await town.pass(.seconds(1))
      #expect(try await town.contacts("c1") == ["friend \(kind) 1 2400 proposed"])
      // One account's word is no contact yet.
      await #expect(throws: Refusal.self) {
        try await town.submit(ConfirmContacts(contacts: [contact]), as: "investigator")
      }
      try await town.submit(ConfirmContacts(contacts: [contact]), as: "duty")
      #expect(try await town.contacts("c1") == ["friend \(kind) 1 2400 confirmed"])
      #expect(try await town.violations().isEmpty)
    }
  }

  @Test("outside the time in which the case put others at risk somebody met is no contact")
  func outside() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    #expect(try await meeting(town, day: "25", person: "friend").contact == nil)
    #expect(try await town.contacts("c1").isEmpty)
  }

  @Test("whom nobody knows is kept as a lead with name and telephone, and named later")
  func unknown() async throws {
    let town = try await Town()
    try await town.settle("friend", at: .door201)
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let kept = try await meeting(town, name: "同事小李", phone: "13900001111", masked: false)
    let lead = try #require(kept.lead)
    let card = try await town.ask(LeadCard(lead: lead, revealed: true), for: .investigation)
    #expect(card.name == "同事小李" && card.phone == "13900001111")
    let piece = try #require(
      try await town.ask(InterviewOfCase(infection: Self.c1), for: .investigation).pieces.first)
    #expect(piece.name == Mask.name("同事小李") && piece.phone == Mask.phone("13900001111"))
    try await town.submit(
      ResolveEntry(entry: kept.entry, person: PersonID("friend")), as: "investigator")
    #expect(try await town.contacts("c1") == ["friend close 1 2400 proposed"])
    let state = try await town.ask(ListLeadsToCheck(place: nil), for: .investigation).leads
    #expect(state.map(\.state) == [.verified])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a number in the place of a name is refused, and nothing of it is kept")
  func numbers() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    await #expect(throws: Refusal.self) { try await meeting(town, name: "小李13900001111") }
    await #expect(throws: Refusal.self) { try await meeting(town, name: "小李", phone: "12") }
    await #expect(throws: Refusal.self) { try await meeting(town) }
    let entries = try await town.rows("SELECT id FROM interview_entry")
    #expect(entries.isEmpty)
    #expect(try await town.ask(ListLeadsToCheck(place: nil), for: .investigation).leads.isEmpty)
  }

  @Test("what is struck stays to be read, and what followed from it goes")
  func struck() async throws {
    let town = try await Town()
    try await town.visit("other", "饭店", "28T12:00", "28T13:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let met = try await meeting(town, person: "friend")
    let lost = try await meeting(town, name: "小王")
    let stayed = try await town.submit(
      NoteStay(
        infection: Self.c1, day: #require(Day("2022-11-28")), from: "12:00", to: "13:00",
        venue: VenueID("饭店")), as: "investigator")
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1").count == 2)
    for kept in [met, lost, stayed] {
      try await town.submit(StrikeEntry(entry: kept.entry, reason: "说错了"), as: "investigator")
    }
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1").isEmpty)
    #expect(try await town.rows("SELECT id FROM visit WHERE person = 'case'").isEmpty)
    let said = try await town.ask(InterviewOfCase(infection: Self.c1), for: .investigation)
    #expect(said.pieces.map(\.struckReason) == ["说错了", "说错了", "说错了"])
    #expect(said.days.allSatisfy { $0.pieces == 0 })
    let leads = try await town.ask(ListLeadsToCheck(place: nil), for: .investigation).leads
    #expect(leads.map(\.state) == [.verified])
    await #expect(throws: Refusal.self) {
      try await town.submit(StrikeEntry(entry: met.entry, reason: "x"), as: "investigator")
    }
    #expect(try await town.violations().isEmpty)
  }

  @Test("a visit that came from elsewhere as well stays when what the case said is struck")
  func twoSources() async throws {
    let town = try await Town()
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let stayed = try await town.submit(
      NoteStay(
        infection: Self.c1, day: #require(Day("2022-11-28")), from: "12:00", to: "13:00",
        venue: VenueID("饭店")), as: "investigator")
    try await town.submit(StrikeEntry(entry: stayed.entry, reason: "说错了"), as: "investigator")
    #expect(try await town.rows("SELECT id FROM visit WHERE person = 'case'").count == 1)
  }

  @Test("only those who decide on contacts of the district ask, and others read nothing")
  func duties() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    for account in ["worker", "street", "leader", "auditor"] {
      await #expect(throws: Refusal.self, "\(account)") {
        try await town.submit(
          NoteAnswer(infection: Self.c1, topic: .work, answer: .refused), as: account)
      }
      await #expect(throws: Refusal.self, "\(account)") {
        try await town.ask(InterviewOfCase(infection: Self.c1), for: .investigation, as: account)
      }
    }
  }

  @Test("what was said is deleted with the visits, when its time has come")
  func expiry() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    _ = try await meeting(town, name: "小王")
    try await town.submit(
      NoteStay(
        infection: Self.c1, day: #require(Day("2022-11-28")), from: "12:00", to: "13:00",
        venue: VenueID("饭店")), as: "investigator")
    try await town.pass(.days(28))
    #expect(try await town.rows("SELECT id FROM interview_entry").count == 2)
    try await town.pass(.days(1))
    #expect(try await town.rows("SELECT id FROM interview_entry").isEmpty)
    #expect(try await town.rows("SELECT id FROM visit").isEmpty)
  }
}
