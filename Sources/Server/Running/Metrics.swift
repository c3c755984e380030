import Foundation
import Kernel
import Synchronization

/// Counts what the server does, without anything about anybody.
final class Metrics: Sendable {
  private struct Key: Hashable {
    let route: String
    let status: Int

    var labels: [(String, String)] { [("route", route), ("status", String(status))] }
  }

  private struct Tally {
    var count = 0
    var seconds = 0.0
  }

  private struct State {
    var tallies: [Key: Tally] = [:]
    var times = TimeClasses()
  }

  private let state = Mutex(State())

  func count(_ route: String, status: Int, seconds: Double) {
    state.withLock { state in
      state.times.add(seconds)
      state.tallies[Key(route: route, status: status), default: Tally()].count += 1
      state.tallies[Key(route: route, status: status), default: Tally()].seconds += seconds
    }
  }

  /// What is told beside the requests.
  struct Surroundings: Sendable {
    var errands: (waiting: Int, failed: Int)
    var live: Int
    var secondsSinceTurn: Double
    var isWritable: Bool
    var isClockTrusted: Bool
    var commits: CommitFigures.Counts
    var inside: Int
    var refused: [Urgency: Int]
  }

  /// The figures in the text form of Prometheus.
  func text(_ around: Surroundings) -> String {
    let (tallies, times) = state.withLock { ($0.tallies, $0.times) }
    let sorted = tallies.sorted { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }
    var figures = PrometheusText()
    figures.begin("denghuo_requests_total", .counter, "Requests answered.")
    for (key, tally) in sorted {
      figures.add("denghuo_requests_total", key.labels, String(tally.count))
    }
    figures.begin("denghuo_request_seconds_total", .counter, "Time spent on requests.")
    for (key, tally) in sorted {
      figures.add("denghuo_request_seconds_total", key.labels, String(tally.seconds))
    }
    figures.add("denghuo_request_seconds", "Requests by the time they took.", times)
    figures.begin("denghuo_turned_away_total", .counter, "Requests turned away, by urgency.")
    for urgency in Urgency.allCases {
      figures.add(
        "denghuo_turned_away_total", [("urgency", urgency.rawValue)],
        String(around.refused[urgency] ?? 0))
    }
    Self.tell(around, to: &figures)
    return figures.text
  }

  private static func tell(_ around: Surroundings, to figures: inout PrometheusText) {
    let commits = around.commits
    figures.add(
      "denghuo_commands_total", .counter, "Commands carried out.", String(commits.commands))
    figures.add(
      "denghuo_transactions_total", .counter, "Transactions made durable.",
      String(commits.transactions))
    figures.add(
      "denghuo_transaction_seconds_total", .counter, "Time they took.", String(commits.seconds))
    figures.add(
      "denghuo_unknown_total", .counter, "Commits of which the engine did not tell the outcome.",
      String(commits.unknown))
    let gauges: [(String, String, String)] = [
      ("denghuo_commands_waiting", "Commands that wait for their turn.", String(commits.waiting)),
      ("denghuo_requests_inside", "Requests being served.", String(around.inside)),
      (
        "denghuo_errands_waiting", "Errands that wait in the outbox.",
        String(around.errands.waiting)
      ),
      ("denghuo_errands_failed", "Errands that were given up.", String(around.errands.failed)),
      ("denghuo_live_pages", "Pages that listen for changes.", String(around.live)),
      (
        "denghuo_pump_age_seconds", "Time since the clock's work last turned.",
        String(around.secondsSinceTurn)
      ),
      (
        "denghuo_storage_writable", "Whether the disk takes what is written.",
        around.isWritable ? "1" : "0"
      ),
      (
        "denghuo_clock_trusted", "Whether the machine's clock is believed.",
        around.isClockTrusted ? "1" : "0"
      ),
      ("process_resident_memory_bytes", "Memory in use.", String(residentBytes)),
    ]
    for (name, help, value) in gauges { figures.add(name, .gauge, help, value) }
  }

  /// The memory that this process holds, as the system counts it; 0 where it does not tell.
  private static var residentBytes: Int {
    let pages = FileManager.default.contents(atPath: "/proc/self/statm")
      .map { String(decoding: $0, as: UTF8.self) }?.split(separator: " ").dropFirst().first
    return (pages.flatMap { Int($0) } ?? 0) * Int(getpagesize())
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
