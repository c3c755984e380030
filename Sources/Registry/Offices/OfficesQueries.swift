import Kernel

/// Accounts with the offices they hold now; of an area when a place is named.
package struct ListAccounts: Query {
  package struct Entry: Codable, Sendable {
    package let account: Account
    package let offices: [Office]
  }

  package struct Answer: Codable, Sendable {
    package let accounts: [Entry]
    package let after: String?
  }

  package static let name = "accounts.list"
  package static let duty: Duty = "offices.read"
  package static let purposes: [Purpose] = []
  package let place: PlaceID?
  package let after: String?
  package let limit: Int?

  package init(place: PlaceID?, after: String? = nil, limit: Int? = nil) {
    self.place = place
    self.after = after
    self.limit = limit
  }

  package func area(in reading: Reading) -> Area { place.map(Area.place) ?? .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let limit = min(max(limit ?? 200, 1), 1_000)
    let store = OfficesStore(reading.transaction)
    let path = try place.flatMap { try reading.jurisdiction.path($0, reading.transaction) }
    let found =
      if let path {
        try store.accounts(
          holdingIn: path, at: reading.now, after: after ?? "", limit: limit)
      } else {
        try store.accounts(after: after ?? "", limit: limit)
      }
    return Answer(
      accounts: try found.map {
        Entry(account: $0, offices: try store.offices(of: $0.account, at: reading.now))
      }, after: found.count == limit ? found.last?.account.text : nil)
  }
}

/// Who I am: my account, the offices I hold and what they allow.
package struct OwnAccount: Query {
  package struct Answer: Codable, Sendable {
    package let account: Account
    package let offices: [Office]
    package let duties: [String]
  }

  package static let name = "accounts.own"
  package static let duty: Duty = .ownAccount
  package static let purposes: [Purpose] = []

  package init() {}

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> Answer {
    let id = try reading.authority.account()
    let store = OfficesStore(reading.transaction)
    let duties = reading.authority.offices.reduce(into: Set<Duty>()) { $0.formUnion($1.duties) }
    return Answer(
      account: try store.openAccount(id), offices: try store.offices(of: id, at: reading.now),
      duties: duties.sorted().map(\.name))
  }
}

/// The sessions, tokens and links of an account, the youngest first; of one's own when none is named.
package struct ListCredentials: Query {
  package static let name = "accounts.credentials"
  package static let duty: Duty = .ownAccount
  package static let purposes: [Purpose] = []
  package let account: AccountID?

  package init(account: AccountID?) { self.account = account }

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> [Credential] {
    let own = try reading.authority.account()
    let asked = account ?? own
    if asked != own {
      let held = try OfficesStore(reading.transaction).offices(of: asked, at: reading.now)
      for path in held.isEmpty ? [.everywhere] : held.map(\.path) {
        guard reading.authority.may("offices.read", at: path) else {
          throw Refusal.outsideArea("offices.read")
        }
      }
    }
    return try CredentialsStore(reading.transaction).all(of: asked, limit: 200)
  }
}
