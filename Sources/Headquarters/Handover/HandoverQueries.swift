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

/// One change of shift with the obligations that went with it.
package struct ShowHandover: Query {
  package struct Answer: Codable, Sendable {
    package let note: HandoverNote
    package let obligations: [ObligationID]
  }

  package static let name = "handover.show"
  package static let duty: Duty = ListObligations.duty
  package static let purposes: [Purpose] = []
  package let handover: HandoverID

  package init(handover: HandoverID) { self.handover = handover }

  package func area(in reading: Reading) throws -> Area {
    .path(try HandoverStore(reading.transaction).get(handover).path)
  }

  package func answer(in reading: Reading) throws -> Answer {
    let store = HandoverStore(reading.transaction)
    return Answer(note: try store.get(handover).note, obligations: try store.items(of: handover))
  }
}
