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
    /// The same, to look one up: every command and every question does.
    package let held: Set<Duty>

    private enum CodingKeys: CodingKey {
      case title
      case level
      case organisation
      case duties
    }

    package init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      title = try fields.decode(Words.self, forKey: .title)
      level = try fields.decode(PlaceLevel.self, forKey: .level)
      organisation = try fields.decode(String.self, forKey: .organisation)
      duties = try fields.decode([String].self, forKey: .duties)
      held = Set(duties.map { Duty($0) })
    }
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

extension OfficesPolicy {
  /// What other sections name that no role of a day is or carries: a misspelt name would bind nobody.
  static func faults(
    roles named: [String] = [], duties: [String] = [], in library: PolicyLibrary, on day: Day
  ) -> [Words] {
    guard let roles = try? library.section(Self.self, on: day).section.roles else { return [] }
    let carried = roles.values.reduce(into: Set<String>()) { $0.formUnion($1.duties) }
    return named.filter { roles[$0] == nil }.map {
      Words("没有定义岗位“\($0)”", "no role “\($0)” is defined")
    }
      + duties.filter { !carried.contains($0) }.map {
        Words("没有岗位有职责“\($0)”", "no role carries the duty “\($0)”")
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

/// How people and programs sign in. Durations that nobody should have to look for in code.
package struct SignInPolicy: PolicySection {
  package static let key = "sign_in"

  /// A shift with its handing over: a session ends with it.
  package let sessionHours: Int
  package let linkHours: Int
  package let tokenDays: Int
  package let mostTokenDays: Int
  /// How many attempts an account has inside the window.
  package let attempts: Int
  package let attemptWindowMinutes: Int
  package let passwordMinimum: Int
  /// How long ended credentials stay for the audit.
  package let keepDays: Int

  private enum CodingKeys: String, CodingKey {
    case sessionHours = "session_hours"
    case linkHours = "link_hours"
    case tokenDays = "token_days"
    case mostTokenDays = "token_days_most"
    case attempts
    case attemptWindowMinutes = "attempt_window_minutes"
    case passwordMinimum = "password_minimum"
    case keepDays = "keep_days"
  }

  package var faults: [Words] {
    let numbers = [
      sessionHours, linkHours, tokenDays, mostTokenDays, attempts, attemptWindowMinutes, keepDays,
    ]
    var faults: [Words] = []
    if numbers.contains(where: { $0 < 1 }) {
      faults.append(Words("各项时长和次数至少为 1", "every duration and count is at least 1"))
    }
    if passwordMinimum < 8 {
      faults.append(Words("口令至少 8 位", "a password has at least 8 characters"))
    }
    if tokenDays > mostTokenDays {
      faults.append(
        Words("token_days 大于 token_days_most", "token_days is above token_days_most"))
    }
    return faults
  }
}

/// What lets somebody in.
package struct Credential: Codable, Sendable {
  /// What sort of way in it is.
  package enum Kind: String, Codable, CaseIterable, Sendable {
    case session
    case token
    case link
  }

  package let id: ID<CredentialTag>
  package let kind: Kind
  package let account: AccountID
  package let issuedAt: Instant
  package let until: Instant
  /// When it was used up, signed out of or revoked; nil while it may be used.
  package let endedAt: Instant?
  /// When the second factor was shown in it; nil while it was not.
  package var provenAt: Instant?

  private enum CodingKeys: String, CodingKey {
    case id
    case kind
    case provenAt = "proven_at"
    case account
    case issuedAt = "issued_at"
    case until
    case endedAt = "ended_at"
  }

  /// Whether it lets anybody in at a moment.
  package func isOpen(at now: Instant) -> Bool { endedAt == nil && now < until }
}

/// What identifiers of credentials name.
package enum CredentialTag {}
package typealias CredentialID = ID<CredentialTag>

/// An account as lists show it.
package struct Account: Codable, Sendable {
  package let account: AccountID
  /// What colleagues call it.
  package let title: String
  package let openedAt: Instant
  package let closedAt: Instant?
  package let hasPassword: Bool

  private enum CodingKeys: String, CodingKey {
    case account
    case title
    case openedAt = "opened_at"
    case closedAt = "closed_at"
    case hasPassword = "has_password"
  }
}
