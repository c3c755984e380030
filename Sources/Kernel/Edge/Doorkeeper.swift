/// Who stands at the door: signs people in, and says whom a cookie, a token or a slip belongs to.
///
/// The edge mints every secret and passes on its fingerprint only; secrets never reach commands,
/// receipts, facts or logs. The registry makes the doorkeeper; the server uses it.
package struct Doorkeeper: Sendable {
  /// What somebody gets who has signed in.
  package struct Entry: Sendable {
    /// The secret of the session, for the cookie; kept nowhere else.
    package let secret: Redacted<String>
    package let account: AccountID
    package let until: Instant

    package init(secret: Redacted<String>, account: AccountID, until: Instant) {
      self.secret = secret
      self.account = account
      self.until = until
    }
  }

  /// What a browser shows of itself: the secrets in its cookies.
  package struct Showing: Sendable {
    package let session: Redacted<String>?
    package let device: Redacted<String>?

    package init(session: Redacted<String>?, device: Redacted<String>?) {
      self.session = session
      self.device = device
    }
  }

  /// Who the account of a page is, for its header.
  package struct Caption: Sendable {
    package let name: String
    package let roles: [Words]

    package init(name: String, roles: [Words]) {
      self.name = name
      self.roles = roles
    }
  }

  /// Whom a session belongs to; refused when there is none or it has ended.
  package let forSession: @Sendable (Redacted<String>) async throws -> Sender
  /// Whom a program's token belongs to.
  package let forToken: @Sendable (Redacted<String>) async throws -> Sender
  /// Whom a resident's slip belongs to.
  package let forSlip: @Sendable (Redacted<String>) async throws -> Sender
  private let signInOn: @Sendable (String, Redacted<String>, Device?) async throws -> Entry
  private let redeemOn: @Sendable (Redacted<String>, Device?) async throws -> Entry
  /// Ends a session.
  package let signOut: @Sendable (Redacted<String>) async throws -> Void
  /// Sets the password of a session's own account.
  package let setPassword: @Sendable (Redacted<String>, Redacted<String>) async throws -> Void
  /// Makes a one-time link for an account.
  package let issueLink: @Sendable (AccountID, Sender) async throws -> Redacted<String>
  /// Makes a program's token for an account, for a number of days.
  package let issueToken: @Sendable (AccountID, Int?, Sender) async throws -> Redacted<String>
  private let standingOf: @Sendable (Showing, [String]) async throws -> DeviceStanding
  private let takeOverFrom: @Sendable (Showing, DeviceRemains) async throws -> Void
  /// Who is looking, in words.
  package let caption: @Sendable (Reading) throws -> Caption?
  /// The second factor.
  package let factor: FactorDoor
  /// Invitations by slip.
  package let invitation: InvitationDoor

  package init(
    forSession: @escaping @Sendable (Redacted<String>) async throws -> Sender,
    forToken: @escaping @Sendable (Redacted<String>) async throws -> Sender,
    forSlip: @escaping @Sendable (Redacted<String>) async throws -> Sender,
    signIn: @escaping @Sendable (String, Redacted<String>, Device?) async throws -> Entry,
    redeem: @escaping @Sendable (Redacted<String>, Device?) async throws -> Entry,
    signOut: @escaping @Sendable (Redacted<String>) async throws -> Void,
    setPassword: @escaping @Sendable (Redacted<String>, Redacted<String>) async throws -> Void,
    issueLink: @escaping @Sendable (AccountID, Sender) async throws -> Redacted<String>,
    issueToken: @escaping @Sendable (AccountID, Int?, Sender) async throws -> Redacted<String>,
    standing: @escaping @Sendable (Showing, [String]) async throws -> DeviceStanding,
    takeOver: @escaping @Sendable (Showing, DeviceRemains) async throws -> Void,
    caption: @escaping @Sendable (Reading) throws -> Caption?, factor: FactorDoor,
    invitation: InvitationDoor
  ) {
    self.factor = factor
    self.invitation = invitation
    self.forSession = forSession
    self.forToken = forToken
    self.forSlip = forSlip
    signInOn = signIn
    redeemOn = redeem
    self.signOut = signOut
    self.setPassword = setPassword
    self.issueLink = issueLink
    self.issueToken = issueToken
    standingOf = standing
    takeOverFrom = takeOver
    self.caption = caption
  }

  /// Signs in with a password, on a device if the browser has shown one.
  package func signIn(
    _ account: String, _ password: Redacted<String>, on device: Device? = nil
  ) async throws -> Entry { try await signInOn(account, password, device) }

  /// How the browser with a device's secret stands, for a session if there is one.
  ///
  /// - Parameter held: the devices of which it still holds entries.
  package func standing(
    _ session: Redacted<String>?, _ device: Redacted<String>?, holding held: [String] = []
  ) async throws -> DeviceStanding {
    try await standingOf(Showing(session: session, device: device), held)
  }

  /// Takes over what a revoked device holds and cannot open any more.
  package func takeOver(
    _ device: Redacted<String>?, _ remains: DeviceRemains, by session: Redacted<String>? = nil
  ) async throws {
    try await takeOverFrom(Showing(session: session, device: device), remains)
  }

  /// Signs in with a one-time link, which is used up by it.
  package func redeem(_ link: Redacted<String>, on device: Device? = nil) async throws -> Entry {
    try await redeemOn(link, device)
  }
}
