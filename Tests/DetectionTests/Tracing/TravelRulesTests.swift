import Kernel
import Testing

@testable import Detection

@Suite("Impossible ways") struct TravelRulesTests {
  private static let policy = TrajectoryPolicy(
    fastestKilometresPerHour: 350, positionMetres: 1_000)

  private func visit(
    _ venue: String, _ from: Int64, _ to: Int64, latitude: Double?, longitude: Double = 120
  ) -> Visit {
    Visit(
      person: PersonID(trusted: "p"), venue: VenueID(trusted: venue),
      span: TimeSpan(Instant(seconds: from), Instant(seconds: to)), source: .location,
      latitude: latitude, longitude: latitude == nil ? nil : longitude)
  }

  // A degree of latitude is 111,194.9 m on this sphere; (111,194.9 − 1,000) m at 350 km/h take 1,133.4 s.
  @Test(
    "a degree of latitude takes nineteen minutes at least",
    arguments: [(1_133, 1), (1_134, 0)] as [(Int64, Int)])
  func boundary(seconds: Int64, leaps: Int) {
    let visits = [
      visit("south", 0, 100, latitude: 36),
      visit("north", 100 + seconds, 9_000, latitude: 37),
    ]
    let found = TravelRules.leaps(visits.reversed(), policy: Self.policy)
    #expect(found.count == leaps)
    if let leap = found.first {
      #expect((111_194...111_195).contains(leap.metres))
      #expect(leap.from.text == "south" && leap.span.seconds == Int(seconds))
    }
  }

  @Test("positions that may be one place, the same venue, and stays at once are no ways")
  func none() {
    let near = [
      visit("a", 0, 100, latitude: 36), visit("b", 100, 200, latitude: 36.008),
    ]
    #expect(TravelRules.leaps(near, policy: Self.policy).isEmpty)
    let same = [visit("a", 0, 100, latitude: 36), visit("a", 100, 200, latitude: 37)]
    #expect(TravelRules.leaps(same, policy: Self.policy).isEmpty)
    let atOnce = [visit("a", 0, 100, latitude: 36), visit("b", 50, 200, latitude: 37)]
    #expect(TravelRules.leaps(atOnce, policy: Self.policy).isEmpty)
    let unlocated = [
      visit("a", 0, 100, latitude: 36), visit("x", 100, 110, latitude: nil),
      visit("b", 120, 200, latitude: 37),
    ]
    #expect(TravelRules.leaps(unlocated, policy: Self.policy).map(\.to.text) == ["b"])
  }
}
