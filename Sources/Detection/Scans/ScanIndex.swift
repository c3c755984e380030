import Kernel

/// Somebody was at a spot, as scans tell.
package struct Presence: Hashable, Sendable {
  package let person: PersonID
  package let spot: VenueID
  package let span: ScanSpan
  package let source: VisitSource

  package init(person: PersonID, spot: VenueID, span: ScanSpan, source: VisitSource) {
    self.person = person
    self.spot = spot
    self.span = span
    self.source = source
  }
}

/// Where scans are looked for: an index of all of them, or a few batches as they stand.
package protocol ScanSearch: Sendable {
  /// A person's own scans, cut to a span; those of no length, too.
  func scans(of person: PersonID, in span: ScanSpan) throws -> [Presence]
  /// The parts of others' scans that one of a person's own has in common with them.
  func crossings(of person: PersonID, in span: ScanSpan) throws -> [Presence]
  /// Everybody's scans at a spot, cut to a span; none that is empty.
  func presences(at spot: VenueID, in span: ScanSpan) throws -> [Presence]
}

/// An index of scans, made from the batches in the database and brought up to date by the clock.
package protocol ScanIndex: ScanSearch, Instrument {
  /// The number of the last batch that is in it.
  func taken() throws -> Int
  /// What is damaged in it, or not as the batches say.
  func faults(against transaction: any Transaction) throws -> [String]
}

extension Rulebook {
  /// The index at hand; nil where everything is looked through as it stands.
  package var scanIndex: (any ScanIndex)? {
    for case let index as any ScanIndex in instruments { return index }
    return nil
  }
}

/// Batches that are looked through as they stand.
package struct PackedScans: ScanSearch {
  private var byPerson: [PersonID: [Presence]] = [:]
  private var bySpot: [VenueID: [Presence]] = [:]

  package var isEmpty: Bool { byPerson.isEmpty }

  /// Adds all scans of a batch.
  package mutating func add(_ batch: ScanBatch) {
    for scan in batch.scans {
      let presence = Presence(
        person: PersonID(trusted: batch.persons[Int(scan.person)]),
        spot: VenueID(trusted: batch.venues[Int(scan.venue)]), span: scan.span,
        source: scan.source)
      byPerson[presence.person, default: []].append(presence)
      if scan.from < scan.to { bySpot[presence.spot, default: []].append(presence) }
    }
  }

  /// A person's own scans.
  package func scans(of person: PersonID, in span: ScanSpan) -> [Presence] {
    (byPerson[person] ?? []).compactMap { scan in
      let isMoment = scan.span.from == scan.span.to
      return isMoment && span.from <= scan.span.from && scan.span.from < span.to
        ? scan : scan.cut(to: span)
    }
  }

  /// The parts of others' scans that one of a person's own has in common with them.
  package func crossings(of person: PersonID, in span: ScanSpan) -> [Presence] {
    scans(of: person, in: span).flatMap { own in
      presences(at: own.spot, in: own.span).filter { $0.person != person }
    }
  }

  /// Everybody's scans at a spot.
  package func presences(at spot: VenueID, in span: ScanSpan) -> [Presence] {
    (bySpot[spot] ?? []).compactMap { $0.cut(to: span) }
  }
}

extension Presence {
  /// What lies inside a span; nil when nothing does.
  func cut(to span: ScanSpan) -> Presence? {
    let from = max(self.span.from, span.from)
    let to = min(self.span.to, span.to)
    if from >= to { return nil }
    return Presence(person: person, spot: spot, span: ScanSpan(from, to), source: source)
  }
}
