import Engines
import Kernel
import Registry
import Testing
import Town

@testable import Headquarters

@Suite("The audit") struct AuditTests {
  private let person = PersonID(trusted: "p1")

  /// A town in which the leader enrolled somebody, and the street and the leader looked.
  private func settled() async throws -> Town {
    let town = try await Town()
    try await town.submit(
      EnrolResident(
        person: person, home: Town.Spot.door101.id, form: PersonForm(name: "测试甲")), as: "leader")
    for (reader, purpose) in [("street", Purpose.registry), ("leader", .containment)] {
      try await town.pass(.minutes(10))
      let person = person
      try await town.read(for: purpose, as: reader) { $0.disclose(person) }
    }
    return town
  }

  private func audit(_ town: Town, _ query: ListReadings) async throws -> [String] {
    try await town.ask(query, for: .audit, as: "auditor").readings.map(\.sender)
  }

  @Test("who looked at a person, by purpose, account, office and day, the youngest first")
  func filters() async throws {
    let town = try await settled()
    let day = Day(of: town.now, in: .china)
    #expect(
      try await audit(town, ListReadings(person: person)).prefix(2) == ["leader", "street"])
    #expect(try await audit(town, ListReadings(person: person, reason: .registry)) == ["street"])
    #expect(
      try await audit(town, ListReadings(person: person, account: AccountID(trusted: "leader")))
        == ["leader"])
    #expect(
      try await audit(town, ListReadings(person: person, role: "street_leader")) == ["street"])
    #expect(try await audit(town, ListReadings(person: person, from: day + 1)).isEmpty)
    #expect(try await audit(town, ListReadings(person: person, until: day - 1)).isEmpty)
    #expect(
      try await audit(town, ListReadings(person: person, until: day)).contains("street"))
  }

  @Test("the audit itself is written down, and the person sees it")
  func audited() async throws {
    let town = try await settled()
    _ = try await audit(town, ListReadings(person: person))
    let seen = try await town.rows(
      "SELECT purpose FROM disclosure WHERE person = 'p1' AND sender = 'auditor'")
    #expect(seen.map { $0.text(0) } == ["audit"])
    // An auditor's own looks are asked for by their purpose, or by the person.
    #expect(!(try await audit(town, ListReadings()).contains("auditor")))
    #expect(try await audit(town, ListReadings(reason: .audit)).contains("auditor"))
    #expect(try await audit(town, ListReadings(person: person)).contains("auditor"))
    // That nobody looked is an answer, too.
    _ = try await audit(town, ListReadings(person: PersonID(trusted: "p9")))
    #expect(
      try await town.rows("SELECT id FROM disclosure WHERE person = 'p9'").count == 1)
  }

  @Test("nobody but an auditor reads it, and for no other purpose")
  func duty() async throws {
    let town = try await settled()
    for reader in ["admin", "duty", "street"] {
      await #expect(throws: Refusal.self) {
        try await town.ask(ListReadings(), for: .audit, as: reader)
      }
    }
    await #expect(throws: Refusal.self) {
      try await town.ask(ListReadings(), for: .supervision, as: "auditor")
    }
  }

  @Test("what was done and looked at for a colleague is found by the office that was handed over")
  func delegated() async throws {
    let town = try await Town()
    let worker = AccountID(trusted: "worker")
    try await town.submit(
      EnrolResident(
        person: person, home: Town.Spot.door101.id, form: PersonForm(name: "测试甲")), as: "leader")
    let delegation = try await town.submit(
      DelegateOffice(
        role: "street_leader", place: Town.Spot.street.id, to: worker,
        until: town.now + .hours(4), reason: "夜里休息"), as: "street")
    let look = { (minutes: Int) in
      try await town.pass(.minutes(minutes))
      let person = person
      try await town.read(for: .registry, as: "worker") { $0.disclose(person) }
    }
    let query = ListReadings(person: person, role: "street_leader")
    try await look(1)
    #expect(try await audit(town, query).filter { $0 == "worker" }.count == 1)
    // The half hour for handing over is still the office's; what comes after is not.
    try await look(4 * 60 + 20)
    #expect(try await audit(town, query).filter { $0 == "worker" }.count == 2)
    try await look(15)
    #expect(try await audit(town, query).filter { $0 == "worker" }.count == 2)
    // Neither is what comes after somebody has ended it.
    let second = try await town.submit(
      DelegateOffice(
        role: "street_leader", place: Town.Spot.street.id, to: worker,
        until: town.now + .hours(4), reason: "夜里休息"), as: "street")
    #expect(second != delegation)
    try await town.submit(EndDelegation(delegation: second), as: "street")
    try await look(1)
    #expect(try await audit(town, query).filter { $0 == "worker" }.count == 2)
    // The person reads it so, too.
    let own = try await town.ask(ListDisclosures(person: person), for: .audit, as: "duty")
    let titles = own.disclosures.map { $0.offices.map(\.title.english) }
    #expect(titles.filter { $0.contains("Street office leader") }.count == 2)
  }

  @Test("the journal of one sender is found by an index, in the order in which it is read")
  func plan() async throws {
    let town = try await Town()
    let policy = try await town.read { try $0.policy(ShiftsPolicy.self) }
    let (steps, scans) = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      _ = try AuditStore(plan, policy).deeds(
        AuditFilter(sender: "worker"), subject: nil, before: 100, limit: 10)
      _ = try PastOfficesStore(plan, policy).seats(
        of: AccountID(trusted: "worker"), at: Instant(milliseconds: 0))
      return (plan.steps, plan.scans)
    }
    #expect(scans.isEmpty, "\(steps)")
    #expect(steps.contains { $0.contains("journal_sender") }, "\(steps)")
    #expect(!steps.prefix(2).contains { $0.contains("TEMP B-TREE") || $0.contains("Sort") })
  }

  @Test("pages of the log follow each other without a gap or a line twice")
  func pages() async throws {
    let town = try await settled()
    for minute in 0..<7 {
      try await town.pass(.minutes(1))
      let other = PersonID(trusted: "q\(minute)")
      try await town.read(for: .registry, as: "street") { $0.disclose(other) }
    }
    var after: String?
    var people: [String] = []
    repeat {
      let answer = try await town.ask(
        ListReadings(reason: .registry, after: after, limit: 3), for: .audit, as: "auditor")
      people += answer.readings.compactMap { $0.person?.text }
      after = answer.after
    } while after != nil
    #expect(people == (0..<7).reversed().map { "q\($0)" } + ["p1"])
  }

  @Test("what was done, by account, office and day")
  func deeds() async throws {
    let town = try await settled()
    let mine = try await town.ask(
      ListDeeds(account: AccountID(trusted: "leader")), as: "auditor")
    #expect(!mine.deeds.isEmpty && mine.deeds.allSatisfy { $0.sender == "leader" })
    let none = try await town.ask(ListDeeds(role: "investigator"), as: "auditor")
    #expect(none.deeds.isEmpty)
    let office = try await town.ask(ListDeeds(role: "community_leader"), as: "auditor")
    #expect(office.deeds.map(\.sequence) == mine.deeds.map(\.sequence))
  }
}
