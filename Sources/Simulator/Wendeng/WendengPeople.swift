import Kernel

/// What becomes of everybody on the day, decided beforehand: what the play does, and what it is later
/// compared with.
struct WendengPeople: Sendable {
  /// What one person does.
  enum Part: Sendable, Equatable {
    /// Too young to be tested.
    case exempt
    case point(Int)
    case team(Int)
    /// Comes to no point and is at home when somebody knocks.
    case late
    case away
    case refused
  }

  struct Member: Sendable {
    let person: PersonID
    /// Place of the community in the list of communities.
    let community: Int
    let part: Part
  }

  /// By community and door.
  let members: [Member]
  /// Members by point and by team, in the order in which they come.
  let atPoints: [[Int]]
  let atDoors: [[Int]]
  private(set) var places: [PersonID: Int] = [:]

  /// - Parameters:
  ///   - youngest: born after this day, nobody is tested.
  init(
    _ residents: [SampleResident], communities: [SampleCommunity], size: WendengSize,
    youngest: Day, seed: UInt64
  ) {
    let order = Dictionary(
      communities.enumerated().map { ($0.element.code, $0.offset) }
    ) { first, _ in first }
    var byCommunity = [[SampleResident]](repeating: [], count: communities.count)
    for resident in residents {
      if let place = order[resident.community] { byCommunity[place].append(resident) }
    }
    let sorted = byCommunity.joined()
    let grown = sorted.count { $0.birth <= youngest }
    let homeEvery = max(1, grown / max(1, size.homebound))
    let walking = max(1, grown - size.homebound)
    var chance = Chance(seed: seed)
    var members: [Member] = []
    members.reserveCapacity(sorted.count)
    var points = [[Int]](repeating: [], count: size.points)
    var doors = [[Int]](repeating: [], count: size.teams)
    var seen = 0
    var home = 0
    for resident in sorted {
      let community = order[resident.community] ?? 0
      var part = Part.exempt
      if resident.birth <= youngest {
        seen += 1
        if seen % homeEvery == 0, home < size.homebound {
          part = .team(min(size.teams - 1, home * size.teams / size.homebound))
          home += 1
        } else {
          switch chance.number(1...1_000) {
          case ...WendengSize.away: part = .away
          case ...(WendengSize.away + WendengSize.refused): part = .refused
          case ...(WendengSize.away + WendengSize.refused + WendengSize.late): part = .late
          default: part = .point(min(size.points - 1, (seen - home) * size.points / walking))
          }
        }
      }
      switch part {
      case .point(let point): points[point].append(members.count)
      case .team(let team): doors[team].append(members.count)
      case .exempt, .late, .away, .refused: break
      }
      let person = PersonID(trusted: resident.person)
      places[person] = members.count
      members.append(Member(person: person, community: community, part: part))
    }
    self.members = members
    atPoints = points
    atDoors = doors
  }

  /// The member of an identifier.
  func member(_ person: PersonID) -> Member? { places[person].map { members[$0] } }

  /// How many do something.
  func count(_ part: Part) -> Int { members.count { $0.part == part } }
}
