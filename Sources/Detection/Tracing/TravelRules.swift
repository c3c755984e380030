import Foundation
import Kernel

/// Since when somebody was where they cannot have come to in time.
package struct Leap: Hashable, Codable, Sendable {
  package let from: VenueID
  package let to: VenueID
  /// From the end of the one stay to the beginning of the other.
  package let span: TimeSpan
  package let metres: Int
}

/// Whether somebody can have gone from one place of a trajectory to the next.
package enum TravelRules {
  /// The ways between following stays for which there was too little time. Only stays whose position
  /// is known are looked at; those at the same time are in conflict anyhow.
  package static func leaps(_ visits: [Visit], policy: TrajectoryPolicy) -> [Leap] {
    let located = visits.filter { $0.latitude != nil && $0.longitude != nil }
      .sorted { ($0.span.from, $0.span.to, $0.venue) < ($1.span.from, $1.span.to, $1.venue) }
    return zip(located, located.dropFirst()).compactMap { first, second in
      guard second.span.from >= first.span.to, second.spot != first.spot,
        let metres = metres(first, second)
      else { return nil }
      let seconds = Double((second.span.from - first.span.to).inSeconds)
      let reachable = seconds * Double(policy.fastestKilometresPerHour) / 3.6
      // Positions are inexact: what may be one place is no way.
      guard metres - Double(policy.positionMetres) > reachable else { return nil }
      return Leap(
        from: first.venue, to: second.venue, span: TimeSpan(first.span.to, second.span.from),
        metres: Int(metres))
    }
  }

  /// The distance over the ground (haversine on a sphere of 6,371 km).
  private static func metres(_ one: Visit, _ other: Visit) -> Double? {
    guard let south = one.latitude, let west = one.longitude, let north = other.latitude,
      let east = other.longitude
    else { return nil }
    let degree = Double.pi / 180
    let across = sin((east - west) * degree / 2)
    let up = sin((north - south) * degree / 2)
    let part = up * up + cos(south * degree) * cos(north * degree) * across * across
    return 2 * 6_371_000 * asin(min(1, part.squareRoot()))
  }
}

/// What can be believed of a trajectory.
package struct TrajectoryPolicy: PolicySection {
  package static let key = "trajectory"

  /// Nobody travels faster.
  package let fastestKilometresPerHour: Int
  /// So far apart two positions may still be one place.
  package let positionMetres: Int

  package init(fastestKilometresPerHour: Int, positionMetres: Int) {
    self.fastestKilometresPerHour = fastestKilometresPerHour
    self.positionMetres = positionMetres
  }

  private enum CodingKeys: String, CodingKey {
    case fastestKilometresPerHour = "fastest_kilometres_per_hour"
    case positionMetres = "position_metres"
  }

  package var faults: [Words] {
    fastestKilometresPerHour < 1 || positionMetres < 0
      ? [Words("速度或距离无效", "a speed or distance makes no sense")] : []
  }
}
