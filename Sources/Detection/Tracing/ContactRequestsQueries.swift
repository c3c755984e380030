import Gazette
import Kernel

/// Contacts that wait for a second person, with what confirming them would mean.
package struct ListContactRequests: Query {
  package struct Entry: Codable, Sendable {
    package let request: ContactRequestID
    package let issuer: String
    package let place: PlaceID
    package let askedAt: Instant
    /// Why they are to be no contacts, as `not_near`; nil when they are to be confirmed.
    package let reason: RejectionReason?
    /// Those on whom it would still be decided, as they stand now.
    package let contacts: [ListContacts.Line]
    package let byKind: [String: Int]
  }

  package struct Answer: Codable, Sendable {
    package let requests: [Entry]
  }

  package static let name = "contacts.requests"
  package static let duty: Duty = ApproveContacts.duty
  package static let purposes: [Purpose] = [.investigation, .containment, .supervision]
  /// A place; everywhere when there is none.
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let store = ContactRequestsStore(reading.transaction)
    let found = try store.waiting(in: path ?? .everywhere, limit: 100)
    return Answer(
      requests: try found.map { request in
        let waiting = try store.contacts(of: request.id)
          .map { try ContactsStore(reading.transaction).get($0) }
          .filter(request.isStillAsked)
        let lines = try waiting.map {
          ListContacts.Line($0, try reading.liveFile(of: $0.person))
        }
        for line in lines { reading.disclose(line.person) }
        return Entry(
          request: request.id, issuer: request.issuer, place: request.place,
          askedAt: request.askedAt, reason: request.reason, contacts: lines,
          byKind: Dictionary(grouping: lines, by: \.kind.rawValue).mapValues(\.count))
      })
  }
}
