import Testing

@testable import Kernel

@Suite("What is owed") struct ObligationTests {
  private static func owing(
    _ count: Int = 1, editions: [PolicyEdition]? = nil
  ) async throws -> ToyTown {
    let town = try await ToyTown(editions: editions)
    for number in 0..<count {
      try await town.submit(
        Owe(subject: "s\(number)", place: "p:1.2".place, by: town.now + .hours(1)))
    }
    return town
  }

  private static func all(_ town: ToyTown) async throws -> [Obligation] {
    try await town.storage.read {
      try ObligationStore($0).owed(in: .everywhere, after: nil, limit: 9)
    }
  }

  private static func only(_ town: ToyTown) async throws -> Obligation {
    let id = try await town.rows("SELECT id FROM obligation LIMIT 1").first
    let found = try await town.storage.read { transaction in
      try id.flatMap { try ObligationStore(transaction).find($0.id(0)) }
    }
    return try #require(found)
  }

  @Test("it is owed by the seat that the policy names, and the policy is noted")
  func opened() async throws {
    let found = try await Self.only(Self.owing())
    #expect(found.state == .open && found.rung == 0 && found.kind == "toy.chore")
    #expect(found.seat == Seat(role: "worker", place: "p:1".place))
    #expect(found.path == PlacePath("1.2") && found.policy == "toy@1")
  }

  @Test("a kind that the policy does not name is refused")
  func noRule() async throws {
    let town = try await ToyTown()
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(
        Owe(subject: "s", place: "p:1".place, by: town.now, orphan: true))
    }
    #expect(refusal?.code == "obligation.noRule")
  }

  @Test("each seat of the ladder is told when its time has come, and none twice")
  func ladder() async throws {
    let town = try await Self.owing()
    let steps: [(Duration, Int)] = [
      (.zero, 0), (.hours(2) - .milliseconds(1), 0), (.milliseconds(1), 1), (.zero, 1),
      (.hours(1) - .milliseconds(1), 1), (.milliseconds(1), 2), (.hours(48), 2),
    ]
    for (span, rung) in steps {
      town.pass(span)
      try await town.desk.submit(
        EscalateObligations(), id: "t\(town.now.milliseconds)-\(rung)".command, as: .clock)
      #expect(try await Self.only(town).rung == rung)
    }
    let told = try await town.storage.read { transaction in
      let id = try ObligationStore(transaction).owed("toy.chore", about: "s0")[0].id
      return try ObligationStore(transaction).escalations(of: id).map { $0.seat?.role }
    }
    #expect(told == ["leader", "command"])
    #expect(try await town.desk.violations().isEmpty)
  }

  @Test("all that is late is told in one turn, however much it is, and every rung that is due")
  func many() async throws {
    let town = try await Self.owing()
    try await town.storage.write { transaction in
      for number in 0..<1_200 {
        try transaction.execute(
          """
          INSERT INTO obligation (id, kind, subject, person, place, path, seat, opened_at, deadline,
            state, rung, next_escalation_at, policy)
          SELECT \("o\(number)"), kind, \("x\(number)"), person, place, path, seat, opened_at,
            deadline, state, rung, next_escalation_at, policy
          FROM obligation WHERE subject = 's0'
          """)
      }
    }
    town.pass(.hours(9))
    try await town.turn()
    #expect(
      try await town.number("SELECT COUNT(*) FROM obligation WHERE rung = 2") == 1_201)
    #expect(try await town.desk.violations().isEmpty)
    #expect(try await town.faults() == [])
  }

  @Test(
    "a kind that a younger policy has forgotten is told up the ladder of the policy it was made by")
  func forgottenKind() async throws {
    let day = Day(of: ToyTown.start, in: .china)
    let town = try await Self.owing(
      editions: [
        ToyTown.edition(to: day.text),
        ToyTown.edition(
          "young", from: (day + 1).text,
          chore: """
            {"owner": {"role": "worker", "level": "grid"}, "ladder": [
              {"after_minutes": 0, "role": "command", "level": "district"}]}
            """),
        ToyTown.edition("other", from: (day + 3).text, chore: nil),
      ])
    // A kind which no policy in force names any more, next to one that is still named.
    try await town.storage.write {
      _ = try $0.execute(
        """
        INSERT INTO obligation (id, kind, subject, place, path, seat, opened_at, deadline, state,
          rung, next_escalation_at, policy)
        SELECT 'old', 'toy.orphan', 'old', place, path, seat, opened_at, deadline - 1, state, rung,
          next_escalation_at - 1, policy
        FROM obligation
        """)
    }
    town.pass(.days(1))
    try await town.turn()
    #expect(
      try await town.rows("SELECT id, escalated_to, next_escalation_at FROM obligation ORDER BY id")
        .map { $0.text(1) }.allSatisfy { $0.hasPrefix("command@") })
    #expect(try await town.number("SELECT COUNT(*) FROM obligation WHERE rung = 1") == 2)
    #expect(
      try await town.number(
        "SELECT COUNT(*) FROM obligation WHERE next_escalation_at IS NOT NULL") == 0)
  }

  @Test("a ladder that a younger policy has shortened does not keep the clock busy for ever")
  func shortened() async throws {
    let day = Day(of: ToyTown.start, in: .china)
    let town = try await Self.owing(
      editions: [
        ToyTown.edition(to: day.text),
        ToyTown.edition(
          "young", from: (day + 1).text,
          chore: """
            {"owner": {"role": "worker", "level": "grid"}, "ladder": [
              {"after_minutes": 0, "role": "command", "level": "district"}]}
            """),
      ])
    town.pass(.hours(2))
    try await town.turn()
    #expect(try await Self.only(town).rung == 1)
    town.pass(.days(1))
    try await town.turn()
    #expect(
      try await town.number(
        "SELECT COUNT(*) FROM obligation WHERE next_escalation_at IS NOT NULL") == 0)
    #expect(try await town.desk.violations().isEmpty)
  }

  @Test("it is claimed by one account; another is told so")
  func claimed() async throws {
    let town = try await Self.owing()
    let id = try await Self.only(town).id
    try await town.submit(ClaimObligation(obligation: id))
    try await town.submit(ClaimObligation(obligation: id))
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(ClaimObligation(obligation: id), as: "colleague")
    }
    #expect(refusal?.code == "obligation.claimed")
    let found = try await Self.only(town)
    #expect(found.state == .claimed && found.claimedBy == "worker".account)
  }

  @Test(
    "its proof is checked field by field",
    arguments: [
      ("34", nil, nil), ("43", "well", nil), ("33.99", nil, "field.malformed"),
      ("43.01", nil, "field.malformed"), ("nan", nil, "field.malformed"),
      ("", nil, "field.missing"), ("warm", nil, "field.malformed"),
      ("36.5", "ill", nil), ("36.5", "fine", "field.malformed"), ("36.5", "", nil),
    ])
  func proof(degrees: String, mood: String?, code: String?) async throws {
    let town = try await Self.owing()
    let id = try await Self.only(town).id
    var members: [String: Fields] = ["degrees": .text(degrees)]
    if let mood { members["mood"] = .text(mood) }
    let envelope = Envelope(
      id: "finish".command, name: "obligations.finish",
      body: .object(["obligation": .text(id.text), "proof": .object(members)]),
      sender: .account("worker".account))
    if let code {
      let refusal = await #expect(throws: Refusal.self) { try await town.desk.submit(envelope) }
      #expect(refusal?.code == code)
      #expect(try await Self.only(town).isOwed)
    } else {
      _ = try await town.desk.submit(envelope)
      let found = try await Self.only(town)
      #expect(found.state == .done && found.closedAt == town.now)
    }
  }

  @Test("what is closed stays closed")
  func closed() async throws {
    let town = try await Self.owing()
    let id = try await Self.only(town).id
    try await town.submit(Settle(subject: "s0"), as: "colleague")
    let proof = ["degrees": "36.5"]
    await #expect(throws: Refusal.self) {
      try await town.submit(FinishObligation(obligation: id, proof: proof))
    }
    await #expect(throws: Refusal.self) {
      try await town.submit(WaiveObligation(obligation: id, reason: "x"))
    }
    await #expect(throws: Refusal.self) { try await town.submit(ClaimObligation(obligation: id)) }
    await #expect(throws: Refusal.self) {
      try await town.submit(NoteAttempt(obligation: id, outcome: .nobodyHome, note: nil))
    }
    #expect(try await Self.only(town).state == .done)
    #expect(try await town.desk.violations().isEmpty)
  }

  @Test("what is settled in time is never late; what is settled late stays listed until struck off")
  func struckOff() async throws {
    let town = try await Self.owing(2)
    town.pass(.hours(1))
    try await town.submit(Settle(subject: "s0"))
    town.pass(.milliseconds(1))
    let late: @Sendable (any Transaction) throws -> [String] = { transaction in
      try ObligationStore(transaction).late(
        in: PlacePath("1"), at: ToyTown.start + .hours(9), after: nil, limit: 9
      ).map(\.subject)
    }
    #expect(try await town.storage.read(late) == ["s1"])
    let id = try #require(await Self.all(town).first).id
    let early = await #expect(throws: Refusal.self) {
      try await town.submit(StrikeOffObligation(obligation: id))
    }
    #expect(early?.code == "obligation.open")
    try await town.submit(Settle(subject: "s1", waive: true))
    #expect(try await town.storage.read(late) == ["s1"])
    try await town.submit(StrikeOffObligation(obligation: id))
    #expect(try await town.storage.read(late) == [])
    let at = town.now
    town.pass(.hours(1))
    try await town.submit(StrikeOffObligation(obligation: id))
    let found = try await town.storage.read { try ObligationStore($0).find(id) }
    #expect(found?.struckOffAt == at)
  }

  @Test("help asked at the door reaches the next seat at once, once")
  func help() async throws {
    let town = try await Self.owing()
    let id = try await Self.only(town).id
    for outcome in [NoteAttempt.Outcome.nobodyHome, .needsHelp, .needsHelp] {
      town.pass(.seconds(1))
      try await town.submit(NoteAttempt(obligation: id, outcome: outcome, note: nil))
    }
    #expect(try await Self.only(town).rung == 1)
    let attempts = try await town.storage.read { try ObligationStore($0).attempts(of: id) }
    #expect(attempts.map(\.outcome) == ["needsHelp", "needsHelp", "nobodyHome"])
  }

  @Test("a call that its own worker finished before the message came in counts, and wakes nobody")
  func crossed() async throws {
    let town = try await Self.owing()
    let id = try await Self.only(town).id
    try await town.submit(FinishObligation(obligation: id, proof: ["degrees": "36.5"]))
    for outcome in [NoteAttempt.Outcome.nobodyHome, .nobodyHome, .needsHelp] {
      try await town.submit(NoteAttempt(obligation: id, outcome: outcome, note: nil))
    }
    let attempts = try await town.storage.read { try ObligationStore($0).attempts(of: id) }
    #expect(attempts.map(\.outcome) == ["needsHelp", "nobodyHome", "nobodyHome"])
    let found = try await Self.only(town)
    #expect(found.state == .done && found.rung == 0)
  }

  @Test("lists come page by page, each one once")
  func pages() async throws {
    let town = try await Self.owing(25)
    var seen: [String] = []
    var after: String?
    repeat {
      let answer = try await Fields.json(
        town.look(ListObligations(place: "p:1".place, after: after, limit: 7))
      ).decoded(ListObligations.Answer.self, strict: false)
      seen += answer.obligations.map(\.about)
      after = answer.after
    } while after != nil
    #expect(seen.count == 25 && Set(seen).count == 25)
    for wrong in ["x", "1", "a/b", ""] where !wrong.isEmpty {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.look(ListObligations(place: nil, after: wrong))
      }
      #expect(refusal?.code == "field.malformed")
    }
  }

  static let broken = [
    Broken(number: "I-6", statement: "UPDATE obligation SET seat = ''"),
    Broken(number: "I-6", statement: "UPDATE obligation SET next_escalation_at = NULL"),
    Broken(number: "I-8", statement: "UPDATE obligation SET next_escalation_at = 1"),
    Broken(
      number: "I-10",
      statement:
        "UPDATE obligation SET claimed_by = 'neighbour', state = 'claimed', path = '1.3'"),
  ]

  @Test("invariants find what is broken", arguments: broken)
  func invariants(broken: Broken) async throws {
    let town = try await Self.owing()
    #expect(try await town.desk.violations().isEmpty)
    try await town.storage.write { _ = try $0.execute(broken.statement) }
    #expect(try await town.desk.violations().keys.sorted() == [broken.number])
  }

  struct Broken: Sendable {
    let number: String
    let statement: SQL
  }
}
