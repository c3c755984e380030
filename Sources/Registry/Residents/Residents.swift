import Kernel

/// One person, one file: who lives behind which door, and what they need.
package enum Residents {
  package static let slice = Slice(
    name: "residents",
    migrations: [
      Migration(
        "residents-0001",
        """
        CREATE TABLE person (
          id TEXT PRIMARY KEY, name TEXT, sex TEXT, birth_day TEXT, identity_kind TEXT,
          identity_sealed BYTEA, identity_index TEXT UNIQUE, phone_sealed BYTEA, phone_index TEXT,
          home TEXT NOT NULL REFERENCES place (id), path TEXT NOT NULL, away BIGINT NOT NULL,
          tags TEXT NOT NULL, incomplete BIGINT NOT NULL, opened_at BIGINT NOT NULL,
          CHECK (away IN (0, 1)), CHECK (incomplete IN (0, 1)))
        """,
        "CREATE INDEX person_path ON person (path, id)",
        "CREATE INDEX person_home ON person (home)",
        "CREATE INDEX person_phone ON person (phone_index) WHERE phone_index IS NOT NULL")
    ])
}
