import Gazette
import Kernel
import Registry

/// The help letter (协查函) that another district needs to find a contact: whole names and numbers, so
/// it is asked for with a purpose and the person sees that it was.
package struct ReferralLetter: Query {
  package struct Answer: Codable, Sendable {
    package let number: String
    package let from: String
    package let to: String
    package let sentAt: Instant
    package let resultDue: Instant
    package let kind: ContactKind
    package let infection: CaseID
    package let person: ResidentCard?
    /// When the person met the case last.
    package let lastAt: Instant
  }

  package static let name = "referrals.letter"
  package static let duty: Duty = "referrals.send"
  package static let purposes: [Purpose] = [.investigation]
  package let referral: ReferralID

  package init(referral: ReferralID) { self.referral = referral }

  package func area(in reading: Reading) throws -> Area {
    .path(try ReferralsStore(reading.transaction).get(referral).fromPath)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let known = try ReferralsStore(reading.transaction).get(referral)
    guard let number = known.letter else {
      throw Refusal(
        .notFound, "referral.noLetter",
        Words("本区内的推送没有协查函", "A hand-over within the district has no letter"), field: "referral")
    }
    let places = PlacesStore(reading.transaction)
    func spoken(_ path: PlacePath) throws -> String {
      try places.line(to: path).map(\.name).joined()
    }
    let contact = try ContactsStore(reading.transaction).get(known.contact)
    let card = try ResidentsStore(reading.transaction).current(known.person).map {
      try reading.revealedCard(of: $0)
    }
    return Answer(
      number: number, from: try spoken(known.fromPath), to: try spoken(known.path),
      sentAt: known.sentAt, resultDue: known.resultDue, kind: known.kind,
      infection: known.infection, person: card, lastAt: contact.lastAt)
  }
}
