/// Gathers the commands that wait at the same moment into one durable transaction.
///
/// One fsync carries many commands, which is what makes the write path fast; each has a savepoint
/// of its own, so that one refusal undoes nothing else.
actor CommitQueue {
  typealias Body = @Sendable (any Transaction, JournalWriter) throws -> Receipt

  private struct Job: Sendable {
    let body: Body
    let done: CheckedContinuation<Receipt, any Error>
  }

  /// How many commands share a transaction at most, so that none waits long.
  private static let largestBatch = 256

  private let storage: any Storage
  private let vault: Vault
  private var waiting: [Job] = []
  private var isDraining = false

  init(storage: any Storage, vault: Vault) {
    self.storage = storage
    self.vault = vault
  }

  /// Runs a body in the next transaction and returns when that is durable.
  func submit(_ body: @escaping Body) async throws -> Receipt {
    try await withCheckedThrowingContinuation { done in
      waiting.append(Job(body: body, done: done))
      if !isDraining {
        isDraining = true
        Task { await drain() }
      }
    }
  }

  private func drain() async {
    while !waiting.isEmpty {
      let batch = Array(waiting.prefix(Self.largestBatch))
      waiting.removeFirst(batch.count)
      let vault = self.vault
      do {
        let outcomes = try await storage.write { transaction in
          try Self.run(batch.map(\.body), in: transaction, vault: vault)
        }
        for (job, outcome) in zip(batch, outcomes) { job.done.resume(with: outcome) }
      } catch {
        for job in batch { job.done.resume(throwing: error) }
      }
    }
    isDraining = false
  }

  private static func run(
    _ bodies: [Body], in transaction: any Transaction, vault: Vault
  ) throws -> [Result<Receipt, any Error>] {
    let journal = try JournalWriter(transaction, vault: vault)
    return try bodies.map { body in
      let mark = journal.mark
      do {
        return .success(try transaction.savepoint { try body(transaction, journal) })
      } catch let refusal as Refusal {
        journal.mark = mark
        return .failure(refusal)
      } catch let failure as StorageFailure where failure.kind == .constraint {
        journal.mark = mark
        return .failure(failure)
      }
    }
  }
}
