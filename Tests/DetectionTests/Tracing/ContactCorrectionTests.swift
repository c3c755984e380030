import Gazette
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("Correcting contacts") struct ContactCorrectionTests {
  private static let c1 = CaseID(trusted: "c1")

  /// A case that was an hour in a restaurant with somebody.
  private func town() async throws -> (Town, ContactID) {
    let town = try await Town()
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.visit("guest", "饭店", "28T12:00", "28T13:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    return (town, try #require(try await town.contactIDs("c1", of: "guest").first))
  }

  private func correct(
    _ town: Town, _ contact: ContactID, _ kind: ContactKind, from: String? = nil,
    to: String? = nil, exposure: String? = nil, as account: String = "investigator"
  ) async throws {
    try await town.submit(
      CorrectContact(
        contact: contact, infection: Self.c1, exposure: exposure, kind: kind,
        from: from.map { town.moment($0) }, to: to.map { town.moment($0) }, reason: "隔着两桌"),
      as: account)
    try await town.pass(.seconds(1))
  }

  @Test("a weaker kind holds, also when the same is computed again, until something new is known")
  func weaker() async throws {
    let (town, contact) = try await town()
    try await correct(town, contact, .general)
    #expect(try await town.contacts("c1") == ["guest general 1 3600 proposed"])
    try await town.submit(ComputeContacts(infection: Self.c1))
    #expect(try await town.contacts("c1") == ["guest general 1 3600 proposed"])
    // A second record of the same stay changes nothing, another meeting does.
    try await town.visit("guest", "饭店", "28T12:10", "28T12:50", source: .venueCode)
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["guest general 1 3600 proposed"])
    try await town.visit("case", "饭店", "28T18:00", "28T19:00")
    try await town.visit("guest", "饭店", "28T18:00", "28T19:00")
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["guest close 1 7200 proposed"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("what was confirmed keeps its measure until it is decided anew as what it was corrected to")
  func confirmed() async throws {
    let (town, contact) = try await town()
    try await town.submit(ConfirmContacts(contacts: [contact]), as: "investigator")
    try await correct(town, contact, .general)
    let card = try await town.ask(ContactCard(contact: contact), for: .investigation)
    #expect(
      card.line.needsReview && card.line.confirmedKind == .close && card.line.kind == .general)
    try await town.submit(ConfirmContacts(contacts: [contact]), as: "investigator")
    let after = try await town.ask(ContactCard(contact: contact), for: .investigation)
    #expect(!after.line.needsReview && after.line.confirmedKind == .general)
    let told = try await town.facts("contacts.confirmed").map { $0["kind"] }
    #expect(told == [.text("close"), .text("general")])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a shorter exposure ends the clock earlier; a longer one is entered as told")
  func shorter() async throws {
    let (town, contact) = try await town()
    try await correct(town, contact, .close, to: "28T12:30")
    #expect(try await town.contacts("c1") == ["guest close 1 1800 proposed"])
    let card = try await town.ask(ContactCard(contact: contact), for: .investigation)
    #expect(card.line.lastAt == town.moment("28T12:30"))
    await #expect(throws: Refusal.self) {
      try await correct(town, contact, .close, to: "28T13:30")
    }
    await #expect(throws: Refusal.self) {
      try await correct(town, contact, .close, from: "28T12:20", to: "28T12:10")
    }
    // Nothing would be left of it: that is a rejection.
    await #expect(throws: Refusal.self) {
      try await correct(town, contact, .close, from: "28T12:10", to: "28T12:10")
    }
    #expect(try await town.violations().isEmpty)
  }

  @Test("a stronger kind is one's own word, which another account confirms")
  func stronger() async throws {
    let town = try await Town()
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.visit("guest", "饭店", "28T12:55", "28T13:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let contact = try #require(try await town.contactIDs("c1", of: "guest").first)
    #expect(try await town.contacts("c1") == ["guest general 1 300 proposed"])
    try await correct(town, contact, .close)
    await #expect(throws: Refusal.self) {
      try await town.submit(ConfirmContacts(contacts: [contact]), as: "investigator")
    }
    try await town.submit(ConfirmContacts(contacts: [contact]), as: "duty")
    #expect(try await town.contacts("c1") == ["guest close 1 300 confirmed"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("what somebody told is corrected like what was computed")
  func told() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let contact = try await town.submit(
      AddContact(
        infection: Self.c1, person: PersonID("friend"), kind: .close,
        from: town.moment("28T12:00"), to: town.moment("28T13:00")), as: "investigator"
    ).contact
    try await correct(town, contact, .general, to: "28T12:10")
    #expect(try await town.contacts("c1") == ["friend general 1 600 proposed"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("one exposure of several is named by its key, and an old key is refused")
  func key() async throws {
    let (town, contact) = try await town()
    try await town.visit("case", "公司", "28T09:00", "28T10:00")
    try await town.visit("guest", "公司", "28T09:00", "28T10:00")
    try await town.pass(.seconds(1))
    let links = try await town.ask(ContactCard(contact: contact), for: .investigation).links
    let office = try #require(links.first { $0.venue?.text == "公司" })
    try await correct(town, contact, .general, exposure: office.key)
    let kinds = try await town.ask(ContactCard(contact: contact), for: .investigation).links
      .map { "\($0.venue?.text ?? "") \($0.kind.rawValue)" }
    #expect(kinds == ["公司 general", "饭店 close"])
    await #expect(throws: Refusal.self) {
      try await correct(town, contact, .general, to: "28T09:30", exposure: "\(office.key)x")
    }
    await #expect(throws: Refusal.self) {
      try await correct(town, contact, .general, exposure: office.key)
    }
  }

  @Test("the history tells who proposed, confirmed, put right and rejected, the latest first")
  func history() async throws {
    let (town, contact) = try await town()
    try await town.submit(ConfirmContacts(contacts: [contact]), as: "investigator")
    try await town.pass(.minutes(1))
    try await correct(town, contact, .general)
    try await town.pass(.minutes(1))
    try await town.submit(RejectContacts(contacts: [contact], reason: .notNear), as: "duty")
    let steps = try await town.ask(ContactHistory(contact: contact), for: .investigation).steps
    #expect(steps.map(\.what) == [.changed, .ruled, .changed, .confirmed, .proposed])
    #expect(steps.map(\.by) == ["duty", "investigator", "investigator", "investigator", nil])
    #expect(steps[0].state == .rejected && steps[0].reason == "not_near")
    #expect(steps[1].wasKind == .close && steps[1].kind == .general)
    // Rejected, it is corrected no more.
    await #expect(throws: Refusal.self) { try await correct(town, contact, .close) }
  }
}
