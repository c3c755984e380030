import Synchronization

/// Gathers the commands that wait at the same moment into one durable transaction.
///
/// One fsync carries many commands, which is what makes the write path fast; each has a savepoint
/// of its own, so that one that goes wrong undoes nothing else. Whoever submits and goes away takes
/// nothing along: what waits is done all the same, and its receipt answers when it is asked again.
actor CommitQueue {
  typealias Body = @Sendable (JournaledTransaction) throws -> Receipt?
  typealias Outcome = Result<Receipt?, any Error>

  private struct Job: Sendable {
    /// Whose receipt the body will ask for; nil when it asks for none.
    let command: CommandID?
    let body: Body
    let done: @Sendable (Outcome) -> Void
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
  private let figures: CommitFigures
  private var waiting: [Job] = []
  private var isDraining = false
  /// How many commands were done last, how long that took and when it ended.
  private var last: (count: Int, time: Duration, end: ContinuousClock.Instant)?

  /// What part of the time of a transaction is waited for others to come, and how long at most: after
  /// a long one, such as an import, nobody is to be waited for.
  private static let shareOfWaiting = 4
  private static let longestGathering = Duration.milliseconds(5)
  /// So many commands take about as long to perform as a wait for the disk does.
  private static let worthAWait = 4

  init(storage: any Storage, vault: Vault, clock: Clock, figures: CommitFigures) {
    self.figures = figures
    self.storage = storage
    self.vault = vault
    self.clock = clock
  }

  /// Runs a body in the next transaction and returns when that is durable.
  ///
  /// - Throws: what the body threw; a refusal when too many wait; the storage's failure.
  func submit(_ body: @escaping Body, of command: CommandID? = nil) async throws -> Receipt? {
    try requireRoom(for: 1)
    return try await withCheckedThrowingContinuation { done in
      take([Job(command: command, body: body) { done.resume(with: $0) }])
    }
  }

  /// Runs bodies one after another, in one transaction when there is room, each for itself: what one
  /// throws undoes nothing of the others.
  ///
  /// - Throws: a refusal when too many wait.
  func submit(all bodies: [(id: CommandID, body: Body)]) async throws -> [Outcome] {
    guard !bodies.isEmpty else { return [] }
    try requireRoom(for: bodies.count)
    return await withCheckedContinuation { done in
      let outcomes = Outcomes(count: bodies.count) { done.resume(returning: $0) }
      take(
        bodies.enumerated().map { index, one in
          Job(command: one.id, body: one.body) { outcomes.set($0, at: index) }
        })
    }
  }

  private func requireRoom(for count: Int) throws(Refusal) {
    guard waiting.count + count <= Self.longestQueue else {
      throw Refusal(
        .overloaded, "desk.overloaded",
        Words("系统繁忙，请稍后用同一编号重试", "Too much at once; try again later with the same identifier"))
    }
  }

  private func take(_ jobs: [Job]) {
    waiting += jobs
    if !isDraining {
      isDraining = true
      Task { await drain() }
    }
  }

  private func drain() async {
    while !waiting.isEmpty {
      await gather()
      let batch = Array(waiting.prefix(Self.largestBatch))
      waiting.removeFirst(batch.count)
      figures.waits(waiting.count)
      await perform(batch)
    }
    isDraining = false
  }

  /// Waits a moment for those whose commands were just done to send their next: without it the first
  /// to come would have a wait for the disk of its own, and all others another. Of many, half are
  /// enough: while theirs is written, the others' next is made ready.
  private func gather() async {
    guard let last, last.count > 1 else { return }
    let enough =
      last.count <= Self.worthAWait ? last.count : max(Self.worthAWait, last.count / 2)
    let end = last.end + min(last.time / Self.shareOfWaiting, Self.longestGathering)
    while waiting.count < enough && ContinuousClock.now < end { await Task.yield() }
  }

  private func perform(_ batch: [Job]) async {
    do {
      let outcomes = try await write(batch)
      for (job, outcome) in zip(batch, outcomes) { job.done(outcome) }
    } catch let failure as StorageFailure where failure.kind == .constraint && batch.count > 1 {
      // A constraint that is checked at the commit does not say whose it is: each goes alone.
      for job in batch { await perform([job]) }
    } catch let failure as StorageFailure where failure.kind == .unknown {
      figures.wasUnknown()
      await settle(batch, failure)
    } catch {
      for job in batch { job.done(.failure(error)) }
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
          job.done(
            outcome.map { receipt in
              // Nobody has been told yet that it was done.
              var receipt = receipt
              receipt?.leftSomething = true
              receipt?.leftErrand = true
              return receipt
            })
        }
        return
      } catch let failure as StorageFailure where failure.kind == .constraint {
        // Had it been done, its receipt would have been there before anything could be broken.
        if batch.count == 1 {
          batch[0].done(.failure(failure))
        } else {
          for job in batch { await perform([job]) }
        }
        return
      } catch {
        // The engine is still away, and the question is still open.
        continue
      }
    }
    for job in batch { job.done(.failure(failure)) }
  }

  private func write(_ batch: [Job]) async throws -> [Result<Receipt?, any Error>] {
    let vault = self.vault
    let now = clock.now()
    let start = ContinuousClock.now
    let outcomes = try await storage.write { transaction in
      try Self.run(batch, in: transaction, vault: vault, at: now)
    }
    let end = ContinuousClock.now
    figures.committed(batch.count, in: end - start)
    last = (batch.count, end - start, end)
    return outcomes
  }

  private static func run(
    _ batch: [Job], in transaction: any Transaction, vault: Vault, at now: Instant
  ) throws -> [Result<Receipt?, any Error>] {
    let journaled = try JournaledTransaction(
      transaction, vault: vault, commands: batch.compactMap(\.command))
    let outcomes: [Result<Receipt?, any Error>] = try batch.map { job in
      do {
        return .success(try journaled.savepoint { try job.body(journaled) })
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

/// Gathers outcomes until all are there.
private final class Outcomes: Sendable {
  private struct State {
    var outcomes: [CommitQueue.Outcome?]
    var missing: Int
  }

  private let state: Mutex<State>
  private let whenAll: @Sendable ([CommitQueue.Outcome]) -> Void

  init(count: Int, whenAll: @escaping @Sendable ([CommitQueue.Outcome]) -> Void) {
    state = Mutex(State(outcomes: Array(repeating: nil, count: count), missing: count))
    self.whenAll = whenAll
  }

  func set(_ outcome: CommitQueue.Outcome, at index: Int) {
    let all: [CommitQueue.Outcome]? = state.withLock { state in
      state.outcomes[index] = outcome
      state.missing -= 1
      return state.missing == 0 ? state.outcomes.compactMap(\.self) : nil
    }
    if let all { whenAll(all) }
  }
}
