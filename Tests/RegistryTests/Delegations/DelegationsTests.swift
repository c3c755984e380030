import Kernel
import Testing
import Town

@testable import Registry

@Suite("Delegation") struct DelegationsTests {
  private let leader = AccountID(trusted: "leader")
  private let worker = AccountID(trusted: "worker")

  private func code(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch { return (error as? Refusal)?.code ?? "\(error)" }
  }

  private func delegate(
    _ town: Town, hours: Int = 8, role: String = "community_leader",
    place: PlaceID = Town.Spot.community.id, to: String = "worker", as giver: String = "leader"
  ) async throws -> DelegationID {
    try await town.submit(
      DelegateOffice(
        role: role, place: place, to: AccountID(trusted: to), until: town.now + .hours(hours),
        reason: "夜里休息"), as: giver)
  }

  @Test("a colleague acts by the office until it ends by itself; the holder keeps it")
  func runs() async throws {
    let town = try await Town()
    let list = ListObligations(place: Town.Spot.community.id)
    #expect(await code { _ = try await town.ask(list, as: "worker") } == "duty.outsideArea")
    _ = try await delegate(town)
    _ = try await town.ask(list, as: "worker")
    _ = try await town.ask(list, as: "leader")
    try await town.pass(.hours(8) - .milliseconds(1))
    _ = try await town.ask(list, as: "worker")
    // It ran out by itself: half an hour to hand over, as after a shift.
    try await town.pass(.minutes(30))
    _ = try await town.ask(list, as: "worker")
    try await town.pass(.milliseconds(1))
    #expect(await code { _ = try await town.ask(list, as: "worker") } == "shift.ended")
    try await town.pass(.days(30))
    #expect(await code { _ = try await town.ask(list, as: "worker") } == "duty.outsideArea")
    let facts = try await town.rows("SELECT payload FROM journal WHERE name = 'offices.delegated'")
    #expect(facts.count == 1 && !facts[0].text(0).contains("夜里休息"))
    #expect(try await town.violations().isEmpty)
  }

  @Test("both read it, and whoever supervises them; others do not")
  func seen() async throws {
    let town = try await Town()
    let one = try await delegate(town)
    for reader in ["leader", "worker"] {
      let found = try await town.ask(ListDelegations(account: nil), as: reader)
      #expect(found.map(\.delegation) == [one] && found[0].reason == "夜里休息")
    }
    let seen = try await town.ask(ListDelegations(account: leader), as: "street")
    #expect(seen.map(\.delegation) == [one])
    #expect(
      await code { _ = try await town.ask(ListDelegations(account: leader), as: "otherLeader") }
        == "duty.outsideArea")
  }

  @Test("approving, appointing and inviting stay with the holder")
  func kept() async throws {
    let town = try await Town()
    _ = try await delegate(
      town, role: "street_leader", place: Town.Spot.street.id, as: "street")
    let (given, kept) = try await town.read(as: "worker") { reading in
      (
        reading.authority.may("restrictions.issue", at: PlacePath("1.1.1")),
        [
          "restrictions.approve", "contacts.approve", "factors.approve", "zones.open",
          "offices.invite", "offices.shifts",
        ]
        .filter { reading.authority.may(Duty($0), at: PlacePath("1.1.1")) }
      )
    }
    #expect(given && kept.isEmpty)
  }

  @Test("nothing that was handed over is handed on, and nothing that one does not hold")
  func onward() async throws {
    let town = try await Town()
    _ = try await delegate(town)
    #expect(
      await code { _ = try await delegate(town, to: "otherWorker", as: "worker") }
        == "office.none")
    #expect(
      await code { _ = try await delegate(town, role: "investigator", as: "leader") }
        == "office.none")
    #expect(await code { _ = try await delegate(town, to: "leader") } == "delegation.self")
    #expect(await code { _ = try await delegate(town, to: "noone") } == "notFound")
    #expect(await code { _ = try await delegate(town) } == "delegation.held")
    #expect(
      await code { _ = try await delegate(town, hours: 24 * 15, to: "otherWorker") }
        == "delegation.span")
  }

  @Test("it ends when either ends it, when the office ends, and when the account is closed")
  func ended() async throws {
    let town = try await Town()
    let list = ListObligations(place: Town.Spot.community.id)
    let first = try await delegate(town)
    #expect(
      await code { try await town.submit(EndDelegation(delegation: first), as: "otherLeader") }
        == "duty.outsideArea")
    try await town.submit(EndDelegation(delegation: first), as: "worker")
    #expect(await code { _ = try await town.ask(list, as: "worker") } == "shift.ended")
    _ = try await delegate(town)
    _ = try await town.ask(list, as: "worker")
    try await town.submit(
      EndOffice(account: leader, role: "community_leader", place: Town.Spot.community.id),
      as: "admin")
    #expect(await code { _ = try await town.ask(list, as: "worker") } == "shift.ended")
  }

  /// The code with which late work of the worker in the community is refused; nil when it is taken.
  private func late(_ done: Instant, _ id: String, in town: Town) async -> String? {
    await code {
      _ = try await town.desk.submit(
        Envelope(
          id: CommandID(trusted: id), name: "sightings.report",
          body: .object([
            "place": .text(Town.Spot.community.rawValue), "kind": .text("ill"),
            "words": .text("咳嗽"),
          ]), sender: .account(worker), doneAt: done))
    }
  }

  @Test("what was done offline by it is taken after it ran out, and not after it was ended")
  func lateWork() async throws {
    let town = try await Town()
    _ = try await delegate(town)
    let during = town.now + .hours(7)
    try await town.pass(.hours(9))
    #expect(await late(during, "given-0001", in: town) == nil)
    #expect(await late(town.now, "given-0002", in: town) == "shift.ended")
    #expect(await late(during - .hours(8), "given-0003", in: town) == "shift.ended")
    try await town.pass(.hours(11))
    #expect(await late(during, "given-0004", in: town) == "shift.ended")
    let second = try await delegate(town)
    try await town.pass(.hours(1))
    try await town.submit(EndDelegation(delegation: second), as: "leader")
    let list = ListObligations(place: Town.Spot.community.id)
    #expect(await code { _ = try await town.ask(list, as: "worker") } == "shift.ended")
    #expect(await late(town.now - .minutes(30), "given-0005", in: town) == "shift.ended")
  }

  @Test("an office that is held by shifts is handed over with them")
  func byShift() async throws {
    let town = try await Town()
    let list = ListObligations(place: Town.Spot.community.id)
    let shift = try await town.submit(
      PlanShift(
        account: leader, role: "community_leader", place: Town.Spot.community.id,
        begins: town.now + .hours(1), ends: town.now + .hours(3)), as: "street")
    _ = try await delegate(town)
    let asked = {
      await code { _ = try await town.ask(list, as: "worker") }
    }
    #expect(await asked() == "shift.ended")
    let during = town.now + .hours(2)
    try await town.pass(.hours(2))
    #expect(await asked() == nil)
    try await town.pass(.hours(2))
    #expect(await asked() == "shift.ended")
    #expect(await late(during, "given-0006", in: town) == nil)
    #expect(await late(town.now - .minutes(5), "given-0007", in: town) == "shift.ended")
    let words = try await town.read(as: "worker") { reading in
      reading.authority.resting.map { $0.words().english }
    }
    #expect(words.contains { $0.hasPrefix("The shift of leader") })
    try await town.submit(ExtendShift(shift: shift, hours: 1), as: "street")
    #expect(await asked() == nil)
  }

  @Test("a role that asks for a second factor asks for it of the colleague, too")
  func factor() async throws {
    let town = try await Town()
    let door = Doorkeeper.registry(town.desk)
    let entry = try await door.redeem(
      door.issueLink(worker, .account(AccountID(trusted: "admin"))))
    _ = try await door.forSession(entry.secret)
    _ = try await delegate(
      town, role: "auditor", place: Town.Spot.district.id, as: "auditor")
    #expect(await code { _ = try await door.forSession(entry.secret) } == "factor.owed")
  }
}
