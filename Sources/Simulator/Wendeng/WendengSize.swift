import Kernel

/// How large a day of mass testing is: what the newspapers wrote of Wendeng (484 sampling points, 150
/// mobile teams for 14,000 people who cannot leave home, 90,500 tubes), in proportion to so many
/// residents, a million for the whole of it.
package struct WendengSize: Codable, Sendable {
  package let residents: Int
  package let points: Int
  package let teams: Int
  package let homebound: Int
  package let tubes: Int
  /// Whatever the size: so many tubes are not negative, and everyone in them is recalled.
  package let positivePools: Int
  package let laboratories: Int
  package let couriers: Int
  package let communities: Int

  /// Swabs that one tube of the round may take; the round's tubes are closed with ten or eleven.
  static let pool = 20
  /// People behind a few doors whose swabs a mobile team puts into one tube.
  static let homeTube = 5
  /// Of a thousand: who travels, who says no, and whom nobody sees until somebody knocks.
  static let away = 12
  static let refused = 1
  static let late = 20

  private static let whole = 1_000_000

  /// - Parameter residents: at least 2,000, so that thirty tubes are not all of them.
  package init(residents asked: Int) {
    let residents = max(2_000, asked)
    func share(_ figure: Int, atLeast least: Int) -> Int {
      max(least, (figure * residents + Self.whole / 2) / Self.whole)
    }
    self.residents = residents
    points = share(484, atLeast: 3)
    teams = share(150, atLeast: 2)
    homebound = share(14_000, atLeast: 12)
    tubes = share(90_500, atLeast: 1)
    positivePools = 30
    laboratories = share(10, atLeast: 3)
    couriers = share(20, atLeast: 2)
    communities = min(722, max(4, residents / 1_200))
  }
}

/// What a day of mass testing came to.
package struct WendengReport: Codable, Sendable {
  /// One part of the day, by the clock on the wall of whoever plays it.
  package struct Step: Codable, Sendable {
    package let name: String
    /// How many of what the step is about, and how long it took.
    package let count: Int
    package let seconds: Double
  }

  package let size: WendengSize
  package internal(set) var steps: [Step] = []
  package internal(set) var listed = 0
  package internal(set) var tested = 0
  package internal(set) var exempt = 0
  package internal(set) var away = 0
  package internal(set) var refused = 0
  package internal(set) var tubes = 0
  package internal(set) var voidTubes = 0
  package internal(set) var invalidTubes = 0
  package internal(set) var recalled = 0
  package internal(set) var released = 0
  package internal(set) var cases = 0
  /// How many restrictions waited for a second person because one account had caused too many.
  package internal(set) var approved = 0
  /// The longest that anybody waited for the round's coverage by a level, in seconds.
  package internal(set) var slowestCoverage = 0.0
  /// What was not as it has to be, in words; empty when everything was.
  package internal(set) var faults: [String] = []

  init(size: WendengSize) { self.size = size }
}

/// A laboratory of the day with the key that it signs its lists with.
package struct WendengLaboratory: Sendable {
  /// The public half, 64 hexadecimal digits.
  package let key: String
  package let sign: @Sendable ([UInt8]) throws -> [UInt8]

  package init(key: String, sign: @escaping @Sendable ([UInt8]) throws -> [UInt8]) {
    self.key = key
    self.sign = sign
  }
}
