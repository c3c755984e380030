import Kernel
import Simulator
import Town

/// A restriction as its row says it.
private struct HeldRow {
  let id: String
  let person: String
  let colour: String?
  let start: Instant
  let end: Instant
  let suspendsAt: Instant?
  let endedAt: Instant?
  let path: PlacePath

  init(_ row: Row) {
    id = row.text(0)
    person = row.text(1)
    colour = NaivePolicy.colours["\(row.text(2))/\(row.text(3))"]
    start = row.instant(4)
    end = row.instant(5)
    suspendsAt = row.optionalInstant(6)
    endedAt = row.optionalInstant(7)
    path = PlacePath(row.text(8))
  }

  /// How it stands at a moment: over, lifted, or in force.
  func state(at now: Instant) -> String {
    if endedAt != nil || now >= end { return "ended" }
    if let suspendsAt, now >= suspendsAt { return "suspended" }
    return "effective"
  }
}

extension NaiveChecks {
  private static let turns = 3

  /// What is over or lifted holds nowhere, and colours follow from what holds (I-11 to I-19).
  func restrictions() async throws -> [String] {
    let files = try await NaiveFiles(of: town)
    let rows = try await town.rows(
      """
      SELECT id, person, edition, clause, start_at, end_at, suspends_at, ended_at, path
      FROM restriction
      ORDER BY id
      """
    ).map(HeldRow.init)
    let holding = rows.filter { $0.state(at: now) == "effective" }
    var faults = rows.filter { $0.colour == nil || $0.start >= $0.end }
      .map { "I-11: \($0.id) has no clause or no length" }
    let register = Set(try await town.rows("SELECT id FROM person").map { $0.text(0) })
    let byPerson = Dictionary(grouping: rows) { files.current($0.person) }
    // Each day looks at every colour, and at a third of the longer answers in turn.
    let turn = Day(of: now, in: .china).number % Self.turns
    for (index, (person, own)) in byPerson.sorted(by: { $0.key < $1.key }).enumerated()
    where register.contains(person) {
      // Who has been free of everything for days was looked at on the days before.
      let isRecent = own.contains { $0.endedAt ?? $0.end > now - .days(2) }
      if !isRecent { continue }
      faults += try await colour(of: person, own)
      if index % Self.turns == turn { faults += try await views(of: person, own) }
    }
    for state in ["effective", ["suspended", "ended"][turn % 2]] {
      faults += try await list(state, rows)
    }
    faults += try await counts(holding)
    faults += try await round(Set(holding.map(\.id)))
    return faults
  }

  /// The colour of everybody whom something limits.
  func colours() async throws -> NaiveColours {
    let held = try await town.rows(
      """
      SELECT id, person, edition, clause, start_at, end_at, suspends_at, ended_at, path
      FROM restriction
      WHERE ended_at IS NULL
      ORDER BY id
      """
    ).map(HeldRow.init).filter { $0.state(at: now) == "effective" }
    return NaiveColours(
      files: try await NaiveFiles(of: town),
      held: held.map { (person: $0.person, colour: $0.colour ?? "red") })
  }

  private func colour(of person: String, _ own: [HeldRow]) async throws -> [String] {
    let order = ["green", "yellow", "red"]
    let ranks = own.filter { $0.state(at: now) == "effective" }
      .compactMap { row in row.colour.flatMap { order.firstIndex(of: $0) } }
    let expected = order[ranks.max() ?? 0]
    let answer = try await ask("code.colour", ["person": .text(person)], for: .containment)
    let said = answer["colour"].string
    return said == expected ? [] : ["I-19: the code of \(person) is \(said), not \(expected)"]
  }

  private func views(of person: String, _ own: [HeldRow]) async throws -> [String] {
    let answer = try await ask(
      "restrictions.ofPerson", ["person": .text(person)], for: .containment)
    let said = Dictionary(
      answer["restrictions"].items.map { ($0["restriction"].string, $0["state"].string) }
    ) { first, _ in first }
    return own.filter { said[$0.id] != $0.state(at: now) }.map {
      "I-13: \($0.id) is \($0.state(at: now)) but shown as \(said[$0.id] ?? "nothing")"
    }
  }

  private func list(_ state: String, _ rows: [HeldRow]) async throws -> [String] {
    let answer = try await ask(
      "restrictions.list", ["state": .text(state), "limit": .integer(1_000)], for: .containment)
    let said = Set(answer["restrictions"].items.map { $0["restriction"].string })
    let expected = Set(rows.filter { $0.state(at: now) == state }.map(\.id))
    return said == expected ? [] : ["I-13: the list of what is \(state) is wrong"]
  }

  private func counts(_ holding: [HeldRow]) async throws -> [String] {
    var faults: [String] = []
    let spots: [(Town.Spot, String)] = [
      (.city, "1"), (.community, "1.1.1.1"), (.grid, "1.1.1.1.1.1"),
    ]
    for (spot, path) in spots {
      let answer = try await ask(
        "restrictions.counts", ["place": .text(spot.rawValue)], for: .supervision)
      let said = answer["total"].items.reduce(0) { $0 + $1["effective"].whole }
      let expected = holding.filter { PlacePath(path).holds($0.path) }.count
      if said != expected {
        faults.append("I-1: \(spot) counts \(said) restrictions, not \(expected)")
      }
    }
    return faults
  }

  /// The phone at the door shows a measure only while it holds.
  private func round(_ holding: Set<String>) async throws -> [String] {
    let round = try await ask(
      "rounds.today", ["place": .text(Town.Spot.city.rawValue)], for: .fieldwork)
    let shown =
      round["buildings"].items.flatMap { $0["entrances"].items }
      .flatMap { $0["floors"].items }.flatMap { $0["doors"].items }
      .flatMap { $0["items"].items + $0["done"].items } + round["done"].items
    let measures = Set(shown.map { $0["measure"]["restriction"].string }).subtracting([""])
    return measures.subtracting(holding).sorted().map { "I-13: the round shows \($0)" }
  }
}
