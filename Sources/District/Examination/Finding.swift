import Kernel

/// One thing that an examination of an installation has looked at.
package struct Finding: Codable, Sendable {
  /// How much it matters.
  package enum Verdict: String, Codable, Sendable, Comparable {
    case good
    /// Works, and should be seen to before it does not.
    case doubtful
    /// Will lose data, keep people out, or stop.
    case bad

    package static func < (one: Verdict, other: Verdict) -> Bool { one.rank < other.rank }

    private var rank: Int {
      switch self {
      case .good: 0
      case .doubtful: 1
      case .bad: 2
      }
    }
  }

  /// Stable for ever, such as `disk.room`.
  package let code: String
  package let verdict: Verdict
  /// What was seen.
  package let seen: Words
  /// What to do about it; nil when all is well.
  package let remedy: Words?

  package init(_ code: String, _ verdict: Verdict, _ seen: Words, remedy: Words? = nil) {
    self.code = code
    self.verdict = verdict
    self.seen = seen
    self.remedy = remedy
  }

  /// All is well.
  static func good(_ code: String, _ seen: Words) -> Finding { Finding(code, .good, seen) }
}
