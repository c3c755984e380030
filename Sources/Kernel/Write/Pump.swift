/// Turns with the clock: sends the slices' ticks when they are due and performs what waits in the
/// outbox. One runs in each server, and of the servers that share a storage the one that holds the
/// clock turns; tests turn it by hand.
package actor Pump {
  private let desk: Desk
  private var lastSent: [String: Instant] = [:]

  /// How long a failed errand waits before it is tried again, doubled each time.
  private static let firstPause = Duration.seconds(5)
  /// After this many failures an errand is given up and shown to a human.
  private static let mostAttempts = 8
  private static let errandsPerRound = 200
  /// What the nodes agree on who does it.
  package static let work = "clock"
  /// After so many rounds a turn ends, so that errands that send errands do not hold it for ever.
  private static let mostRounds = 200

  /// How often it is looked for more urgent errands while others are performed.
  private let looksAgain: Swift.Duration

  package init(desk: Desk, looksAgain: Swift.Duration = .milliseconds(50)) {
    self.desk = desk
    self.looksAgain = looksAgain
  }

  /// One turn: due ticks, then errands until none is due.
  ///
  /// - Returns: how many commands were performed; none when another node holds the clock.
  /// - Throws: what the first tick threw that failed, after everything else was done.
  @discardableResult
  package func turn() async throws -> Int {
    var failure: (any Error)?
    for instrument in desk.rules.instruments {
      do { try await instrument.tend(desk) } catch { failure = failure ?? error }
    }
    guard try await desk.storage.holds(Self.work) else {
      if let failure { throw failure }
      return 0
    }
    if let standstill = desk.standstill { throw standstill }
    var performed = 0
    for tick in desk.assembly.ticks {
      let now = desk.clock.now()
      if let last = lastSent[tick.name], now - last < tick.every, now >= last { continue }
      let id = CommandID(trusted: "tick/\(tick.name)/\(now.milliseconds)")
      do {
        try await desk.submit(tick.command(), id: id, as: .clock)
        lastSent[tick.name] = now
        performed += 1
      } catch {
        // One tick that the policy refuses must not keep the others from being told.
        failure = failure ?? error
      }
    }
    for _ in 0..<Self.mostRounds {
      let done = try await runErrands()
      performed += done
      if done == 0 { break }
    }
    if let failure { throw failure }
    return performed
  }

  private func runErrands() async throws -> Int {
    let now = desk.clock.now()
    let outbox = { @Sendable in OutboxStore(transaction: $0) }
    let waiting = try await desk.storage.read { try outbox($0).namesDue(at: now) }
    // The most urgent only: what they send is looked at before the others, which can wait.
    guard let highest = waiting.map(urgency).max() else { return 0 }
    let names = waiting.filter { urgency($0) == highest }
    let first = try await desk.storage.read {
      try outbox($0).due(at: now, named: names, limit: Self.errandsPerRound)
    }
    var looked = ContinuousClock.now
    for (done, errand) in first.enumerated() {
      // Nor do more urgent ones that come meanwhile wait for hundreds of others.
      if done > 0, ContinuousClock.now - looked >= looksAgain {
        let moment = desk.clock.now()
        let others = try await desk.storage.read { try outbox($0).namesDue(at: moment) }
        if others.contains(where: { urgency($0) > highest }) { return done }
        looked = .now
      }
      try await run(errand, at: now)
    }
    return first.count
  }

  private func urgency(_ name: String) -> Urgency {
    desk.assembly.commands[name]?.urgency ?? .work
  }

  /// Performs an errand; the desk takes it out of the outbox in the same transaction.
  private func run(_ errand: Errand, at now: Instant) async throws {
    do {
      let body = try Fields.json(Array(errand.body.utf8))
      _ = try await desk.submit(
        Envelope(id: errand.command, name: errand.name, body: body, sender: .clock))
    } catch let refusal as Refusal where refusal.kind != .overloaded {
      try await settle { try $0.giveUp(errand.command, at: now, failure: refusal.code) }
    } catch let failure as StorageFailure where failure.kind != .constraint {
      // It is not the errand's fault, and must not be counted against it.
      throw failure
    } catch let fault as ClockFault {
      throw fault
    } catch {
      let attempts = errand.attempts + 1
      if attempts >= Self.mostAttempts {
        try await settle { try $0.giveUp(errand.command, at: now, failure: "failure") }
      } else {
        let pause = Self.firstPause * (1 << (attempts - 1))
        try await settle {
          try $0.postpone(
            errand.command, until: now + pause, attempts: attempts, failure: "failure")
        }
      }
    }
  }

  private func settle(_ body: @escaping @Sendable (OutboxStore) throws -> Void) async throws {
    try await desk.note { try body(OutboxStore(transaction: $0)) }
  }
}
