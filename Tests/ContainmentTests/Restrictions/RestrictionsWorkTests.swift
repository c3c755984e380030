import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Containment

@Suite("What a restriction makes owed") struct RestrictionsWorkTests {
  private func limited() async throws -> (Town, RestrictionView) {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    return (town, try #require(try await town.own().first))
  }

  @Test("notice, transfer, and the tests and health checks of today and tomorrow are opened")
  func opened() async throws {
    let (town, view) = try await limited()
    let owed = try await town.owed(about: view.restriction)
    #expect(
      owed.map { "\($0.kind) \($0.deadline.shortText(in: .china))" } == [
        "restrictions.notify 2022-07-04 09:00", "restrictions.transfer 2022-07-04 16:00",
        "restrictions.health 2022-07-05 12:00", "restrictions.health 2022-07-05 20:00",
        "restrictions.test 2022-07-06 00:00",
      ])
    let seats = try await town.rows("SELECT DISTINCT seat FROM obligation")
    #expect(seats.map { $0.text(0) } == ["grid_worker@town-grid"])
  }

  @Test("each day opens the next one, once, however often the clock turns")
  func nextDay() async throws {
    let (town, view) = try await limited()
    try await town.pass(.days(1))
    let once = try await town.owed(about: view.restriction).count
    try await town.pass(.minutes(2))
    try await town.pass(.minutes(2))
    #expect(try await town.owed(about: view.restriction).count == once)
    let all = try await town.rows(
      """
      SELECT kind, deadline, COUNT(*) FROM obligation GROUP BY kind, deadline
      HAVING COUNT(*) > 1
      """)
    #expect(all.isEmpty)
    #expect(
      try await town.owed(about: view.restriction).filter { $0.kind == "restrictions.test" }.count
        == 2)
  }

  @Test("the day states tell what was done, what is late and what is to come")
  func dayStates() async throws {
    let (town, view) = try await limited()
    try await town.pass(.days(1))
    try await town.finish("restrictions.test", about: view.restriction)
    try await town.pass(.hours(5))
    let now = try #require(try await town.own().first)
    #expect(now.day == 1 && now.days == 10)
    let today = try #require(now.dayStates.first { $0.number == 1 })
    #expect(today.steps.map(\.kind) == ["health", "health", "test"])
    #expect(today.steps.map(\.state) == [.late, .owed, .done])
    let later = try #require(now.dayStates.first { $0.number == 5 })
    #expect(later.steps.map(\.state) == [.planned, .planned, .planned])
  }

  @Test(
    "a fever or a symptom calls for a doctor at once",
    arguments: [
      ("37.2", "none", false), ("37.3", "none", true), ("36.5", "dry_cough", true),
      ("36.5", "none", false),
    ])
  func fever(_ temperature: String, _ symptom: String, _ medical: Bool) async throws {
    let (town, view) = try await limited()
    try await town.finish(
      "restrictions.health", about: view.restriction,
      proof: ["temperature": temperature, "symptom": symptom])
    let kinds = try await town.owed(about: view.restriction).map(\.kind)
    #expect(kinds.contains("restrictions.medical") == medical)
  }

  @Test("a temperature that nobody has is refused", arguments: ["34.9", "42.1", "", "warm"])
  func implausible(_ temperature: String) async throws {
    let (town, view) = try await limited()
    await #expect(throws: Refusal.self) {
      try await town.finish(
        "restrictions.health", about: view.restriction,
        proof: ["temperature": temperature, "symptom": "none"])
    }
  }

  @Test("whoever was met elsewhere is to be moved, and is in central isolation when that is done")
  func breach() async throws {
    let town = try await Town.withZhao()
    try await town.confirm("contact-1", .secondary, exposedAt: town.now)
    let view = try #require(try await town.own().first)
    #expect(view.kind == .homeIsolation)
    try await town.submit(
      ReportBreach(restriction: view.restriction, place: Town.Spot.otherGrid.id),
      as: "otherWorker")
    // On one person's word nobody is moved, and whoever said so does not decide.
    #expect(
      try await town.owed(about: view.restriction).map(\.kind).contains("restrictions.transfer")
        == false)
    let asked = try await town.ask(ListRestrictionChanges(place: nil), for: .containment).changes
    #expect(asked.map(\.reason) == [.metElsewhere] && asked.map(\.kind) == [.transfer])
    let stored = try await town.rows("SELECT reason FROM restriction_change")
    #expect(stored.map { $0.text(0) } == ["met_elsewhere"])
    let approve = ApproveTransfer(restriction: view.restriction, approved: true)
    #expect(await town.refused(approve, as: "otherWorker") == "duty.notHeld")
    try await town.submit(
      ApproveTransfer(restriction: view.restriction, approved: false), as: "duty")
    #expect(try await town.own().first?.kind == .homeIsolation)
    #expect(await town.refused(approve, as: "duty") == "notFound")
    // Met again, and this time it is agreed.
    try await town.submit(
      ReportBreach(restriction: view.restriction, place: Town.Spot.otherGrid.id), as: "street")
    #expect(await town.refused(approve, as: "street") == "restriction.samePerson")
    try await town.submit(approve, as: "duty")
    try await town.pass(.minutes(80))
    try await town.finish("restrictions.transfer", about: view.restriction)
    let moved = try #require(try await town.own().first)
    #expect(moved.kind == .centralIsolation && moved.end == view.end)
    // Another count of days does not send the person home.
    try await town.confirm("contact-2", .secondary, case: "c-2", exposedAt: town.now - .days(1))
    try await town.withdraw("contact-1")
    let recounted = try #require(try await town.own().first)
    #expect(recounted.kind == .centralIsolation && recounted.end < view.end)
    #expect(try await town.violations() == [:])
  }

  @Test("one office asks that a restriction end early and another approves, once")
  func endEarly() async throws {
    let (town, view) = try await limited()
    let before = try await town.colour()
    let end = EndRestriction(restriction: view.restriction)
    func approve(_ approved: Bool) -> ApproveEnd {
      ApproveEnd(restriction: view.restriction, approved: approved)
    }
    #expect(await town.refused(end, as: "worker") != nil)
    #expect(
      await town.refused(
        EndRestriction(restriction: view.restriction, reason: .testedNegative), as: "investigator")
        == "field.malformed")
    #expect(await town.refused(approve(true), as: "duty") == "notFound")
    // One word lets nobody go, and whoever asked cannot approve.
    try await town.submit(end, as: "investigator")
    #expect(try await town.colour() == before && before > .green)
    #expect(try await town.own().first?.release?.reason == .released)
    #expect(await town.refused(end, as: "duty") == "restriction.releaseAsked")
    #expect(await town.refused(approve(true), as: "investigator") == "restriction.samePerson")
    // Declined, it goes on, and may be asked again.
    try await town.submit(approve(false), as: "duty")
    #expect(try await town.colour() == before)
    #expect(try await town.own().first?.release == nil)
    try await town.submit(end, as: "duty")
    let waiting = try await town.ask(ListRestrictionChanges(place: nil), for: .containment).changes
    #expect(waiting.map(\.restriction) == [view.restriction])
    try await town.submit(approve(true), as: "investigator")
    #expect(try await town.colour() == .green)
    #expect(try await town.own().first?.endReason == .released)
    #expect(try await town.owed("restrictions.approveEnd").isEmpty)
    #expect(await town.refused(end, as: "investigator") == "restriction.over")
    #expect(try await town.violations() == [:])
    try await town.change("UPDATE restriction_change SET decided_by = issuer")
    #expect(try await town.violations()["I-41"] == [view.restriction.text])
  }

  @Test(
    "nothing that rests on nothing holds at a read",
    arguments: [
      "UPDATE evidence SET withdrawn_at = 1", "DELETE FROM restriction_evidence",
    ] as [SQL])
  func groundless(statement: SQL) async throws {
    let (town, _) = try await limited()
    #expect(try await town.colour() > .green)
    // Behind everybody's back, and before any clock has turned.
    try await town.change(statement)
    #expect(try await town.colour() == .green)
    #expect(try await town.own().map(\.state) == [.ended])
    #expect(try await town.own().first?.endReason == .evidenceWithdrawn)
  }

  @Test("what ends by itself while its early end waits is decided by nobody")
  func endedMeanwhile() async throws {
    let (town, view) = try await limited()
    try await town.submit(EndRestriction(restriction: view.restriction), as: "investigator")
    try await town.withdraw("contact-1")
    #expect(try await town.own().first?.endReason == .evidenceWithdrawn)
    #expect(try await town.owed("restrictions.approveEnd").isEmpty)
    let waiting = try await town.ask(ListRestrictionChanges(place: nil), for: .containment).changes
    #expect(waiting.isEmpty)
    let approve = ApproveEnd(restriction: view.restriction, approved: true)
    #expect(await town.refused(approve, as: "duty") == "restriction.over")
  }

  @Test("the invariants see what was changed behind everybody's back")
  func invariants() async throws {
    let (town, view) = try await limited()
    try await town.change("UPDATE restriction SET limit_at = limit_at + 86400000")
    #expect(try await town.violations()["I-12"] == [view.restriction.text])
    try await town.change("UPDATE restriction SET limit_at = limit_at - 86400000")
    try await town.change("UPDATE evidence SET withdrawn_at = 1")
    #expect(try await town.violations()["I-15"] == [view.restriction.text])
    try await town.change("UPDATE evidence SET withdrawn_at = NULL")
    try await town.change("UPDATE restriction SET clause = 'secondary'")
    try await town.change("UPDATE restriction_evidence SET person = 'qian'")
    try await town.change("UPDATE evidence SET person = 'qian'")
    #expect(try await town.violations()["I-14"] == [view.restriction.text])
    try await town.change("UPDATE restriction SET clause = 'nothing'")
    #expect(try await town.violations()["I-11"] == [view.restriction.text])
  }

  @Test("counts and lists agree, by child of a place, and a worker sees only their own area")
  func lists() async throws {
    let (town, view) = try await limited()
    let counts = try await town.ask(
      CountRestrictions(place: Town.Spot.estate.id), as: "leader")
    #expect(counts.total.map(\.kind) == [.centralIsolation])
    #expect(counts.children.map { $0.counts.first?.effective } == [1, nil])
    let list = try await town.ask(
      ListRestrictions(place: Town.Spot.grid.id), for: .containment, as: "worker")
    #expect(list.restrictions.map(\.restriction) == [view.restriction])
    #expect(list.restrictions[0].name == "赵＊＊")
    await #expect(throws: Refusal.self) {
      try await town.ask(
        ListRestrictions(place: Town.Spot.grid.id), for: .containment, as: "otherWorker")
    }
    let page = try await town.ask(
      ListRestrictions(place: nil, limit: 1), for: .containment)
    let rest = try await town.ask(
      ListRestrictions(place: nil, after: page.after), for: .containment)
    #expect(page.restrictions.count == 1 && rest.restrictions.isEmpty)
    let seen = try await town.rows("SELECT DISTINCT person FROM disclosure")
    #expect(seen.map { $0.text(0) } == [Town.zhao.text])
  }

  @Test("a list is narrowed down by clause and goes on in either order where the page before ended")
  func narrowed() async throws {
    let (town, view) = try await limited()
    for number in 1...3 {
      let person = PersonID(trusted: "more-\(number)")
      try await town.submit(
        Happen(event: .resident(person, Town.Spot.door102.id)), from: .clock)
      try await town.confirm("more-\(number)", of: person, exposedAt: town.now + .hours(number))
    }
    func listed(_ clause: String?, latest: Bool) async throws -> [Instant] {
      var (ends, after): ([Instant], String?) = ([], nil)
      repeat {
        let page = try await town.ask(
          ListRestrictions(place: nil, clause: clause, latest: latest, after: after, limit: 2),
          for: .containment)
        ends += page.restrictions.map(\.end)
        after = page.after
      } while after != nil
      return ends
    }
    let first = try await listed(view.clause, latest: false)
    #expect(first.count == 4 && first == first.sorted())
    #expect(try await listed(nil, latest: true) == first.reversed())
    #expect(try await listed("no-such-clause", latest: false).isEmpty)
  }
}
