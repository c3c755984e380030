import Containment
import Detection
import Gazette
import Kernel
import Registry
import Testing
import Town

/// One afternoon with a case, told under each edition: what the person is asked is what the edition's
/// days say, from the sentence to the hour at which it ends by itself.
@Suite("One person's days under each edition, lived through") struct EditionDaysStory {
  @Test(
    "a close contact is held as long as the edition of that day says, and not a minute longer",
    arguments: [
      ("2022-03-01", "cn-8@1", 21), ("2022-07-05", "cn-9@1", 10),
      ("2022-11-20", "cn-20-measures@1", 8), ("2022-12-12", "cn-new-10@1", 5),
    ])
  func lived(on day: String, edition: String, days: Int) async throws {
    let town = try await Town(on: day)
    let person = PersonID(trusted: "neighbour")
    try await town.submit(FillList(from: 0, to: 5), from: .clock)
    try await town.submit(
      EnrolResident(person: person, home: Town.Spot.door102.id, form: PersonForm(name: "王某")),
      as: "leader")
    let row = Fields.object([
      "case": .text("index"), "person": .text("target-4"), "kind": .text("confirmed"),
      "district": .text("370203"), "source": .text("clinic"),
      "reported_at": .text(town.now.text(in: .china)),
    ])
    _ = try await town.desk.submit(
      Envelope(
        id: CommandID(trusted: "report-index"), name: "cases.import",
        body: .object(["rows": .list([row])]), sender: .account(AccountID(trusted: "duty"))))
    let exposed = town.now - .hours(2)
    let added = try await town.submit(
      AddContact(
        infection: CaseID(trusted: "index"), person: person, kind: .close,
        from: exposed - .hours(1), to: exposed), as: "investigator"
    ).contact
    try await town.submit(ConfirmContacts(contacts: [added]), as: "duty")
    func held() async throws -> [RestrictionView] {
      try await town.ask(OwnRestrictions(), for: .ownFile, from: .resident(person)).restrictions
        .filter { $0.state == .effective }
    }
    let view = try #require(try await held().first)
    let said = try EditionDays(
      "close", countedFrom: exposed, under: town.desk.rules.policies.editions, zone: .china)
    let one = try #require(said.editions.first { $0.edition == edition })
    #expect(view.edition == edition && view.end == one.end)
    #expect(view.end == (Day(of: exposed, in: .china) + days).end(in: .china))
    #expect(view.quote == one.quote)
    // The last minute is held and the next is not, whether or not the clock has turned.
    town.stall(view.end - town.now - .minutes(1))
    #expect(try await held().map(\.restriction) == [view.restriction])
    town.stall(.minutes(1))
    #expect(try await held().isEmpty)
  }
}
