/// Statements about the marks of a storage: of the secret, and of having been moved elsewhere.
package struct VaultMarkStore {
  package let transaction: any Transaction

  private static let name = "secret"
  private static let moved = "moved"

  package init(transaction: any Transaction) { self.transaction = transaction }

  /// Whether the data is out of use here, because it was moved.
  package func isMoved() throws -> Bool {
    try transaction.row(
      """
      SELECT value
      FROM vault_mark
      WHERE name = \(Self.moved)
      """
    ) != nil
  }

  /// Puts the data here out of use.
  package func noteMoved() throws {
    try transaction.execute(
      """
      INSERT INTO vault_mark (name, value)
      VALUES (\(Self.moved), '')
      ON CONFLICT (name) DO NOTHING
      """)
  }

  /// Data that has arrived is in use.
  package func noteArrived() throws {
    try transaction.execute("DELETE FROM vault_mark WHERE name = \(Self.moved)")
  }

  func kept() throws -> String? {
    try transaction.row(
      """
      SELECT value
      FROM vault_mark
      WHERE name = \(Self.name)
      """
    )?.text(0)
  }

  func keep(_ mark: String) throws {
    try transaction.execute(
      """
      INSERT INTO vault_mark (name, value)
      VALUES (\(Self.name), \(mark))
      ON CONFLICT (name) DO NOTHING
      """)
  }
}
