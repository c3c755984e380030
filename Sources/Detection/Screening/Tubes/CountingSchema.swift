import Kernel

extension ScreeningTables {
  /// Which swabs count for nothing because of their time, when a tube was tested first, what was known of a
  /// contradiction when it was decided, and the tubes of before that are counted anew.
  static let counting = Migration(
    "screening-0021",
    "ALTER TABLE swab ADD COLUMN late BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE swab ADD COLUMN accepted_at BIGINT",
    "ALTER TABLE tube ADD COLUMN first_reported_at BIGINT",
    """
    UPDATE tube
    SET first_reported_at = COALESCE((
      SELECT MIN(tube_result.reported_at) FROM tube_result WHERE tube_result.tube = tube.code),
      reported_at)
    WHERE result IS NOT NULL
    """,
    "DROP INDEX swab_conflict_about", "DROP INDEX swab_conflict_open",
    "ALTER TABLE swab_conflict RENAME TO swab_conflict_before",
    """
    CREATE TABLE swab_conflict (
      id TEXT PRIMARY KEY, round TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL,
      noted_at BIGINT NOT NULL, settled_at BIGINT, settled_by TEXT, tube TEXT, decision TEXT,
      known TEXT, ground TEXT,
      CHECK (kind IN ('second_tube', 'overfull', 'two_devices', 'after_seal', 'other_round',
        'ahead', 'void_after_result', 'seal_count', 'outside_round', 'held_shared',
        'control_tube')),
      CHECK ((settled_at IS NULL) = (settled_by IS NULL)))
    """,
    """
    INSERT INTO swab_conflict (id, round, kind, about, noted_at, settled_at, settled_by, tube,
      decision)
    SELECT id, round, kind, about, noted_at, settled_at, settled_by, tube, decision
    FROM swab_conflict_before
    """,
    "DROP TABLE swab_conflict_before",
    "CREATE UNIQUE INDEX swab_conflict_about ON swab_conflict (kind, round, about)",
    """
    CREATE INDEX swab_conflict_open ON swab_conflict (round, noted_at, id)
    WHERE settled_at IS NULL
    """,
    """
    UPDATE swab
    SET accepted_at = (
      SELECT MAX(settled_at) FROM swab_conflict
      WHERE swab_conflict.kind = 'after_seal' AND swab_conflict.about = swab.tube
        AND (decision = 'stands' OR decision IS NULL))
    WHERE withdrawn_at IS NULL AND tube IN (
      SELECT about FROM swab_conflict
      WHERE kind = 'after_seal' AND settled_at IS NOT NULL
        AND (decision = 'stands' OR decision IS NULL))
    """,
    "CREATE TABLE tube_recount (tube TEXT PRIMARY KEY)",
    """
    INSERT INTO tube_recount (tube)
    SELECT DISTINCT tube.code
    FROM tube
    JOIN swab ON swab.tube = tube.code
    WHERE swab.withdrawn_at IS NULL AND (swab.sampled_at > tube.sealed_at
      OR swab.sampled_at > tube.received_at OR swab.sampled_at > tube.first_reported_at
      OR tube.control IS NOT NULL)
    """,
    """
    INSERT INTO tube_recount (tube)
    SELECT swab.tube
    FROM swab
    WHERE swab.withdrawn_at IS NULL AND EXISTS (
      SELECT 1 FROM swab AS recheck
      WHERE recheck.tube = swab.tube AND recheck.is_recheck = 1 AND recheck.withdrawn_at IS NULL)
    GROUP BY swab.tube
    HAVING COUNT(*) > 1
    ON CONFLICT (tube) DO NOTHING
    """)
}
