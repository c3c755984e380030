/// Compares the journal with its checkpoints.
package enum CheckpointVerification {
  private static let mostFaults = 10

  /// What is wrong with the checkpoints that stand in the tables, at most the first ten.
  package static func faults(in transaction: any Transaction, vault: Vault) throws -> [String] {
    let key = try vault.signingKey()
    var faults: [String] = []
    try CheckpointStore(transaction: transaction).eachBesideJournal { checkpoint, head in
      guard faults.count < mostFaults else { return }
      faults += fault(of: checkpoint, journal: head, key: key, suite: vault.suite)
    }
    return faults
  }

  /// What is wrong with one checkpoint beside the journal's head at its place.
  static func fault(
    of checkpoint: Checkpoint, journal head: String?, key: String, suite: any CryptoSuite
  ) -> [String] {
    guard checkpoint.isSigned(by: key, suite: suite) else {
      return ["checkpoint \(checkpoint.size) is not signed by this district"]
    }
    guard let head else {
      return ["the journal is shorter than checkpoint \(checkpoint.size)"]
    }
    return head == checkpoint.head
      ? [] : ["the journal differs from checkpoint \(checkpoint.size)"]
  }
}
