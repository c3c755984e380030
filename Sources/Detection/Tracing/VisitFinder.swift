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

/// Everything that is known: the visits and encounters in the database, and the scans, of which an
/// index may hold most. Built for one look, and good as long as its transaction.
struct KnownVisits: VisitFinder {
  private let transaction: any Transaction
  private let index: (any ScanIndex)?
  /// What came since the index was last brought up to date, or everything without one.
  private let fresh: PackedScans
  private let hasScans: Bool
  private let clock: ScanTime

  /// So many scans are looked through as they stand at most; more would take the memory of the node.
  static let mostFresh = 2_000_000

  /// - Throws: a refusal while an index is being made from more scans than can be looked through.
  init(_ transaction: any Transaction, rules: Rulebook) throws {
    self.transaction = transaction
    index = rules.scanIndex
    clock = ScanTime(rules.zone)
    let store = ScansStore(transaction)
    let last = try store.last()
    hasScans = last > 0
    var fresh = PackedScans()
    if hasScans {
      // Asked before anything is looked up: what it takes in meanwhile is found twice, never missed.
      let taken = try index?.taken() ?? 0
      guard try store.count(after: taken) <= Self.mostFresh else { throw Refusal.scansIndexing }
      for head in try store.heads(after: taken) {
        fresh.add(try store.batch(head.number, of: head.day))
      }
    }
    self.fresh = fresh
  }

  func crossings(of person: PersonID, in span: TimeSpan) throws -> [Crossing] {
    let told = try StoredVisits(transaction).crossings(of: person, in: span)
    guard hasScans else { return told }
    // Visits stay under the identifier by which they came; a person meets nobody in their own files.
    let people = try ResidentsStore(transaction).identifiers(of: person)
    var found: [Found] = []
    var theirVisits: [(own: Presence, other: Visit)] = []
    let seconds = clock.seconds(of: span)
    for own in people {
      for visit in try VisitsStore(transaction).visits(of: own, in: span, limit: 100_000) {
        let common = visit.span.common(with: span)
        let spot = VenueID(trusted: visit.spot)
        found += try presences(at: spot, in: clock.seconds(of: common))
          .map { Found(presence: $0, venue: visit.venue, limit: common) }
      }
      let scans = try self.scans(of: own, in: seconds)
      var met = scans.flatMap { fresh.presences(at: $0.spot, in: $0.span) }
      if let index {
        met += try index.crossings(of: own, in: seconds)
        for scan in fresh.scans(of: own, in: seconds) {
          met += try index.presences(at: scan.spot, in: scan.span)
        }
      }
      found += met.map { Found(presence: $0, venue: $0.spot, limit: span) }
      theirVisits += try visits(meeting: scans, in: span)
    }
    return told
      + (try crossings(found, theirVisits, in: span)).filter { !people.contains($0.other) }
  }

  /// A scan of somebody else, under the name of the venue that the person's own record has.
  private struct Found {
    let presence: Presence
    let venue: VenueID
    let limit: TimeSpan
  }

  /// A person's own scans, cut to a span; those of no length, too.
  func scans(of person: PersonID, in span: ScanSpan) throws -> [Presence] {
    try (index?.scans(of: person, in: span) ?? []) + fresh.scans(of: person, in: span)
  }

  /// A person's own scans as visits; those that were cut at midnight are whole again, and one that two
  /// lists tell of is there once.
  func visits(byScanOf person: PersonID, in span: TimeSpan, limit: Int) throws -> [Visit] {
    guard hasScans else { return [] }
    let sorted = Set(try scans(of: person, in: clock.seconds(of: span))).sorted { left, right in
      (left.spot, left.source.number, left.span.from, left.span.to)
        < (right.spot, right.source.number, right.span.from, right.span.to)
    }
    var whole: [Presence] = []
    for scan in sorted {
      if let last = whole.last, last.spot == scan.spot, last.source == scan.source,
        last.span.to == scan.span.from, scan.span.from.isMultiple(of: ScanTime.day)
      {
        whole[whole.count - 1] = Presence(
          person: person, spot: scan.spot, span: ScanSpan(last.span.from, scan.span.to),
          source: scan.source)
      } else {
        whole.append(scan)
      }
    }
    return whole.prefix(limit).map { scan in
      Visit(
        person: person, venue: scan.spot, span: clock.span(scan.span.from, scan.span.to),
        source: scan.source)
    }
  }

  private func presences(at spot: VenueID, in span: ScanSpan) throws -> [Presence] {
    try (index?.presences(at: spot, in: span) ?? []) + fresh.presences(at: spot, in: span)
  }

  /// The visits that people told of at the spots of somebody's scans.
  private func visits(
    meeting scans: [Presence], in span: TimeSpan
  ) throws -> [(own: Presence, other: Visit)] {
    if scans.isEmpty { return [] }
    let visits = try VisitsStore(transaction).visits(at: Set(scans.map(\.spot.text)), in: span)
    return scans.flatMap { own in (visits[own.spot] ?? []).map { (own, $0) } }
  }

  private func crossings(
    _ scans: [Found], _ visits: [(own: Presence, other: Visit)], in span: TimeSpan
  ) throws -> [Crossing] {
    let spots = Set(scans.map(\.presence.spot.text)).union(visits.map(\.own.spot.text))
    let kinds = try VisitsStore(transaction).kinds(ofSpots: spots)
    let withScans = scans.map { found in
      Crossing(
        other: found.presence.person, spot: found.presence.spot.text, venue: found.venue,
        venueKind: kinds[found.presence.spot] ?? .unknown,
        span: clock.span(found.presence.span.from, found.presence.span.to)
          .common(with: found.limit),
        source: found.presence.source.rawValue)
    }
    let withVisits = visits.map { own, other in
      Crossing(
        other: other.person, spot: own.spot.text, venue: own.spot,
        venueKind: kinds[own.spot] ?? .unknown,
        span: clock.span(own.span.from, own.span.to).common(with: other.span)
          .common(with: span),
        source: other.source.rawValue)
    }
    return (withScans + withVisits).filter { !$0.span.isEmpty }
  }
}

extension Refusal {
  /// An answer that left most scans out would say that nobody was near.
  fileprivate static let scansIndexing = Refusal(
    .overloaded, "scans.indexing",
    Words("大量扫码记录正在建立索引，请稍后再试", "Very many scans are being indexed; try again in a while"))
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
