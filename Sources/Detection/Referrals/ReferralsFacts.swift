import Gazette
import Kernel

/// A contact was handed over to the area of the home.
package struct ReferralSent: Fact {
  package static let name = "referrals.sent"
  package let referral: ReferralID
  package let contact: ContactID
  package let to: PlaceID
  /// The number of the help letter, when it goes to another district.
  package let letter: String?
  package var subject: String { referral.text }
}

/// An area took a contact on.
package struct ReferralAccepted: Fact {
  package static let name = "referrals.accepted"
  package let referral: ReferralID
  package let late: Bool
  package var subject: String { referral.text }
}

/// An area does not answer for a contact.
package struct ReferralReturned: Fact {
  package static let name = "referrals.returned"
  package let referral: ReferralID
  package let reason: String
  package var subject: String { referral.text }
}

/// The person was found.
package struct ReferralFound: Fact {
  package static let name = "referrals.found"
  package let referral: ReferralID
  package let outcome: String
  package let late: Bool
  package var subject: String { referral.text }
}

/// The person was handed to the vehicle.
package struct ContactDeparted: Fact {
  package static let name = "referrals.departed"
  package let referral: ReferralID
  package var subject: String { referral.text }
}

/// A hand-over no longer counts: sent elsewhere, or the person is no contact any more.
package struct ReferralEnded: Fact {
  package static let name = "referrals.ended"
  package let referral: ReferralID
  package let state: String
  package var subject: String { referral.text }
}
