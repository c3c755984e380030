import Gazette
import Kernel
import Registry

/// On which rounds' lists somebody is, why, and how they stand there.
package struct ShowPersonRounds: Query {
  /// One round.
  package struct Line: Codable, Sendable {
    package let round: RoundID
    package let name: String
    package let openedAt: Instant
    package let isOver: Bool
    /// Why the person is on its list; nil for somebody who was swabbed and stands on none.
    package let listing: ListingReason?
    package let standing: Standing
    package let reason: StandingReason
    package let tubes: [TubeCode]

    private enum CodingKeys: String, CodingKey {
      case round
      case name
      case listing
      case standing
      case reason
      case tubes
      case openedAt = "opened_at"
      case isOver = "is_over"
    }
  }

  package static let name = "screening.person"
  package static let duty: Duty = "screening.read"
  package static let purposes: [Purpose] = [.fieldwork, .containment, .investigation, .supervision]
  private static let mostRounds = 50
  package let person: PersonID

  package init(person: PersonID) { self.person = person }

  package func area(in reading: Reading) throws -> Area {
    .path(try ResidentsStore(reading.transaction).survivor(of: person).path)
  }

  package func answer(in reading: Reading) throws -> [Line] {
    let residents = ResidentsStore(reading.transaction)
    let resident = try residents.survivor(of: person)
    reading.disclose(resident.id)
    let identifiers = try residents.identifiers(of: resident.id)
    let book = RosterBook(reading.transaction)
    let swabs = SwabsStore(reading.transaction)
    return try ScreeningRoundStore(reading.transaction).latest(limit: Self.mostRounds)
      .filter { $0.frozenAt != nil && $0.erasedAt == nil }
      .compactMap { round in
        let own = try swabs.of(identifiers, in: round.id).filter { $0.swab.withdrawnAt == nil }
        let member = try book.spot(of: resident, in: round)
          .flatMap { try book.member(at: $0, of: round.id) }
        guard member != nil || !own.isEmpty else { return nil }
        let stand = member?.now ?? Stand(TubesRules.standing(by: own) ?? .reswab)
        return Line(
          round: round.id, name: round.name, openedAt: round.openedAt,
          isOver: round.closedAt != nil, listing: member?.listing, standing: stand.standing,
          reason: stand.reason, tubes: own.map(\.tube.code))
      }
  }
}
