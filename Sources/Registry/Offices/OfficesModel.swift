import Kernel

/// Roles, their duties and where they sit; the eight of a grid's team among them.
package struct OfficesPolicy: PolicySection {
  package static let key = "offices"

  /// A role that can be held.
  package struct Role: Decodable, Sendable {
    package let title: Words
    /// The level of place at which it is held.
    package let level: PlaceLevel
    /// The unit it belongs to, for rules that ask for two different organisations.
    package let organisation: String
    package let duties: [String]
  }

  package let roles: [String: Role]
  /// The roles of a grid's team ("eight in one"), in the order in which they are shown.
  package let gridTeam: [String]

  private enum CodingKeys: String, CodingKey {
    case roles
    case gridTeam = "grid_team"
  }

  package var faults: [Words] {
    gridTeam.filter { roles[$0]?.level != .grid }.map {
      Words("网格队伍中的岗位“\($0)”没有定义在网格一级", "the team's role “\($0)” is not defined at grid level")
    }
  }
}

/// A role that somebody holds at a place during a span.
package struct Office: Codable, Sendable {
  package let account: AccountID
  package let role: String
  package let place: PlaceID
  package let path: PlacePath
  package let from: Instant
  /// Nil while no end is set.
  package let until: Instant?

  package init(
    account: AccountID, role: String, place: PlaceID, path: PlacePath, from: Instant,
    until: Instant?
  ) {
    self.account = account
    self.role = role
    self.place = place
    self.path = path
    self.from = from
    self.until = until
  }
}
