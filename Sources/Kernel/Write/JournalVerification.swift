/// Reads the journal from its beginning and checks that nothing was changed, removed or added.
package enum JournalVerification {
  private static let mostFaults = 10

  /// What is wrong, at most the first ten; empty when the chain verifies. Rows are read one by one,
  /// so that a journal of any length needs no more memory than a short one.
  package static func faults(
    in transaction: any Transaction, suite: any CryptoSuite
  ) throws -> [String] {
    var faults: [String] = []
    var head = JournalChain.origin
    var sequence = 0
    do {
      try JournalStore(transaction: transaction).eachEntry { entry in
        sequence += 1
        if entry.sequence != sequence {
          faults.append("entry \(sequence) is missing before \(entry.sequence)")
          sequence = entry.sequence
        }
        if let fault = leafFault(of: entry, suite: suite) { faults.append(fault) }
        if JournalChain.head(after: head, entry, suite: suite) != entry.head {
          faults.append("entry \(entry.sequence) breaks the chain")
        }
        head = entry.head
        if faults.count >= mostFaults { throw Enough() }
      }
    } catch is Enough {}
    return Array(faults.prefix(mostFaults))
  }

  /// Ends the reading: nobody needs the eleventh fault of ten million entries.
  private struct Enough: Error {}

  private static func leafFault(of entry: JournalEntry, suite: any CryptoSuite) -> String? {
    switch (entry.payload, entry.salt) {
    case (nil, nil):
      // The fact's time of keeping has ended.
      return nil
    case (let payload?, let salt?):
      let leaf = JournalChain.leaf(salt: salt, payload: payload, suite: suite)
      return leaf == entry.leaf ? nil : "entry \(entry.sequence) does not match its leaf"
    case (nil, _?), (_?, nil):
      return "entry \(entry.sequence) has lost half of its fact"
    }
  }
}
