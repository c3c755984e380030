import Kernel

extension ScreeningTables {
  /// Boxes and each leg of their way.
  static let custody = Migration(
    "screening-0003",
    """
    CREATE TABLE tube_box (
      id TEXT PRIMARY KEY, round TEXT NOT NULL REFERENCES screening_round (id), point TEXT,
      packed_at BIGINT NOT NULL, packed_by TEXT NOT NULL, tubes BIGINT NOT NULL,
      CHECK (tubes > 0))
    """,
    "CREATE INDEX tube_box_round ON tube_box (round, packed_at, id)",
    """
    CREATE TABLE box_leg (
      box TEXT NOT NULL REFERENCES tube_box (id), number BIGINT NOT NULL,
      to_kind TEXT NOT NULL, to_id TEXT NOT NULL, given_at BIGINT NOT NULL,
      given_by TEXT NOT NULL, given_tubes BIGINT NOT NULL, taken_at BIGINT, taken_by TEXT,
      taken_tubes BIGINT, alarmed_at BIGINT, PRIMARY KEY (box, number),
      CHECK (to_kind IN ('vehicle', 'store', 'laboratory')), CHECK (taken_at >= given_at),
      CHECK ((taken_at IS NULL) = (taken_by IS NULL)), CHECK (taken_by <> given_by))
    """,
    """
    CREATE INDEX box_leg_open ON box_leg (given_at, box)
    WHERE taken_at IS NULL AND alarmed_at IS NULL
    """)

  /// Since when a box waits for whoever has it to give it on, and after which leg somebody was told.
  static let waiting = Migration(
    "screening-0015", "ALTER TABLE tube_box ADD COLUMN waits_since BIGINT",
    "ALTER TABLE tube_box ADD COLUMN told_after BIGINT",
    """
    UPDATE tube_box
    SET waits_since = COALESCE(
      (SELECT MAX(taken_at) FROM box_leg WHERE box_leg.box = tube_box.id), packed_at)
    WHERE NOT EXISTS (
      SELECT 1 FROM box_leg
      WHERE box_leg.box = tube_box.id AND (taken_at IS NULL OR to_kind = 'laboratory'))
    """,
    """
    CREATE INDEX tube_box_waiting ON tube_box (waits_since, id)
    WHERE waits_since IS NOT NULL AND told_after IS NULL
    """,
    "CREATE INDEX tube_box_told ON tube_box (id) WHERE told_after IS NOT NULL")
}
