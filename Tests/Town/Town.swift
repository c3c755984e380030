import Cryptography
import District
import Engines
import Kernel
import Registry
import Synchronization

/// A small district in a bottle: a real database, a clock that the test moves, places
/// from the city down to the door, and people in office.
package final class Town: Sendable {
  package let district: District
  private let time: ScriptedTime
  private let commands = Counter()
  /// The secret of every town.
  package static let secret = [UInt8](repeating: 7, count: 32)
  /// The policies of the binary, read once for all towns of a test run.
  private static let builtInRules = Result { try District.rulebook() }

  package var desk: Desk { district.desk }
  package var now: Instant { time.now }

  /// A town at 08:00 on a day, with `Town.places` and `Town.accounts`.
  /// - Parameters:
  ///   - storage: where it lives; by default in a database of its own for the test run.
  ///   - scans: an index of scans; nil to look them through as they stand.
  package init(
    on day: String = "2022-11-29", policyFolder: String? = nil, storage: (any Storage)? = nil,
    scans: ScanEngine? = nil
  ) async throws {
    guard let day = Day(day) else { preconditionFailure("the town's day is a day") }
    let time = ScriptedTime(day.start(in: .china) + .hours(8))
    self.time = time
    let place: any Storage =
      if let storage { storage } else {
        try await TestStorage.open(District.assembly.migrations)
      }
    district = try await District(
      storage: place,
      rules: policyFolder.map { try District.rulebook(policyFolder: $0) }
        ?? Self.builtInRules.get(),
      secret: Self.secret, clock: Clock { time.now }, entropy: .seeded(1), scans: scans)
    try await settle()
  }

  /// Sends a command under a new identifier.
  @discardableResult
  package func submit<C: Command>(
    _ command: C, as account: String = "duty"
  ) async throws -> C.Answer {
    let id = CommandID(trusted: "town-\(commands.next())")
    let receipt = try await desk.submit(
      command, id: id, as: .account(AccountID(trusted: account)))
    return try receipt.decoded(C.Answer.self)
  }

  /// Sends a command as somebody without an office: a resident, or the clock.
  @discardableResult
  package func submit<C: Command>(_ command: C, from sender: Sender) async throws -> C.Answer {
    let id = CommandID(trusted: "town-\(commands.next())")
    return try await desk.submit(command, id: id, as: sender).decoded(C.Answer.self)
  }

  /// Asks a question as somebody without an office.
  package func ask<Q: Query>(
    _ query: Q, for purpose: Purpose, from sender: Sender
  ) async throws -> Q.Answer {
    let look = Desk.Look(
      sender: sender, purpose: purpose, language: .english, question: "town")
    return try await desk.read(look) { try $0.ask(query) }
  }

  /// Asks a question.
  package func ask<Q: Query>(
    _ query: Q, for purpose: Purpose = .supervision, as account: String = "duty"
  ) async throws -> Q.Answer {
    try await read(for: purpose, as: account) { try $0.ask(query) }
  }

  /// Looks at the data as an account does.
  package func read<Answer: Sendable>(
    for purpose: Purpose = .supervision, as account: String = "duty",
    _ body: @escaping @Sendable (Reading) throws -> Answer
  ) async throws -> Answer {
    let look = Desk.Look(
      sender: .account(AccountID(trusted: account)), purpose: purpose, language: .english,
      question: "town")
    return try await desk.read(look, body)
  }

  /// Looks into the tables.
  package func rows(_ statement: SQL) async throws -> [Row] {
    try await desk.storage.read { try $0.rows(statement) }
  }

  /// Lets time pass while the clock's jobs stand still.
  package func stall(_ span: Duration) { time.move(by: span) }

  /// Lets time pass and the clock turn, once at the end.
  package func pass(_ span: Duration) async throws {
    time.move(by: span)
    try await district.pump.turn()
  }

  /// What violates any invariant, by its number; empty when all hold.
  package func violations() async throws -> [String: [String]] {
    try await desk.violations().mapValues(\.violations)
  }
}

/// A clock's hands, moved by the test.
private final class ScriptedTime: Sendable {
  private let hands: Mutex<Instant>

  init(_ instant: Instant) { hands = Mutex(instant) }

  var now: Instant { hands.withLock { $0 } }

  func move(by span: Duration) { hands.withLock { $0 = $0 + span } }
}

private final class Counter: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }
}

extension Entropy {
  /// Bytes that follow from a seed (SplitMix64), so that a test replays exactly.
  package static func seeded(_ seed: UInt64) -> Entropy {
    let state = SeededState(seed)
    return Entropy { count in (0..<count).map { _ in UInt8(truncatingIfNeeded: state.next()) } }
  }
}

private final class SeededState: Sendable {
  private let state: Mutex<UInt64>

  init(_ seed: UInt64) { state = Mutex(seed) }

  func next() -> UInt64 {
    state.withLock { state in
      state &+= 0x9e37_79b9_7f4a_7c15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }
  }
}
