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
        Words(
          "本轮检测已结束，不再下发未采名单；要补检请按未出结果的人另开一轮",
          "This round is over and nobody is looked for any more; open a round over those without a result"
        ),
        field: "round")
    }
    let policy = try work.policy(ScreeningPolicy.self)
    let deadline = work.now + .minutes(policy.clocks.untestedMinutes)
    let searches = SearchesStore(work.transaction)
    let (left, last) = try buildings(of: round, in: work)
    var opened = 0
    for place in left {
      let search = BuildingSearch(round: round.id, place: place.id, path: place.path)
      guard try searches.begin(search, at: work.now) else { continue }
      try work.oblige(
        ScreeningObligations.untested, about: Self.subject(round.id, place.id), at: place.id,
        by: deadline)
      opened += 1
    }
    if let last { try work.send(OweUntested(round: round.id, after: last)) }
    return Answer(buildings: opened)
  }

  /// The next buildings, or what stands for them, in which somebody is unanswered, by path, and where to
  /// go on; nil when these were the last. Each entrance is read once, over all parts.
  private func buildings(
    of round: ScreeningRound, in work: Work
  ) throws -> (left: [Place], last: PlacePath?) {
    let doors = try RosterStore(work.transaction).unanswered(
      of: round.id, in: round.path, after: after, limit: Self.atOnce)
    let places = PlacesStore(work.transaction)
    var found: [Place] = []
    for door in doors {
      // The entrances of one building stand beside one another.
      if let known = found.last, known.level == .building, known.path.holds(door) { continue }
      let line = try places.line(to: door)
      if let place = line.last(where: { $0.level == .building }) ?? line.last {
        found.append(place)
      }
    }
    return (found, doors.count == Self.atOnce ? doors.last : nil)
  }
}
