import Containment
import Detection
import Gazette
import Registry
import Testing
import Town

@testable import Kernel

/// Somebody who wants an isolated contact free tells of a case, one more than an account may.
@Suite("A case that waits for a second person sets no contact free") struct HeldCaseStory {
  private let contact = PersonID(trusted: "target-50")
  private let investigator = AccountID(trusted: "investigator")

  @Test("the contact stays isolated when the case is held and declined, and is told the truth")
  func declined() async throws {
    let town = try await isolated()
    let before = try #require(try await own(town).first)
    #expect(before.clause == "close" && before.state == .effective)
    try await report("false", of: contact, in: town)
    #expect(try await own(town).map(\.restriction) == [before.restriction])
    #expect(try await own(town).map(\.state) == [.effective])
    #expect(try await colour(town) == .red)
    try await town.decideHeld(of: investigator, false)
    try await town.pass(.minutes(2))
    #expect(try await own(town).map(\.restriction) == [before.restriction])
    #expect(try await own(town).map(\.state) == [.effective])
    #expect(try await town.violations() == [:])
    // Found to be no case, the contact is what it was, with the same clock.
    try await town.submit(
      WithdrawCase(infection: CaseID(trusted: "false"), reason: "x"), as: "duty")
    try await town.pass(.minutes(2))
    let after = try await own(town)
    #expect(after.map(\.restriction) == [before.restriction] && after.map(\.end) == [before.end])
    #expect(after.map(\.state) == [.effective])
    #expect(try await town.violations() == [:])
  }

  @Test("approved, the case's measure takes the contact's place; withdrawn, the contact's is back")
  func approved() async throws {
    let town = try await isolated()
    let before = try #require(try await own(town).first)
    try await report("true", of: contact, in: town)
    try await town.pass(.minutes(10))
    try await town.decideHeld(of: investigator, true)
    for _ in 0..<3 { try await town.pass(.seconds(30)) }
    let during = try await own(town)
    #expect(during.filter { $0.state == .effective }.map(\.clause) == ["case"])
    let ended = during.first { $0.restriction == before.restriction }
    #expect(ended?.endReason == .becameCase)
    #expect(try await town.violations() == [:])
    try await town.submit(WithdrawCase(infection: CaseID(trusted: "true"), reason: "x"), as: "duty")
    try await town.pass(.minutes(2))
    let back = try await own(town).filter { $0.state == .effective }
    #expect(back.map(\.clause) == ["close"] && back.map(\.end) == [before.end])
    #expect(try await town.violations() == [:])
  }

  @Test(
    "what one account told beyond its limit lengthens nobody's time before another organisation agrees",
    arguments: [true, false])
  func lengthens(approved: Bool) async throws {
    let town = try await isolated()
    let before = try #require(try await own(town).first)
    for _ in 0..<20 { try await town.pass(.hours(1)) }
    // Behind the same door as the contact.
    try await report("later", of: PersonID(trusted: "target-45"), in: town)
    for _ in 0..<3 { try await town.pass(.seconds(30)) }
    // It is found and shown, and moves no end; nobody is confirmed on it.
    let found = try await town.rows("SELECT contact FROM exposure WHERE infection = 'later'")
    #expect(!found.isEmpty)
    #expect(try await own(town).map(\.end) == [before.end])
    let added = try await town.submit(
      AddContact(
        infection: CaseID(trusted: "later"), person: PersonID(trusted: "target-44"), kind: .close,
        from: town.now - .hours(3), to: town.now - .hours(2)), as: "investigator"
    ).contact
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(ConfirmContacts(contacts: [added]), as: "duty")
    }
    #expect(refusal?.code == "contact.caseInDoubt")
    // Who told of it is told so, whatever else is in doubt.
    let told = await #expect(throws: Refusal.self) {
      try await town.submit(ConfirmContacts(contacts: [added]), as: "investigator")
    }
    #expect(told?.code == "contact.ownWord")
    for _ in 0..<2 { try await town.pass(.minutes(5)) }
    try await town.decideHeld(of: investigator, approved)
    for _ in 0..<3 { try await town.pass(.seconds(30)) }
    let after = try #require(try await own(town).first { $0.state == .effective })
    #expect(after.clause == "close")
    #expect(approved ? after.end > before.end : after.end == before.end)
    #expect(try await town.violations() == [:])
  }

  @Test("a contact told of as a case beyond the limit stays a contact in tracing too")
  func staysContact() async throws {
    let town = try await isolated()
    func states() async throws -> [String] {
      try await town.rows(
        "SELECT state FROM contact WHERE person = \(contact) AND state <> 'proposed'"
      ).map { $0.text(0) }
    }
    #expect(try await states() == ["confirmed"])
    try await report("false", of: contact, in: town)
    for _ in 0..<3 { try await town.pass(.seconds(30)) }
    #expect(try await states() == ["confirmed"])
    try await town.pass(.minutes(10))
    try await town.decideHeld(of: investigator, true)
    for _ in 0..<3 { try await town.pass(.seconds(30)) }
    #expect(try await states() == ["became_case"])
    #expect(try await town.violations() == [:])
  }

  @Test("within the limit the case's measure takes the contact's place at once, and says why")
  func within() async throws {
    let town = try await isolated(false)
    try await report("real", of: contact, in: town)
    let views = try await own(town)
    #expect(views.filter { $0.state == .effective }.map(\.clause) == ["case"])
    #expect(views.filter { $0.state == .ended }.map(\.endReason) == [.becameCase])
    #expect(try await town.violations() == [:])
  }

  /// A town with an isolated contact, whose investigator has told of as many cases as one may.
  private func isolated(_ exhausted: Bool = true) async throws -> Town {
    let town = try await Town(on: "2022-07-20")
    try await town.submit(FillList(from: 0, to: 51), from: .clock)
    try await report("index", of: PersonID(trusted: "target-49"), in: town, as: "duty")
    try await town.pass(.minutes(1))
    let added = try await town.submit(
      AddContact(
        infection: CaseID(trusted: "index"), person: contact, kind: .close,
        from: town.now - .hours(3), to: town.now - .hours(2)), as: "investigator"
    ).contact
    try await town.submit(ConfirmContacts(contacts: [added]), as: "duty")
    for number in 0..<(exhausted ? 20 : 0) {
      try await report("F-\(number)", of: PersonID(trusted: "target-\(number)"), in: town)
    }
    return town
  }

  private func report(
    _ infection: String, of person: PersonID, in town: Town, as account: String = "investigator"
  ) async throws {
    let row = Fields.object([
      "case": .text(infection), "person": .text(person.text), "kind": .text("confirmed"),
      "district": .text("370203"), "source": .text("community_screening"),
      "reported_at": .text(town.now.text(in: .china)),
    ])
    let envelope = Envelope(
      id: CommandID(trusted: "report-\(infection)"), name: "cases.import",
      body: .object(["rows": .list([row])]), sender: .account(AccountID(trusted: account)))
    _ = try await town.desk.submit(envelope)
  }

  private func own(_ town: Town) async throws -> [RestrictionView] {
    try await town.ask(OwnRestrictions(), for: .ownFile, from: .resident(contact)).restrictions
  }

  private func colour(_ town: Town) async throws -> CodeColour {
    try await town.ask(OwnCodeColour(), for: .ownFile, from: .resident(contact)).colour
  }
}
