import Kernel
import Registry

/// Where the tracing looks for who was together with whom. The database answers in a town; an
/// engine of its own may answer for a hundred million visits.
package protocol VisitFinder {
  /// Each time a person and somebody else were together inside a span, cut to it: pairs of visits
  /// at the same venue, and encounters. Unjoined and in any order; never empty spans.
  func crossings(of person: PersonID, in span: TimeSpan) throws -> [Crossing]
}

/// The visits and encounters in the database.
struct StoredVisits: VisitFinder {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  func crossings(of person: PersonID, in span: TimeSpan) throws -> [Crossing] {
    let store = VisitsStore(transaction)
    // Visits stay under the identifier by which they came; a person meets nobody in their own files.
    let people = try ResidentsStore(transaction).identifiers(of: person)
    return try people.flatMap { own in
      try store.crossings(of: own, in: span) + store.encounterCrossings(of: own, in: span)
    }.filter { !people.contains($0.other) }
  }
}

/// A visit of one person and a visit of another that overlap at one venue, or an encounter.
package struct Crossing: Hashable, Sendable {
  package let other: PersonID
  /// The venue by which crossings are joined; empty for encounters.
  package let spot: String
  package let venue: VenueID?
  package let venueKind: VenueKind
  package let span: TimeSpan
  /// How the other's presence became known.
  package let source: String

  package init(
    other: PersonID, spot: String, venue: VenueID?, venueKind: VenueKind, span: TimeSpan,
    source: String
  ) {
    self.other = other
    self.spot = spot
    self.venue = venue
    self.venueKind = venueKind
    self.span = span
    self.source = source
  }

  /// An encounter as one of the two sees it; nil when it lies outside the span or lasted no time.
  package init?(_ encounter: Encounter, of person: PersonID, in span: TimeSpan) {
    let common = encounter.span.common(with: span)
    if common.isEmpty { return nil }
    other = encounter.personA == person ? encounter.personB : encounter.personA
    spot = ""
    venue = nil
    venueKind = .encounter
    self.span = common
    source = "encounter"
  }
}
