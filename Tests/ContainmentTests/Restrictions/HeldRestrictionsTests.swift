import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("What waits because one account has caused too much") struct HeldRestrictionsTests {
  private static let leader = AccountID(trusted: "leader")

  @Test("is counted and decided whole, however many wait, with a sample from all of them")
  func whole() async throws {
    let town = try await Town.withZhao()
    try await hold(5_001, in: town)
    let preview = try await town.ask(HeldRestrictions(account: Self.leader), for: .containment)
    #expect(preview.people == 5_001 && preview.clauses.map(\.people) == [5_001])
    #expect(preview.sample.count == 10)
    #expect(preview.sample.first?.person.text == "p-10000")
    #expect((preview.sample.last?.person.text ?? "") > "p-14000")
    #expect(
      preview.areas.map(\.people) == [5_001]
        && preview.areas.map(\.place) == [Town.Spot.community.id])
    #expect(preview.sample.allSatisfy { !$0.address.isEmpty })
    #expect(preview.first == town.now && preview.last == town.now)
    #expect(preview.approvableFrom == town.now + .minutes(10))
    // High-risk residents: seven days, the last one whole.
    let end = try #require(preview.clauses.first?.latestEnd)
    #expect(end > town.now + .days(6) && end <= town.now + .days(8))
    let seen = ApproveHeld(account: Self.leader, approved: false, expected: 5_000)
    #expect(await town.refused(seen, as: "duty") == "restriction.heldChanged")
    let decline = ApproveHeld(account: Self.leader, approved: false, expected: 5_001)
    #expect(try await town.submit(decline, as: "duty").people == 5_001)
    #expect(try await undecided(town) == 0)
    #expect(await town.refused(decline, as: "duty") == "notFound")
  }

  @Test("is decided by nobody who does not hold the duty wherever one of them lives")
  func elsewhere() async throws {
    let town = try await Town.withZhao()
    try await hold(3, in: town)
    try await town.change(
      "UPDATE restriction_held SET path = '1.1.2' WHERE person = 'p-10002'")
    let decline = ApproveHeld(account: Self.leader, approved: false, expected: 3)
    #expect(await town.refused(decline, as: "street") == "duty.outsideArea")
    #expect(await town.refused(decline, as: "duty") == nil)
  }

  @Test("is found by whoever may decide it, and by nobody else")
  func found() async throws {
    let town = try await Town.withZhao()
    let none = try await town.ask(ListHeldRestrictions(place: nil), for: .containment)
    #expect(none.held.isEmpty)
    try await hold(3, in: town)
    try await town.change("UPDATE evidence SET withdrawn_at = 1 WHERE person = 'p-10002'")
    let all = try await town.ask(ListHeldRestrictions(place: nil), for: .containment)
    #expect(all.held.map(\.account) == [Self.leader] && all.held.map(\.people) == [2])
    func held(_ place: Town.Spot, as account: String) async throws -> [Int] {
      try await town.ask(
        ListHeldRestrictions(place: place.id), for: .containment, as: account
      ).held.map(\.people)
    }
    #expect(try await held(.street, as: "street") == [2])
    #expect(try await held(.otherCommunity, as: "street") == [])
    await #expect(throws: Refusal.self) { try await held(.street, as: "worker") }
    await #expect(throws: Refusal.self) { try await held(.district, as: "street") }
    func own() async throws -> [Int] {
      try await town.ask(
        ListHeldRestrictions(place: nil), for: .containment, as: "street"
      ).held.map(\.people)
    }
    #expect(try await own() == [2])
    try await town.change("UPDATE restriction_held SET path = '1.2' WHERE person = 'p-10001'")
    #expect(try await own() == [])
    // Nothing is left to restrict, and the batch can be closed all the same.
    try await town.change("UPDATE evidence SET withdrawn_at = 1")
    let left = try await town.ask(ListHeldRestrictions(place: nil), for: .containment)
    #expect(left.held.map(\.people) == [0])
  }

  @Test("nothing is held of what an account may cause, by whatever clauses, and no more")
  func byWhateverClause() async throws {
    let town = try await Town.withZhao()
    for number in 0..<12 { try await town.cause("a-\(number)", under: "zone_home", as: "street") }
    for number in 0..<12 { try await town.cause("b-\(number)", under: "zone_high", as: "street") }
    #expect(try await town.restricted() == 20)
    #expect(try await undecided(town) == 4)
  }

  @Test("colleagues do not share a list out: all accounts together cause no more under a clause")
  func byColleagues() async throws {
    let town = try await Town.withZhao()
    try await town.share(16)
    #expect(try await town.restricted() == 60)
    #expect(try await undecided(town) == 4)
    // A day later it is a day's again.
    for _ in 0..<25 { try await town.pass(.hours(1)) }
    try await town.cause("c", under: "zone_home", as: "investigator")
    let caused = try await town.rows("SELECT COUNT(*) FROM restriction_cause")
    #expect(caused.first?.integer(0) == 61)
  }

  @Test("where many live, all accounts together may cause one of a thousand")
  func ofAThousand() async throws {
    let town = try await Town.withZhao()
    try await town.crowd(62_000)
    try await town.share(16)
    #expect(try await town.restricted() == 62)
  }

  private func undecided(_ town: Town) async throws -> Int {
    try await town.rows("SELECT COUNT(*) FROM restriction_held WHERE decided_at IS NULL")
      .first?.integer(0) ?? 0
  }

  private func hold(_ count: Int, in town: Town) async throws {
    let (now, door) = (town.now, Town.Spot.door101)
    let path = PlacePath("1.1.1.1.1.1.1.1.1")
    try await town.desk.storage.write { transaction in
      let evidence = EvidenceStore(transaction)
      let limits = RestrictionLimitsStore(transaction)
      for number in 0..<count {
        let noted = NotedEvidence(
          evidence: Evidence(kind: .zoneResidence, reference: "z"),
          person: PersonID(trusted: "p-\(10_000 + number)"), infection: nil, place: door.id,
          path: path, countedFrom: now)
        try evidence.note(noted, at: now)
        try limits.hold(
          noted, under: "zone_home", by: Self.leader, organisations: "community", at: now)
      }
    }
  }
}

/// Causes that a rule restricts somebody, as an office does that tells a fact.
private struct Cause: Command {
  static let name = "test.cause"
  static let duty: Duty = "restrictions.read"
  let person: PersonID
  let clause: String

  func area(in work: Work) -> Area { .place(Town.Spot.community.id) }

  func perform(in work: Work) throws -> Done {
    let (policy, edition) = try work.requireRestrictionsInForce()
    let door = try PlacesStore(work.transaction).get(Town.Spot.door101.id)
    let noted = NotedEvidence(
      evidence: Evidence(kind: .zoneResidence, reference: "z"), person: person, infection: nil,
      place: door.id, path: door.path, countedFrom: work.now)
    try work.restrictByRule(noted, under: policy.requireClause(clause), of: edition, policy)
    return Done()
  }
}

extension Town {
  fileprivate func cause(_ person: String, under clause: String, as account: String) async throws {
    try await submit(Cause(person: PersonID(trusted: person), clause: clause), as: account)
  }

  /// A list that four accounts share out.
  fileprivate func share(_ each: Int) async throws {
    for account in ["street", "duty", "investigator", "leader"] {
      for number in 0..<each {
        try await cause("\(account)-\(number)", under: "zone_home", as: account)
      }
    }
  }

  fileprivate func restricted() async throws -> Int {
    try await rows("SELECT COUNT(*) FROM restriction").first?.integer(0) ?? 0
  }

  /// So many people in the register, of whom nothing else is known.
  fileprivate func crowd(_ count: Int) async throws {
    try await change(
      """
      INSERT INTO person (id, home, path, home_since, tags, incomplete, opened_at, retention,
        keep_until)
      SELECT 'crowd-' || n, 'town-door-101', '1.1.1.1.1.1.1.1.1', 0, '', 0, 0, 'resident', ''
      FROM (WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(count))
        SELECT n FROM numbers) AS all_numbers
      """)
  }
}
