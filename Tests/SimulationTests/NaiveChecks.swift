import Kernel
import Simulator
import Town

/// What must hold, counted from the bare rows by code that knows nothing of the product's own.
struct NaiveChecks: Sendable {
  let town: Town
  let now: Instant

  init(of town: Town) {
    self.town = town
    now = town.now
  }

  /// What is over holds nowhere, even while the clock's jobs stand still.
  func beforeTurn() async throws -> [String] { try await restrictions() }

  /// Everything else, after the clock has turned.
  func afterTurn() async throws -> [String] {
    let violated = try await town.violations().sorted { $0.key < $1.key }
      .map { "\($0.key) is violated by \($0.value.joined(separator: ", "))" }
    return try await violated + people() + contacts() + bulletins() + ladders() + errands()
      + journal() + notices() + crowds() + symptoms() + ends()
  }

  /// Asks a question by its name, as a program does.
  func ask(
    _ query: String, _ body: [String: Fields], for purpose: Purpose, as account: String = "duty"
  ) async throws -> Fields {
    let look = Desk.Look(
      sender: .account(AccountID(trusted: account)), purpose: purpose, language: .english,
      question: query)
    return try Fields.json(try await town.desk.ask(query, .object(body), look))
  }

  /// The numbers of the journal run without a hole, and each command there was acknowledged (I-59).
  private func journal() async throws -> [String] {
    let counts = try await town.rows("SELECT COUNT(*), COALESCE(MAX(sequence), 0) FROM journal")
    let isWhole = counts.first.map { $0.integer(0) == $0.integer(1) } ?? false
    return isWhole ? [] : ["I-53: the journal has a hole"]
  }

  /// Nothing that followed from a command was given up.
  private func errands() async throws -> [String] {
    try await town.rows(
      "SELECT name, COALESCE(failure, '') FROM outbox WHERE failed_at IS NOT NULL ORDER BY command"
    ).map { "the errand \($0.text(0)) was given up: \($0.text(1))" }
  }

  /// Who is told of what is late, by the ladder in the policy file (I-6 to I-9).
  private func ladders() async throws -> [String] {
    let told = Dictionary(
      grouping: try await town.rows(
        "SELECT obligation, rung, seat, at FROM escalation ORDER BY obligation, rung")
    ) { $0.text(0) }
    let rows = try await town.rows(
      """
      SELECT id, kind, seat, opened_at, deadline, state, closed_at, rung, proof, reason
      FROM obligation
      ORDER BY id
      """)
    return rows.flatMap { row in
      let known = NaivePolicy.ladders[row.text(1)] ?? []
      return ladderFaults(row, known, told[row.text(0)] ?? []).map {
        "I-6 to I-9: \(row.text(1)) \(row.text(0)) \($0)"
      }
    }
  }

  private func ladderFaults(
    _ row: Row, _ ladder: [NaivePolicy.Rung], _ told: [Row]
  ) -> [String] {
    var faults: [String] = []
    let deadline = row.instant(4)
    if row.text(2).split(separator: "@").count != 2 { faults.append("has no seat") }
    if ladder.last?.role != "command_duty" { faults.append("ends at no command") }
    let isOpen = row.optionalInstant(6) == nil
    if isOpen != ["open", "claimed"].contains(row.text(5)) { faults.append("is half closed") }
    if row.text(5) == "done" && row.optionalText(8) == nil { faults.append("has no proof") }
    if row.text(5) == "waived" && row.optionalText(9) == nil { faults.append("has no reason") }
    if told.map({ $0.integer(1) }) != Array(1..<(told.count + 1)) || told.count != row.integer(7) {
      faults.append("skipped a rung")
    }
    for (rung, step) in zip(told, ladder) where !rung.text(2).hasPrefix("\(step.role)@") {
      faults.append("told \(rung.text(2)) instead of \(step.role)")
    }
    // A call for help tells the first rung at once; every other one has its time.
    for (rung, step) in zip(told, ladder).dropFirst()
    where rung.instant(3) < deadline + .minutes(step.minutes) {
      faults.append("told a rung early")
    }
    let due = ladder.filter { deadline + .minutes($0.minutes) <= now }.count
    if isOpen && told.count < due { faults.append("told \(told.count) of \(due)") }
    return faults
  }
}
