import Gazette
import Kernel
import Registry

/// Gives each building's untested to the grid worker who answers for it: one thing owed a building, with
/// a list by door behind it. Asking again opens only what is not open.
package struct OweUntested: Command {
  package struct Answer: Codable, Sendable {
    /// For how many buildings something is owed from now on; more may follow by errands.
    package let buildings: Int
  }

  package static let name = "screening.oweUntested"
  package static let duty: Duty = OpenRound.duty
  private static let atOnce = 300
  package let round: RoundID
  /// Where to go on; nil at the beginning.
  package let after: PlacePath?

  package init(round: RoundID, after: PlacePath? = nil) {
    self.round = round
    self.after = after
  }

  static func subject(_ round: RoundID, _ place: PlaceID) -> String {
    "\(round.text)/\(place.text)"
  }

  package func area(in work: Work) throws -> Area {
    .path(try ScreeningRoundStore(work.transaction).get(round).path)
  }

  package func perform(in work: Work) throws -> Answer {
    let round = try ScreeningRoundStore(work.transaction).get(round)
    guard round.closedAt == nil else {
      // It was closed while the errand waited.
      if after != nil { return Answer(buildings: 0) }
      throw Refusal(
        .conflict, "round.closed",
        Words("本轮检测已结束，不再下发未采名单", "This round is over; nobody is looked for any more"),
        field: "round")
    }
    let policy = try work.policy(ScreeningPolicy.self)
    let deadline = work.now + .minutes(policy.clocks.untestedMinutes)
    let searches = SearchesStore(work.transaction)
    var opened = 0
    let (left, known) = try buildings(of: round, in: work)
    for path in left {
      // What stands for a building is looked up when its turn comes.
      guard let place = try known[path] ?? PlacesStore(work.transaction).find(path: path) else {
        continue
      }
      let search = BuildingSearch(round: round.id, place: place.id, path: place.path)
      guard try searches.begin(search, at: work.now) else { continue }
      try work.oblige(
        ScreeningObligations.untested, about: Self.subject(round.id, place.id), at: place.id,
        by: deadline)
      opened += 1
      if opened == Self.atOnce {
        try work.send(OweUntested(round: round.id, after: place.path))
        break
      }
    }
    return Answer(buildings: opened)
  }

  /// The buildings, or what stands for them, in which somebody is unanswered, by path, and those of
  /// them that are buildings.
  private func buildings(
    of round: ScreeningRound, in work: Work
  ) throws -> (left: [PlacePath], known: [PlacePath: Place]) {
    let known = try PlacesStore(work.transaction).inside(
      round.path, level: .building, limit: 200_000)
    let byPath = Dictionary(known.map { ($0.path, $0) }) { first, _ in first }
    var left: [PlacePath: Int] = [:]
    try RosterStore(work.transaction).eachCount(of: round.id, in: round.path) { path, counts in
      let building = ([path] + path.ancestors).first { byPath[$0] != nil } ?? path
      left[building, default: 0] += counts.unanswered
    }
    let paths = left.filter { $0.value > 0 }.keys.sorted()
      .filter { path in after.map { path > $0 } ?? true }
    return (paths, byPath)
  }
}
