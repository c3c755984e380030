import Foundation
import Kernel
import Synchronization

/// A PostgreSQL database that one or several nodes of a district share.
///
/// All writing transactions of a district, on whichever node, come one after another: each begins
/// with the district's lock, which is freed when it is durable. So the journal stays one chain, a
/// command sees all that was acknowledged before it, and two transactions never undo each other;
/// what makes writing fast is that many commands share one. Districts have a database, or a schema,
/// each, and do not wait for each other.
package final class PostgresStorage: Storage {
  /// What is asked of the server before anything is written to it.
  package enum Durability: Sendable {
    /// Every commit waits for the disk.
    case required
    /// Whatever the server does: for tests, whose data nobody misses.
    case whateverTheServerDoes
  }

  private let writer: PostgresConnection
  private let readers: PostgresReaders
  private let neighbours: PostgresConnection
  private let route: PostgresRoute
  private let patience: PostgresPatience
  private let sessions = Sessions()

  private static let readerCount = 4
  private static let application = "denghuo"

  /// Goes to a database and looks at whether it can be trusted with a district.
  ///
  /// - Throws: a ``StorageFailure`` when it is not to be reached, a refusal when it is no fit place.
  package init(
    _ address: PostgresAddress, durability: Durability = .required,
    patience: PostgresPatience = PostgresPatience()
  ) async throws {
    self.patience = patience
    let route = PostgresRoute(address)
    self.route = route
    let sessions = self.sessions
    writer = PostgresConnection(
      route, application: Self.application, patience: patience,
      onOpened: { wire in
        // Who took over from another may be set up differently.
        do { try PostgresFitness.check(wire, durability) } catch let refusal as Refusal {
          throw StorageFailure(.unavailable, refusal.words.english)
        }
        sessions.writer = wire.session
      },
      onWaiting: { sessions.isWaiting = $0 })
    readers = PostgresReaders(
      (0..<Self.readerCount).map { _ in
        PostgresConnection(route, application: Self.application, patience: patience)
      })
    neighbours = PostgresConnection(route, application: Self.application)
    try await neighbours.use { try PostgresFitness.check($0, durability) }
  }

  package func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    try await write(beginning: beginning, isHasty: true, body)
  }

  // A node that has vanished holds the lock no longer than the server waits for its next word. The
  // lock is asked for in a statement of its own: those after it see what its last holder did. It is
  // waited for no longer than for a COMMIT: its holder may be waiting for an absent standby.
  private var beginning: String {
    """
    BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
    SET LOCAL idle_in_transaction_session_timeout = '30s';
    SET LOCAL lock_timeout = \(Int(patience.lock / .milliseconds(1)));
    \(Self.writersLock)
    """
  }
  /// The schema may be a while in the making, on another node too.
  private static let patientBeginning = """
    BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
    \(writersLock)
    """

  private func write<Result: Sendable>(
    beginning: String, isHasty: Bool,
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    do {
      let result = try await writer.transact(
        beginning: beginning, isWriting: true, isHasty: isHasty, body)
      sessions.isUnconfirmed = false
      return result
    } catch let failure as StorageFailure where failure.kind == .unknown {
      sessions.isUnconfirmed = true
      throw failure
    }
  }

  package func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    // Those who wait for their turn wait for the server meanwhile.
    let giveUp = ContinuousClock.now + patience.server
    let reader = await readers.take()
    let outcome: Swift.Result<Result, any Error>
    do {
      outcome = .success(
        try await reader.transact(
          beginning: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", isWriting: false,
          until: giveUp, body))
    } catch {
      outcome = .failure(error)
    }
    await readers.give(reader)
    return try outcome.get()
  }

  package func migrate(_ migrations: [Migration]) async throws {
    try await write(beginning: Self.patientBeginning, isHasty: false) { transaction in
      try SchemaLedger.apply(migrations, in: transaction, dialect: PostgresSchema.dialect)
    }
  }

  /// Whoever has the work's lock holds it; the server frees it with the session.
  package func holds(_ work: String) async throws -> Bool {
    let sessions = self.sessions
    let patience = self.patience.asking
    return try await neighbours.use { wire in
      wire.patience = patience
      if sessions.holder(of: work) == wire.session {
        // Whoever is cut off from the server has lost what it held.
        try wire.run("SELECT 1")
        return true
      }
      let answer = try wire.run("SELECT pg_try_advisory_lock(\(Self.key(work)))")
      guard answer.rows.first?.integer(0) == 1 else { return false }
      sessions.note(wire.session, holds: work)
      return true
    }
  }

  /// Asks the server, and looks at what became of this node's last COMMIT. A node that has not
  /// written for a while writes: a primary that is cut off from its standbys answers, and keeps
  /// nothing.
  package func requireWriting() async throws {
    let patience = self.patience.asking
    try await neighbours.use { wire in
      wire.patience = patience
      try wire.run("SELECT 1")
    }
    if isConfirmed { return }
    // A node that is sent nothing because it is not ready would never find out that it is again.
    if sessions.beginTrying() {
      Task {
        defer { sessions.endTrying() }
        // An empty transaction leaves nothing to confirm.
        let isKept = try? await write { transaction in
          try transaction.execute(
            """
            UPDATE migration
            SET checksum = checksum
            WHERE name = (SELECT MIN(name) FROM migration)
            """)
        }
        if isKept != nil { sessions.noteConfirmed() }
      }
    }
    let giveUp = ContinuousClock.now + self.patience.confirmation
    while sessions.isTrying, ContinuousClock.now < giveUp {
      try await Task.sleep(for: Self.pauseOfTrying)
    }
    if isConfirmed { return }
    throw StorageFailure(
      .unknown, "PostgreSQL: no standby confirms what this node, or another, has written")
  }

  private var isConfirmed: Bool {
    !sessions.isUnconfirmed && !sessions.isWaiting(longerThan: patience.confirmation)
      && sessions.isConfirmed(within: patience.confirmation)
  }

  /// Listens on a connection of its own, which is opened again when it is lost.
  package func listen(_ heard: @escaping @Sendable () -> Void) async throws {
    let listener = PostgresConnection(route, application: Self.application)
    let sessions = self.sessions
    var listening: Int32?
    while !Task.isCancelled {
      do {
        let before = listening
        let (session, told) = try await listener.use { wire in
          if wire.session != before { try wire.run("LISTEN \(PostgresConnection.channel)") }
          return (wire.session, try wire.heard(within: Self.listeningMilliseconds))
        }
        // What was told while nobody listened is not told again.
        let hasMissed = before != nil && before != session
        listening = session
        if hasMissed || told.contains(where: { $0 != sessions.writer }) { heard() }
      } catch is StorageFailure {
        try await Task.sleep(for: Self.pauseOfListening)
      }
    }
  }

  /// Lets all connections go; whoever uses the storage again opens others.
  package func close() async {
    await writer.close()
    await neighbours.close()
    await readers.close()
  }

  /// How long one look for what others tell takes at most; so long a server that stops waits.
  private static let listeningMilliseconds: Int32 = 250
  private static let pauseOfListening = Duration.milliseconds(500)
  private static let pauseOfTrying = Duration.milliseconds(10)

  /// Waits until no other transaction of the district writes.
  static var writersLock: String { "SELECT pg_advisory_xact_lock(\(key("writer")))" }

  /// The number of a lock: one for each work of each district.
  private static func key(_ work: String) -> String {
    "hashtextextended('denghuo/\(work)/' || current_schema(), 0)"
  }
}

/// The server's numbers of this node's sessions, by which it knows itself, and how it fares there.
private final class Sessions: Sendable {
  private struct State {
    var writer: Int32 = 0
    var leases: [String: Int32] = [:]
    var isUnconfirmed = false
    var waitingSince: ContinuousClock.Instant?
    var confirmedAt: ContinuousClock.Instant?
    var isTrying = false
  }

  private let state = Mutex(State())

  var writer: Int32 {
    get { state.withLock { $0.writer } }
    set { state.withLock { $0.writer = newValue } }
  }

  /// Whether the last COMMIT of this node was left unanswered.
  var isUnconfirmed: Bool {
    get { state.withLock { $0.isUnconfirmed } }
    set { state.withLock { $0.isUnconfirmed = newValue } }
  }

  /// Whether the district's lock, or the word on a COMMIT, is waited for now.
  var isWaiting: Bool {
    get { state.withLock { $0.waitingSince != nil } }
    set { state.withLock { $0.waitingSince = newValue ? .now : nil } }
  }

  func isWaiting(longerThan limit: Duration) -> Bool {
    state.withLock { state in state.waitingSince.map { .now - $0 > limit } ?? false }
  }

  /// Whether something written to be confirmed was, not longer ago than this.
  func isConfirmed(within limit: Duration) -> Bool {
    state.withLock { state in state.confirmedAt.map { .now - $0 <= limit } ?? false }
  }

  func noteConfirmed() { state.withLock { $0.confirmedAt = .now } }

  var isTrying: Bool { state.withLock { $0.isTrying } }

  func holder(of work: String) -> Int32? { state.withLock { $0.leases[work] } }

  func note(_ session: Int32, holds work: String) {
    state.withLock { $0.leases[work] = session }
  }

  /// Begins to try whether writing is confirmed again, unless somebody is at it.
  func beginTrying() -> Bool {
    state.withLock { state in
      defer { state.isTrying = true }
      return !state.isTrying
    }
  }

  func endTrying() { state.withLock { $0.isTrying = false } }
}
