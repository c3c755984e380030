import Kernel

/// Accounts, the offices they hold (role, area, period), and how people sign in.
///
/// In the street: an administrator opens an account for a grid worker, gives the office of one grid
/// and hands over a one-time link; the worker opens it on the phone, sets a password and is in. No
/// account is born with a password. A session, a token and a link are secrets of which only the
/// fingerprint is kept; all of it stands in the journal. A grid's team has eight roles, and a role
/// that nobody holds is shown as vacant.
///
/// Retention: accounts and offices as long as the journal names them; ended sessions, tokens and
/// links, and attempts to sign in, as the policy's `keep_days` says.
package enum Offices {
  /// The place of offices that cover the whole installation.
  package static let everywhere = PlaceID(trusted: "everywhere")

  package static let slice = Slice(
    name: "offices",
    commands: [
      CommandKind(FoundDistrict.self, edgeOnly: true), CommandKind(OpenAccount.self),
      CommandKind(CloseAccount.self), CommandKind(RevokeCredentials.self),
      CommandKind(RevokeCredential.self), CommandKind(GrantOffice.self),
      CommandKind(EndOffice.self), CommandKind(NoteSignInAttempt.self, edgeOnly: true),
      CommandKind(OpenSession.self, edgeOnly: true), CommandKind(EndSession.self, edgeOnly: true),
      CommandKind(RedeemLink.self, edgeOnly: true), CommandKind(IssueLink.self, edgeOnly: true),
      CommandKind(IssueToken.self, edgeOnly: true), CommandKind(KeepPassword.self, edgeOnly: true),
      CommandKind(ForgetCredentials.self),
    ],
    queries: [
      QueryKind(ListAccounts.self), QueryKind(OwnAccount.self), QueryKind(ListCredentials.self),
      QueryKind(GridTeam.self), QueryKind(Vacancies.self),
    ],
    facts: [
      AccountOpened.self, AccountClosed.self, OfficeGranted.self, OfficeEnded.self,
      PasswordSet.self, SessionOpened.self, SessionEnded.self, TokenIssued.self, LinkIssued.self,
      LinkRedeemed.self, CredentialsRevoked.self, SignInHeldBack.self,
    ],
    screens: OfficesScreens.all,
    ticks: [Tick(every: .hours(1)) { ForgetCredentials() }],
    migrations: OfficesSchema.migrations,
    policySections: [OfficesPolicy.self, SignInPolicy.self],
    invariants: OfficesSchema.invariants)
}
