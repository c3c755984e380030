import Synchronization

/// Counts what the server does, without anything about anybody.
final class Metrics: Sendable {
  private struct Key: Hashable {
    let route: String
    let status: Int
  }

  private struct Tally {
    var count = 0
    var seconds = 0.0
  }

  private struct State {
    var tallies: [Key: Tally] = [:]
  }

  private let state = Mutex(State())

  func count(_ route: String, status: Int, seconds: Double) {
    state.withLock { state in
      state.tallies[Key(route: route, status: status), default: Tally()].count += 1
      state.tallies[Key(route: route, status: status), default: Tally()].seconds += seconds
    }
  }

  /// The figures in the text form of Prometheus.
  func text(
    waiting: Int, failed: Int, live: Int, secondsSinceTurn: Double, isWritable: Bool,
    isClockTrusted: Bool
  ) -> String {
    let tallies = state.withLock(\.tallies)
      .sorted { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }
    var lines = [
      "# HELP denghuo_requests_total Requests answered.",
      "# TYPE denghuo_requests_total counter",
    ]
    for (key, tally) in tallies {
      lines.append(
        "denghuo_requests_total{route=\"\(key.route)\",status=\"\(key.status)\"} \(tally.count)")
    }
    lines += [
      "# HELP denghuo_request_seconds_total Time spent on requests.",
      "# TYPE denghuo_request_seconds_total counter",
    ]
    for (key, tally) in tallies {
      lines.append(
        "denghuo_request_seconds_total{route=\"\(key.route)\",status=\"\(key.status)\"} \(tally.seconds)"
      )
    }
    let gauges: [(String, String, String)] = [
      ("denghuo_errands_waiting", "Errands that wait in the outbox.", String(waiting)),
      ("denghuo_errands_failed", "Errands that were given up.", String(failed)),
      ("denghuo_live_pages", "Pages that listen for changes.", String(live)),
      (
        "denghuo_pump_age_seconds", "Time since the clock's work last turned.",
        String(secondsSinceTurn)
      ),
      (
        "denghuo_storage_writable", "Whether the disk takes what is written.",
        isWritable ? "1" : "0"
      ),
      (
        "denghuo_clock_trusted", "Whether the machine's clock is believed.",
        isClockTrusted ? "1" : "0"
      ),
    ]
    for (name, help, value) in gauges {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) gauge", "\(name) \(value)"]
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// When the clock's work last turned.
final class Pulse: Sendable {
  private static let mostSeconds = 60.0
  private let last = Mutex(ContinuousClock.now)

  func beat() { last.withLock { $0 = .now } }

  var secondsSinceTurn: Double {
    let passed = ContinuousClock.now - last.withLock { $0 }
    return Double(passed.components.seconds) + Double(passed.components.attoseconds) / 1e18
  }

  var isTurning: Bool { secondsSinceTurn < Self.mostSeconds }
}
