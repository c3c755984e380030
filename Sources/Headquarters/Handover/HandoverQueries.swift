import Kernel
import Registry

/// The changes of shift of one area, the youngest first.
package struct ListHandovers: Query {
  package struct Answer: Codable, Sendable {
    package let handovers: [HandoverNote]
  }

  package static let name = "handover.list"
  package static let duty: Duty = ListObligations.duty
  package static let purposes: [Purpose] = []
  private static let limit = 30

  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.map { try PlacesStore(reading.transaction).get($0).path } ?? .everywhere
    return Answer(
      handovers: try HandoverStore(reading.transaction).of(path, limit: Self.limit))
  }
}

/// One change of shift with the obligations that went with it, page by page.
package struct ShowHandover: Query {
  package struct Answer: Codable, Sendable {
    package let note: HandoverNote
    package let obligations: [ObligationID]
    /// How many went with it, on all pages.
    package let all: Int
    /// How many of those are owed still.
    package let owed: Int
    /// Where the next page begins, nil after the last.
    package let after: String?
  }

  package static let name = "handover.show"
  package static let duty: Duty = ListObligations.duty
  package static let purposes: [Purpose] = []
  package let handover: HandoverID
  package let after: String?
  package let limit: Int?

  package init(handover: HandoverID, after: String? = nil, limit: Int? = nil) {
    self.handover = handover
    self.after = after
    self.limit = limit
  }

  package func area(in reading: Reading) throws -> Area {
    .path(try HandoverStore(reading.transaction).get(handover).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let store = HandoverStore(reading.transaction)
    let limit = min(max(limit ?? 200, 1), 1_000)
    let items = try store.items(
      of: handover, after: ObligationStore.Cursor(after), limit: limit)
    let last = items.count == limit ? items.last : nil
    let standing = try store.standing(of: handover)
    return Answer(
      note: try store.get(handover).note, obligations: items.map(\.id), all: standing.all,
      owed: standing.owed, after: last?.text)
  }
}
