import Kernel
import Simulator
import Town

/// Codes that people carry about, shown again and again: none that is taken says anything else than what
/// holds at that moment, counted from the bare rows (I-13, I-19, P2).
struct ShownCodes {
  private struct Shown {
    let person: String
    let code: String
  }

  private static let most = 8
  private var shown: [Shown] = []
  private var next = 0
  private(set) var taken = 0
  private(set) var turnedAway = 0

  /// Shows every code that is about, then fetches some for the next time.
  mutating func look(at town: Town) async throws -> [String] {
    let checks = NaiveChecks(of: town)
    let colours = try await checks.colours()
    var faults: [String] = []
    for one in shown {
      let answer = try await checks.ask(
        "passes.check", ["code": .text(one.code)], for: .supervision)
      let verdict = answer["verdict"].string
      guard verdict == "valid" else {
        turnedAway += 1
        if !["expired", "revoked"].contains(verdict) {
          faults.append("P2: a code of \(one.person) is taken for \(verdict)")
        }
        continue
      }
      taken += 1
      let holds = colours.current(one.person)
      if answer["colour"].string != holds {
        faults.append(
          "I-19: a code of \(one.person) is taken as \(answer["colour"].string), not \(holds)")
      }
    }
    faults += try await fetch(town, checks, colours)
    return faults
  }

  private mutating func fetch(
    _ town: Town, _ checks: NaiveChecks, _ colours: NaiveColours
  ) async throws -> [String] {
    let people = try await town.rows(
      "SELECT id FROM person WHERE merged_into IS NULL ORDER BY id"
    ).map { $0.text(0) }
    guard !people.isEmpty, try await inUse(checks) else { return [] }
    var faults: [String] = []
    for _ in 0..<3 {
      let person = people[next % people.count]
      next += 1
      let view = try await checks.ask(
        "passes.issue", ["person": .text(person), "paper": .flag(next % 3 == 0)],
        for: .containment)
      let holds = colours.current(person)
      if view["colour"].string != holds {
        faults.append("I-19: \(person) gets a code that is \(view["colour"].string), not \(holds)")
      }
      if case .text(let code) = view["code"] { shown.append(Shown(person: person, code: code)) }
    }
    if shown.count > Self.most { shown.removeFirst(shown.count - Self.most) }
    return faults
  }

  private func inUse(_ checks: NaiveChecks) async throws -> Bool {
    try await checks.ask("passes.keys", [:], for: .supervision)["used"] == .flag(true)
  }
}

/// The colour of everybody, from the rows alone.
struct NaiveColours {
  private let files: NaiveFiles
  private let byPerson: [String: String]

  init(files: NaiveFiles, held: [(person: String, colour: String)]) {
    self.files = files
    let order = ["green", "yellow", "red"]
    byPerson = Dictionary(held.map { (files.current($0.person), $0.colour) }) { one, other in
      (order.firstIndex(of: one) ?? 0) > (order.firstIndex(of: other) ?? 0) ? one : other
    }
  }

  func current(_ person: String) -> String { byPerson[files.current(person)] ?? "green" }
}
