/// Turns with the clock: sends the slices' ticks when they are due and performs what waits in the
/// outbox. One runs in each server; tests turn it by hand.
package actor Pump {
  private let desk: Desk
  private var lastSent: [String: Instant] = [:]

  /// How long a failed errand waits before it is tried again, doubled each time.
  private static let firstPause = Duration.seconds(5)
  /// After this many failures an errand is given up and shown to a human.
  private static let mostAttempts = 8
  private static let errandsPerTurn = 200

  package init(desk: Desk) { self.desk = desk }

  /// One turn: due ticks, then errands until none is due.
  ///
  /// - Returns: how many commands were performed.
  @discardableResult
  package func turn() async throws -> Int {
    var performed = 0
    for tick in desk.assembly.ticks {
      let now = desk.clock.now()
      if let last = lastSent[tick.name], now - last < tick.every, now >= last { continue }
      let id = CommandID(trusted: "tick/\(tick.name)/\(now.milliseconds)")
      try await desk.submit(tick.command(), id: id, as: .clock)
      lastSent[tick.name] = now
      performed += 1
    }
    while true {
      let done = try await runErrands()
      performed += done
      if done == 0 { return performed }
    }
  }

  private func runErrands() async throws -> Int {
    let now = desk.clock.now()
    let due = try await desk.storage.read { transaction in
      try OutboxStore(transaction: transaction).due(at: now, limit: Self.errandsPerTurn)
    }
    for errand in due {
      do {
        let body = try Fields.json(Array(errand.body.utf8))
        _ = try await desk.submit(
          Envelope(id: errand.command, name: errand.name, body: body, sender: .clock))
        try await settle { try $0.remove(errand.command) }
      } catch let refusal as Refusal {
        try await settle { try $0.giveUp(errand.command, at: now, failure: refusal.code) }
      } catch {
        let attempts = errand.attempts + 1
        if attempts >= Self.mostAttempts {
          try await settle { try $0.giveUp(errand.command, at: now, failure: "failure") }
        } else {
          let pause = Self.firstPause * (1 << attempts)
          try await settle {
            try $0.postpone(
              errand.command, until: now + pause, attempts: attempts, failure: "failure")
          }
        }
      }
    }
    return due.count
  }

  private func settle(_ body: @escaping @Sendable (OutboxStore) throws -> Void) async throws {
    try await desk.storage.write { try body(OutboxStore(transaction: $0)) }
  }
}
