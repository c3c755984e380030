import Containment
import Detection
import Engines
import Gazette
import Registry
import Testing
import Town

@testable import District
@testable import Kernel

/// Somebody takes away a policy file that has decided, or writes something else into it.
@Suite("A version of the policy that has decided stays what it was") struct DecidedPoliciesStory {
  @Test("a changed one and a missing one are told at the start and by the doctor, until it is back")
  func told() async throws {
    let storage = try await TestStorage.open(District.assembly.migrations)
    let town = try await Town(on: "2022-07-20", storage: storage)
    #expect(try await DecidedPolicies.note(town.desk) == [])
    try await town.submit(FillList(from: 0, to: 50), from: .clock)
    try await report(in: town)
    let decided = try await town.rows("SELECT DISTINCT edition FROM restriction")
    #expect(decided.map { $0.text(0) } == ["cn-9@1"])
    #expect(try await DecidedPolicies.note(town.desk) == [])
    // Another content under the same version.
    let changed = try await again(storage, town, 2) { edition in
      guard edition.reference == "cn-9@1" else { return edition }
      let text = edition.text.replacing("transfer_hours: 8", with: "transfer_hours: 9")
      return try PolicyFiles.edition(
        text, file: "cn-9.yaml", sections: District.assembly.policySections)
    }
    let said = EditionFault(edition: "cn-9@1", isChanged: true)
    #expect(try await DecidedPolicies.note(changed.desk) == [said])
    #expect(try await finding(changed.desk)?.verdict == .bad)
    #expect(try await owed(town) == ["auditor@370203"])
    // Noted once more it is not taken for what decided.
    #expect(try await DecidedPolicies.note(changed.desk) == [said])
    #expect(try await owed(town).count == 1)
    // Words that decide nothing may be put right.
    let reworded = try await again(storage, town, 3) { edition in
      guard edition.reference == "cn-9@1" else { return edition }
      return try PolicyFiles.edition(
        "# put right\n" + edition.text, file: "cn-9.yaml",
        sections: District.assembly.policySections)
    }
    #expect(try await DecidedPolicies.note(reworded.desk) == [])
    #expect(try await finding(reworded.desk)?.verdict == .good)
    #expect(try await owed(town) == [])
    // Taken away, with a newer one in its place.
    let missing = try await again(storage, town, 4) { edition in
      guard edition.reference == "cn-9@1" else { return edition }
      return try PolicyFiles.edition(
        edition.text.replacing("\nversion: 1", with: "\nversion: 2"), file: "cn-9.yaml",
        sections: District.assembly.policySections)
    }
    #expect(
      try await DecidedPolicies.note(missing.desk)
        == [EditionFault(edition: "cn-9@1", isChanged: false)])
    #expect(try await finding(missing.desk)?.verdict == .bad)
    #expect(try await owed(town) == ["auditor@370203"])
    // Somebody who is restricted by it is asked after all the same, by the clause of that name.
    let before = try await steps(town)
    town.stall(.days(1))
    try await missing.pump.turn()
    #expect(try await steps(town) > before)
    #expect(try await missing.desk.violations()["I-11"]?.violations.isEmpty == false)
    #expect(try await DecidedPolicies.note(town.desk) == [])
    #expect(try await owed(town) == [])
  }

  /// The same district, started again with other policies.
  private func again(
    _ storage: any Storage, _ town: Town, _ seed: UInt64,
    _ change: (PolicyEdition) throws -> PolicyEdition
  ) async throws -> District {
    let rules = town.desk.rules
    return try await District(
      storage: storage,
      rules: Rulebook(
        policies: PolicyLibrary(try rules.policies.editions.map(change)),
        calendar: rules.calendar, zone: rules.zone, references: rules.references),
      secret: Town.secret, clock: Clock { town.now }, entropy: .seeded(seed))
  }

  private func finding(_ desk: Desk) async throws -> Finding? {
    try await DistrictExamination(desk).findings(deep: false).first {
      $0.code == "policies.decided"
    }
  }

  private func owed(_ town: Town) async throws -> [String] {
    try await town.rows(
      """
      SELECT seat FROM obligation WHERE kind = 'restrictions.editions' AND closed_at IS NULL
      """
    ).map { $0.text(0) }
  }

  private func steps(_ town: Town) async throws -> Int {
    try await town.rows("SELECT COUNT(*) FROM obligation WHERE kind = 'restrictions.health'")
      .first?.integer(0) ?? 0
  }

  private func report(in town: Town) async throws {
    _ = try await town.desk.submit(
      Envelope(
        id: CommandID(trusted: "index"), name: "cases.import",
        body: .object([
          "rows": .list([
            .object([
              "case": .text("index"), "person": .text("target-0"), "kind": .text("confirmed"),
              "district": .text("370203"), "source": .text("community_screening"),
              "reported_at": .text(town.now.text(in: .china)),
            ])
          ])
        ]), sender: .account(AccountID(trusted: "duty"))))
    try await town.pass(.minutes(1))
    let contact = try await town.submit(
      AddContact(
        infection: CaseID(trusted: "index"), person: PersonID(trusted: "target-49"), kind: .close,
        from: town.now - .hours(3), to: town.now - .hours(2)), as: "investigator"
    ).contact
    try await town.submit(ConfirmContacts(contacts: [contact]), as: "duty")
  }
}
