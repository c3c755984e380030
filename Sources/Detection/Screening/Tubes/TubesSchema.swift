import Kernel

extension ScreeningTables {
  /// Tubes, the claims whose swab is in which, contradictions, pace and labels.
  static let tubes = Migration(
    "screening-0002",
    """
    CREATE TABLE tube (
      code TEXT PRIMARY KEY, round TEXT NOT NULL REFERENCES screening_round (id), point TEXT,
      capacity BIGINT NOT NULL, is_single BIGINT NOT NULL, opened_at BIGINT, opened_claim TEXT,
      sealed_at BIGINT, sealed_count BIGINT, voided_at BIGINT, void_reason TEXT, box TEXT,
      laboratory TEXT, received_at BIGINT, result TEXT, reported_at BIGINT, alarmed_at BIGINT,
      CHECK (capacity > 0), CHECK (is_single IN (0, 1)),
      CHECK ((opened_at IS NULL) = (opened_claim IS NULL)),
      CHECK ((voided_at IS NULL) = (void_reason IS NULL)),
      CHECK ((result IS NULL) = (reported_at IS NULL)),
      CHECK (result IN ('negative', 'positive', 'grey', 'single_target', 'invalid')))
    """,
    "CREATE INDEX tube_round ON tube (round, code)",
    """
    CREATE INDEX tube_waiting ON tube (opened_at, code)
    WHERE result IS NULL AND voided_at IS NULL AND alarmed_at IS NULL
    """,
    "CREATE INDEX tube_in_box ON tube (box, code) WHERE box IS NOT NULL",
    """
    CREATE TABLE swab (
      tube TEXT NOT NULL REFERENCES tube (code), person TEXT NOT NULL,
      round TEXT NOT NULL REFERENCES screening_round (id), cell_path TEXT, cell_number BIGINT,
      listed_as TEXT, point TEXT, sampled_at BIGINT NOT NULL, operator TEXT, claim TEXT NOT NULL,
      device TEXT, is_recheck BIGINT NOT NULL, withdrawn_at BIGINT, PRIMARY KEY (tube, person),
      CHECK (is_recheck IN (0, 1)), CHECK ((cell_path IS NULL) = (cell_number IS NULL)),
      CHECK ((cell_path IS NULL) = (listed_as IS NULL)))
    """,
    "CREATE INDEX swab_person ON swab (person, round)",
    "CREATE INDEX swab_unlisted ON swab (round, person) WHERE cell_path IS NULL",
    """
    CREATE TABLE swab_conflict (
      id TEXT PRIMARY KEY, round TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL,
      noted_at BIGINT NOT NULL, settled_at BIGINT, settled_by TEXT, tube TEXT,
      CHECK (kind IN ('second_tube', 'overfull', 'two_devices', 'after_seal', 'other_round',
        'ahead')),
      CHECK ((settled_at IS NULL) = (settled_by IS NULL)))
    """,
    "CREATE UNIQUE INDEX swab_conflict_about ON swab_conflict (kind, round, about)",
    """
    CREATE INDEX swab_conflict_open ON swab_conflict (round, noted_at, id)
    WHERE settled_at IS NULL
    """,
    """
    CREATE TABLE swab_pace (
      round TEXT NOT NULL, quarter BIGINT NOT NULL, point TEXT NOT NULL, swabs BIGINT NOT NULL,
      PRIMARY KEY (round, quarter, point))
    """,
    """
    CREATE TABLE tube_label_run (
      first BIGINT PRIMARY KEY, count BIGINT NOT NULL, made_at BIGINT NOT NULL,
      made_by TEXT NOT NULL, round TEXT, CHECK (count > 0))
    """)

  /// Which tube a desk opened after one.
  static let followed = Migration("screening-0010", "ALTER TABLE tube ADD COLUMN followed_by TEXT")

  /// What was decided of a contradiction.
  static let decided = Migration(
    "screening-0012", "ALTER TABLE swab_conflict ADD COLUMN decision TEXT")

  /// Lets a count at the seal that is not that of the swabs be a contradiction, those of before as well.
  static let sealCounts = Migration(
    "screening-0017",
    "DROP INDEX swab_conflict_about", "DROP INDEX swab_conflict_open",
    "ALTER TABLE swab_conflict RENAME TO swab_conflict_before",
    """
    CREATE TABLE swab_conflict (
      id TEXT PRIMARY KEY, round TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL,
      noted_at BIGINT NOT NULL, settled_at BIGINT, settled_by TEXT, tube TEXT, decision TEXT,
      CHECK (kind IN ('second_tube', 'overfull', 'two_devices', 'after_seal', 'other_round',
        'ahead', 'void_after_result', 'seal_count', 'outside_round')),
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
    INSERT INTO swab_conflict (id, round, kind, about, noted_at)
    SELECT 'seal_count/' || tube.code, tube.round, 'seal_count', tube.code, tube.sealed_at
    FROM tube
    LEFT JOIN swab ON swab.tube = tube.code
    WHERE tube.sealed_count IS NOT NULL AND tube.round IN (
      SELECT id FROM screening_round WHERE erased_at IS NULL)
    GROUP BY tube.code, tube.round, tube.sealed_at, tube.sealed_count
    HAVING tube.sealed_count > COUNT(swab.tube) OR tube.sealed_count < COUNT(
      CASE WHEN swab.withdrawn_at IS NULL AND swab.sampled_at <= tube.sealed_at THEN 1 END)
    """)

  /// A label belongs to no round.
  static let labels = Migration(
    "screening-0005", "ALTER TABLE tube_label_run DROP COLUMN round")

  /// Lets a tube that is void after its result be a contradiction.
  static let voided = Migration(
    "screening-0009",
    "DROP INDEX swab_conflict_about", "DROP INDEX swab_conflict_open",
    "ALTER TABLE swab_conflict RENAME TO swab_conflict_before",
    """
    CREATE TABLE swab_conflict (
      id TEXT PRIMARY KEY, round TEXT NOT NULL, kind TEXT NOT NULL, about TEXT NOT NULL,
      noted_at BIGINT NOT NULL, settled_at BIGINT, settled_by TEXT, tube TEXT,
      CHECK (kind IN ('second_tube', 'overfull', 'two_devices', 'after_seal', 'other_round',
        'ahead', 'void_after_result')),
      CHECK ((settled_at IS NULL) = (settled_by IS NULL)))
    """,
    """
    INSERT INTO swab_conflict (id, round, kind, about, noted_at, settled_at, settled_by, tube)
    SELECT id, round, kind, about, noted_at, settled_at, settled_by, tube
    FROM swab_conflict_before
    """,
    "DROP TABLE swab_conflict_before",
    "CREATE UNIQUE INDEX swab_conflict_about ON swab_conflict (kind, round, about)",
    """
    CREATE INDEX swab_conflict_open ON swab_conflict (round, noted_at, id)
    WHERE settled_at IS NULL
    """)
}
