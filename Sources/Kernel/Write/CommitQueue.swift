/// Gathers the commands that wait at the same moment into one durable transaction.
///
/// One fsync carries many commands, which is what makes the write path fast; each has a savepoint
/// of its own, so that one that goes wrong undoes nothing else. Whoever submits and goes away takes
/// nothing along: what waits is done all the same, and its receipt answers when it is asked again.
actor CommitQueue {
  typealias Body = @Sendable (JournaledTransaction) throws -> Receipt?

  private struct Job: Sendable {
    let body: Body
    let done: CheckedContinuation<Receipt?, any Error>
  }

  /// How many commands share a transaction at most, so that none waits long.
  private static let largestBatch = 256
  /// How many may wait; more would only be given up by whoever waits for them.
  private static let longestQueue = 20_000
  /// How often an engine that did not say whether it has written is asked again; it is waited for
  /// each time.
  private static let mostSettlings = 6
  /// For how long it is asked: whoever sent the commands, or a proxy in front, waits for no more. They
  /// are told that nobody knows, and whoever sends one again is answered by its receipt.
  private static let longestSettling = Duration.seconds(20)

  private let storage: any Storage
  private let vault: Vault
  private let clock: Clock
  private var waiting: [Job] = []
  private var isDraining = false

  init(storage: any Storage, vault: Vault, clock: Clock) {
    self.storage = storage
    self.vault = vault
    self.clock = clock
  }

  /// Runs a body in the next transaction and returns when that is durable.
  ///
  /// - Throws: what the body threw; a refusal when too many wait; the storage's failure.
  func submit(_ body: @escaping Body) async throws -> Receipt? {
    guard waiting.count < Self.longestQueue else {
      throw Refusal(
        .overloaded, "desk.overloaded",
        Words("系统繁忙，请稍后用同一编号重试", "Too much at once; try again later with the same identifier"))
    }
    return try await withCheckedThrowingContinuation { done in
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
      await perform(batch)
    }
    isDraining = false
  }

  private func perform(_ batch: [Job]) async {
    do {
      let outcomes = try await write(batch)
      for (job, outcome) in zip(batch, outcomes) { job.done.resume(with: outcome) }
    } catch let failure as StorageFailure where failure.kind == .constraint && batch.count > 1 {
      // A constraint that is checked at the commit does not say whose it is: each goes alone.
      for job in batch { await perform([job]) }
    } catch let failure as StorageFailure where failure.kind == .unknown {
      await settle(batch, failure)
    } catch {
      for job in batch { job.done.resume(throwing: error) }
    }
  }

  /// What the engine left open, the receipts say: the same commands again, with the same
  /// identifiers, do what was not done and answer with the receipt of what was.
  private func settle(_ batch: [Job], _ failure: StorageFailure) async {
    let end = ContinuousClock.now + Self.longestSettling
    for _ in 0..<Self.mostSettlings where ContinuousClock.now < end {
      do {
        let outcomes = try await write(batch)
        for (job, outcome) in zip(batch, outcomes) {
          job.done.resume(
            with: outcome.map { receipt in
              // Nobody has been told yet that it was done.
              var receipt = receipt
              receipt?.leftSomething = true
              return receipt
            })
        }
        return
      } catch let failure as StorageFailure where failure.kind == .constraint {
        // Had it been done, its receipt would have been there before anything could be broken.
        if batch.count == 1 {
          batch[0].done.resume(throwing: failure)
        } else {
          for job in batch { await perform([job]) }
        }
        return
      } catch {
        // The engine is still away, and the question is still open.
        continue
      }
    }
    for job in batch { job.done.resume(throwing: failure) }
  }

  private func write(_ batch: [Job]) async throws -> [Result<Receipt?, any Error>] {
    let bodies = batch.map(\.body)
    let vault = self.vault
    let now = clock.now()
    return try await storage.write { transaction in
      try Self.run(bodies, in: transaction, vault: vault, at: now)
    }
  }

  private static func run(
    _ bodies: [Body], in transaction: any Transaction, vault: Vault, at now: Instant
  ) throws -> [Result<Receipt?, any Error>] {
    let journaled = try JournaledTransaction(transaction, vault: vault)
    let outcomes: [Result<Receipt?, any Error>] = try bodies.map { body in
      do {
        return .success(try journaled.savepoint { try body(journaled) })
      } catch let failure as StorageFailure where failure.kind != .constraint {
        // The engine itself is in trouble and may have undone everything: nothing is acknowledged.
        throw failure
      } catch {
        return .failure(error)
      }
    }
    try journaled.keepChanges(at: now)
    return outcomes
  }
}
