import Gazette
import Kernel

/// A round: an area, or a list, in which everybody who should be is tested once.
package struct ScreeningRound: Sendable {
  package let id: RoundID
  package let name: String
  package let area: PlaceID
  package let path: PlacePath
  /// The areas whose people are listed, by path, none inside another; all inside ``path``.
  package let areas: [PlacePath]
  /// How many swabs share a tube.
  package let pool: Int
  package let openedAt: Instant
  package let openedBy: String
  package let dueAt: Instant
  /// Up to which path and person the register was read; nil before the first part, and at the end.
  package var cursor: PlacePath?
  /// When the last part of the list was frozen.
  package var frozenAt: Instant?
  package var listed: Int
  package var closedAt: Instant?
  /// When what names people in it began to be deleted; from then on only totals are left.
  package var erasedAt: Instant?
  /// Whether one household may share one tube, whatever its number.
  package var householdTube = false
  /// How many in its areas were left out because nobody knows where they live: they were only swabbed there.
  package var withoutHome = 0

  /// Whether a swab of a moment lies outside the round, further than a clock may be wrong.
  func isOutside(_ moment: Instant, clockMinutes: Int) -> Bool {
    moment < openedAt - .minutes(clockMinutes)
      || closedAt.map { moment > $0 + .minutes(clockMinutes) } ?? false
  }
}

/// A sampling point.
package struct SamplingPoint: Codable, Sendable {
  /// What kind of point it is.
  package enum Kind: String, Codable, CaseIterable, Sendable {
    case fixed
    case mobile
    /// A team that goes to those who cannot come.
    case home

    package var words: Words {
      switch self {
      case .fixed: Words("固定点", "fixed")
      case .mobile: Words("流动点", "mobile")
      case .home: Words("上门组", "home visits")
      }
    }
  }

  package let id: PointID
  package let name: String
  package let place: PlaceID
  package let path: PlacePath
  package let kind: Kind
  /// Opening hours as `07:00`; nil while the round lasts.
  package let opens: String?
  package let closes: String?
  package let latitude: Double?
  package let longitude: Double?
  package let samplers: Int

  /// Whether a point samples at a time of day.
  package enum Hours: Equatable, Sendable {
    case open
    /// Not yet; it opens at a time of this day.
    case opens(String)
    case closed
  }

  /// Whether it is open at a time of day, written as its hours are. One that closes before it opens is
  /// open over midnight; one that does both at one time never closes.
  package func hours(at time: String) -> Hours {
    switch (opens, closes) {
    case (nil, nil): return .open
    case (nil, let closes?): return time < closes ? .open : .closed
    case (let opens?, nil): return time < opens ? .opens(opens) : .open
    case (let opens?, let closes?):
      if closes <= opens { return time >= opens || time < closes ? .open : .opens(opens) }
      if time < opens { return .opens(opens) }
      return time < closes ? .open : .closed
    }
  }
}

/// What somebody said of a person who was not swabbed.
struct StandingNote: Sendable {
  let person: PersonID
  let stand: Stand
  let at: Instant
  /// The command that said it; decides between two of one moment.
  let claim: String
}
