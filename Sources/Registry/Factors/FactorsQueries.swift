import Kernel

/// The requests to take somebody's second factor away that wait for a second person, the oldest first.
package struct ListFactorResets: Query {
  package static let name = "factors.resets"
  package static let duty: Duty = "offices.read"
  package static let purposes: [Purpose] = []

  package init() {}

  package func area(in reading: Reading) -> Area { .eachChecked }

  package func answer(in reading: Reading) throws -> [FactorReset] {
    let offices = OfficesStore(reading.transaction)
    return try FactorsStore(reading.transaction).openResets(at: reading.now, limit: 200)
      .filter { reset in
        try offices.paths(of: reset.account, at: reading.now).contains {
          reading.authority.may(Self.duty, at: $0)
        }
      }
  }
}

/// How an account stands with its second factor; one's own when none is named.
package struct ShowFactor: Query {
  package struct Answer: Codable, Sendable {
    package let account: AccountID
    /// Since when it has an authenticator that shows codes; nil while it has none.
    package let enrolledAt: Instant?
    /// How many passkeys it has.
    package let passkeys: Int
    /// Whether an office of it asks for one.
    package let isRequired: Bool
    package let codesLeft: Int

    private enum CodingKeys: String, CodingKey {
      case account
      case enrolledAt = "enrolled_at"
      case passkeys
      case isRequired = "is_required"
      case codesLeft = "codes_left"
    }
  }

  package static let name = "factors.show"
  package static let duty: Duty = .ownAccount
  package static let purposes: [Purpose] = []
  package let account: AccountID?

  package init(account: AccountID?) { self.account = account }

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> Answer {
    let own = try reading.authority.account()
    let asked = account ?? own
    if asked != own { try reading.requireSupervising(asked) }
    let store = FactorsStore(reading.transaction)
    return Answer(
      account: asked, enrolledAt: try store.find(asked)?.enrolledAt,
      passkeys: try PasskeyStore(reading.transaction).all(of: asked).count,
      isRequired: try store.isRequired(
        of: asked, at: reading.now, FactorDuty(reading.rules.policies, at: reading.now)),
      codesLeft: try store.codesLeft(asked))
  }
}

extension Reading {
  /// Checks that the sender may read of offices somewhere where an account holds one, as on its page:
  /// what is changed is judged by all of them.
  func requireSupervising(_ account: AccountID) throws {
    let paths = try OfficesStore(transaction).paths(of: account, at: now)
    guard paths.contains(where: { authority.may("offices.read", at: $0) }) else {
      throw Refusal.outsideArea("offices.read")
    }
  }
}
