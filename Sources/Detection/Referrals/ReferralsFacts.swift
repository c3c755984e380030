import Gazette
import Kernel

/// A contact was handed over to the area of the home.
package struct ReferralSent: Fact {
  package static let name = "referrals.sent"
  package static let words = Words("协查已发出", "Contact handed over to the area of the home")
  package static let about = Matter.referral
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
  package static let words = Words("协查已接收", "Hand-over of a contact accepted")
  package static let about = Matter.referral
  package let referral: ReferralID
  package let late: Bool
  package var subject: String { referral.text }
}

/// An area does not answer for a contact.
package struct ReferralReturned: Fact {
  package static let name = "referrals.returned"
  package static let words = Words("协查已退回", "Hand-over of a contact sent back")
  package static let about = Matter.referral
  package let referral: ReferralID
  package let reason: String
  package var subject: String { referral.text }
}

/// The person was found.
package struct ReferralFound: Fact {
  package static let name = "referrals.found"
  package static let words = Words("协查对象已落地", "Person of a hand-over found")
  package static let about = Matter.referral
  package let referral: ReferralID
  package let outcome: String
  package let late: Bool
  package var subject: String { referral.text }
}

/// The person was handed to the vehicle.
package struct ContactDeparted: Fact {
  package static let name = "referrals.departed"
  package static let words = Words("协查对象已上车转运", "Person of a hand-over given to the vehicle")
  package static let about = Matter.referral
  package let referral: ReferralID
  package var subject: String { referral.text }
}

/// A hand-over no longer counts: sent elsewhere, or the person is no contact any more.
package struct ReferralEnded: Fact {
  package static let name = "referrals.ended"
  package static let words = Words("协查已终止", "Hand-over of a contact no longer counts")
  package static let about = Matter.referral
  package let referral: ReferralID
  package let state: String
  package var subject: String { referral.text }
}

extension Matter {
  package static let referral = Matter(
    Words("协查", "Hand-over of a contact"), page: "/referrals/:referral")
}
