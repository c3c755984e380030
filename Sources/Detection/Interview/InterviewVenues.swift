import Kernel
import Registry

/// Finds what a venue that somebody named is: a place of the registry, or a venue at which others are
/// known to have been. Contacts are found by it only when all write it the same way.
struct InterviewVenues {
  let transaction: any Transaction
  /// The district in which the case is investigated.
  let area: PlacePath

  /// More venues than these are not looked through.
  private static let most = 20_000

  /// What a written venue means.
  enum Meaning {
    case place(Place)
    case known(VenueID)
    case unknown
  }

  /// One that it may be.
  struct Candidate {
    let venue: VenueID
    let place: PlaceID?
    let name: String
    /// Where it lies, when it is a place of the registry.
    let path: PlacePath?
  }

  /// What a venue means when it means exactly one thing.
  func meaning(of venue: VenueID) throws -> Meaning {
    let places = PlacesStore(transaction)
    let byCode = try places.find(PlaceID(trusted: venue.text)) ?? places.find(code: venue.text)
    if let place = byCode { return .place(place) }
    let wanted = InterviewRules.folded(venue.text)
    let named = try named().filter { names(of: $0).contains(wanted) }
    if named.count == 1, let place = named.first { return .place(place) }
    let store = InterviewStore(transaction)
    if try store.isKnown(venue) { return .known(venue) }
    let alike = try store.knownVenues(limit: Self.most)
      .filter { InterviewRules.folded($0.text) == wanted }
    if alike.count == 1, let known = alike.first { return .known(known) }
    return .unknown
  }

  /// What a venue may mean: places and known venues in whose name the words stand, exact ones first.
  func candidates(_ words: String, limit: Int) throws -> [Candidate] {
    let wanted = InterviewRules.folded(words)
    if wanted.isEmpty { return [] }
    let places = try named().filter { place in names(of: place).contains { $0.contains(wanted) } }
      .map {
        Candidate(venue: VenueID(trusted: $0.id.text), place: $0.id, name: $0.spoken, path: $0.path)
      }
    let store = InterviewStore(transaction)
    let isPlace = Set(places.map(\.venue))
    let venues = try store.knownVenues(limit: Self.most)
      .filter { InterviewRules.folded($0.text).contains(wanted) && !isPlace.contains($0) }
      .map { Candidate(venue: $0, place: nil, name: $0.text, path: nil) }
    let sorted = (places + venues).sorted { left, right in
      (left.name.count, left.name, left.venue) < (right.name.count, right.name, right.venue)
    }
    return Array(sorted.prefix(limit))
  }

  /// Communities and estates of the district: below them names repeat.
  private func named() throws -> [Place] {
    let places = PlacesStore(transaction)
    return try [PlaceLevel.community, .estate].flatMap {
      try places.inside(area, level: $0, limit: Self.most)
    }
  }

  private func names(of place: Place) -> Set<String> {
    [InterviewRules.folded(place.name), InterviewRules.folded(place.spoken)]
  }
}
