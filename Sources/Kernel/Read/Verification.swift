extension Desk {
  /// What an invariant says and what violates it.
  package struct Finding: Sendable {
    package let sentence: String
    package var violations: [String]
  }

  /// Checks every invariant of every slice; holds those that are violated, by number.
  package func violations() async throws -> [String: Finding] {
    let desk = self
    let now = clock.now()
    return try await storage.read { transaction in
      let context = Invariant.Context(
        transaction: transaction, now: now, rules: desk.rules, vault: desk.vault,
        jurisdiction: desk.jurisdiction)
      var found: [String: Finding] = [:]
      for invariant in desk.assembly.invariants {
        let violations = try invariant.violations(context)
        if violations.isEmpty { continue }
        found[
          invariant.number, default: Finding(sentence: invariant.sentence, violations: [])
        ].violations += violations
      }
      return found
    }
  }
}
