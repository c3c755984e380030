/// What is owed, to whom, until when. Every slice makes obligations; this one keeps them: people
/// claim them, finish them with a proof, and the clock tells the next seat when they are late.
///
/// Retention: proofs and notes go with the subject's slice; the row keeps identifiers and times.
package enum Obligations {
  package static let slice = Slice(
    name: "obligations",
    commands: [
      CommandKind(ClaimObligation.self), CommandKind(FinishObligation.self, ofTheField: true),
      CommandKind(WaiveObligation.self), CommandKind(StrikeOffObligation.self),
      CommandKind(NoteAttempt.self, ofTheField: true), CommandKind(EscalateObligations.self),
    ],
    queries: [QueryKind(ListObligations.self), QueryKind(TimelineOf.self)],
    facts: [
      ObligationOpened.self, ObligationClaimed.self, ObligationDone.self, ObligationWaived.self,
      ObligationEscalated.self, ObligationMoved.self, ObligationStruckOff.self,
      ObligationAttempted.self,
    ],
    ticks: [Tick(every: .seconds(30)) { EscalateObligations() }],
    migrations: [
      Migration(
        "obligations-0001",
        """
        CREATE TABLE obligation (
          id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, person TEXT,
          place TEXT NOT NULL, path TEXT NOT NULL, seat TEXT NOT NULL, claimed_by TEXT,
          opened_at BIGINT NOT NULL, deadline BIGINT NOT NULL, state TEXT NOT NULL,
          rung BIGINT NOT NULL, escalated_to TEXT, escalated_at BIGINT,
          next_escalation_at BIGINT, closed_at BIGINT, closed_by TEXT, proof TEXT, reason TEXT,
          struck_off_at BIGINT, policy TEXT NOT NULL,
          CHECK (state IN ('open', 'claimed', 'done', 'waived')),
          CHECK ((closed_at IS NULL) = (state IN ('open', 'claimed'))),
          CHECK (state <> 'done' OR proof IS NOT NULL),
          CHECK (state <> 'waived' OR reason IS NOT NULL))
        """,
        """
        CREATE INDEX obligation_owed ON obligation (deadline, id) WHERE closed_at IS NULL
        """,
        "CREATE INDEX obligation_owed_place ON obligation (path) WHERE closed_at IS NULL",
        "CREATE INDEX obligation_subject ON obligation (subject, kind)",
        "CREATE INDEX obligation_person ON obligation (person) WHERE person IS NOT NULL",
        """
        CREATE INDEX obligation_escalation ON obligation (next_escalation_at, id)
        WHERE next_escalation_at IS NOT NULL
        """,
        "CREATE INDEX obligation_closed ON obligation (closed_at) WHERE closed_at IS NOT NULL",
        """
        CREATE TABLE escalation (
          obligation TEXT NOT NULL, rung BIGINT NOT NULL, seat TEXT NOT NULL, at BIGINT NOT NULL,
          PRIMARY KEY (obligation, rung))
        """,
        """
        CREATE TABLE attempt (
          obligation TEXT NOT NULL, at BIGINT NOT NULL, sender TEXT NOT NULL,
          outcome TEXT NOT NULL, note TEXT, PRIMARY KEY (obligation, at))
        """),
      Migration(
        "obligations-0002",
        """
        CREATE INDEX obligation_late ON obligation (deadline, id)
        WHERE struck_off_at IS NULL AND (closed_at IS NULL OR closed_at > deadline)
        """),
      walls, counts, countsAnew, kinds,
    ],
    policySections: [ObligationPolicy.self],
    invariants: ObligationInvariants.all, finders: [ObligationFinder.finder])
}

extension Obligations {
  /// What the walls of large areas are counted from: indices that hold all that is asked of them, and
  /// how many were closed in each hour, by the first steps of their paths.
  static let walls = Migration(
    "obligations-0003",
    "ALTER TABLE obligation ADD COLUMN claimed_at BIGINT",
    "DROP INDEX obligation_owed",
    "CREATE INDEX obligation_owed ON obligation (deadline, id, path) WHERE closed_at IS NULL",
    "DROP INDEX obligation_owed_place",
    """
    CREATE INDEX obligation_owed_place ON obligation (path, deadline, opened_at, kind)
    WHERE closed_at IS NULL
    """,
    "DROP INDEX obligation_closed",
    """
    CREATE INDEX obligation_closed ON obligation (closed_at, path, opened_at, deadline)
    WHERE closed_at IS NOT NULL
    """,
    """
    CREATE INDEX obligation_claimed ON obligation (claimed_at, deadline)
    WHERE closed_at IS NULL AND claimed_at IS NOT NULL
    """,
    "CREATE INDEX obligation_opened ON obligation (opened_at, id, path) WHERE closed_at IS NULL",
    """
    CREATE TABLE obligation_hour (
      hour BIGINT NOT NULL, path TEXT NOT NULL, closed BIGINT NOT NULL, PRIMARY KEY (hour, path))
    """,
    """
    INSERT INTO obligation_hour (hour, path, closed)
    SELECT closed_at / 3600000, path, COUNT(*)
    FROM obligation
    WHERE closed_at IS NOT NULL
    GROUP BY closed_at / 3600000, path
    """)

  /// With the condition itself in the indices, which SQLite asks for before it leaves the rows alone, and
  /// with a count for each place down to the community.
  static let counts = Migration(
    "obligations-0004",
    "DROP INDEX obligation_owed",
    """
    CREATE INDEX obligation_owed ON obligation (deadline, id, path, closed_at)
    WHERE closed_at IS NULL
    """,
    "DROP INDEX obligation_owed_place",
    """
    CREATE INDEX obligation_owed_place ON obligation (path, deadline, opened_at, kind, closed_at)
    WHERE closed_at IS NULL
    """,
    "DROP TABLE obligation_hour",
    """
    CREATE TABLE obligation_hour (
      path TEXT NOT NULL, hour BIGINT NOT NULL, closed BIGINT NOT NULL, PRIMARY KEY (path, hour))
    """,
    // Of what was closed before, the whole is known; its parts begin to be counted now.
    """
    INSERT INTO obligation_hour (path, hour, closed)
    SELECT '', closed_at / 3600000, COUNT(*)
    FROM obligation
    WHERE closed_at IS NOT NULL
    GROUP BY closed_at / 3600000
    """)

  /// Counting begins anew with the next closing: what was closed before is looked up.
  static let countsAnew = Migration("obligations-0005", "DELETE FROM obligation_hour")

  /// With the kind in it, so that the few of a rare kind are found among hundreds of thousands without a
  /// look at each.
  static let kinds = Migration(
    "obligations-0006",
    "DROP INDEX obligation_owed",
    """
    CREATE INDEX obligation_owed ON obligation (deadline, id, path, kind, closed_at)
    WHERE closed_at IS NULL
    """)
}
