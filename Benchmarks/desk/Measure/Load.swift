import Kernel
import Synchronization

/// Clients that each send a command, wait for the receipt, and send the next.
struct Load: Sendable {
  let desk: Desk
  let people: People
  let account: String

  struct Figures: Sendable {
    var commands = 0
    var seconds = 0.0
    /// Milliseconds of each command, sorted.
    var waits: [Double] = []

    func percentile(_ share: Double) -> Double {
      waits.isEmpty ? 0 : waits[min(waits.count - 1, Int(Double(waits.count) * share))]
    }
  }

  func run(clients: Int, seconds: Double) async throws -> Figures {
    let next = Counter()
    let began = ContinuousClock.now
    let end = began + .seconds(seconds)
    let waits = try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<clients {
        group.addTask {
          var waits: [Double] = []
          while ContinuousClock.now < end {
            let envelope = people.envelope(next.take(), as: account)
            let start = ContinuousClock.now
            _ = try await desk.submit(envelope)
            waits.append((ContinuousClock.now - start) / .milliseconds(1))
          }
          return waits
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    let passed = (ContinuousClock.now - began) / .seconds(1)
    return Figures(commands: waits.count, seconds: passed, waits: waits.sorted())
  }
}

/// Numbers, each given once.
final class Counter: Sendable {
  private let last = Mutex(0)

  func take() -> Int {
    last.withLock { last in
      defer { last += 1 }
      return last
    }
  }
}
