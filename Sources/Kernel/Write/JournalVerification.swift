/// Reads the journal from its beginning and checks that nothing was changed, removed or added.
package enum JournalVerification {
  /// What is wrong, at most the first ten; empty when the chain verifies.
  package static func faults(
    in transaction: any Transaction, suite: any CryptoSuite
  ) throws -> [String] {
    var faults: [String] = []
    var head = JournalChain.origin
    var sequence = 0
    try JournalStore(transaction: transaction).eachEntry { entry in
      guard faults.count < 10 else { return }
      sequence += 1
      if entry.sequence != sequence {
        faults.append("entry \(sequence) is missing before \(entry.sequence)")
        sequence = entry.sequence
      }
      if let payload = entry.payload, let salt = entry.salt {
        let leaf = JournalChain.leaf(
          salt: salt, name: entry.name, command: entry.command, sender: entry.sender,
          policy: entry.policy, subject: entry.subject, payload: payload, suite: suite)
        if leaf != entry.leaf { faults.append("entry \(entry.sequence) does not match its leaf") }
      }
      let expected = JournalChain.head(
        after: head, sequence: entry.sequence, at: entry.at, leaf: entry.leaf, suite: suite)
      if expected != entry.head { faults.append("entry \(entry.sequence) breaks the chain") }
      head = entry.head
    }
    return faults
  }
}
