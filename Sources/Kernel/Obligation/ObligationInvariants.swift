/// What must hold of obligations at any moment (I-6 to I-10).
enum ObligationInvariants {
  static let all: [Invariant] = [
    Invariant(
      "I-6", "no obligation without owner, deadline and a seat to escalate to",
      violations: """
        SELECT id FROM obligation
        WHERE seat = '' OR deadline IS NULL
          OR (closed_at IS NULL AND next_escalation_at IS NULL AND rung = 0)
        ORDER BY id LIMIT 20
        """),
    Invariant(
      "I-7", "an obligation is open or closed; closed with a proof or a reason",
      violations: """
        SELECT id FROM obligation
        WHERE (state IN ('open', 'claimed') AND closed_at IS NOT NULL)
          OR (state = 'done' AND (closed_at IS NULL OR proof IS NULL))
          OR (state = 'waived' AND (closed_at IS NULL OR reason IS NULL))
        ORDER BY id LIMIT 20
        """),
    Invariant(
      "I-7", "as many are counted as closed by the hour as are closed",
      violations: """
        SELECT 'obligation_hour'
        FROM (
          SELECT COALESCE(SUM(closed), 0) AS counted, MIN(began.hour) AS first
          FROM obligation_hour
          CROSS JOIN (SELECT MIN(hour) AS hour FROM obligation_hour WHERE path = '') AS began
          WHERE obligation_hour.path = '' AND obligation_hour.hour > began.hour) AS hours
        WHERE hours.counted <> (
          SELECT COUNT(*)
          FROM obligation
          WHERE closed_at IS NOT NULL AND closed_at >= (hours.first + 1) * 3600000)
        """),
    Invariant("I-8", "what is late was escalated within one tick") { context in
      let tick = Duration.seconds(60)
      return try context.transaction.rows(
        """
        SELECT id FROM obligation
        WHERE closed_at IS NULL AND next_escalation_at < \(context.now - tick)
        ORDER BY id LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant("I-9", "ladders end at the command's duty seat") { context in
      let policy = try context.policy(ObligationPolicy.self)
      return policy.faults.map(\.english)
    },
    Invariant("I-10", "nobody has claimed what lies outside their area") { context in
      var violations: [String] = []
      var known: [String: [PlacePath]] = [:]
      let claimed = try context.transaction.rows(
        """
        SELECT id, path, claimed_by FROM obligation
        WHERE closed_at IS NULL AND claimed_by IS NOT NULL
        ORDER BY id LIMIT 10000
        """)
      for row in claimed {
        let areas = try known[row.text(2)] ?? areas(of: row.id(2), in: context)
        known[row.text(2)] = areas
        // An office that has ended takes its claims along only at the next hand-over; what must
        // never be is a claim by someone who holds the duty elsewhere only.
        let path = PlacePath(row.text(1))
        if !areas.isEmpty && !areas.contains(where: { $0.holds(path) }) {
          violations.append(row.text(0))
        }
      }
      return violations
    },
  ]

  /// Where an account may work on obligations; nowhere when it was closed.
  private static func areas(
    of account: AccountID, in context: Invariant.Context
  ) throws -> [PlacePath] {
    do {
      let authority = try context.jurisdiction.authority(
        .account(account), context.transaction, context.now, context.rules.policies)
      // What somebody claimed on shift, or for a colleague, stays claimed until it is handed over.
      let resting = authority.resting.filter { $0.duties.contains(ClaimObligation.duty) }
      return authority.areas(for: ClaimObligation.duty) + resting.map(\.path)
    } catch let refusal as Refusal where refusal.kind == .unknownSender {
      return []
    }
  }
}
