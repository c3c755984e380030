import Kernel
import Synchronization

/// The signed list of revoked codes as it was last made. At eight every gate of the city asks for it: it
/// is read, sorted and signed once in some seconds, however many ask. What is checked here does not go by
/// it (``PassOffice/check(_:)``).
package final class KeptRevocations: Instrument {
  private let last = Mutex<RevokedPasses.Answer?>(nil)

  package init() {}

  /// There is nothing to bring nearer: whoever asks for one that is too old has it made anew.
  package func tend(_ desk: Desk) {}

  /// The list of so many seconds ago at most. Others wait while it is made, for that is shorter than
  /// making it themselves.
  func answer(
    at now: Instant, for seconds: Int, make: () throws -> RevokedPasses.Answer
  ) throws -> RevokedPasses.Answer {
    try last.withLock { last in
      if let last, last.made <= now, now < last.made + .seconds(seconds) { return last }
      let made = try make()
      last = made
      return made
    }
  }
}

extension Rulebook {
  /// Where the list is kept; nil where it is made for each who asks.
  var keptRevocations: KeptRevocations? {
    for case let kept as KeptRevocations in instruments { return kept }
    return nil
  }
}
