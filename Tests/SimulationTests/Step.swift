import Kernel

/// One thing that happens in a simulated town: somebody sends a command, or time passes.
enum Step: Sendable {
  /// What is known beforehand of how a command ends.
  enum Expectation: Sendable {
    /// Right or wrong, as it comes.
    case anything
    /// The sender has no business doing this: it must be refused.
    case refusal
    /// The identifier belongs to another command: refused with this code.
    case code(String)
  }

  case send(Envelope, Expectation)
  /// Minutes pass; then the clock's jobs turn, or stand still.
  case wait(minutes: Int, turns: Bool)

  /// The step as a line from which it can be read what happened.
  var line: String {
    switch self {
    case .send(let envelope, _):
      "\(envelope.id.text) \(envelope.sender.text): \(envelope.name) \(Self.text(envelope.body))"
    case .wait(let minutes, let turns): "\(minutes) min\(turns ? "" : ", the clock stands still")"
    }
  }

  private static func text(_ body: Fields) -> String {
    let bytes = (try? Fields.jsonBytes(body)) ?? []
    return String(decoding: bytes, as: UTF8.self)
  }
}
