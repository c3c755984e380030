import Kernel

/// The invitations into an area, the youngest first.
package struct ListInvitations: Query {
  package static let name = "invitations.list"
  package static let duty: Duty = IssueInvitation.duty
  package static let purposes: [Purpose] = []
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> [Invitation] {
    let path =
      try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) } ?? .everywhere
    return try InvitationsStore(reading.transaction).invitations(in: path, limit: 100)
  }
}
