/// Invitations at the door: a slip of paper by which a new colleague opens an account. The registry
/// makes it; the server prints slips and takes them.
package struct InvitationDoor: Sendable {
  /// What an invitation is for.
  package struct Order: Sendable {
    /// The name of the account that it will open, as it was typed.
    package let account: String
    package let title: String
    package let role: String
    package let place: String
    /// When the office ends; nil when no end is set.
    package let until: Instant?

    package init(
      account: String, title: String, role: String, place: String, until: Instant?
    ) {
      self.account = account
      self.title = title
      self.role = role
      self.place = place
      self.until = until
    }
  }

  /// What stands on the slip, and on the page that it opens.
  package struct Slip: Sendable {
    package let account: AccountID
    package let title: String
    package let role: Words
    /// The area in words, from the city or street down.
    package let place: Words
    package let inviter: String
    /// Until when it can be used.
    package let until: Instant
    package let officeUntil: Instant?
    /// Whether the role asks for a second factor.
    package let needsFactor: Bool
    /// By which it is named when it is withdrawn.
    package let number: String

    package init(
      account: AccountID, title: String, role: Words, place: Words, inviter: String,
      until: Instant, officeUntil: Instant?, needsFactor: Bool, number: String
    ) {
      self.account = account
      self.title = title
      self.role = role
      self.place = place
      self.inviter = inviter
      self.until = until
      self.officeUntil = officeUntil
      self.needsFactor = needsFactor
      self.number = number
    }
  }

  /// Makes an invitation; answers its secret, which is kept nowhere, and what stands on the slip.
  package let issue:
    @Sendable (Order, Sender) async throws -> (secret: Redacted<String>, slip: Slip)
  /// What an invitation says; refused when it was used, withdrawn or has expired.
  package let show: @Sendable (Redacted<String>) async throws -> Slip
  /// Uses an invitation up with a password of the colleague's own, and signs in.
  package let accept:
    @Sendable (Redacted<String>, Redacted<String>, Device?) async throws -> Doorkeeper.Entry

  package init(
    issue:
      @escaping @Sendable (Order, Sender) async throws -> (secret: Redacted<String>, slip: Slip),
    show: @escaping @Sendable (Redacted<String>) async throws -> Slip,
    accept:
      @escaping @Sendable (Redacted<String>, Redacted<String>, Device?) async throws ->
      Doorkeeper.Entry
  ) {
    self.issue = issue
    self.show = show
    self.accept = accept
  }
}
