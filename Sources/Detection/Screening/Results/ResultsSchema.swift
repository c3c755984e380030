import Kernel

extension ScreeningTables {
  /// Laboratories, what they sent, what it said of tubes, and who is held for it.
  static let results = Migration(
    "screening-0004",
    """
    CREATE TABLE laboratory (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, key TEXT, last_sequence BIGINT NOT NULL)
    """,
    """
    CREATE TABLE result_batch (
      id TEXT PRIMARY KEY, laboratory TEXT NOT NULL REFERENCES laboratory (id),
      sequence BIGINT NOT NULL, digest TEXT NOT NULL, rows BIGINT NOT NULL, body TEXT NOT NULL,
      came_at BIGINT NOT NULL, state TEXT NOT NULL, reasons TEXT NOT NULL, decided_at BIGINT,
      decided_by TEXT,
      CHECK (state IN ('applied', 'quarantined', 'released', 'discarded')))
    """,
    "CREATE INDEX result_batch_sequence ON result_batch (laboratory, sequence, digest)",
    """
    CREATE INDEX result_batch_waiting ON result_batch (came_at, id) WHERE state = 'quarantined'
    """,
    """
    CREATE TABLE tube_result (
      id TEXT PRIMARY KEY, tube TEXT NOT NULL REFERENCES tube (code), result TEXT NOT NULL,
      reported_at BIGINT NOT NULL, laboratory TEXT NOT NULL REFERENCES laboratory (id),
      batch TEXT, sequence BIGINT, recorded_at BIGINT NOT NULL, correction TEXT,
      CHECK (result IN ('negative', 'positive', 'grey', 'single_target', 'invalid')))
    """,
    "CREATE INDEX tube_result_tube ON tube_result (tube, recorded_at)",
    """
    CREATE UNIQUE INDEX tube_result_sequence ON tube_result (laboratory, sequence)
    WHERE sequence IS NOT NULL
    """,
    """
    CREATE TABLE recall (
      tube TEXT NOT NULL REFERENCES tube (code), person TEXT NOT NULL,
      round TEXT NOT NULL REFERENCES screening_round (id), result TEXT NOT NULL,
      held_since BIGINT NOT NULL, state TEXT NOT NULL, single TEXT, decided_at BIGINT,
      PRIMARY KEY (tube, person),
      CHECK (state IN ('held', 'released', 'case')),
      CHECK ((state = 'held') = (decided_at IS NULL)))
    """,
    "CREATE INDEX recall_person ON recall (person, round)",
    "CREATE INDEX recall_round ON recall (round, held_since, tube, person)",
    "CREATE INDEX recall_single ON recall (single) WHERE single IS NOT NULL",
    """
    CREATE TABLE result_correction (
      id TEXT PRIMARY KEY, tube TEXT NOT NULL REFERENCES tube (code), was TEXT NOT NULL,
      result TEXT NOT NULL, reason TEXT NOT NULL, asked_by TEXT NOT NULL,
      organisations TEXT NOT NULL, asked_at BIGINT NOT NULL, decided_by TEXT, decided_at BIGINT,
      approved BIGINT, CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
      CHECK ((decided_at IS NULL) = (approved IS NULL)))
    """,
    """
    CREATE UNIQUE INDEX result_correction_open ON result_correction (tube)
    WHERE decided_at IS NULL
    """)

  /// Where a list that was put aside concerns people, and what the first of two said about it.
  static let decisions = Migration(
    "screening-0006", "ALTER TABLE result_batch ADD COLUMN area TEXT",
    "ALTER TABLE result_batch ADD COLUMN said_release BIGINT",
    "ALTER TABLE result_batch ADD COLUMN said_by TEXT",
    "ALTER TABLE result_batch ADD COLUMN said_organisations TEXT",
    "ALTER TABLE result_batch ADD COLUMN said_at BIGINT")

  /// How many results of a laboratory were taken in each of the last minutes.
  static let pace = Migration(
    "screening-0008",
    """
    CREATE TABLE result_pace (
      laboratory TEXT NOT NULL REFERENCES laboratory (id), minute BIGINT NOT NULL,
      results BIGINT NOT NULL, abnormal BIGINT NOT NULL, PRIMARY KEY (laboratory, minute),
      CHECK (abnormal BETWEEN 0 AND results))
    """)

  /// The numbers of lists that were passed over, and what became of each.
  static let gaps = Migration(
    "screening-0018",
    """
    CREATE TABLE result_gap (
      laboratory TEXT NOT NULL REFERENCES laboratory (id), number BIGINT NOT NULL,
      first BIGINT NOT NULL, noted_at BIGINT NOT NULL, path TEXT, closed_at BIGINT,
      closed_by TEXT, reason TEXT, PRIMARY KEY (laboratory, number),
      CHECK ((closed_at IS NULL) = (closed_by IS NULL)))
    """,
    """
    CREATE INDEX result_gap_open ON result_gap (noted_at, laboratory, first, number)
    WHERE closed_at IS NULL
    """)

  /// What a known tube has to say, which result by hand waits for two people, and keys that the district
  /// wants to change or take back.
  static let controls = Migration(
    "screening-0019", "ALTER TABLE tube ADD COLUMN control TEXT",
    "CREATE INDEX tube_control ON tube (round, code) WHERE control IS NOT NULL",
    "ALTER TABLE result_batch ADD COLUMN tube TEXT",
    "ALTER TABLE result_batch ADD COLUMN entered_by TEXT",
    "CREATE INDEX result_batch_tube ON result_batch (tube) WHERE tube IS NOT NULL",
    """
    CREATE TABLE laboratory_key_request (
      laboratory TEXT PRIMARY KEY REFERENCES laboratory (id), key TEXT, asked_by TEXT NOT NULL,
      organisations TEXT NOT NULL, asked_at BIGINT NOT NULL)
    """)

  /// Which accounts speak for which laboratory, and who entered a result by hand.
  static let laboratories = Migration(
    "screening-0013",
    """
    CREATE TABLE laboratory_account (
      account TEXT PRIMARY KEY, laboratory TEXT NOT NULL REFERENCES laboratory (id),
      appointed_at BIGINT NOT NULL, appointed_by TEXT NOT NULL)
    """,
    "CREATE INDEX laboratory_account_laboratory ON laboratory_account (laboratory, account)",
    "ALTER TABLE tube_result ADD COLUMN entered_by TEXT",
    """
    CREATE INDEX tube_at_laboratory ON tube (laboratory, received_at, code)
    WHERE result IS NULL AND voided_at IS NULL AND received_at IS NOT NULL
    """)
}
