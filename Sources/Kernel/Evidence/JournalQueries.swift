/// The journal's entries after a place, a page at a time, for those who check it elsewhere.
package struct ListJournalEntries: Query {
  /// A page of entries; `after` is where the next begins, nil at the end.
  package struct Answer: Codable, Sendable {
    package let entries: [JournalLine]
    package let after: Int?
  }

  package static let name = "audit.journal"
  package static let duty: Duty = "journal.read"
  package static let purposes: [Purpose] = []
  package let after: Int

  private static let pageSize = 2_000

  package init(after: Int) { self.after = after }

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let store = JournalStore(transaction: reading.transaction)
    let found = try store.after(after, limit: Self.pageSize)
    return Answer(
      entries: found.map(JournalLine.init),
      after: found.count == Self.pageSize ? found.last?.sequence : nil)
  }
}

/// An entry as it is written down for others to check.
package struct JournalLine: Codable, Sendable {
  package let sequence: Int
  /// In milliseconds since 1970-01-01T00:00Z, as it is chained.
  package let at: Int64
  package let name: String
  package let command: String
  package let sender: String
  package let policy: String
  package let subject: String
  package let payload: String?
  package let salt: String?
  package let leaf: String
  package let head: String

  init(_ entry: JournalEntry) {
    sequence = entry.sequence
    at = entry.at.milliseconds
    name = entry.name
    command = entry.command
    sender = entry.sender
    policy = entry.policy
    subject = entry.subject
    payload = entry.payload
    salt = entry.salt
    leaf = entry.leaf
    head = entry.head
  }
}

/// The checkpoints after a place, and the public key that belongs to them.
package struct ListCheckpoints: Query {
  /// A page of checkpoints; `after` is where the next begins, nil at the end.
  package struct Answer: Codable, Sendable {
    package let key: String
    package let checkpoints: [Checkpoint]
    package let after: Int?
    /// Where checkpoints are kept elsewhere, nil when nowhere.
    package let place: String?
  }

  package static let name = "audit.checkpoints"
  package static let duty: Duty = "journal.read"
  package static let purposes: [Purpose] = []
  package let after: Int

  private static let pageSize = 1_000

  package init(after: Int) { self.after = after }

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let store = CheckpointStore(transaction: reading.transaction)
    let found = try store.after(after, limit: Self.pageSize)
    return Answer(
      key: try reading.vault.signingKey(), checkpoints: found,
      after: found.count == Self.pageSize ? found.last?.size : nil,
      place: try KeepingStore(transaction: reading.transaction).keeping()?.place)
  }
}

/// Whether the journal is still what checkpoints say that were kept elsewhere.
package struct CompareCheckpoints: Query {
  /// What does not agree, in words; empty when all do.
  package struct Answer: Codable, Sendable {
    package let compared: Int
    package let faults: [String]
  }

  package static let name = "audit.compare"
  package static let duty: Duty = "journal.read"
  package static let purposes: [Purpose] = []
  package let checkpoints: [Checkpoint]

  package init(_ checkpoints: [Checkpoint]) { self.checkpoints = checkpoints }

  package func area(in reading: Reading) -> Area { .everywhere }

  package func answer(in reading: Reading) throws -> Answer {
    let journal = JournalStore(transaction: reading.transaction)
    let key = try reading.vault.signingKey()
    let faults = try checkpoints.flatMap { checkpoint in
      CheckpointVerification.fault(
        of: checkpoint, journal: try journal.head(at: checkpoint.size), key: key,
        suite: reading.vault.suite)
    }
    return Answer(compared: checkpoints.count, faults: faults)
  }
}
