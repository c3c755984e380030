import Kernel

extension OfficesStore {
  /// What colleagues call an account, nil when there is none.
  package func title(of account: AccountID) throws -> String? {
    try transaction.row("SELECT title FROM account WHERE id = \(account)")?.optionalText(0)
  }
}
