import Kernel

extension Residents {
  /// The tables of the register of people.
  static let migration = Migration(
    "residents-0001",
    """
    CREATE TABLE person (
      id TEXT PRIMARY KEY, name TEXT, sex TEXT, birth_day TEXT, identity_kind TEXT,
      identity_sealed BYTEA, identity_index TEXT, phone_sealed BYTEA, phone_index TEXT,
      home TEXT NOT NULL REFERENCES place (id), path TEXT NOT NULL, home_since BIGINT NOT NULL,
      away_since BIGINT, registered_code TEXT, registered_since BIGINT, work_place TEXT,
      work_since BIGINT, tags TEXT NOT NULL, incomplete BIGINT NOT NULL, opened_at BIGINT NOT NULL,
      retention TEXT NOT NULL, keep_until TEXT NOT NULL,
      merged_into TEXT REFERENCES person (id),
      CHECK (incomplete IN (0, 1)),
      CHECK ((identity_sealed IS NULL) = (identity_index IS NULL)),
      CHECK ((phone_sealed IS NULL) = (phone_index IS NULL)),
      CHECK ((registered_code IS NULL) = (registered_since IS NULL)),
      CHECK ((work_place IS NULL) = (work_since IS NULL)),
      CHECK (merged_into IS NULL OR merged_into <> id))
    """,
    """
    CREATE UNIQUE INDEX person_identity ON person (identity_index)
    WHERE identity_index IS NOT NULL AND merged_into IS NULL
    """,
    "CREATE INDEX person_path ON person (path, id) WHERE merged_into IS NULL",
    "CREATE INDEX person_name ON person (name, path) WHERE merged_into IS NULL",
    """
    CREATE INDEX person_phone ON person (phone_index)
    WHERE phone_index IS NOT NULL AND merged_into IS NULL
    """,
    "CREATE INDEX person_needs ON person (path, id, tags) WHERE tags <> '' AND merged_into IS NULL",
    """
    CREATE INDEX person_away ON person (path, id)
    WHERE away_since IS NOT NULL AND merged_into IS NULL
    """,
    """
    CREATE INDEX person_incomplete ON person (path, id)
    WHERE incomplete = 1 AND merged_into IS NULL
    """,
    "CREATE INDEX person_keeping ON person (keep_until, id)",
    "CREATE INDEX person_merged ON person (merged_into) WHERE merged_into IS NOT NULL",
    """
    CREATE TABLE residence (
      person TEXT NOT NULL REFERENCES person (id), kind TEXT NOT NULL, value TEXT NOT NULL,
      path TEXT, from_at BIGINT NOT NULL, until_at BIGINT NOT NULL,
      PRIMARY KEY (person, kind, from_at),
      CHECK (kind IN ('home', 'registered', 'work', 'away')),
      CHECK ((kind = 'home') = (path IS NOT NULL)), CHECK (from_at < until_at))
    """,
    "CREATE INDEX residence_path ON residence (path, until_at) WHERE path IS NOT NULL",
    """
    CREATE TABLE person_merge (
      merged TEXT NOT NULL REFERENCES person (id), survivor TEXT NOT NULL REFERENCES person (id),
      at BIGINT NOT NULL, taken TEXT NOT NULL, tags TEXT NOT NULL, undone_at BIGINT,
      PRIMARY KEY (merged, at))
    """,
    """
    CREATE TABLE slip (
      fingerprint TEXT PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id),
      issued_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, revoked_at BIGINT)
    """,
    "CREATE INDEX slip_person ON slip (person, issued_at)")

  /// What finds people by their day of birth, and merged files by their home.
  static let births = Migration(
    "residents-0002",
    "CREATE INDEX person_birth ON person (birth_day, path) WHERE merged_into IS NULL",
    "CREATE INDEX person_merged_home ON person (home) WHERE merged_into IS NOT NULL")

  /// What finds people by the first letters of their name and by the last signs of their numbers.
  static let tails = Migration(
    "residents-0003",
    "ALTER TABLE person ADD COLUMN initials TEXT",
    "ALTER TABLE person ADD COLUMN identity_tail TEXT",
    "ALTER TABLE person ADD COLUMN phone_tail TEXT",
    "CREATE INDEX person_initials ON person (initials, path) WHERE merged_into IS NULL",
    """
    CREATE INDEX person_identity_tail ON person (identity_tail, path)
    WHERE identity_tail IS NOT NULL AND merged_into IS NULL
    """,
    """
    CREATE INDEX person_phone_tail ON person (phone_tail, path)
    WHERE phone_tail IS NOT NULL AND merged_into IS NULL
    """,
    "CREATE INDEX person_without_initials ON person (id) WHERE initials IS NULL")
}
