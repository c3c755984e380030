/// Checks the journal's chain and every invariant of every slice.
package struct VerifyEverything: Query {
  package struct Answer: Codable, Sendable {
    /// What was checked and what is wrong.
    package struct Violated: Codable, Sendable {
      package let invariant: String
      package let sentence: String
      /// Identifiers of what violates it, at most a few.
      package let violations: [String]
    }

    /// How many invariants were checked.
    package let checked: Int
    package let entries: Int
    package let head: String
    package let violated: [Violated]
  }

  package static let name = "audit.verify"
  package static let duty: Duty = "journal.read"
  package static let purposes: [Purpose] = []

  package init() {}

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let context = Invariant.Context(
      transaction: reading.transaction, now: reading.now, rules: reading.rules,
      vault: reading.vault, jurisdiction: reading.jurisdiction)
    var violated: [Answer.Violated] = []
    for invariant in reading.assembly.invariants {
      let found = try invariant.violations(context)
      if found.isEmpty { continue }
      violated.append(
        Answer.Violated(
          invariant: invariant.number, sentence: invariant.sentence, violations: found))
    }
    let last = try JournalStore(transaction: reading.transaction).last()
    return Answer(
      checked: reading.assembly.invariants.count, entries: last?.sequence ?? 0,
      head: last?.head ?? JournalChain.origin, violated: violated)
  }
}
