import Kernel

/// The team of a grid: eight roles, and for each who holds it or that it is vacant.
package struct GridTeam: Query {
  /// Somebody in a post.
  package struct Holder: Codable, Sendable {
    package let account: AccountID
    package let title: String
    package let from: Instant
    package let until: Instant?
  }

  /// One of the eight roles, held or vacant.
  package struct Post: Codable, Sendable {
    package let role: String
    package let title: Words
    package let holders: [Holder]
    package let isVacant: Bool

    private enum CodingKeys: String, CodingKey {
      case role
      case title
      case holders
      case isVacant = "is_vacant"
    }
  }

  package struct Answer: Codable, Sendable {
    package let place: Place
    package let posts: [Post]
    package let vacant: Int
  }

  package static let name = "offices.team"
  package static let duty: Duty = "places.read"
  package static let purposes: [Purpose] = []
  package let place: PlaceID

  package init(place: PlaceID) { self.place = place }

  // Whom to turn to in a grid is no secret inside the administration.
  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> Answer {
    let grid = try PlacesStore(reading.transaction).get(place)
    guard grid.level == .grid else {
      throw Refusal(
        .invalid, "team.notGrid",
        Words("只有网格有八类人员队伍，请选择一个网格", "Only a grid has a team of eight roles; choose a grid"),
        field: "place")
    }
    let policy = try reading.policy(OfficesPolicy.self)
    let store = OfficesStore(reading.transaction)
    let held = try store.offices(at: place, now: reading.now)
    let posts = try policy.gridTeam.map { role in
      let holders = try held.filter { $0.role == role }.map { office in
        Holder(
          account: office.account, title: try store.account(office.account)?.title ?? "",
          from: office.from, until: office.until)
      }
      return Post(
        role: role, title: policy.roles[role]?.title ?? Words(role, role), holders: holders,
        isVacant: holders.isEmpty)
    }
    return Answer(place: grid, posts: posts, vacant: posts.count { $0.isVacant })
  }
}

/// How many posts of grid teams are vacant, for each child of a place; of the root when none is named.
package struct Vacancies: Query {
  package struct Entry: Codable, Sendable {
    package let place: Place
    package let grids: Int
    /// Grids times roles.
    package let posts: Int
    package let vacant: Int
    /// Vacant posts by role.
    package let byRole: [String: Int]

    private enum CodingKeys: String, CodingKey {
      case place
      case grids
      case posts
      case vacant
      case byRole = "by_role"
    }
  }

  package static let name = "offices.vacancies"
  package static let duty: Duty = "places.read"
  package static let purposes: [Purpose] = []
  package let place: PlaceID?

  package init(place: PlaceID?) { self.place = place }

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> [Entry] {
    let places = PlacesStore(reading.transaction)
    let area = try place.map { try places.get($0).path } ?? .everywhere
    let team = try reading.policy(OfficesPolicy.self).gridTeam
    let held = try OfficesStore(reading.transaction).heldSeats(in: area, at: reading.now)
    let byPath = Dictionary(grouping: held, by: \.path).mapValues { Set($0.map(\.role)) }
    let grids = try places.paths(of: .grid, inside: area)
    return try places.children(of: place).compactMap { child in
      let inside = grids.filter { child.path.holds($0) }
      if inside.isEmpty { return nil }
      var vacant: [String: Int] = [:]
      for grid in inside {
        for role in team where byPath[grid]?.contains(role) != true {
          vacant[role, default: 0] += 1
        }
      }
      return Entry(
        place: child, grids: inside.count, posts: inside.count * team.count,
        vacant: vacant.values.reduce(0, +), byRole: vacant)
    }
  }
}
