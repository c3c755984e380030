import Gazette
import Kernel
import Registry

/// Who may come to a point, door by door: what a phone keeps for a shift without network.
package struct ListPoint: Query {
  /// One person of the round's list.
  package struct Line: Codable, Sendable {
    package let person: PersonID
    package let name: String?
    /// Building, entrance and room, as one would look for them.
    package let door: String
    package let standing: String
    /// Why they are on the list.
    package let listed: String
    /// The beginnings of the fingerprints of the slips that they can show; secrets stay on the paper.
    package let slips: [String]
    /// Behind which door they live, where a household may share a tube.
    package let home: PlaceID?
    /// Whether only a tube of their own will do: they are held for a pool that was not negative.
    package let single: Bool
  }

  package struct Answer: Codable, Sendable {
    package let round: RoundID
    package let at: Instant
    package let lines: [Line]
    /// Whether there were more people than a phone is given.
    package let cut: Bool
  }

  package static let name = "screening.pointList"
  package static let duty: Duty = RegisterSwab.duty
  package static let purposes: [Purpose] = [.fieldwork]
  /// More than twice as many as the policy lets come to one point.
  private static let most = 6_000
  private static let mostRecalls = 5_000
  private static let slipsAtOnce = 500
  private static let fingerprintDigits = 16
  package let round: RoundID
  package let point: PointID?

  package init(round: RoundID, point: PointID? = nil) {
    self.round = round
    self.point = point
  }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let round = try ScreeningRoundStore(reading.transaction).frozen(round)
    let paths = try paths(of: round, in: reading)
    guard !paths.isEmpty else { throw Refusal.outsideArea(Self.duty) }
    var members: [RosterMember] = []
    for path in paths {
      try RosterStore(reading.transaction).eachCell(of: round.id, in: path) { cell in
        members += cell.members
        return members.count <= Self.most
      }
      reading.disclose(everybodyIn: path)
    }
    let isCut = members.count > Self.most
    members = Array(members.prefix(Self.most))
    let held = try RecallsStore(reading.transaction).of(round.id, limit: Self.mostRecalls)
      .filter { $0.state == .held && $0.single == nil }
    let singles = Set(held.map(\.person))
    let residents = try ResidentsStore(reading.transaction).current(Set(members.map(\.person)))
    var doors = DoorNames(reading)
    var slips: [PersonID: [String]] = [:]
    for part in Array(residents.values).map(\.id).sorted().chunks(of: Self.slipsAtOnce) {
      slips.merge(
        try RosterStore(reading.transaction).slips(of: Array(part), at: reading.now)
      ) { $1 }
    }
    let lines = try members.map { member in
      let resident = residents[member.person]
      let door = try doors.door(resident?.path)
      return Line(
        person: member.person, name: resident?.name.map { Mask.name($0.revealed) },
        door: [door[.building], door[.entrance], door[.household]].compactMap { $0?.name }
          .joined(separator: " "),
        standing: member.now.standing.rawValue, listed: member.listing.rawValue,
        slips: (resident.flatMap { slips[$0.id] } ?? []).map {
          String($0.prefix(Self.fingerprintDigits))
        },
        home: round.householdTube ? resident?.home : nil,
        single: singles.contains(resident?.id ?? member.person))
    }
    return Answer(
      round: round.id, at: reading.now,
      lines: lines.sorted { ($0.door, $0.person) < ($1.door, $1.person) }, cut: isCut)
  }

  /// The parts of the round's area in which the sender may register, none inside another; with a
  /// point, the community around it.
  private func paths(of round: ScreeningRound, in reading: Reading) throws -> [PlacePath] {
    let around = try point.flatMap { try ScreeningRoundStore(reading.transaction).point($0) }
      .map { point in
        try PlacesStore(reading.transaction).line(to: point.path)
          .last { $0.level.depth <= PlaceLevel.community.depth }?.path ?? point.path
      }
    var kept: [PlacePath] = []
    for area in reading.authority.areas(for: Self.duty).sorted() {
      var path: PlacePath? = area
      for limit in [round.path, around].compactMap(\.self) {
        guard let wider = path else { break }
        path = wider.holds(limit) ? limit : limit.holds(wider) ? wider : nil
      }
      if let path, !kept.contains(where: { $0.holds(path) }) { kept.append(path) }
    }
    return kept
  }
}
