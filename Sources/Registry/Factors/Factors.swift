import Kernel

/// The second factor: a code that a telephone computes from a secret and the time (RFC 6238), or a passkey
/// that the browser asks for (Web Authentication Level 2), and recovery codes on paper for the day on which
/// telephone and keys are gone.
///
/// In the street: an administrator scans a QR code once and types six digits from then on, or touches the
/// telephone or a security key. Which roles
/// must have a factor is policy. A session in which it was not shown opens nothing at all. Whoever has
/// lost telephone and paper is let in anew by two people of two organisations.
///
/// Retention: the secret, sealed, passkeys' public halves, and the codes' fingerprints as long as the factor
/// is in force; attempts as long as their window; challenges for minutes; requests to take a factor away as long as the journal names them.
package enum Factors {
  package static let slice = Slice(
    name: "factors",
    commands: [
      CommandKind(NoteFactorAttempt.self, edgeOnly: true),
      CommandKind(BeginFactor.self, edgeOnly: true), CommandKind(CancelFactor.self, edgeOnly: true),
      CommandKind(EnrolFactor.self, edgeOnly: true),
      CommandKind(ProveFactor.self, edgeOnly: true),
      CommandKind(UseRecoveryCode.self, edgeOnly: true),
      CommandKind(RenewRecoveryCodes.self, edgeOnly: true),
      CommandKind(AskForPasskey.self, edgeOnly: true),
      CommandKind(BeginPasskey.self, edgeOnly: true),
      CommandKind(TakePasskeyChallenge.self, edgeOnly: true),
      CommandKind(EnrolPasskey.self, edgeOnly: true),
      CommandKind(ProvePasskey.self, edgeOnly: true),
      CommandKind(SuspectPasskey.self, edgeOnly: true),
      CommandKind(RemovePasskey.self, edgeOnly: true), CommandKind(AskFactorReset.self),
      CommandKind(DecideFactorReset.self), CommandKind(ForgetFactorAttempts.self),
    ],
    queries: [QueryKind(ListFactorResets.self), QueryKind(ShowFactor.self)],
    facts: [
      FactorEnrolled.self, FactorProven.self, RecoveryCodesMade.self, FactorHeldBack.self,
      FactorResetAsked.self, FactorResetDecided.self, PasskeyEnrolled.self, PasskeyRemoved.self,
      PasskeySuspected.self,
    ],
    ticks: [Tick(every: .hours(1)) { ForgetFactorAttempts() }],
    migrations: [
      Migration(
        "factors-0001",
        """
        CREATE TABLE factor (
          account TEXT PRIMARY KEY REFERENCES account (id), secret BYTEA, enrolled_at BIGINT,
          last_step BIGINT NOT NULL, candidate BYTEA, candidate_at BIGINT,
          CHECK ((secret IS NULL) = (enrolled_at IS NULL)))
        """,
        """
        CREATE TABLE recovery_code (
          fingerprint TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id),
          made_at BIGINT NOT NULL, used_at BIGINT)
        """,
        "CREATE INDEX recovery_code_account ON recovery_code (account)",
        """
        CREATE TABLE factor_attempt (id TEXT PRIMARY KEY, account TEXT NOT NULL, at BIGINT NOT NULL)
        """,
        "CREATE INDEX factor_attempt_account ON factor_attempt (account, at)",
        "CREATE INDEX factor_attempt_at ON factor_attempt (at)",
        """
        CREATE TABLE factor_reset (
          id TEXT PRIMARY KEY, account TEXT NOT NULL, asked_by TEXT NOT NULL,
          asked_at BIGINT NOT NULL, until_at BIGINT NOT NULL, reason TEXT NOT NULL,
          decided_by TEXT, decided_at BIGINT, approved BIGINT,
          CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
          CHECK (approved IS NULL OR approved = 0 OR decided_by <> asked_by))
        """,
        "CREATE INDEX factor_reset_open ON factor_reset (asked_at) WHERE decided_at IS NULL"),
      Migration("factors-0002", "ALTER TABLE factor ADD COLUMN candidate_session TEXT"),
      Migration(
        "factors-0003",
        """
        CREATE TABLE passkey (
          id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id),
          credential BYTEA NOT NULL UNIQUE, point BYTEA NOT NULL, relying_party TEXT NOT NULL,
          name TEXT NOT NULL, transports TEXT NOT NULL, counter BIGINT NOT NULL,
          is_verified BIGINT NOT NULL, made_at BIGINT NOT NULL, last_used_at BIGINT,
          suspected_at BIGINT)
        """,
        "CREATE INDEX passkey_account ON passkey (account, made_at)",
        """
        CREATE TABLE passkey_challenge (
          fingerprint TEXT PRIMARY KEY, account TEXT NOT NULL, session TEXT NOT NULL,
          purpose TEXT NOT NULL, until_at BIGINT NOT NULL)
        """,
        "CREATE INDEX passkey_challenge_session ON passkey_challenge (session, purpose)",
        "CREATE INDEX passkey_challenge_account ON passkey_challenge (account)",
        "CREATE INDEX passkey_challenge_until ON passkey_challenge (until_at)"),
    ],
    policySections: [FactorPolicy.self, PasskeyPolicy.self],
    invariants: [
      Invariant(
        "O-4", "nobody took a second factor away alone",
        violations: """
          SELECT id
          FROM factor_reset
          WHERE approved = 1 AND (decided_by = asked_by OR decided_by = account)
          ORDER BY id
          LIMIT 20
          """)
    ])
}
