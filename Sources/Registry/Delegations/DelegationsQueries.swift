import Kernel

/// What an account handed to colleagues and was handed by them, the youngest first; one's own when none
/// is named.
package struct ListDelegations: Query {
  package static let name = "offices.delegations"
  package static let duty: Duty = .ownAccount
  package static let purposes: [Purpose] = []
  package let account: AccountID?

  package init(account: AccountID?) { self.account = account }

  package func area(in reading: Reading) -> Area { .own }

  package func answer(in reading: Reading) throws -> [Delegation] {
    let own = try reading.authority.account()
    let asked = account ?? own
    if asked != own { try reading.requireSupervising(asked) }
    return try DelegationsStore(reading.transaction).about(asked, limit: 100)
  }
}
