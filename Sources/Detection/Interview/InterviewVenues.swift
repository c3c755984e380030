import Kernel
import Registry

/// Finds what a venue that somebody named is: a place of the registry, or a venue at which others are
/// known to have been. Contacts are found by it only when all write it the same way.
struct InterviewVenues {
  let transaction: any Transaction
  /// The district in which the case is investigated.
  let area: PlacePath
  /// Read once, however many venues are looked for.
  private var placesRead: [Place]?
  private var venuesRead: [VenueID]?

  init(transaction: any Transaction, area: PlacePath) {
    self.transaction = transaction
    self.area = area
  }

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
  mutating func meaning(of venue: VenueID) throws -> Meaning {
    let places = PlacesStore(transaction)
    let byCode = try places.find(PlaceID(trusted: venue.text)) ?? places.find(code: venue.text)
    if let place = byCode { return .place(place) }
    let wanted = InterviewRules.folded(venue.text)
    let named = try named().filter { names(of: $0).contains(wanted) }
    if named.count == 1, let place = named.first { return .place(place) }
    let store = InterviewStore(transaction)
    if try store.isKnown(venue) { return .known(venue) }
    let alike = try known().filter { InterviewRules.folded($0.text) == wanted }
    if alike.count == 1, let known = alike.first { return .known(known) }
    return .unknown
  }

  /// What a venue may mean: places and venues of the area in whose name the words stand, exact ones
  /// first.
  mutating func candidates(_ words: String, limit: Int) throws -> [Candidate] {
    let wanted = InterviewRules.folded(words)
    if wanted.isEmpty { return [] }
    let places = try named().filter { place in names(of: place).contains { $0.contains(wanted) } }
      .map {
        Candidate(venue: VenueID(trusted: $0.id.text), place: $0.id, name: $0.spoken, path: $0.path)
      }
    let store = InterviewStore(transaction)
    let isPlace = Set(places.map(\.venue))
    let venues = try known().filter {
      InterviewRules.folded($0.text).contains(wanted) && !isPlace.contains($0)
    }
    .map { Candidate(venue: $0, place: nil, name: $0.text, path: nil) }
    let sorted = (places + venues).sorted { left, right in
      (left.name.count, left.name, left.venue) < (right.name.count, right.name, right.venue)
    }
    var found: [Candidate] = []
    // What somebody wrote of a venue elsewhere is none of this area's business.
    for candidate in sorted where found.count < limit {
      if try candidate.place != nil || store.isVisited(candidate.venue, from: area) {
        found.append(candidate)
      }
    }
    return found
  }

  /// Communities and estates of the district: below them names repeat.
  private mutating func named() throws -> [Place] {
    if let placesRead { return placesRead }
    let store = PlacesStore(transaction)
    let read = try [PlaceLevel.community, .estate].flatMap {
      try store.inside(area, level: $0, limit: Self.most)
    }
    placesRead = read
    return read
  }

  private mutating func known() throws -> [VenueID] {
    if let venuesRead { return venuesRead }
    let read = try InterviewStore(transaction).knownVenues(limit: Self.most)
    venuesRead = read
    return read
  }

  private func names(of place: Place) -> Set<String> {
    [InterviewRules.folded(place.name), InterviewRules.folded(place.spoken)]
  }
}
