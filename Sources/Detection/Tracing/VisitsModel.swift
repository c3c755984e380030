import Kernel

/// Names a venue as it was written: the identifier or code of a place, or free words.
package enum VenueTag {}
package typealias VenueID = ID<VenueTag>

/// From one instant up to, not including, another.
package struct TimeSpan: Hashable, Codable, Sendable {
  package let from: Instant
  package let to: Instant

  package init(_ from: Instant, _ to: Instant) {
    self.from = from
    self.to = to
  }

  /// Whether no instant lies inside.
  package var isEmpty: Bool { to <= from }
  package var seconds: Int { isEmpty ? 0 : Int((to - from).inSeconds) }

  /// What lies in both; empty when they only touch.
  package func common(with other: TimeSpan) -> TimeSpan {
    TimeSpan(max(from, other.from), min(to, other.to))
  }
}

/// How somebody's presence became known.
package enum VisitSource: String, Codable, CaseIterable, Sendable {
  case interview
  case venueCode = "venue_code"
  case location
  case checkpoint
  case work

  package var words: Words {
    switch self {
    case .interview: Words("流调询问", "interview")
    case .venueCode: Words("场所码", "venue code")
    case .location: Words("位置信息", "location")
    case .checkpoint: Words("卡口登记", "checkpoint")
    case .work: Words("工作排班", "work")
    }
  }
}

/// A person was at a venue during a span.
package struct Visit: Hashable, Sendable {
  package let person: PersonID
  package let venue: VenueID
  /// The place of the registry that the venue means, when it means one.
  package let place: PlaceID?
  package let span: TimeSpan
  package let source: VisitSource
  package let latitude: Double?
  package let longitude: Double?

  package init(
    person: PersonID, venue: VenueID, place: PlaceID? = nil, span: TimeSpan, source: VisitSource,
    latitude: Double? = nil, longitude: Double? = nil
  ) {
    self.person = person
    self.venue = venue
    self.place = place
    self.span = span
    self.source = source
    self.latitude = latitude
    self.longitude = longitude
  }

  /// What two visits share when they were at the same venue, however it was written.
  package var spot: String { place?.text ?? venue.text }
}

/// Two people were seen or told to be close to each other; the pair has no direction.
package struct Encounter: Hashable, Sendable {
  package let personA: PersonID
  package let personB: PersonID
  /// The end of the encounter.
  package let at: Instant
  package let seconds: Int

  /// The pair with the smaller identifier first, so that both directions are one.
  package init(_ one: PersonID, _ other: PersonID, at: Instant, seconds: Int) {
    personA = min(one, other)
    personB = max(one, other)
    self.at = at
    self.seconds = seconds
  }

  package var span: TimeSpan { TimeSpan(at - .seconds(seconds), at) }
}
