import Glibc

/// A visit to a place whose position is known.
package struct LocatedVisit: Hashable, Sendable {
  package var visit: Visit
  package var latitude: Double
  package var longitude: Double

  package init(visit: Visit, latitude: Double, longitude: Double) {
    self.visit = visit
    self.latitude = latitude
    self.longitude = longitude
  }
}

/// Two visits of one person that cannot both be right.
package struct TravelDoubt: Hashable, Sendable {
  /// What is doubtful.
  package enum Kind: Hashable, Sendable {
    /// At two places in the same second, as two sources or one say.
    case twoPlacesAtOnce
    /// The way between them was too long for the time.
    case tooFast
  }

  package var kind: Kind
  package var first: LocatedVisit
  package var second: LocatedVisit
  /// Metres between the two.
  package var distance: Double
  /// Seconds between them; 0 when they overlap.
  package var seconds: UInt32
}

/// What does not fit in one person's trajectory.
package enum Travel {
  /// Compares each visit with those that begin before it ends and with the next.
  ///
  /// - Parameters:
  ///   - fastest: metres a second that nobody exceeds.
  ///   - reach: metres within which two positions may be one place: positions are inexact.
  package static func doubts(
    _ visits: [LocatedVisit], fastest: Double, reach: Double
  ) -> [TravelDoubt] {
    let sorted = visits.filter { $0.visit.from < $0.visit.to }.sorted {
      ($0.visit.from, $0.visit.to, $0.visit.venue) < ($1.visit.from, $1.visit.to, $1.visit.venue)
    }
    var doubts: [TravelDoubt] = []
    for (index, first) in sorted.enumerated() {
      for second in sorted[(index + 1)...] {
        let isAfter = second.visit.from >= first.visit.to
        if let doubt = doubt(first, second, fastest, reach) { doubts.append(doubt) }
        if isAfter { break }
      }
    }
    return doubts
  }

  private static func doubt(
    _ first: LocatedVisit, _ second: LocatedVisit, _ fastest: Double, _ reach: Double
  ) -> TravelDoubt? {
    let distance = metres(first, second)
    guard distance > reach, first.visit.venue != second.visit.venue else { return nil }
    if second.visit.from < first.visit.to {
      return TravelDoubt(
        kind: .twoPlacesAtOnce, first: first, second: second, distance: distance, seconds: 0)
    }
    let seconds = second.visit.from - first.visit.to
    guard distance - reach > Double(seconds) * fastest else { return nil }
    return TravelDoubt(
      kind: .tooFast, first: first, second: second, distance: distance, seconds: seconds)
  }

  /// The distance over the ground (haversine on a sphere of 6,371 km).
  static func metres(_ one: LocatedVisit, _ other: LocatedVisit) -> Double {
    let radius = 6_371_000.0
    let degree = Double.pi / 180
    let (low, high) = (one.latitude * degree, other.latitude * degree)
    let across = sin((other.longitude - one.longitude) * degree / 2)
    let up = sin((high - low) / 2)
    let part = up * up + cos(low) * cos(high) * across * across
    return 2 * radius * asin(min(1, part.squareRoot()))
  }
}
