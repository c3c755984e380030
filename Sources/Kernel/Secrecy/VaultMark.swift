/// The mark of the secret with which a storage's data is locked. Several nodes share a storage; one
/// with another secret would find nobody and lock what the others cannot open.
package enum VaultMark {
  /// Leaves the vault's mark on a storage that has none.
  ///
  /// - Throws: a refusal when the data was locked with another secret, or lives elsewhere now.
  package static func check(_ vault: Vault, on storage: any Storage) async throws {
    var (kept, isMoved) = try await storage.read { transaction in
      let store = VaultMarkStore(transaction: transaction)
      return (try store.kept(), try store.isMoved())
    }
    guard !isMoved else {
      throw Refusal(
        .conflict, "store.moved",
        Words(
          "这里的数据已迁往别处，不再使用；请打开新的存储",
          "The data here was moved elsewhere and is out of use; open the place that it was moved to"
        ))
    }
    if kept == nil {
      kept = try await storage.write { transaction in
        let store = VaultMarkStore(transaction: transaction)
        try store.keep(vault.mark)
        return try store.kept()
      }
    }
    guard kept == vault.mark else {
      throw Refusal(
        .conflict, "secret.other",
        Words(
          "这里的数据是用另一把密钥锁住的；请使用原数据目录中的 secret.key",
          "This data was locked with another secret; use the secret.key of its own data folder"))
    }
  }
}
