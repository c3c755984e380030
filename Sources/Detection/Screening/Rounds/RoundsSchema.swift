import Kernel

extension ScreeningTables {
  /// Rounds, their lists, their points, and what was said of those who were not swabbed.
  static let rounds = Migration(
    "screening-0001",
    """
    CREATE TABLE screening_round (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, area TEXT NOT NULL REFERENCES place (id),
      path TEXT NOT NULL, areas TEXT NOT NULL, pool BIGINT NOT NULL, opened_at BIGINT NOT NULL,
      opened_by TEXT NOT NULL, due_at BIGINT NOT NULL, read_until TEXT, frozen_at BIGINT,
      listed BIGINT NOT NULL, closed_at BIGINT,
      CHECK (pool > 0), CHECK (listed >= 0))
    """,
    "CREATE INDEX screening_round_opened ON screening_round (opened_at, id)",
    """
    CREATE TABLE roster_cell (
      round TEXT NOT NULL REFERENCES screening_round (id), path TEXT NOT NULL,
      number BIGINT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, listed BIGINT NOT NULL,
      exempt BIGINT NOT NULL, away BIGINT NOT NULL, refused BIGINT NOT NULL,
      reswab BIGINT NOT NULL, sampled BIGINT NOT NULL, tested BIGINT NOT NULL,
      members BYTEA NOT NULL, PRIMARY KEY (round, path, number))
    """,
    """
    CREATE TABLE sampling_point (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, place TEXT NOT NULL REFERENCES place (id),
      path TEXT NOT NULL, kind TEXT NOT NULL, opens TEXT, closes TEXT,
      latitude DOUBLE PRECISION, longitude DOUBLE PRECISION, samplers BIGINT NOT NULL,
      CHECK (kind IN ('fixed', 'mobile', 'home')))
    """,
    "CREATE INDEX sampling_point_path ON sampling_point (path, id)",
    """
    CREATE TABLE roster_note (
      round TEXT NOT NULL REFERENCES screening_round (id), person TEXT NOT NULL,
      at BIGINT NOT NULL, claim TEXT NOT NULL, standing TEXT NOT NULL, reason TEXT NOT NULL,
      sender TEXT NOT NULL, PRIMARY KEY (round, person, at, claim),
      CHECK (standing IN ('missing', 'exempt', 'away', 'refused')))
    """,
    """
    CREATE TABLE roster_search (
      round TEXT NOT NULL REFERENCES screening_round (id),
      place TEXT NOT NULL REFERENCES place (id), path TEXT NOT NULL, opened_at BIGINT NOT NULL,
      closed_at BIGINT, PRIMARY KEY (round, place))
    """,
    """
    CREATE INDEX roster_search_open ON roster_search (round, path) WHERE closed_at IS NULL
    """)

  /// What stays of a round when what names people in it is deleted.
  static let erasing = Migration(
    "screening-0007", "ALTER TABLE screening_round ADD COLUMN erased_at BIGINT",
    """
    CREATE INDEX screening_round_kept ON screening_round (opened_at, id) WHERE erased_at IS NULL
    """,
    """
    CREATE TABLE roster_total (
      round TEXT NOT NULL REFERENCES screening_round (id), path TEXT NOT NULL,
      listed BIGINT NOT NULL, exempt BIGINT NOT NULL, away BIGINT NOT NULL,
      refused BIGINT NOT NULL, reswab BIGINT NOT NULL, sampled BIGINT NOT NULL,
      tested BIGINT NOT NULL, PRIMARY KEY (round, path))
    """)

  /// Lists of people that wait to become rounds.
  static let lists = Migration(
    "screening-0011",
    """
    CREATE TABLE round_list (
      id TEXT PRIMARY KEY, area TEXT NOT NULL REFERENCES place (id), made_at BIGINT NOT NULL,
      made_by TEXT NOT NULL, listing TEXT NOT NULL, people TEXT NOT NULL, faults TEXT NOT NULL)
    """,
    "CREATE INDEX round_list_made ON round_list (made_at)")

  /// Whether one household may share one tube in a round, and behind which door each swab's person lives there.
  static let households = Migration(
    "screening-0014",
    "ALTER TABLE screening_round ADD COLUMN household_tube BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE swab ADD COLUMN home TEXT")

  /// Who is isolated by which clause.
  static let clauses = Migration(
    "screening-0020",
    """
    CREATE TABLE screening_clause (
      restriction TEXT PRIMARY KEY, person TEXT NOT NULL, clause TEXT NOT NULL)
    """,
    "CREATE INDEX screening_clause_people ON screening_clause (clause, person)")

  /// Who is known only because they were swabbed somewhere, filed at the round's area, and how many of them
  /// a list left out.
  static let strangers = Migration(
    "screening-0016",
    """
    CREATE TABLE swab_stranger (
      person TEXT PRIMARY KEY, place TEXT NOT NULL, noted_at BIGINT NOT NULL)
    """,
    """
    INSERT INTO swab_stranger (person, place, noted_at)
    SELECT person.id, person.home, MIN(swab.sampled_at)
    FROM swab
    JOIN person ON person.id = swab.person
    JOIN screening_round ON screening_round.id = swab.round
    WHERE swab.cell_path IS NULL AND person.home = screening_round.area AND person.incomplete = 1
    GROUP BY person.id, person.home
    """,
    "ALTER TABLE screening_round ADD COLUMN without_home BIGINT NOT NULL DEFAULT 0")
}
