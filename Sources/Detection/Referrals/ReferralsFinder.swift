import Gazette
import Kernel
import Registry

/// Finds a hand-over by its number or by the number of its letter.
enum ReferralsFinder {
  static let finder = Finder(
    "referrals", Words("推送", "Hand-overs"), duty: ListReferrals.duty, order: 40
  ) { wanted, _, reading in
    try ReferralsStore(reading.transaction).numbered(wanted.text)
      .filter {
        reading.authority.may(ListReferrals.duty, at: $0.path)
          || reading.authority.may(ListReferrals.duty, at: $0.fromPath)
      }
      .map { referral in
        let about = [
          referral.kind.words(reading.language), try reading.shortAddress(of: referral.path),
        ]
        return Finder.Found(
          referral.letter ?? referral.id.text, about: about.joined(separator: " · "),
          address: "/referrals/\(referral.id.text)")
      }
  }
}
