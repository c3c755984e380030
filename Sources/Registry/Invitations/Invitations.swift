import Kernel

/// Invitations by slip: who needs a new colleague prints a slip with a QR code; the colleague opens it
/// once, sets a password, and holds the office that stands on it.
///
/// In the street: a street leader writes down name, role and grid, prints the slip and hands it over. It
/// works once and for three days; a lost one is withdrawn. Nobody gives more than they hold themself.
///
/// Retention: invitations as long as the journal names them; the secret is kept nowhere.
package enum Invitations {
  package static let slice = Slice(
    name: "invitations",
    commands: [
      CommandKind(IssueInvitation.self, edgeOnly: true),
      CommandKind(AcceptInvitation.self, edgeOnly: true), CommandKind(WithdrawInvitation.self),
    ],
    queries: [QueryKind(ListInvitations.self)],
    facts: [
      InvitationIssued.self, InvitationAccepted.self, InvitationWithdrawn.self,
    ],
    screens: [InvitationsScreens.list],
    migrations: [
      Migration(
        "invitations-0001",
        """
        CREATE TABLE invitation (
          id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, account TEXT NOT NULL,
          title TEXT NOT NULL, role TEXT NOT NULL, place TEXT NOT NULL, path TEXT NOT NULL,
          inviter TEXT NOT NULL REFERENCES account (id), issued_at BIGINT NOT NULL,
          until_at BIGINT NOT NULL, office_until BIGINT, accepted_at BIGINT, withdrawn_at BIGINT,
          CHECK (accepted_at IS NULL OR withdrawn_at IS NULL))
        """,
        "CREATE INDEX invitation_path ON invitation (path, issued_at)",
        "CREATE INDEX invitation_account ON invitation (account)",
        "CREATE INDEX invitation_inviter ON invitation (inviter, until_at)")
    ],
    policySections: [InvitationsPolicy.self])
}
