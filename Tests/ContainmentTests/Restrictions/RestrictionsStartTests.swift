import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Containment

@Suite("Restrictions of contacts") struct RestrictionsStartTests {
  struct Edge: Sendable {
    let day: String
    let edition: String
    let kinds: [RestrictionKind]
    let end: String
    let tests: [String]
  }

  static let edges: [Edge] = [
    Edge(
      day: "2022-06-27", edition: "cn-8@1", kinds: [.centralIsolation, .homeMonitoring],
      end: "2022-07-19T00:00",
      tests: ["2022-06-28", "2022-07-01", "2022-07-04", "2022-07-11"]),
    Edge(
      day: "2022-06-28", edition: "cn-9@1", kinds: [.centralIsolation, .homeMonitoring],
      end: "2022-07-09T00:00",
      tests: [
        "2022-06-29", "2022-06-30", "2022-07-01", "2022-07-03", "2022-07-05", "2022-07-08",
      ]),
    Edge(
      day: "2022-11-10", edition: "cn-9@1", kinds: [.centralIsolation, .homeMonitoring],
      end: "2022-11-21T00:00",
      tests: [
        "2022-11-11", "2022-11-12", "2022-11-13", "2022-11-15", "2022-11-17", "2022-11-20",
      ]),
    Edge(
      day: "2022-11-11", edition: "cn-20-measures@1", kinds: [.centralIsolation, .homeIsolation],
      end: "2022-11-20T00:00",
      tests: [
        "2022-11-12", "2022-11-13", "2022-11-14", "2022-11-16", "2022-11-17", "2022-11-19",
      ]),
    Edge(
      day: "2023-01-07", edition: "cn-new-10@1", kinds: [.homeIsolation],
      end: "2023-01-13T00:00", tests: ["2023-01-12"]),
  ]

  @Test("a close contact of each edition is limited as its clause says", arguments: edges)
  func editions(_ edge: Edge) async throws {
    let town = try await Town.withZhao(on: edge.day)
    try await town.confirm(exposedAt: town.now - .hours(1))
    let view = try #require(try await town.own().first)
    #expect(view.edition == edge.edition && view.clause == "close")
    #expect(view.phases.map(\.kind) == edge.kinds)
    #expect(view.end == at(edge.end))
    let tests = view.dayStates.filter { $0.steps.contains { $0.kind == "test" } }
    #expect(tests.map(\.day.text) == edge.tests)
    #expect(view.issuer == "rules" && view.approver == nil)
    #expect(try await town.colour() == .red)
    #expect(try await town.violations() == [:])
  }

  @Test("from 8 January 2023 a contact is asked nothing")
  func off() async throws {
    let town = try await Town.withZhao(on: "2023-01-08")
    try await town.confirm(exposedAt: town.now)
    #expect(try await town.own().isEmpty)
    #expect(try await town.colour() == .green)
  }

  @Test("it holds a millisecond before its end and not at it, though no job has run")
  func end() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    let view = try #require(try await town.own().first)
    town.stall(view.end - town.now - .milliseconds(1))
    #expect(try await town.colour() == .red)
    #expect(try await town.own().first?.state == .effective)
    town.stall(.milliseconds(1))
    #expect(try await town.colour() == .green)
    #expect(try await town.own().first?.state == .ended)
    #expect(try await town.own().first?.endReason == .expired)
    let list = try await town.ask(ListRestrictions(place: nil), for: .containment)
    #expect(list.restrictions.isEmpty)
    let counts = try await town.ask(CountRestrictions(place: nil))
    #expect(counts.total.isEmpty)
  }

  @Test("the clock closes it at its end and lets fall what is left")
  func closing() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    let view = try #require(try await town.own().first)
    try await town.pass(view.end - town.now)
    #expect(try await town.owed(about: view.restriction).isEmpty)
    let ended = try await town.rows(
      "SELECT ended_at, end_at, end_reason FROM restriction")
    #expect(ended[0].integer(0) == ended[0].integer(1) && ended[0].text(2) == "expired")
    #expect(try await town.violations() == [:])
  }

  @Test("the latest exposure drives the end, whichever contact is confirmed first")
  func latest() async throws {
    let town = try await Town.withZhao()
    try await town.confirm("contact-1", case: "c-1", exposedAt: town.now)
    try await town.confirm("contact-2", case: "c-2", exposedAt: town.now - .days(2))
    let one = try await town.own()
    #expect(one.count == 1 && one[0].end == at("2022-07-15T00:00"))
    #expect(one[0].evidence.count == 2)
    try await town.withdraw("contact-1")
    let less = try await town.own()
    #expect(less[0].end == at("2022-07-13T00:00") && less[0].state == .effective)
    try await town.withdraw("contact-2")
    let none = try await town.own()
    #expect(none[0].state == .ended && none[0].endReason == .evidenceWithdrawn)
    #expect(try await town.owed(about: none[0].restriction).isEmpty)
    #expect(try await town.violations() == [:])
  }

  @Test("a later exposure within the clause's maximum extends; beyond it a new decision is made")
  func maximum() async throws {
    let town = try await Town.withZhao()
    // Found two days after the exposure: two days are left before the maximum is reached.
    try await town.confirm("contact-1", case: "c-1", exposedAt: town.now - .days(2))
    try await town.confirm("contact-2", case: "c-2", exposedAt: town.now)
    let extended = try await town.own()
    #expect(extended.count == 1 && extended[0].end == at("2022-07-15T00:00"))
    try await town.pass(.days(1))
    try await town.confirm("contact-3", case: "c-3", exposedAt: town.now)
    let renewed = try await town.own()
    #expect(renewed.count == 2)
    #expect(renewed[0].state == .effective && renewed[0].end == at("2022-07-16T00:00"))
    #expect(renewed[0].evidence.count == 3)
    #expect(renewed[1].state == .ended && renewed[1].endReason == .renewed)
    #expect(try await town.violations() == [:])
  }

  @Test("the schema itself refuses an end past the clause's maximum")
  func schema() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    try await town.change("UPDATE restriction SET end_at = limit_at")
    await #expect(throws: StorageFailure.self) {
      try await town.change("UPDATE restriction SET end_at = limit_at + 1")
    }
    await #expect(throws: StorageFailure.self) {
      try await town.change("UPDATE restriction SET evidence = ''")
    }
    await #expect(throws: StorageFailure.self) {
      try await town.change("UPDATE restriction SET issuer = 'worker'")
    }
  }

  @Test("a contact who becomes a case leaves isolation for the hospital")
  func becameCase() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    try await town.report("case-9")
    let views = try await town.own().sorted { $0.clause < $1.clause }
    #expect(views.map(\.clause) == ["case", "close"])
    #expect(views[0].state == .effective && views[0].kind == .hospital)
    #expect(views[1].state == .ended && views[1].endReason == .becameCase)
    #expect(try await town.owed(about: views[1].restriction).isEmpty)
    try await town.confirm("contact-2", case: "c-2", exposedAt: town.now)
    #expect(try await town.own().filter { $0.state == .effective }.map(\.clause) == ["case"])
    try await town.submit(
      Happen(
        event: .infectionWithdrawn(
          CaseWithdrawn(infection: CaseID(trusted: "case-9"), person: Town.zhao))),
      from: .clock)
    #expect(try await town.colour() == .green)
    #expect(try await town.violations() == [:])
  }

  @Test("when a case is withdrawn, those whom only it made contacts are free")
  func caseBehind() async throws {
    let town = try await Town.withZhao()
    try await town.confirm("contact-1", case: "c-1", exposedAt: town.now)
    try await town.submit(
      Happen(
        event: .infectionWithdrawn(
          CaseWithdrawn(infection: CaseID(trusted: "c-1"), person: PersonID(trusted: "x")))),
      from: .clock)
    #expect(try await town.own().first?.endReason == .evidenceWithdrawn)
  }

  @Test("a contact told anew counts as it is told now, earlier and of another case")
  func toldAnew() async throws {
    let town = try await Town.withZhao()
    try await town.confirm("contact-1", case: "c-2", exposedAt: town.now)
    try await town.confirm("contact-1", case: "c-1", exposedAt: town.now - .days(2))
    let view = try #require(try await town.own().first)
    #expect(view.end == at("2022-07-13T00:00") && view.evidence.count == 1)
    try await town.submit(
      Happen(
        event: .infectionWithdrawn(
          CaseWithdrawn(infection: CaseID(trusted: "c-2"), person: PersonID(trusted: "x")))),
      from: .clock)
    #expect(try await town.own().first?.state == .effective)
    #expect(try await town.violations() == [:])
  }

  @Test("a companion is told and never limited")
  func companion() async throws {
    let town = try await Town.withZhao()
    try await town.confirm("companion-1", .companion, exposedAt: town.now)
    let view = try #require(try await town.own().first)
    #expect(view.kind == .notice && view.state == .effective)
    #expect(try await town.colour() == .green)
    let owed = try await town.owed(about: view.restriction).map(\.kind)
    #expect(owed == ["restrictions.notify"])
  }

  @Test("a contact of a contact who turns out a close contact is limited by the one clause only")
  func reclassified() async throws {
    let town = try await Town.withZhao()
    try await town.confirm("contact-1", .secondary, exposedAt: town.now)
    try await town.confirm("contact-1", .close, exposedAt: town.now)
    let held = try await town.own().filter { $0.state == .effective }
    #expect(held.map(\.clause) == ["close"])
    #expect(try await town.violations() == [:])
  }

  @Test("an exposure so old that all days are over starts nothing; a day later one day is left")
  func past() async throws {
    let town = try await Town.withZhao()
    try await town.confirm("contact-1", exposedAt: town.now - .days(11))
    #expect(try await town.own().isEmpty)
    try await town.confirm("contact-2", exposedAt: town.now - .days(10))
    let view = try #require(try await town.own().first)
    #expect(view.phases.map(\.kind) == [.homeMonitoring] && view.end == at("2022-07-05T00:00"))
    #expect(view.day == 10 && view.days == 10)
  }

  @Test("a new edition ends what it no longer knows on its first day, and keeps the rest")
  func newEdition() async throws {
    let town = try await Town.withZhao(on: "2022-11-10")
    let other = PersonID(trusted: "qian")
    try await town.submit(Happen(event: .resident(other, Town.Spot.door101.id)), from: .clock)
    try await town.confirm("contact-1", .close, exposedAt: town.now)
    try await town.confirm("contact-2", .secondary, of: other, exposedAt: town.now)
    try await town.pass(at("2022-11-10T23:59:59") - town.now)
    #expect(try await town.own(other).first?.state == .effective)
    try await town.pass(.seconds(61))
    #expect(try await town.own(other).first?.endReason == .editionEnded)
    let kept = try #require(try await town.own().first)
    #expect(kept.state == .effective && kept.edition == "cn-9@1")
    try await town.catchUp()
    #expect(try await town.violations() == [:])
  }

  @Test("a new edition ends five hundred at once, the rest next, and leaves what it knows alone")
  func newEditionInParts() async throws {
    let town = try await Town.withZhao(on: "2022-11-11")
    try await town.settleRestrictions(501, under: "secondary", of: "cn-9@1")
    try await town.settleRestrictions(3, under: "close", of: "cn-9@1")
    #expect(try await town.submit(ApplyEdition(), from: .clock) == 500)
    try await town.catchUp()
    let left = try await town.rows(
      "SELECT clause, COUNT(*) FROM restriction WHERE ended_at IS NULL GROUP BY clause")
    #expect(left.map { $0.text(0) } == ["close"] && left.map { $0.integer(1) } == [3])
  }

  @Test("the last edition ends everything")
  func lastEdition() async throws {
    let town = try await Town.withZhao(on: "2023-01-07")
    try await town.confirm(exposedAt: town.now)
    try await town.report("case-2", of: PersonID(trusted: "sun"))
    try await town.pass(at("2023-01-08T00:01:01") - town.now)
    let open = try await town.rows("SELECT id FROM restriction WHERE ended_at IS NULL")
    #expect(open.isEmpty)
    #expect(try await town.own().first?.endReason == .editionEnded)
  }
}

extension Town {
  /// Changes the tables behind everybody's back.
  func change(_ statement: SQL) async throws {
    try await desk.storage.write { _ = try $0.execute(statement) }
  }

  /// Restrictions of as many people, as another edition decided them.
  fileprivate func settleRestrictions(
    _ count: Int, under clause: String, of edition: String
  ) async throws {
    let (now, door) = (now, Spot.door101)
    try await desk.storage.write { transaction in
      for number in 0..<count {
        let id = "\(clause)-\(1000 + number)"
        try transaction.execute(
          """
          INSERT INTO restriction (id, person, kind, clause, edition, evidence_kind, evidence,
            issuer, issuer_organisations, place, path, start_at, end_at, limit_at, counted_from,
            appeal, opened_until)
          VALUES (\(id), \(id), 'home_isolation', \(clause), \(edition), 'contact', \(id), 'rules',
            '', \(door.id), '1.1.1.1.1.1.1.1.1', \(now), \(now + .days(3)), \(now + .days(3)),
            \(now), 'x', \(now + .days(3)))
          """)
      }
    }
  }
}
