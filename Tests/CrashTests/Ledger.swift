import Foundation
import Synchronization

/// What clients sent, and what they were told of each.
final class Ledger: Sendable {
  /// What a client knows of a command.
  enum Word {
    /// It was sent, and no answer came, or one that leaves it open.
    case open
    /// It was done; this is its receipt.
    case acknowledged(String)
    /// Nothing of it was done, with this status.
    case refused(Int)
  }

  private struct State {
    var words: [Int: Word] = [:]
    var again: [Int] = []
  }

  private let state = Mutex(State())

  /// The rows that each command brings.
  static let parts = ["a", "b", "c"]
  static let command = "/api/commands/visits.import"

  static func key(_ number: Int) -> String { "crashed-\(number)" }
  static func number(ofKey key: String) -> Int? {
    key.hasPrefix("crashed-") ? Int(key.dropFirst(8)) : nil
  }

  /// What a command says: visits of three made-up people that no other command brings.
  static func body(_ number: Int) -> String {
    let rows = parts.map { part in
      #"{"person":"K-\#(number)-\#(part)","venue":"V\#(number % 50)","from":"2022-11-28T10:00","#
        + #""to":"2022-11-28T11:00","source":"interview"}"#
    }
    return #"{"run":"crash","rows":[\#(rows.joined(separator: ","))]}"#
  }

  /// The next command to send: one that was left open before, else a new one.
  func take() -> Int {
    state.withLock { state in
      if let open = state.again.popLast() { return open }
      let number = state.words.count
      state.words[number] = .open
      return number
    }
  }

  func note(_ number: Int, _ word: Word) { state.withLock { $0.words[number] = word } }

  /// What was left open is to be sent again, with the same identifiers.
  func sendOpenAgain() { state.withLock { $0.again = Self.open($0.words) } }

  private static func open(_ words: [Int: Word]) -> [Int] {
    words.compactMap { if case .open = $0.value { $0.key } else { nil } }
  }

  var acknowledged: [Int: String] {
    state.withLock { state in
      state.words.compactMapValues { if case .acknowledged(let text) = $0 { text } else { nil } }
    }
  }

  var refused: [Int: Int] {
    state.withLock { state in
      state.words.compactMapValues { if case .refused(let status) = $0 { status } else { nil } }
    }
  }

  var openCount: Int { state.withLock { Self.open($0.words).count } }
  var sentCount: Int { state.withLock { $0.words.count } }

  /// Sends one command and writes down what is known of it then; nil when the line was cut.
  func send(_ number: Int, on line: OperatorLine) -> OperatorLine.Answer? {
    let answer = line.post(Self.command, Self.body(number), key: Self.key(number))
    guard let answer else { return nil }
    if answer.status == 200 {
      note(number, .acknowledged(answer.body))
    } else if !answer.says("storage.broken") && !answer.says("storage.unknown") {
      note(number, .refused(answer.status))
    }
    return answer
  }
}

/// Clients that send one command after another until they are told to stop.
final class Load: Sendable {
  private struct State {
    var isEnding = false
    var running: Int
  }

  private let state: Mutex<State>

  init(clients: Int, on socket: String, _ ledger: Ledger) {
    state = Mutex(State(running: clients))
    for _ in 0..<clients {
      Thread.detachNewThread { [self] in
        var line: OperatorLine?
        while !isEnding {
          guard let open = line ?? OperatorLine(socket) else {
            usleep(2_000)
            continue
          }
          line = open
          let answer = ledger.send(ledger.take(), on: open)
          if answer == nil { line = nil }
          if let answer, answer.status != 200 { usleep(20_000) }
        }
        state.withLock { $0.running -= 1 }
      }
    }
  }

  private var isEnding: Bool { state.withLock(\.isEnding) }

  /// Tells the clients to stop and waits for them.
  func stop() async {
    state.withLock { $0.isEnding = true }
    while state.withLock(\.running) > 0 { try? await Task.sleep(for: .milliseconds(2)) }
  }
}
