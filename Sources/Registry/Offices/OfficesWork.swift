import Kernel

extension Work {
  /// Opens an account and says so.
  func openAccount(_ account: AccountID, title: String) throws {
    let title = try OfficesRules.check(opening: account, title: title)
    try OfficesStore(transaction).insertAccount(account, title: title, at: now)
    try record(AccountOpened(account: account))
  }

  /// Gives an office and says so.
  func grant(_ office: Office) throws {
    try OfficesStore(transaction).insertOffice(office)
    try record(
      OfficeGranted(
        account: office.account, role: office.role, place: office.place, from: office.from,
        until: office.until))
  }

  /// Checks that the sender manages offices wherever an account holds one.
  func requireManaging(_ account: AccountID) throws {
    try require("offices.manage", overAll: account)
  }

  /// Checks that the sender holds a duty wherever an account holds an office; everywhere when it holds
  /// none, so that a street cannot take over an account of the district.
  func require(_ duty: Duty, overAll account: AccountID) throws {
    for path in try OfficesStore(transaction).paths(of: account, at: now) {
      try require(duty, at: path)
    }
  }

  /// The organisations of all offices that the sender holds, and of those in which a duty is held
  /// at a path.
  package func organisations(for duty: Duty, at path: PlacePath) throws -> (
    all: Set<String>, entitled: Set<String>
  ) {
    let roles = try policy(OfficesPolicy.self).roles
    let held = authority.offices.compactMap { office in
      roles[office.role].map { (office: office, organisation: $0.organisation) }
    }
    let entitled = held.filter { $0.office.path.holds(path) && $0.office.duties.contains(duty) }
    return (Set(held.map(\.organisation)), Set(entitled.map(\.organisation)))
  }

  /// The organisations of all offices that an account holds now.
  package func organisations(of account: AccountID) throws -> Set<String> {
    let roles = try policy(OfficesPolicy.self).roles
    return Set(
      try OfficesStore(transaction).offices(of: account, at: now).compactMap {
        roles[$0.role]?.organisation
      })
  }

  /// Checks that somebody else manages offices everywhere, so that nobody is locked out for good.
  ///
  /// - Parameter role: the role that the account loses; nil when it loses all.
  func requireAnotherManager(besides account: AccountID, losing role: String?) throws {
    let managing = try policy(OfficesPolicy.self).roles
      .filter { $0.value.duties.contains("offices.manage") }.map(\.key).sorted()
    if let role, !managing.contains(role) { return }
    let store = OfficesStore(transaction)
    let lost = try store.offices(of: account, at: now).contains {
      $0.place == Offices.everywhere && managing.contains($0.role)
    }
    guard lost else { return }
    guard try store.lastingHolders(of: managing, except: account, at: now) > 0 else {
      throw Refusal(
        .conflict, "office.lastManager",
        Words(
          "这是最后一位管理员，请先任命另一位", "This is the last administrator; appoint another one first"),
        field: "account")
    }
  }
}

extension OfficesPolicy {
  /// A role that must be defined.
  func defined(_ role: String) throws(Refusal) -> Role {
    guard let found = roles[role] else {
      let known = roles.keys.sorted().joined(separator: ", ")
      throw Refusal(
        .invalid, "office.unknownRole",
        Words("没有这个岗位，可用：\(known)", "There is no such role; there are: \(known)"),
        field: "role")
    }
    return found
  }
}
