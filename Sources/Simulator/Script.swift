import Kernel
import Synchronization

/// The hands of a clock that a play moves.
package final class ScriptedTime: Sendable {
  private let hands: Mutex<Instant>

  package init(_ instant: Instant) { hands = Mutex(instant) }

  /// The moment that the hands show.
  package var now: Instant { hands.withLock { $0 } }

  /// Moves the hands; they never go back.
  package func move(to instant: Instant) { hands.withLock { $0 = max($0, instant) } }
}

/// Sends commands and asks questions as programs do, under identifiers that follow from a count.
package actor Script {
  package let desk: Desk
  package let pump: Pump
  private let name: String
  private var count = 0

  /// - Parameter name: tells the identifiers of one play from those of another.
  package init(desk: Desk, pump: Pump, name: String) {
    self.desk = desk
    self.pump = pump
    self.name = name
  }

  /// Sends a command as an account.
  ///
  /// - Throws: what the desk throws; a play decides itself what a refusal means.
  @discardableResult
  package func send(
    _ command: String, _ body: [String: Fields], as account: String
  ) async throws -> Fields {
    count += 1
    let envelope = Envelope(
      id: CommandID(trusted: "\(name)-\(count)"), name: command, body: .object(body),
      sender: .account(AccountID(trusted: account)))
    return try Fields.json(try await desk.submit(envelope).answer)
  }

  /// Asks a question as an account.
  package func ask(
    _ query: String, _ body: [String: Fields], for purpose: Purpose, as account: String
  ) async throws -> Fields {
    let look = Desk.Look(
      sender: .account(AccountID(trusted: account)), purpose: purpose, language: .chinese,
      question: query)
    return try Fields.json(try await desk.ask(query, .object(body), look))
  }

  /// Sends a command of the product's own types as an account.
  ///
  /// - Throws: what the desk throws; a play decides itself what a refusal means.
  @discardableResult
  package func perform<C: Command>(_ command: C, as account: String) async throws -> C.Answer {
    count += 1
    let receipt = try await desk.submit(
      command, id: CommandID(trusted: "\(name)-\(count)"),
      as: .account(AccountID(trusted: account)))
    return try receipt.decoded(C.Answer.self)
  }

  /// Asks a question of the product's own types as an account.
  package func ask<Q: Query>(
    _ query: Q, for purpose: Purpose, as account: String
  ) async throws -> Q.Answer {
    let look = Desk.Look(
      sender: .account(AccountID(trusted: account)), purpose: purpose, language: .chinese,
      question: Q.name)
    return try await desk.read(look) { try $0.ask(query) }
  }

  /// Sends rows in commands of a few hundred.
  ///
  /// - Throws: a refusal when any row was rejected: what a play sends is meant to be right.
  package func send(
    rows: [Fields], to command: String, as account: String,
    progress: @Sendable (Int) -> Void = { _ in }
  ) async throws {
    for start in stride(from: 0, to: rows.count, by: Self.rowsPerCommand) {
      let part = Array(rows[start..<min(start + Self.rowsPerCommand, rows.count)])
      let answer = try await send(
        command, ["rows": .list(part), "run": .text(name)], as: account)
      let outcomes = try answer.decoded(ImportAnswer.self, strict: false).outcomes
      if let wrong = outcomes.first(where: { $0.verdict == .rejected }) {
        throw Refusal(.invalid, wrong.code, wrong.words, field: wrong.field)
      }
      progress(start + part.count)
    }
  }

  private static let rowsPerCommand = 500
}

extension Fields {
  /// The members of a list, none when it is none.
  package var items: [Fields] { if case .list(let list) = self { list } else { [] } }

  /// The text, empty when it is none.
  package var string: String { if case .text(let text) = self { text } else { "" } }
}
