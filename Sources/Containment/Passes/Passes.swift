import Kernel

/// The code that somebody shows at a gate.
///
/// In the street: at eight everybody shows a code at once. It was fetched last night, lies on the
/// telephone and is checked by another telephone with nothing but the district's public keys and a
/// short list of what was revoked; our server hears of neither. Who is not green reads by which rule,
/// why, by which office, until when and how to object, and the code itself ends when that does.
/// Grandmother has a sheet of paper; the child's code is on the mother's telephone.
///
/// Nothing is kept of a code that was issued: it follows from the restrictions that hold and the
/// district's secret (decision 21). Kept are the colours of those who are not green, what was revoked
/// until the last such code has ended, and who shows whose code. The codes of venues are `VenueCodes`.
///
/// Retention: revocations go when the last code that they are about has ended, two days at most; who
/// shows whose code goes with the person's file.
package enum Passes {
  package static let slice = Slice(
    name: "passes",
    commands: [
      CommandKind(RevokePasses.self), CommandKind(RevokeShownPass.self),
      CommandKind(EntrustPass.self), CommandKind(EndPassCare.self), CommandKind(TendPasses.self),
    ],
    queries: [
      QueryKind(OwnPasses.self), QueryKind(IssuePass.self), QueryKind(PassKeys.self),
      QueryKind(RevokedPasses.self), QueryKind(CheckPass.self), QueryKind(PassesOfHome.self),
      QueryKind(ShowPassCare.self),
    ],
    facts: [
      PassesRevoked.self, PassRevoked.self, PassCareChanged.self,
    ],
    screens: PassesScreens.all, reactions: PassesReactions.all,
    ticks: [Tick(every: .seconds(60)) { TendPasses() }],
    migrations: [tables, courses], policySections: [PassesPolicy.self],
    invariants: PassesInvariants.all)

  private static let tables = Migration(
    "passes-0001",
    """
    CREATE TABLE pass_standing (
      person TEXT PRIMARY KEY, colour TEXT NOT NULL, since_at BIGINT NOT NULL,
      holds_until BIGINT NOT NULL, CHECK (colour IN ('yellow', 'red')))
    """,
    "CREATE INDEX pass_standing_until ON pass_standing (holds_until, person)",
    """
    CREATE TABLE pass_revocation (
      bearer TEXT PRIMARY KEY, person TEXT, before_at BIGINT NOT NULL, kept_until BIGINT NOT NULL,
      reason TEXT NOT NULL, CHECK (before_at < kept_until))
    """,
    "CREATE INDEX pass_revocation_kept ON pass_revocation (kept_until, bearer)",
    "CREATE INDEX pass_revocation_person ON pass_revocation (person) WHERE person IS NOT NULL",
    """
    CREATE TABLE pass_care (
      person TEXT NOT NULL, carer TEXT NOT NULL, since_at BIGINT NOT NULL, consent BIGINT NOT NULL,
      noted_by TEXT NOT NULL, ended_at BIGINT, ended_by TEXT,
      PRIMARY KEY (person, carer, since_at), CHECK (person <> carer),
      CHECK ((ended_at IS NULL) = (ended_by IS NULL)))
    """,
    """
    CREATE UNIQUE INDEX pass_care_running ON pass_care (person, carer) WHERE ended_at IS NULL
    """,
    "CREATE INDEX pass_care_carer ON pass_care (carer) WHERE ended_at IS NULL")

  /// What follows by itself upon the colour that was told; nothing there means green.
  private static let courses = Migration(
    "passes-0002", "ALTER TABLE pass_standing ADD COLUMN next_colour TEXT",
    "ALTER TABLE pass_standing ADD COLUMN next_until BIGINT")
}
