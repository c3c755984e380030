import Containment
import Detection
import Gazette
import Kernel
import Registry
import Testing
import Town

/// Two files are taken for one person's, a case of one of them is told meanwhile, and they are parted
/// again: the other one is what they were before.
@Suite("A case of somebody whose file was merged with another's sets nobody free")
struct PartedStory {
  private let neighbour = PersonID(trusted: "neighbour")
  private let patient = PersonID(trusted: "patient")

  @Test("whoever was an isolated contact is isolated again when the files are parted, no longer")
  func contact() async throws {
    let town = try await Town(on: "2022-07-20")
    try await town.submit(FillList(from: 0, to: 5), from: .clock)
    for (person, home) in [(neighbour, Town.Spot.door101), (patient, .door102)] {
      try await town.submit(
        EnrolResident(person: person, home: home.id, form: PersonForm(name: "王某")), as: "leader")
    }
    try await report("index", of: PersonID(trusted: "target-4"), in: town)
    try await town.pass(.minutes(1))
    let added = try await town.submit(
      AddContact(
        infection: CaseID(trusted: "index"), person: neighbour, kind: .close,
        from: town.now - .hours(3), to: town.now - .hours(2)), as: "investigator"
    ).contact
    try await town.submit(ConfirmContacts(contacts: [added]), as: "duty")
    let before = try #require(try await held(neighbour, in: town).first)
    #expect(before.clause == "close")
    try await town.submit(MergeResidents(survivor: neighbour, merged: patient), as: "duty")
    try await report("true", of: patient, in: town)
    try await town.pass(.minutes(1))
    #expect(try await held(neighbour, in: town).map(\.clause) == ["case"])
    try await town.submit(UnmergeResidents(merged: patient), as: "duty")
    for _ in 0..<3 { try await town.pass(.minutes(1)) }
    #expect(try await held(patient, in: town).map(\.clause) == ["case"])
    let after = try await held(neighbour, in: town)
    #expect(after.map(\.clause) == ["close"] && after.map(\.end) == [before.end])
    #expect(try await town.violations() == [:])
  }

  private func report(_ infection: String, of person: PersonID, in town: Town) async throws {
    let row = Fields.object([
      "case": .text(infection), "person": .text(person.text), "kind": .text("confirmed"),
      "district": .text("370203"), "source": .text("community_screening"),
      "reported_at": .text(town.now.text(in: .china)),
    ])
    let envelope = Envelope(
      id: CommandID(trusted: "report-\(infection)"), name: "cases.import",
      body: .object(["rows": .list([row])]), sender: .account(AccountID(trusted: "duty")))
    _ = try await town.desk.submit(envelope)
  }

  private func held(_ person: PersonID, in town: Town) async throws -> [RestrictionView] {
    try await town.ask(OwnRestrictions(), for: .ownFile, from: .resident(person)).restrictions
      .filter { $0.state == .effective }
  }
}
