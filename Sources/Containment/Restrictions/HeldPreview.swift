import Gazette
import Kernel

/// What approving a batch would do, now and by the edition in force: how many under each clause and until
/// when, and of how many nothing is asked any more. Its digest is what the second person has seen.
package struct HeldPreview: Sendable {
  /// How many wait under one clause.
  package struct Count: Codable, Sendable {
    package let clause: String
    /// What the clause is called, by the edition in force or the last one that had it.
    package let words: Words
    package let people: Int
    /// How many of them would be restricted.
    package let restricted: Int
    /// Of how many all that the clause asks is past already.
    package let over: Int
    /// Whether the edition in force has no such clause: it restricts none of them.
    package let isGone: Bool
    /// When the last of them would end; nil when none would be restricted.
    package let latestEnd: Instant?
  }

  /// The edition that decides, such as `cn-9@1`; nil while none speaks of restrictions.
  package let edition: String?
  package let clauses: [Count]
  /// Stands for all of it, and for when the batch last grew; short enough to be typed.
  package let digest: String

  package var people: Int { clauses.map(\.people).reduce(0, +) }
  package var restricted: Int { clauses.map(\.restricted).reduce(0, +) }

  /// Counts what waits of an account.
  init(
    of account: AccountID, last: Instant?, in transaction: any Transaction, now: Instant,
    rules: Rulebook, suite: any CryptoSuite
  ) throws {
    let inForce = try? rules.policies.section(
      RestrictionsPolicy.self, on: Day(of: now, in: rules.zone))
    let waiting = Dictionary(
      grouping: try RestrictionLimitsStore(transaction).waiting(by: account), by: \.clause)
    let counts = waiting.sorted { $0.key < $1.key }.map { id, groups in
      Self.count(groups, id, inForce?.section.clause(id), now, rules)
    }
    edition = inForce?.edition.reference
    clauses = counts
    let said =
      [edition ?? "-", last.map { String($0.milliseconds) } ?? "-"]
      + counts.map {
        "\($0.clause) \($0.people) \($0.restricted) \($0.latestEnd?.milliseconds ?? 0)"
      }
    digest = String(Hex.text(suite.digest(Array(said.joined(separator: "\n").utf8))).prefix(12))
  }

  private static func count(
    _ groups: [RestrictionLimitsStore.Waiting], _ id: String,
    _ clause: RestrictionsPolicy.Clause?, _ now: Instant, _ rules: Rulebook
  ) -> Count {
    let people = groups.map(\.people).reduce(0, +)
    var restricted = 0
    var end: Instant?
    for group in groups {
      guard let clause,
        let plan = RestrictionsRules.plan(
          clause, countedFrom: group.countedFrom, start: now, zone: rules.zone)
      else { continue }
      restricted += group.people
      end = max(end ?? plan.end, plan.end)
    }
    return Count(
      clause: id, words: clause?.words ?? rules.words(ofClause: id), people: people,
      restricted: restricted, over: clause == nil ? 0 : people - restricted,
      isGone: clause == nil, latestEnd: end)
  }

  /// What it says, for whoever has to look at it again.
  func words(in zone: Zone) -> Words {
    let parts = clauses.map { count in
      let end = count.latestEnd?.shortText(in: zone) ?? ""
      return count.restricted == 0
        ? Words(
          "\(count.words.chinese) \(count.people) 人不再管控",
          "\(count.words.english): \(count.people), none of them restricted any more")
        : Words(
          "\(count.words.chinese) \(count.restricted) 人，最晚到 \(end)",
          "\(count.words.english): \(count.restricted), until \(end) at the latest")
    }
    return Words(
      parts.map(\.chinese).joined(separator: "；"), parts.map(\.english).joined(separator: "; "))
  }
}

extension Rulebook {
  /// What a clause was called by the last edition that had it.
  fileprivate func words(ofClause id: String) -> Words {
    for edition in policies.editions.reversed() {
      let section = edition.sections[RestrictionsPolicy.key] as? RestrictionsPolicy
      if let clause = section?.clause(id) { return clause.words }
    }
    return Words("已取消的条款", "a clause that is no more")
  }
}
