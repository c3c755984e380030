import Kernel

/// What identifiers of invitations name.
package enum InvitationTag {}
package typealias InvitationID = ID<InvitationTag>

/// A slip by which a new colleague opens an account with one office.
package struct Invitation: Codable, Sendable {
  package let invitation: InvitationID
  /// The name of the account that it opens.
  package let account: AccountID
  /// What colleagues will call it.
  package let title: String
  package let role: String
  package let place: PlaceID
  package let inviter: AccountID
  package let issuedAt: Instant
  package let until: Instant
  /// When the office ends; nil when no end is set.
  package let officeUntil: Instant?
  package let acceptedAt: Instant?
  package let withdrawnAt: Instant?

  private enum CodingKeys: String, CodingKey {
    case invitation
    case account
    case title
    case role
    case place
    case inviter
    case issuedAt = "issued_at"
    case until
    case officeUntil = "office_until"
    case acceptedAt = "accepted_at"
    case withdrawnAt = "withdrawn_at"
  }

  /// Whether it opens an account at a moment.
  package func isOpen(at now: Instant) -> Bool {
    acceptedAt == nil && withdrawnAt == nil && now < until
  }
}

/// Rules for invitations.
package struct InvitationsPolicy: PolicySection {
  package static let key = "invitations"

  /// How long a slip can be used.
  package let hours: Int
  /// How many open slips one inviter may have.
  package let mostOpen: Int
  /// Duties of which only whoever manages offices gives to another organisation: with them a second
  /// person would be of the inviter's own making.
  package let secondPersonDuties: [String]

  private enum CodingKeys: String, CodingKey {
    case hours
    case mostOpen = "most_open"
    case secondPersonDuties = "second_person_duties"
  }

  package var faults: [Words] {
    hours < 1 || mostOpen < 1
      ? [Words("时长和数量至少为 1", "every duration and count is at least 1")] : []
  }

  /// Names of duties that nobody has.
  package func faults(beside others: PolicyLibrary, on day: Day) -> [Words] {
    OfficesPolicy.faults(duties: secondPersonDuties, in: others, on: day)
  }
}

/// An invitation was made. Title and secret are not here.
package struct InvitationIssued: Fact {
  package static let name = "invitations.issued"
  package static let words = Words("邀请条已发出", "Invitation issued")
  package static let about = Matter.account
  package let invitation: InvitationID
  package let account: AccountID
  package let role: String
  package let place: PlaceID
  package let until: Instant
  package var subject: String { account.text }
}

/// An invitation was used: the account is open and holds the office.
package struct InvitationAccepted: Fact {
  package static let name = "invitations.accepted"
  package static let words = Words("邀请已接受", "Invitation accepted")
  package static let about = Matter.account
  package let invitation: InvitationID
  package let account: AccountID
  package let inviter: AccountID
  package var subject: String { account.text }
}

/// An invitation was withdrawn: the slip was lost.
package struct InvitationWithdrawn: Fact {
  package static let name = "invitations.withdrawn"
  package static let words = Words("邀请已撤回", "Invitation withdrawn")
  package static let about = Matter.account
  package let invitation: InvitationID
  package let account: AccountID
  package var subject: String { account.text }
}
