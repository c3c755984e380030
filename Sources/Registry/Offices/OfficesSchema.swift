import Kernel

/// The tables of accounts, offices and credentials, and what must hold in them.
enum OfficesSchema {
  static let migrations = [
    Migration(
      "offices-0001",
      """
      CREATE TABLE account (
        id TEXT PRIMARY KEY, title TEXT NOT NULL, opened_at BIGINT NOT NULL, closed_at BIGINT,
        password_salt TEXT, password_digest TEXT, password_at BIGINT,
        CHECK ((password_salt IS NULL) = (password_digest IS NULL)))
      """,
      """
      CREATE TABLE office (
        account TEXT NOT NULL REFERENCES account (id), role TEXT NOT NULL, place TEXT NOT NULL,
        path TEXT NOT NULL, from_at BIGINT NOT NULL, until_at BIGINT,
        PRIMARY KEY (account, role, place, from_at))
      """,
      "CREATE INDEX office_place ON office (place, role)",
      "CREATE INDEX office_path ON office (path, role)",
      """
      CREATE TABLE credential (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE,
        account TEXT NOT NULL REFERENCES account (id), issued_at BIGINT NOT NULL,
        until_at BIGINT NOT NULL, ended_at BIGINT,
        CHECK (kind IN ('session', 'token', 'link')))
      """,
      "CREATE INDEX credential_account ON credential (account, issued_at)",
      "CREATE INDEX credential_until ON credential (until_at)",
      """
      CREATE TABLE sign_in_attempt (
        id TEXT PRIMARY KEY, who TEXT NOT NULL, at BIGINT NOT NULL)
      """,
      "CREATE INDEX sign_in_attempt_who ON sign_in_attempt (who, at)",
      "CREATE INDEX sign_in_attempt_at ON sign_in_attempt (at)"),
    Migration(
      "offices-0002", "ALTER TABLE credential ADD COLUMN device TEXT",
      "CREATE INDEX credential_device ON credential (device) WHERE device IS NOT NULL"),
    Migration("offices-0003", "ALTER TABLE credential ADD COLUMN proven_at BIGINT"),
  ]

  static let invariants = [
    Invariant(
      "O-1", "no credential of a closed account is open",
      violations: """
        SELECT credential.id
        FROM credential
        JOIN account ON account.id = credential.account
        WHERE account.closed_at IS NOT NULL AND credential.ended_at IS NULL
        ORDER BY credential.id
        LIMIT 20
        """),
    Invariant(
      "O-2", "no office of a closed account runs on",
      violations: """
        SELECT office.account
        FROM office
        JOIN account ON account.id = office.account
        WHERE account.closed_at IS NOT NULL
          AND (office.until_at IS NULL OR office.until_at > account.closed_at)
        ORDER BY office.account
        LIMIT 20
        """),
    Invariant(
      "O-3", "an office never ends before it begins",
      violations: """
        SELECT account
        FROM office
        WHERE until_at IS NOT NULL AND until_at < from_at
        ORDER BY account
        LIMIT 20
        """),
  ]
}
