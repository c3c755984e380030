import District
import Engines
import Registry
import Testing

@testable import Kernel

@Suite("Statements on growing tables") struct QueryPlanTests {
  /// One hot statement, by what it answers.
  struct Hot: Sendable, CustomTestStringConvertible {
    let name: String
    let index: String
    let ask: @Sendable (any Transaction) throws -> Void

    init(
      _ name: String, _ index: String, _ ask: @escaping @Sendable (any Transaction) throws -> Void
    ) {
      self.name = name
      self.index = index
      self.ask = ask
    }

    var testDescription: String { name }
  }

  private static let now = Instant(milliseconds: 1_669_680_000_000)
  private static let area = PlacePath("1.1")
  private static let cursor = ObligationStore.Cursor(deadline: now, id: ObligationID(trusted: "o"))
  private static let place = PlaceID(trusted: "p")
  private static let person = PersonID(trusted: "p")

  static let obligations: [Hot] = [
    Hot("owed everywhere", "obligation_owed") {
      _ = try ObligationStore($0).owed(in: .everywhere, after: cursor, limit: 10)
    },
    Hot("owed in an area", "obligation_owed") {
      _ = try ObligationStore($0).owed(in: area, after: nil, limit: 10)
    },
    Hot("late everywhere", "obligation_late") {
      _ = try ObligationStore($0).late(in: .everywhere, at: now, after: cursor, limit: 10)
    },
    Hot("late in an area", "obligation_late") {
      _ = try ObligationStore($0).late(in: area, at: now, after: nil, limit: 10)
    },
    Hot("due for escalation", "obligation_escalation") {
      _ = try ObligationStore($0).dueForEscalation(at: now, limit: 10)
    },
    Hot("whether escalation is due", "obligation_escalation") {
      _ = try ObligationStore($0).isEscalationDue(at: now)
    },
    Hot("closed since", "obligation_closed") {
      _ = try ObligationStore($0).closed(in: .everywhere, since: now, limit: 10)
    },
    Hot("counts of an area", "obligation_owed_place") {
      _ = try ObligationStore($0).counts(in: area, at: now, closedSince: now)
    },
    Hot("owed about a subject", "obligation_subject") {
      _ = try ObligationStore($0).owed("kind", about: "s")
    },
    Hot("everything about a subject", "obligation_subject") {
      _ = try ObligationStore($0).about("s")
    },
  ]

  static let writing: [Hot] = [
    Hot("an obligation by its identifier", "sqlite_autoindex_obligation_1") {
      _ = try ObligationStore($0).find(ObligationID(trusted: "o"))
    },
    Hot("the journal about a subject", "journal_subject") {
      _ = try JournalStore(transaction: $0).about("s", limit: 10)
    },
    Hot("a receipt", "sqlite_autoindex_receipt_1") {
      _ = try $0.row(ReceiptStore.kept(CommandID(trusted: "c")))
    },
    Hot("errands that are due", "outbox_due") {
      _ = try OutboxStore(transaction: $0).due(at: now, named: ["a", "b"], limit: 10)
      _ = try OutboxStore(transaction: $0).namesDue(at: now)
    },
    Hot("an errand that was done", "sqlite_autoindex_outbox_1") {
      try OutboxStore(transaction: $0).remove(CommandID(trusted: "c"))
    },
    Hot("looks at a person", "disclosure_person") {
      _ = try DisclosureStore($0).about([person], livingAt: area, limit: 10)
    },
  ]

  static let registry: [Hot] = [
    Hot("a place by its path", "sqlite_autoindex_place_3") {
      _ = try PlacesStore($0).find(path: area)
    },
    Hot("a place by its code", "sqlite_autoindex_place_2") {
      _ = try PlacesStore($0).find(code: "370203")
    },
    Hot("children of a place", "place_sibling") { _ = try PlacesStore($0).children(of: place) },
    Hot("a child by its name", "place_child") {
      _ = try PlacesStore($0).child(of: place, .building, named: "1")
    },
    Hot("places inside an area", "place_level") {
      _ = try PlacesStore($0).inside(area, level: .building)
    },
    Hot("places of a name", "place_named") {
      _ = try PlacesStore($0).named("x", level: .district)
    },
    Hot("people of an area", "person_path") {
      _ = try ResidentsStore($0).living(in: area, limit: 10)
    },
    Hot("people behind a door", "person_path") { _ = try ResidentsStore($0).members(of: place) },
    Hot("a person by the index of an identity number", "person_identity") {
      _ = try ResidentsStore($0).owners(ofIdentity: ["x"])
    },
    Hot("people by the index of a telephone", "person_phone") {
      _ = try ResidentsStore($0).owners(ofPhone: "x", limit: 10)
    },
    Hot("people of a name", "person_name") {
      _ = try ResidentsStore($0).named("x", in: area, limit: 10)
    },
  ]

  private static func made(_ engine: Engine) async throws -> Bench {
    try await engine.bench(District.assembly.migrations)
  }

  @Test("use an index", arguments: Engine.planning, obligations + writing + registry)
  func indexed(engine: Engine, hot: Hot) async throws {
    let index = hot.index(on: engine)
    let (steps, scans) = try await Self.made(engine).storage.write { transaction in
      var plan = try QueryPlan(transaction, isPostgres: engine == .postgres)
      try hot.ask(plan)
      // On empty tables PostgreSQL finds several ways equally good: then those it took are shut, one
      // after another, to see whether the one that is meant is a way at all.
      while engine == .postgres, !plan.goes(through: index), let other = plan.otherIndices.first {
        try transaction.execute(SQL(stringLiteral: "DROP INDEX \(other)"))
        plan = try QueryPlan(transaction, isPostgres: true)
        try hot.ask(plan)
      }
      return (plan.steps, plan.scans)
    }
    #expect(!steps.isEmpty && scans == [], "\(steps)")
    #expect(steps.contains { $0.contains(index) }, "\(steps)")
  }

  @Test(
    "read the journal in the order in which it lies, without sorting it",
    arguments: Engine.planning)
  func journal(engine: Engine) async throws {
    let steps = try await Self.made(engine).storage.read { transaction in
      let plan = try QueryPlan(transaction, isPostgres: engine == .postgres)
      _ = try JournalStore(transaction: plan).last()
      try JournalStore(transaction: plan).eachEntry { _ in }
      return plan.steps
    }
    if engine == .postgres {
      #expect(steps.filter { $0.contains("using journal_pkey") }.count == 2)
      #expect(!steps.contains { $0.contains("Sort") })
    } else {
      #expect(steps == ["SCAN journal", "SCAN journal"])
    }
  }

  @Test(
    "are seen when they lose it", arguments: Engine.planning,
    (obligations + writing + registry).filter {
      !$0.index.hasPrefix("sqlite_autoindex") && !$0.index.hasSuffix("owed")
    })
  func unindexed(engine: Engine, hot: Hot) async throws {
    let steps = try await Self.made(engine).storage.write { transaction in
      try transaction.execute(SQL(stringLiteral: "DROP INDEX \(hot.index)"))
      let plan = try QueryPlan(transaction, isPostgres: engine == .postgres)
      try hot.ask(plan)
      return plan.steps
    }
    #expect(!steps.contains { $0.contains(hot.index) })
  }
}

extension QueryPlanTests.Hot {
  /// The name of the index: those that a table's own keys make are called otherwise on each engine.
  fileprivate func index(on engine: Engine) -> String {
    guard engine == .postgres else { return index }
    return [
      "sqlite_autoindex_obligation_1": "obligation_pkey",
      "sqlite_autoindex_receipt_1": "receipt_pkey", "sqlite_autoindex_outbox_1": "outbox_pkey",
      "sqlite_autoindex_place_3": "place_path_key", "sqlite_autoindex_place_2": "place_code_key",
    ][index] ?? index
  }
}

extension QueryPlan {
  fileprivate func goes(through index: String) -> Bool { steps.contains { $0.contains(index) } }

  /// The indices of the plan that can be dropped: not those that keys made.
  fileprivate var otherIndices: [String] {
    steps.compactMap { step in
      step.firstMatch(of: /(?:using|Bitmap Index Scan on) ([a-z_]+)/).map { String($0.1) }
    }
    .filter { !$0.hasSuffix("_pkey") && !$0.hasSuffix("_key") }
  }
}
