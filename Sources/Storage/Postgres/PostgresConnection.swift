import Foundation
import Kernel

/// One connection with its thread: opened when it is needed, opened again when it was lost.
actor PostgresConnection {
  private let thread: EngineThread
  private let route: PostgresRoute
  private let application: String
  private let patience: PostgresPatience
  private var wire: PostgresWire?
  private let onOpened: @Sendable (PostgresWire) throws -> Void
  private let onWaiting: @Sendable (_ isWaiting: Bool) -> Void

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  private static let firstPause = Duration.milliseconds(20)
  /// Where nodes tell each other that something has changed.
  static let channel = "denghuo"
  /// Writes nothing that anybody reads, but has to arrive where everything before it has to.
  private static let mark = "SELECT pg_logical_emit_message(true, 'denghuo', '')"
  private static let longestPause = Duration.milliseconds(500)

  /// - Parameters:
  ///   - onOpened: is shown each connection before it is used, and may refuse it.
  ///   - onWaiting: is told when the lock, or the word on a COMMIT, begins to be waited for, and when
  ///     that is over.
  init(
    _ route: PostgresRoute, application: String, patience: PostgresPatience = PostgresPatience(),
    onOpened: @escaping @Sendable (PostgresWire) throws -> Void = { _ in },
    onWaiting: @escaping @Sendable (_ isWaiting: Bool) -> Void = { _ in }
  ) {
    self.route = route
    self.application = application
    self.patience = patience
    self.onOpened = onOpened
    self.onWaiting = onWaiting
    thread = EngineThread(application)
  }

  /// Runs a body in a transaction that begins with a statement, again if it was undone through no
  /// fault of its own.
  ///
  /// - Parameters:
  ///   - isWriting: whether it may write; even one that changed nothing then waits until all that it
  ///     saw is durable.
  ///   - isHasty: whether a statement that takes very long means that the server hangs.
  ///   - giveUp: until when it is tried again.
  /// - Throws: what the body threw; a failure of the kind `unknown` when the server did not say
  ///   whether the transaction is durable.
  func transact<Result: Sendable>(
    beginning: String, isWriting: Bool, isHasty: Bool = true,
    until giveUp: ContinuousClock.Instant? = nil,
    _ body: @Sendable (any Transaction) throws -> Result
  ) throws -> Result {
    let giveUp = giveUp ?? .now + patience.server
    var pause = Self.firstPause
    while true {
      do {
        return try attempt(beginning: beginning, isWriting: isWriting, isHasty: isHasty, body)
      } catch let failure as StorageFailure {
        let isUseless =
          wire.map { wire in
            wire.isLost || wire.complaint?.isFatal == true
              || (isWriting && wire.complaint?.isReadOnly == true)
          } ?? true
        let mayBeRepeated = isUseless || wire?.complaint?.hasLostAgainstAnother == true
        if isUseless { letGo() }
        guard mayBeRepeated, failure.kind == .unavailable, ContinuousClock.now < giveUp else {
          throw failure
        }
      }
      Thread.sleep(forTimeInterval: pause / .seconds(1))
      pause = min(pause * 2, Self.longestPause)
    }
  }

  /// Runs a body with the open connection, once.
  func use<Result: Sendable>(_ body: @Sendable (PostgresWire) throws -> Result) throws -> Result {
    let wire = try opened()
    do { return try body(wire) } catch {
      if wire.isLost { letGo() }
      throw error
    }
  }

  /// Lets the connection go; the next one to need it opens another.
  func close() { wire = nil }

  private func attempt<Result: Sendable>(
    beginning: String, isWriting: Bool, isHasty: Bool,
    _ body: @Sendable (any Transaction) throws -> Result
  ) throws -> Result {
    let wire = try opened()
    wire.patience = isHasty ? patience.statement : nil
    try wire.tidy()
    let transaction = PostgresTransaction(wire)
    let result: Result
    do {
      try begin(beginning, on: wire)
      result = try body(transaction)
      try wire.flush()
      guard !wire.isBroken else {
        throw wire.complaint?.failure ?? StorageFailure(.constraint, "the transaction is broken")
      }
      // Only a transaction that wrote something waits for the disk and the standby; what a command
      // that was done before is answered with may be known here and nowhere else yet.
      if isWriting && !wire.hasChanged { try wire.run(Self.mark) }
    } catch {
      wire.forgetWaiting()
      if !wire.isLost { try wire.run("ROLLBACK") }
      throw error
    }
    onWaiting(true)
    defer { onWaiting(false) }
    do { try wire.commit(within: patience.commit) } catch {
      if !wire.isLost && !wire.isIdle { try wire.run("ROLLBACK") }
      throw error
    }
    // Others only hear of it; what is durable stays so when nobody is told.
    if wire.hasChanged && !wire.isLost { _ = try? wire.run("NOTIFY \(Self.channel)") }
    return result
  }

  private func begin(_ text: String, on wire: PostgresWire) throws {
    onWaiting(true)
    defer { onWaiting(false) }
    try wire.begin(text)
  }

  private func opened() throws -> PostgresWire {
    if let wire, !wire.isLost { return wire }
    // The old one goes first, so that a limit of connections is not met by our own.
    wire = nil
    let fresh = try route.open(application)
    try onOpened(fresh)
    wire = fresh
    return fresh
  }

  /// Lets a connection go that is of no more use.
  private func letGo() {
    if let wire, wire.isSilent { route.avoid(wire) }
    wire = nil
  }
}
