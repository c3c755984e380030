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

extension ReferralsStore {
  /// The hand-over with a number, and the one whose letter has it.
  func numbered(_ text: String) throws -> [Referral] {
    let written = SQL.list([text, text.uppercased(), text.lowercased()])
    // Two statements, so that each one has its index.
    return try ["id IN (\(written))", "letter IN (\(written))"].flatMap { (condition: SQL) in
      try transaction.rows("SELECT \(Self.columns) FROM referral WHERE \(condition) LIMIT 10")
        .map(Self.referral)
    }
  }
}
