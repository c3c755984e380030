import Kernel

/// What must hold of restrictions at any moment (I-11 to I-19).
enum RestrictionsInvariants {
  /// The clock turns once a minute; what it does is due within two turns.
  private static let tick = Duration.seconds(120)
  private static let most = 10_000

  static let all: [Invariant] = [
    Invariant(
      "I-11", "no restriction without end, clause and edition, evidence, issuer and area"
    ) { context in
      let bare = try context.transaction.rows(
        """
        SELECT restriction.id FROM restriction
        WHERE NOT EXISTS (
            SELECT 1 FROM restriction_phase AS phase WHERE phase.restriction = restriction.id)
          OR restriction.path = '' OR restriction.clause = '' OR restriction.evidence = ''
        ORDER BY restriction.id LIMIT 20
        """
      ).map { $0.text(0) }
      let unknown = try running(in: context).filter { context.rules.decidedClause(of: $0) == nil }
      return bare + unknown.map(\.id.text)
    },
    Invariant("I-12", "no restriction ends later than its clause allows") { context in
      try running(in: context).filter { restriction in
        guard let clause = context.rules.decidedClause(of: restriction) else { return false }
        let limit = RestrictionsRules.limit(
          clause, start: restriction.start, zone: context.rules.zone)
        return restriction.end > limit || restriction.limit > limit
      }.map(\.id.text)
    },
    Invariant("I-13", "what is past its end holds nowhere") { context in
      let now = context.now
      let held = Set(
        try context.transaction.rows(
          """
          SELECT id FROM restriction WHERE \(RestrictionsStore.effective(at: now))
          ORDER BY id LIMIT \(most)
          """
        ).map { $0.text(0) })
      // The condition in SQL and the rule in Swift are one.
      let differing = try running(in: context).filter {
        $0.isEffective(at: now) != held.contains($0.id.text)
      }
      let owed = try context.transaction.rows(
        """
        SELECT restriction.id
        FROM restriction
        JOIN obligation ON obligation.subject = restriction.id
        WHERE restriction.end_at < \(now - tick) AND obligation.closed_at IS NULL
          AND obligation.kind IN ('restrictions.test', 'restrictions.health')
        ORDER BY restriction.id LIMIT 20
        """)
      return differing.map(\.id.text) + owed.map { $0.text(0) }
    },
    Invariant("I-14", "evidence is there, of a kind that the clause takes, about the person") {
      context in
      let store = EvidenceStore(context.transaction)
      return try running(in: context).filter { restriction in
        guard let clause = context.rules.decidedClause(of: restriction) else { return false }
        let kinds = Set(clause.appliesTo.map(\.evidence))
        return try store.holding(restriction.id).contains { noted in
          !kinds.contains(noted.evidence.kind) || noted.person != restriction.person
            || noted.countedFrom > context.now
        }
      }.map(\.id.text)
    },
    Invariant("I-15", "no restriction outlives what it rests on") { context in
      let store = EvidenceStore(context.transaction)
      return try running(in: context).filter { try store.holding($0.id).isEmpty }.map(\.id.text)
    },
    Invariant(
      "I-16", "whatever no rule decided was approved by a second person",
      violations: """
        SELECT id FROM restriction
        WHERE issuer <> 'rules' AND (approver IS NULL OR approver = issuer)
        ORDER BY id LIMIT 20
        """),
    Invariant(
      "I-18", "an objection past its time lifts the restriction; its issuer never decides it"
    ) { context in
      try context.transaction.rows(
        """
        SELECT objection.id
        FROM objection
        JOIN restriction ON restriction.id = objection.restriction
        WHERE (objection.decided_at IS NULL AND objection.due_at <= \(context.now)
            AND restriction.id IN (
              SELECT id FROM restriction WHERE \(RestrictionsStore.effective(at: context.now))))
          OR objection.decided_by = restriction.issuer
          OR objection.decided_by = restriction.approver
        ORDER BY objection.id LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant("I-19", "a code's colour follows from what holds, and a notice colours nothing") {
      context in
      try running(in: context).filter { restriction in
        guard let clause = context.rules.decidedClause(of: restriction) else { return false }
        if !clause.isLimiting { return clause.colour != .green }
        let decided = RestrictionsRules.deciding(
          [(restriction, clause.colour)], at: context.now)
        return (decided != nil)
          != (restriction.isEffective(at: context.now) && clause.colour > .green)
      }.map(\.id.text)
    },
    Invariant(
      "I-41", "nobody was let go early on one person's word",
      // What a zone's own release or a case's correction ends is ended by a rule.
      violations: """
        SELECT restriction.id
        FROM restriction
        WHERE ((restriction.end_reason = 'released'
              AND restriction.evidence_kind <> 'zone_residence')
            OR (restriction.end_reason = 'no_longer_needed' AND restriction.evidence_kind <> 'case'))
          AND NOT EXISTS (
            SELECT 1
            FROM restriction_change AS change
            WHERE change.restriction = restriction.id AND change.kind = 'end'
              AND change.approved = 1 AND change.decided_by <> change.issuer)
        ORDER BY restriction.id LIMIT 20
        """),
    Invariant(
      "I-55 restrictions", "nothing that was asked of a person is kept longer than it may be"
    ) {
      context in
      let keepDays = try context.policy(RestrictionsKeepingPolicy.self).keepDays
      // The clock deletes once an hour; a day more is what a deletion may take (P14).
      return try ErasingRestrictionsStore(context.transaction).kept(
        before: context.now - .days(keepDays + 1) - .hours(2))
    },
  ]

  /// Those that nobody has ended.
  private static func running(in context: Invariant.Context) throws -> [Restriction] {
    try RestrictionsStore(context.transaction).unended(limit: most)
  }
}
