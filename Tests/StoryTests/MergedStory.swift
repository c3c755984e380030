import Containment
import Detection
import Fieldwork
import Gazette
import Registry
import Testing
import Town

@testable import Kernel

/// Opens the files of people who live behind doors, as a slice does that meets somebody unknown.
private struct OpenFiles: Command {
  static let name = "test.openFiles"
  static let duty: Duty = .clockOnly
  /// The homes by the identifiers of those who live there.
  let homes: [String: PlaceID]

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    for (id, home) in homes.sorted(by: { $0.key < $1.key }) {
      let place = try PlacesStore(work.transaction).get(home)
      _ = try work.person(PersonID(trusted: id), name: "钱某", at: place)
    }
    return Done()
  }
}

/// Two files turn out to be of one person in the middle of an outbreak: nothing that was asked of
/// the person under either may be lost from sight, and the mistake can be undone.
@Suite("Files merged and people moved in an outbreak") struct MergedStory {
  private let old = PersonID(trusted: "old")
  private let new = PersonID(trusted: "new")
  private let infection = CaseID(trusted: "c1")

  /// A case behind door 201 and a confirmed contact of their household, `old`; `new` lives elsewhere.
  private func town() async throws -> Town {
    let town = try await Town(on: "2022-07-29")
    try await town.submit(
      OpenFiles(homes: [
        "case": Town.Spot.door201.id, "old": Town.Spot.door201.id, "new": Town.Spot.otherDoor.id,
      ]), from: .clock)
    try await town.submit(
      RecordVisit(
        VisitRow(
          person: old, venue: VenueID(trusted: "茶馆"), from: town.now - .hours(20),
          to: town.now - .hours(19), source: .interview)))
    try await report("c1", of: PersonID(trusted: "case"), in: town)
    let proposed = try await town.ask(ContactsOfCase(infection: infection)).lines
    #expect(proposed.map(\.person) == [old])
    try await town.submit(ConfirmContacts(contacts: proposed.map(\.contact)), as: "investigator")
    try await town.pass(.hours(1))
    return town
  }

  private func report(_ infection: String, of person: PersonID, in town: Town) async throws {
    try await town.submit(
      ReportCase(
        CaseRow(
          infection: CaseID(trusted: infection), person: person, kind: "confirmed",
          district: Town.Spot.district.rawValue, reportedAt: town.now)))
    try await town.pass(.seconds(1))
  }

  private func own(_ person: PersonID, in town: Town) async throws -> [RestrictionView] {
    try await town.ask(OwnRestrictions(), for: .ownFile, from: .resident(person)).restrictions
  }

  /// The kinds on a worker's round, and under which identifier the person stands there.
  private func round(of account: String, in town: Town) async throws -> [String] {
    try await town.ask(RoundToday(), for: .fieldwork, as: account).buildings
      .flatMap(\.entrances).flatMap(\.floors).flatMap(\.doors).flatMap(\.items)
      .filter { $0.kind == "restrictions.transfer" }
      .map { "\($0.person?.text ?? "") \($0.name)" }
  }

  @Test("what stands under a merged identifier is found under the survivor, everywhere")
  func merged() async throws {
    let town = try await town()
    #expect(try await round(of: "worker", in: town) == ["old 钱＊"])
    try await town.submit(MergeResidents(survivor: new, merged: old), as: "leader")
    try await town.pass(.minutes(1))
    let view = try #require(try await own(new, in: town).first)
    #expect(view.state == .effective && view.person == new)
    #expect(
      try await town.ask(OwnCodeColour(), for: .ownFile, from: .resident(new)).colour == .red)
    for person in [old, new] {
      let colour = try await town.ask(CodeColourOfPerson(person: person), for: .containment)
      #expect(colour.colour == .red && colour.person == new)
      let all = try await town.ask(RestrictionsOfPerson(person: person), for: .containment)
      #expect(all.restrictions.map(\.restriction) == [view.restriction])
      let track = try await town.ask(TrajectoryOfPerson(person: person))
      #expect(track.stretches.map(\.venue.text) == ["茶馆"] && track.person == new)
    }
    #expect(try await town.ask(ContactsOfCase(infection: infection)).lines.map(\.person) == [new])
    let here = try await town.ask(ListContacts(place: Town.Spot.otherGrid.id, state: .confirmed))
    #expect(here.lines.map(\.person) == [new])
    // The survivor's home is where the person is visited.
    #expect(try await round(of: "worker", in: town) == [])
    #expect(try await round(of: "otherWorker", in: town) == ["new 钱＊"])
    // The person objects with the survivor's slip.
    let raised = try await town.submit(
      RaiseObjection(restriction: view.restriction, ground: "x"), from: .resident(new))
    #expect(raised.due > town.now)
    #expect(try await town.violations() == [:])
  }

  @Test("undoing a merge leaves each file with what it had")
  func undone() async throws {
    let town = try await town()
    let before = try await own(old, in: town).map(\.restriction)
    try await town.submit(MergeResidents(survivor: new, merged: old), as: "leader")
    try await town.pass(.minutes(1))
    try await town.submit(UnmergeResidents(merged: old), as: "leader")
    try await town.pass(.minutes(1))
    #expect(try await own(new, in: town).isEmpty)
    let after = try await own(old, in: town)
    #expect(after.map(\.restriction) == before && after.map(\.state) == [.effective])
    #expect(
      try await town.ask(CodeColourOfPerson(person: new), for: .containment).colour == .green)
    #expect(try await round(of: "worker", in: town) == ["old 钱＊"])
    #expect(try await round(of: "otherWorker", in: town) == [])
    let lines = try await town.ask(ContactsOfCase(infection: infection)).lines
    #expect(lines.map { "\($0.person) \($0.state.rawValue)" } == ["old confirmed"])
    #expect(try await town.violations() == [:])
  }

  @Test("a person who is a contact under both files is one, until the files are parted again")
  func both() async throws {
    let town = try await town()
    try await report("c2", of: PersonID(trusted: "case-2"), in: town)
    let second = try await town.submit(
      AddContact(
        infection: CaseID(trusted: "c2"), person: new, kind: .close, from: town.now - .hours(3),
        to: town.now - .hours(2)), as: "investigator"
    ).contact
    try await town.submit(ConfirmContacts(contacts: [second]), as: "duty")
    let apart = try await ends(of: [old, new], in: town)
    #expect(apart.count == 2)
    try await town.submit(MergeResidents(survivor: new, merged: old), as: "leader")
    try await town.pass(.minutes(2))
    let confirmed = try await town.ask(
      ListContacts(place: Town.Spot.district.id, state: .confirmed))
    #expect(confirmed.lines.map(\.person) == [new])
    let links = try await town.ask(ContactCard(contact: confirmed.lines[0].contact)).links
    #expect(Set(links.map(\.infection.text)) == ["c1", "c2"])
    #expect(try await ends(of: [new], in: town) == [try #require(apart.max())])
    #expect(try await town.violations() == [:])
    try await town.submit(UnmergeResidents(merged: old), as: "leader")
    try await town.pass(.minutes(2))
    #expect(try await ends(of: [old, new], in: town) == apart)
    for (infection, person) in [("c1", old), ("c2", new)] {
      let lines = try await town.ask(
        ContactsOfCase(infection: CaseID(trusted: infection))
      ).lines
      #expect(lines.map { "\($0.person) \($0.state.rawValue)" } == ["\(person) confirmed"])
    }
    #expect(try await town.violations() == [:])
  }

  @Test("a contact who turns out to be the case's other file is no contact while they are one")
  func contactIsCase() async throws {
    let town = try await town()
    let `case` = PersonID(trusted: "case")
    try await town.submit(MergeResidents(survivor: `case`, merged: old), as: "leader")
    try await town.pass(.minutes(1))
    let held = try await own(`case`, in: town).filter { $0.state == .effective }
    #expect(held.map(\.clause) == ["case"])
    #expect(try await town.ask(ContactsOfCase(infection: infection)).lines.isEmpty)
    #expect(try await town.violations() == [:])
    try await town.submit(UnmergeResidents(merged: old), as: "leader")
    try await town.pass(.minutes(1))
    let lines = try await town.ask(ContactsOfCase(infection: infection)).lines
    #expect(lines.map { "\($0.person) \($0.state.rawValue)" } == ["old confirmed"])
    #expect(try await own(old, in: town).contains { $0.state == .effective })
    #expect(try await town.violations() == [:])
  }

  /// When what holds for people ends, person by person.
  private func ends(of people: [PersonID], in town: Town) async throws -> [Instant] {
    var ends: [Instant] = []
    for person in people {
      ends += try await own(person, in: town).filter { $0.state == .effective }.map(\.end)
    }
    return ends
  }

  @Test("a person with two files is infected once, and their case shows the survivor")
  func oneInfection() async throws {
    let town = try await town()
    try await town.submit(
      MergeResidents(survivor: new, merged: PersonID(trusted: "case")), as: "leader")
    let refusal = await #expect(throws: Refusal.self) {
      try await report("c9", of: new, in: town)
    }
    #expect(refusal?.code == "case.personHasCase")
    let page = try await town.ask(ShowCase(infection: infection), for: .investigation)
    #expect(page.entry.person == new && page.name == "钱某")
    let again = try await town.submit(
      ComputeContacts(infection: infection), as: "investigator")
    #expect(again.withdrawn == 0)
    #expect(try await town.violations() == [:])
  }

  @Test("whoever moves is visited where they live now, by the worker there and nobody else")
  func moved() async throws {
    let town = try await town()
    let transfer = try await town.rows(
      "SELECT id FROM obligation WHERE kind = 'restrictions.transfer'")
    let claimed: ObligationID = try #require(transfer.first).id(0)
    try await town.submit(ClaimObligation(obligation: claimed), as: "worker")
    try await town.submit(MoveResident(person: old, to: Town.Spot.otherDoor.id), as: "leader")
    #expect(try await round(of: "worker", in: town) == [])
    #expect(try await round(of: "otherWorker", in: town) == ["old 钱＊"])
    let owed = try await town.rows(
      """
      SELECT DISTINCT seat, claimed_by, path
      FROM obligation
      WHERE person = 'old' AND closed_at IS NULL AND kind LIKE 'restrictions.%'
      """)
    #expect(owed.map { $0.text(0) } == ["grid_worker@town-grid-2"])
    #expect(owed.map { $0.optionalText(1) } == [nil])
    let held = try await town.ask(
      ListRestrictions(place: Town.Spot.otherGrid.id), for: .containment, as: "otherWorker")
    #expect(held.restrictions.map(\.place) == [Town.Spot.otherDoor.id])
    await #expect(throws: Refusal.self) {
      try await town.submit(FinishObligation(obligation: claimed, proof: nil), as: "worker")
    }
    try await town.submit(FinishObligation(obligation: claimed, proof: nil), as: "otherWorker")
    let facts = try await town.rows(
      """
      SELECT name, COUNT(*)
      FROM journal
      WHERE name IN ('obligations.moved', 'restrictions.relocated')
      GROUP BY name ORDER BY name
      """)
    #expect(facts.map { $0.text(0) } == ["obligations.moved", "restrictions.relocated"])
    #expect(facts[1].integer(1) == 1)
    // The case itself is investigated where it was reported.
    let rest = try await town.rows(
      """
      SELECT DISTINCT seat FROM obligation
      WHERE kind = 'cases.investigate' OR kind LIKE 'tracing.%'
      """)
    #expect(rest.map { $0.text(0) } == ["investigator@370203"])
    try await town.pass(.minutes(1))
    #expect(try await town.violations() == [:])
  }

  @Test("what is late when the person moves is told to the ladder of the new place")
  func movedLate() async throws {
    let town = try await town()
    try await town.pass(.minutes(7 * 60 + 10))
    #expect(try await told(town) == ["community_leader@370203030001"])
    try await town.submit(MoveResident(person: old, to: Town.Spot.otherCommunity.id))
    try await town.pass(.seconds(30))
    #expect(try await told(town) == ["community_leader@370203030002"])
    let rungs = try await town.rows(
      """
      SELECT escalation.seat
      FROM escalation
      JOIN obligation ON obligation.id = escalation.obligation
      WHERE obligation.kind = 'restrictions.transfer'
      """)
    #expect(rungs.map { $0.text(0) } == ["community_leader@370203030002"])
    #expect(try await town.violations() == [:])
  }

  private func told(_ town: Town) async throws -> [String?] {
    try await town.rows(
      "SELECT escalated_to FROM obligation WHERE kind = 'restrictions.transfer'"
    ).map { $0.optionalText(0) }
  }
}
