import Kernel
import Testing
import Town

@testable import Registry

@Suite("Invitations by slip") struct InvitationsTests {
  private let password = Redacted("七里香 correct horse")

  private func code(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch { return (error as? Refusal)?.code ?? "\(error)" }
  }

  private func sender(_ name: String) -> Sender { .account(AccountID(trusted: name)) }

  private func order(
    _ account: String = "newcomer", role: String = "grid_worker",
    place: String = Town.Spot.grid.rawValue, until: Instant? = nil
  ) -> InvitationDoor.Order {
    InvitationDoor.Order(
      account: account, title: "新同事", role: role, place: place, until: until)
  }

  @Test("a slip opens one account with its office and a password, once")
  func accepted() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let (secret, slip) = try await door.invitation.issue(order(), sender("leader"))
    #expect(slip.role.english == "Grid worker" && slip.place.chinese.hasSuffix("第一网格"))
    #expect(slip.inviter == "leader" && slip.until == town.now + .hours(72) && !slip.needsFactor)
    #expect(
      await code { _ = try await door.invitation.accept(secret, Redacted("short"), nil) }
        == "password.short")
    let entry = try await door.invitation.accept(secret, password, nil)
    #expect(try await door.forSession(entry.secret) == sender("newcomer"))
    _ = try await town.ask(ListObligations(place: Town.Spot.grid.id), as: "newcomer")
    #expect(
      await code {
        _ = try await town.ask(ListObligations(place: Town.Spot.otherGrid.id), as: "newcomer")
      } == "duty.outsideArea")
    _ = try await door.signIn("newcomer", password)
    #expect(
      await code { _ = try await door.invitation.accept(secret, password, nil) }
        == "invitation.spent")
    let listed = try await town.ask(ListInvitations(place: Town.Spot.grid.id), as: "leader")
    #expect(listed.count == 1 && listed[0].acceptedAt == town.now)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a lost slip is withdrawn, an old one has expired, and neither says which")
  func void() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let (lost, _) = try await door.invitation.issue(order("lost"), sender("leader"))
    let listed = try await town.ask(ListInvitations(place: Town.Spot.grid.id), as: "leader")
    let withdraw = WithdrawInvitation(invitation: listed[0].invitation)
    #expect(await code { try await town.submit(withdraw, as: "otherLeader") } == "duty.outsideArea")
    try await town.submit(withdraw, as: "street")
    #expect(await code { _ = try await door.invitation.show(lost) } == "invitation.spent")
    #expect(
      await code { _ = try await door.invitation.accept(lost, password, nil) }
        == "invitation.spent")
    let (old, _) = try await door.invitation.issue(order("old"), sender("leader"))
    try await town.pass(.hours(72) - .milliseconds(1))
    _ = try await door.invitation.show(old)
    try await town.pass(.milliseconds(1))
    #expect(await code { _ = try await door.invitation.show(old) } == "invitation.spent")
    #expect(
      await code { _ = try await door.invitation.show(Redacted("guessed")) }
        == "invitation.spent")
  }

  @Test(
    "nobody gives more than they hold, nor outside their area",
    arguments: [
      ("leader", "grid_worker", Town.Spot.otherGrid, nil as String?),
      ("leader", "grid_worker", .otherBuilding, "office.level"),
      ("leader", "street_leader", .street, "duty.outsideArea"),
      ("leader", "investigator", .community, "office.level"),
      ("otherLeader", "grid_worker", .grid, "duty.outsideArea"),
      ("street", "community_leader", .community, nil),
      ("street", "sampler", .street, "invitation.more"),
      ("street", "investigator", .street, "office.level"),
      ("worker", "grid_worker", .grid, "duty.notHeld"),
      ("duty", "grid_worker", .grid, "duty.notHeld"),
      ("admin", "investigator", .district, nil),
    ] as [(String, String, Town.Spot, String?)])
  func limits(inviter: String, role: String, spot: Town.Spot, expected: String?) async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let found = await code {
      _ = try await door.invitation.issue(
        order(role: role, place: spot.rawValue), sender(inviter))
    }
    #expect(found == expected)
  }

  @Test("a second person of another organisation is not of the inviter's own making")
  func secondPerson() throws {
    let role = try Self.role("approver", duties: ["zones.read", "restrictions.approve"])
    let policy = try Self.policy()
    let holder = HeldOffice(
      role: "street_leader", place: Town.Spot.street.id, path: PlacePath("1.1.1"),
      duties: ["zones.read", "restrictions.approve", "offices.invite"])
    let inviter = Authority(sender: sender("street"), offices: [holder])
    let check = { (organisations: Set<String>) -> String? in
      do {
        try InvitationsRules.check(
          role, at: PlacePath("1.1.1.1"), by: inviter, organisations: organisations,
          policy: policy)
        return nil
      } catch { return (error as? Refusal)?.code }
    }
    #expect(check(["street"]) == "invitation.secondPerson")
    #expect(check(["street", "clinic"]) == nil)
  }

  @Test("what a colleague handed over for days is not given for good")
  func delegated() async throws {
    let town = try await Town()
    try await town.submit(
      DelegateOffice(
        role: "street_leader", place: Town.Spot.street.id, to: AccountID(trusted: "leader"),
        until: town.now + .days(2), reason: "出差"), as: "street")
    let givers = try await town.read(as: "leader") { reading in
      (reading.authority.offices.map(\.giver), reading.authority.own.offices.map(\.role))
    }
    #expect(givers.0 == [nil, AccountID(trusted: "street")] && givers.1 == ["community_leader"])
    let role = try Self.role("approver", duties: ["zones.read", "zones.release"])
    let own = HeldOffice(
      role: "community_leader", place: Town.Spot.community.id, path: PlacePath("1.1.1.1"),
      duties: ["zones.read", "offices.invite"])
    let check = { (giver: AccountID?) throws in
      let street = HeldOffice(
        role: "street_leader", place: Town.Spot.street.id, path: PlacePath("1.1.1"),
        duties: ["zones.read", "zones.release"], giver: giver)
      try InvitationsRules.check(
        role, at: PlacePath("1.1.1.1"),
        by: Authority(sender: sender("leader"), offices: [own, street]),
        organisations: ["community"], policy: try Self.policy())
    }
    #expect(await code { try check(AccountID(trusted: "street")) } == "invitation.more")
    #expect(await code { try check(nil) } == nil)
  }

  private static func role(_ title: String, duties: [String]) throws -> OfficesPolicy.Role {
    try Fields.object([
      "title": .object(["zh": .text(title), "en": .text(title)]), "level": .text("community"),
      "organisation": .text("clinic"), "duties": .list(duties.map(Fields.text)),
    ]).decoded(OfficesPolicy.Role.self)
  }

  private static func policy() throws -> InvitationsPolicy {
    try Fields.object([
      "hours": .integer(72), "most_open": .integer(50),
      "second_person_duties": .list([.text("restrictions.approve")]),
    ]).decoded(InvitationsPolicy.self)
  }

  @Test("what the inviter may not give any more, the slip does not give either")
  func inviterGone() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let (secret, _) = try await door.invitation.issue(order(), sender("leader"))
    try await town.pass(.hours(1))
    try await town.submit(
      EndOffice(
        account: AccountID(trusted: "leader"), role: "community_leader",
        place: Town.Spot.community.id), as: "admin")
    #expect(
      await code { _ = try await door.invitation.accept(secret, password, nil) } != nil)
    #expect(try await town.rows("SELECT id FROM account WHERE id = 'newcomer'").isEmpty)
  }

  @Test("names are promised to one slip at a time, and are such as can be typed")
  func names() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let issue = { (name: String) in
      await code { _ = try await door.invitation.issue(order(name), sender("leader")) }
    }
    #expect(await issue("newcomer") == nil)
    #expect(await issue("newcomer") == "account.taken")
    #expect(await issue("worker") == "account.taken")
    for name in ["新同事", "Big", "a", "two words", String(repeating: "a", count: 25)] {
      #expect(await issue(name) == "invitation.account")
    }
  }

  @Test("what would be refused with the slip in hand is refused when it is made")
  func early() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    for name in ["clock", "nobody"] {
      #expect(
        await code { _ = try await door.invitation.issue(order(name), sender("leader")) }
          == "account.reserved")
    }
    let long = InvitationDoor.Order(
      account: "newcomer", title: String(repeating: "长", count: 61), role: "grid_worker",
      place: Town.Spot.grid.rawValue, until: nil)
    #expect(
      await code { _ = try await door.invitation.issue(long, sender("leader")) }
        == "account.titleLong")
  }

  @Test("while the inviter is off shift, the slip says so and opens again with the next one")
  func inviterRests() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let (secret, _) = try await door.invitation.issue(order(), sender("leader"))
    try await town.submit(
      PlanShift(
        account: AccountID(trusted: "leader"), role: "community_leader",
        place: Town.Spot.community.id, begins: town.now + .hours(2),
        ends: town.now + .hours(4)), as: "street")
    #expect(
      await code { _ = try await door.invitation.accept(secret, password, nil) }
        == "invitation.rests")
    try await town.pass(.hours(2))
    _ = try await door.invitation.accept(secret, password, nil)
    let (other, _) = try await door.invitation.issue(order("other"), sender("leader"))
    try await town.submit(
      EndOffice(
        account: AccountID(trusted: "leader"), role: "community_leader",
        place: Town.Spot.community.id), as: "admin")
    #expect(
      await code { _ = try await door.invitation.accept(other, password, nil) }
        == "invitation.spent")
  }

  @Test("a role that asks for a second factor says so, and owes it after the password")
  func factor() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let (secret, slip) = try await door.invitation.issue(
      order(role: "auditor", place: Town.Spot.district.rawValue), sender("admin"))
    #expect(slip.needsFactor)
    let entry = try await door.invitation.accept(secret, password, nil)
    #expect(await code { _ = try await door.forSession(entry.secret) } == "factor.owed")
  }

  @Test("an office with an end ends, and no secret is kept")
  func officeEnd() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let (secret, _) = try await door.invitation.issue(
      order(until: town.now + .days(2)), sender("leader"))
    _ = try await door.invitation.accept(secret, password, nil)
    let list = ListObligations(place: Town.Spot.grid.id)
    _ = try await town.ask(list, as: "newcomer")
    let kept =
      try await town.rows("SELECT name, payload, subject FROM journal")
      + town.rows("SELECT name, answer, fingerprint FROM receipt")
      + town.rows("SELECT id, fingerprint, account FROM invitation")
    let text = kept.flatMap(\.values).map { "\($0)" }.joined(separator: "\n")
    #expect(!text.contains(secret.revealed) && !text.contains(password.revealed))
    try await town.pass(.days(2))
    #expect(await code { _ = try await town.ask(list, as: "newcomer") } == "duty.notHeld")
  }
}
