import Containment
import Gazette
import Registry
import Testing
import Town

@testable import Kernel

/// Somebody who wants a building sealed tells of a case in it, one more than an account may.
@Suite("A case that waits for a second person seals no building") struct HeldZoneStory {
  private let investigator = AccountID(trusted: "investigator")
  private let neighbour = PersonID(trusted: "target-45")

  @Test(
    "it proposes nothing, nobody opens anything on it, and declined it never did",
    arguments: [true, false])
  func proposes(approved: Bool) async throws {
    let town = try await exhausted()
    try await report("false", of: PersonID(trusted: "target-50"), in: town)
    for _ in 0..<2 { try await town.pass(.minutes(1)) }
    #expect(try await zones(.proposed, town).isEmpty)
    for account in ["investigator", "leader"] {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.submit(propose("false"), as: account)
      }
      #expect(refusal?.code == "zone.evidenceWaits")
    }
    try await town.pass(.minutes(10))
    try await town.decideHeld(of: investigator, approved)
    for _ in 0..<3 { try await town.pass(.seconds(30)) }
    // As if it were told now: the entrance is proposed, to be looked at by the street.
    let proposed = try await zones(.proposed, town)
    #expect(proposed.map(\.infection.text) == (approved ? ["false"] : []))
    if !approved {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.submit(propose("false"), as: "leader")
      }
      #expect(refusal?.code == "zone.evidenceDeclined")
    }
    #expect(try await town.violations() == [:])
  }

  @Test(
    "it lengthens nobody's time in a zone before another organisation agrees, and then by its own date",
    arguments: [true, false])
  func lengthens(approved: Bool) async throws {
    let town = try await exhausted()
    let zone = try await seal(in: town)
    let before = try #require(try await end(of: neighbour, town))
    try await town.pass(.days(2))
    for number in 20..<40 {
      try await report("F-\(number)", of: PersonID(trusted: "target-\(number + 40)"), in: town)
    }
    let told = town.now
    try await report("later", of: PersonID(trusted: "target-50"), in: town)
    for _ in 0..<3 { try await town.pass(.seconds(30)) }
    #expect(try await end(of: neighbour, town) == before)
    #expect(try await infections(zone, town) == ["index"])
    try await town.pass(.days(1))
    #expect(try await end(of: neighbour, town) == before)
    try await town.decideHeld(of: investigator, approved)
    for _ in 0..<3 { try await town.pass(.seconds(30)) }
    let after = try #require(try await end(of: neighbour, town))
    // Two days, for it was told two days after the opening; not three, though it was agreed then.
    #expect(after - before == (approved ? .days(2) : .zero))
    #expect(try await infections(zone, town) == (approved ? ["index", "later"] : ["index"]))
    let counted = try await zones(.standing, town).first?.day
    #expect(counted == (approved ? 1 : 3))
    #expect(told < town.now)
    #expect(try await town.violations() == [:])
  }

  @Test("a zone that was opened on such a case ends, and its people are free")
  func ends() async throws {
    let town = try await exhausted(0)
    let zone = try await seal(in: town)
    #expect(try await end(of: neighbour, town) != nil)
    // As a version left it that let a case in doubt ground a zone.
    _ = try await town.desk.storage.write { transaction in
      try transaction.execute(
        """
        INSERT INTO restriction_held (kind, reference, person, infection, path, clause, account,
          organisations, at)
        SELECT kind, reference, person, infection, path, 'case', 'investigator', 'cdc', 1
        FROM evidence WHERE kind = 'case' AND reference = 'index'
        """)
    }
    #expect(try await town.violations().keys.contains("I-11"))
    try await town.pass(.minutes(2))
    let ended = try await zones(.ended, town).first
    #expect(ended?.zone == zone && ended?.end == .evidenceWithdrawn)
    #expect(try await end(of: neighbour, town) == nil)
    let history = try await town.ask(ShowZone(zone: zone), as: "street").history
    #expect(history.contains { $0.kind == .infectionDoubted && $0.about == "index" })
  }

  @Test(
    "a case that was believed goes on holding its zone while more of it waits, and declined too")
  func converted() async throws {
    let town = try await exhausted(0)
    let zone = try await seal("asymptomatic", in: town)
    for number in 0..<20 {
      try await report("F-\(number)", of: PersonID(trusted: "target-\(number)"), in: town)
    }
    _ = try await town.desk.submit(
      Envelope(
        id: CommandID(trusted: "convert"), name: "cases.convert",
        body: .object([
          "case": .text("index"), "at": .text(town.now.text(in: .china)),
        ]), sender: .account(investigator)))
    for _ in 0..<3 { try await town.pass(.minutes(4)) }
    #expect(try await zones(.standing, town).map(\.zone) == [zone])
    let held = try await town.ask(HeldRestrictions(account: investigator), for: .containment)
    if held.people == 1 { try await town.decideHeld(of: investigator, false) }
    for _ in 0..<3 { try await town.pass(.minutes(1)) }
    #expect(try await zones(.standing, town).map(\.zone) == [zone])
    #expect(try await town.violations() == [:])
  }

  /// A town with a district full of people, whose investigator has told of some cases elsewhere.
  private func exhausted(_ cases: Int = 20) async throws -> Town {
    let town = try await Town(on: "2022-07-20")
    try await town.submit(
      FillList(from: 0, to: 40, at: Town.Spot.otherCommunity.id), from: .clock)
    try await town.submit(FillList(from: 40, to: 56), from: .clock)
    try await town.submit(
      FillList(from: 56, to: 100, at: Town.Spot.otherCommunity.id), from: .clock)
    for number in 0..<cases {
      try await report("F-\(number)", of: PersonID(trusted: "target-\(number)"), in: town)
    }
    return town
  }

  /// A real case of the entrance, told by another account, and the zone that it proposes.
  private func seal(_ kind: String = "confirmed", in town: Town) async throws -> ZoneID {
    try await report(
      "index", of: PersonID(trusted: "target-46"), kind, in: town, as: "duty")
    let zone = try #require(
      try await zones(.proposed, town).first { $0.infection.text == "index" }?.zone)
    try await town.submit(OpenZone(zone: zone), as: "street")
    for _ in 0..<3 { try await town.pass(.seconds(30)) }
    return zone
  }

  private func propose(_ infection: String) -> ProposeZone {
    ProposeZone(
      places: [Town.Spot.entrance.id], level: .high, infection: CaseID(trusted: infection))
  }

  private func zones(_ state: ZoneState, _ town: Town) async throws -> [ZoneView] {
    try await town.ask(ListZones(state: state), for: .supervision).zones.filter {
      $0.place == Town.Spot.entrance.id
    }
  }

  private func infections(_ zone: ZoneID, _ town: Town) async throws -> [String] {
    try await town.ask(ShowZone(zone: zone), as: "street").infections.map(\.infection.text).sorted()
  }

  private func end(of person: PersonID, _ town: Town) async throws -> Instant? {
    try await town.ask(OwnRestrictions(), for: .ownFile, from: .resident(person)).restrictions
      .first { $0.state == .effective }?.end
  }

  private func report(
    _ infection: String, of person: PersonID, _ kind: String = "confirmed", in town: Town,
    as account: String = "investigator"
  ) async throws {
    let row = Fields.object([
      "case": .text(infection), "person": .text(person.text), "kind": .text(kind),
      "district": .text("370203"), "source": .text("community_screening"),
      "reported_at": .text(town.now.text(in: .china)),
    ])
    let envelope = Envelope(
      id: CommandID(trusted: "report-\(infection)"), name: "cases.import",
      body: .object(["rows": .list([row])]), sender: .account(AccountID(trusted: account)))
    _ = try await town.desk.submit(envelope)
  }
}
