import Gazette
import Kernel
import Registry

/// The doors of those on a round's list who cannot come and are still owed a swab, shared out among teams
/// as walks: building by building, entrance by entrance, floor by floor. Who cannot come the register says,
/// or a worker during the round.
package struct PlanHomeVisits: Query {
  /// One person.
  package struct Line: Codable, Sendable {
    package let team: Int
    package let person: PersonID
    package let home: PlaceID
    /// Whether only a tube of their own will do: they are held for a pool that was not negative.
    package let single: Bool
    /// Whether a worker said so during the round; otherwise the register does.
    package let noted: Bool
  }

  package static let name = "screening.homeVisits"
  package static let duty: Duty = "screening.read"
  package static let purposes: [Purpose] = [.fieldwork, .supervision]
  private static let most = 20_000
  /// No place sends out more teams than that.
  static let mostTeams = 500
  private static let cellsAtOnce = 200
  package let round: RoundID
  package let place: PlaceID
  package let teams: Int

  package init(round: RoundID, place: PlaceID, teams: Int) {
    self.round = round
    self.place = place
    self.teams = teams
  }

  package func area(in reading: Reading) -> Area { .place(place) }

  /// Somebody to whom a team goes.
  private struct Visit {
    let file: Resident
    let isSingle: Bool
    let isNoted: Bool
  }

  package func answer(in reading: Reading) throws -> [Line] {
    guard (1...Self.mostTeams).contains(teams) else {
      throw Refusal.malformed(
        "teams", String(teams),
        expected: Words("1–\(Self.mostTeams) 个上门组", "1 to \(Self.mostTeams) teams"))
    }
    let round = try ScreeningRoundStore(reading.transaction).frozen(round)
    let path = try PlacesStore(reading.transaction).get(place).path
    let visits = try owed(in: path, of: round, reading) + held(in: path, of: round, reading)
    for visit in visits { reading.disclose(visit.file.id) }
    let ordered = try order(visits, reading)
    return SlotsRules.walks(ordered, teams: teams).enumerated().flatMap { team, walk in
      walk.map {
        Line(
          team: team + 1, person: $0.file.id, home: $0.file.home, single: $0.isSingle,
          noted: $0.isNoted)
      }
    }
  }

  /// Who has no swab yet, or none that can give a result.
  private func owed(
    in path: PlacePath, of round: ScreeningRound, _ reading: Reading
  ) throws -> [Visit] {
    var visits: [Visit] = []
    var after: RosterCell.Key?
    repeat {
      let cells = try RosterStore(reading.transaction).unfinished(
        of: round.id, in: path, after: after, limit: Self.cellsAtOnce)
      let members = cells.flatMap(\.members).filter {
        $0.now.standing == .missing || $0.now.standing == .reswab
      }
      let files = try ResidentsStore(reading.transaction).current(Set(members.map(\.person)))
      visits += members.compactMap { member in
        guard let file = files[member.person] else { return nil }
        let isNoted = member.now.reason == .homebound
        guard isNoted || file.tags.contains(PlanRound.homeboundTag) else { return nil }
        return Visit(file: file, isSingle: false, isNoted: isNoted)
      }
      after = cells.count == Self.cellsAtOnce ? cells.last?.key : nil
    } while after != nil && visits.count < Self.most
    return visits
  }

  /// Who is held for a pool and owes a swab of their own.
  private func held(
    in path: PlacePath, of round: ScreeningRound, _ reading: Reading
  ) throws -> [Visit] {
    let recalls = try RecallsStore(reading.transaction).of(round.id, limit: Self.most)
      .filter { $0.state == .held && $0.single == nil }
    let rounds = ScreeningRoundStore(reading.transaction)
    let files = try ResidentsStore(reading.transaction).current(Set(recalls.map(\.person)))
    var seen: Set<PersonID> = []
    return try recalls.compactMap { recall in
      guard let file = files[recall.person], path.holds(file.path), seen.insert(file.id).inserted
      else { return nil }
      let isNoted =
        try rounds.lastNote(on: recall.person, in: round.id)?.stand.reason == .homebound
      guard isNoted || file.tags.contains(PlanRound.homeboundTag) else { return nil }
      return Visit(file: file, isSingle: true, isNoted: isNoted)
    }
  }

  /// As one walks: by building, entrance, floor and door.
  private func order(_ visits: [Visit], _ reading: Reading) throws -> [Visit] {
    let places = PlacesStore(reading.transaction)
    let homes = try Set(visits.map(\.file.home)).sorted().chunks(of: Self.cellsAtOnce)
      .flatMap { try places.find(Set($0)) }
    let floors = Dictionary(homes.map { ($0.id, $0.floor ?? 0) }) { first, _ in first }
    return visits.sorted { one, other in
      func key(_ visit: Visit) -> (PlacePath, Int, PlacePath, PersonID) {
        // Doors of one entrance share it; their entrances and buildings stand in its path.
        let path = visit.file.path
        return (path.ancestors.first ?? path, floors[visit.file.home] ?? 0, path, visit.file.id)
      }
      return key(one) < key(other)
    }
  }
}
