import Registry
import Town

@testable import Containment
@testable import Kernel

extension Town {
  /// The building across, which was a hotel.
  static let hotel = Spot.otherBuilding.id
  static let steps = ["emptied", "cleaned", "zoned", "handed_over"]

  /// The hotel with rooms 301 and on, ready: the community gives, the street takes.
  func readyHotel(rooms: Int = 3, beds: Int = 2) async throws {
    try await submit(SetUpSite(site: Self.hotel), as: "street")
    try await submit(
      AddRooms(site: Self.hotel, floor: 3, first: 301, last: 300 + rooms, beds: beds),
      as: "street")
    for step in Self.steps {
      try await submit(GiveSiteStep(site: Self.hotel, step: step), as: "leader")
      try await submit(ConfirmSiteStep(site: Self.hotel, step: step), as: "street")
    }
  }

  func room(_ number: String) async throws -> SiteRoomID {
    let rows = try await rows("SELECT id FROM isolation_room WHERE number = \(number)")
    guard let row = rows.first else { throw Refusal.missing(number) }
    return row.id(0)
  }

  /// Asks for a room, gets it, and the car leaves.
  func send(
    _ person: PersonID = Town.zhao, to number: String = "301", sharing: SharingReason? = nil,
    companionOf: PersonID? = nil
  ) async throws -> SiteStayID {
    let stay = try await submit(
      AskTransfer(person: person, site: Self.hotel, companionOf: companionOf), as: "leader"
    ).stay
    try await submit(
      AnswerTransfer(
        stay: stay, accepted: true, room: try await room(number), sharing: sharing),
      as: "street")
    try await submit(DepartTransfer(stay: stay), as: "leader")
    return stay
  }

  /// Brings somebody into a room.
  func bring(
    _ person: PersonID = Town.zhao, to number: String = "301", sharing: SharingReason? = nil,
    companionOf: PersonID? = nil
  ) async throws -> SiteStayID {
    let stay = try await send(person, to: number, sharing: sharing, companionOf: companionOf)
    try await submit(ArriveTransfer(stay: stay), as: "street")
    return stay
  }

  /// The hotel as its page shows it.
  func hotelNow() async throws -> ShowSite.Answer {
    try await ask(ShowSite(site: Self.hotel), for: .containment)
  }

  /// What is owed of a kind, with where.
  func owed(_ kind: String) async throws -> [(id: ObligationID, place: PlaceID, deadline: Instant)]
  {
    try await rows(
      """
      SELECT id, place, deadline FROM obligation
      WHERE kind = \(kind) AND closed_at IS NULL ORDER BY deadline, id
      """
    ).map { ($0.id(0), $0.id(1), $0.instant(2)) }
  }

  /// Finishes the first thing of a kind that is owed.
  func finishFirst(
    _ kind: String, proof: [String: String]? = nil, as account: String = "street"
  ) async throws {
    guard let id = try await owed(kind).first?.id else { throw Refusal.missing(kind) }
    try await submit(FinishObligation(obligation: id, proof: proof), as: account)
  }
}
