import Kernel

extension OfficesStore {
  /// What colleagues call an account, nil when there is none.
  package func title(of account: AccountID) throws -> String? {
    try transaction.row("SELECT title FROM account WHERE id = \(account)")?.optionalText(0)
  }

  /// What colleagues call several accounts, those that are there.
  package func titles(of accounts: Set<AccountID>) throws -> [AccountID: String] {
    if accounts.isEmpty { return [:] }
    let rows = try transaction.rows(
      "SELECT id, title FROM account WHERE id IN (\(SQL.list(accounts.sorted())))")
    return Dictionary(rows.map { ($0.id(0), $0.text(1)) }) { first, _ in first }
  }
}
