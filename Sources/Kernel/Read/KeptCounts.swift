import Synchronization

/// Counts of large areas, kept for a while.
///
/// The wall of a district of a million counts half a million rows, and every screen asks for it at
/// once. A count that took long is given to everybody who asks for the same, and is counted anew behind
/// their backs as long as somebody asks: counting takes a small share of the time, whoever looks does
/// not wait, and the page says as of when its figures are. Lists, files, decisions and what programs
/// ask are never kept, and a small store keeps no counts either.
package final class KeptCounts: Sendable {
  /// From when on a count is kept, and for how long.
  package struct Limits: Sendable {
    /// A store of fewer bytes counts everything anew.
    package let storeBytes: Int
    /// What took less is counted anew.
    package let counting: Duration
    /// So many times what it took to count is it kept at least.
    package let times: Int
    /// The age at which it is counted anew though nothing was changed: deadlines pass by themselves.
    package let renewal: Duration
    /// The age from which on it is given to nobody.
    package let age: Duration
    /// What nobody asked for so long is forgotten.
    package let idle: Duration

    package init(
      storeBytes: Int = 256 << 20, counting: Duration = .milliseconds(20), times: Int = 20,
      renewal: Duration = .seconds(60), age: Duration = .seconds(180),
      idle: Duration = .seconds(600)
    ) {
      self.storeBytes = storeBytes
      self.counting = counting
      self.times = times
      self.renewal = renewal
      self.age = age
      self.idle = idle
    }
  }

  /// How one thing is counted.
  typealias Counting = @Sendable (Reading) throws -> any Sendable

  /// A count that is to be made anew.
  struct Due: Sendable {
    let key: String
    let count: Counting
    /// Whether something was changed since it was counted.
    let isChanged: Bool
  }

  private struct Entry {
    var answer: any Sendable
    var asOf: Instant
    var counted: ContinuousClock.Instant
    var took: Duration
    /// The number of the last change that it knows.
    var change: Int
    var asked: ContinuousClock.Instant
    let count: Counting
  }

  /// What was known when a look began.
  struct View: Sendable {
    let counts: KeptCounts
    /// The last change that the look is sure to see.
    let change: Int
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var change = 0
  }

  package let limits: Limits
  private let state = Mutex(State())
  private let moment: @Sendable () -> ContinuousClock.Instant

  /// - Parameter moment: the running time; tests move it.
  package init(
    limits: Limits = Limits(),
    moment: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
  ) {
    self.limits = limits
    self.moment = moment
  }

  /// Something was changed, here or on another node.
  package func changed() { state.withLock { $0.change += 1 } }

  /// Asked before a transaction begins: what is changed from then on it may not see.
  func view() -> View { View(counts: self, change: state.withLock { $0.change }) }

  /// What is kept under a key and as of when; nil when it has to be counted.
  func find<Answer: Sendable>(_ key: String) -> (answer: Answer, asOf: Instant)? {
    let now = moment()
    return state.withLock { state in
      guard let entry = state.entries[key], now - entry.counted < limits.age,
        let answer = entry.answer as? Answer
      else { return nil }
      state.entries[key]?.asked = now
      return (answer, entry.asOf)
    }
  }

  /// Counts, and says how long it took.
  func timed<Answer>(_ count: () throws -> Answer) rethrows -> (Answer, took: Duration) {
    let began = moment()
    let answer = try count()
    return (answer, moment() - began)
  }

  /// Keeps what was just counted.
  func keep(
    _ answer: any Sendable, under key: String, asOf: Instant, took: Duration, change: Int,
    count: @escaping Counting
  ) {
    let now = moment()
    state.withLock { state in
      state.entries[key] = Entry(
        answer: answer, asOf: asOf, counted: now, took: took, change: change, asked: now,
        count: count)
    }
  }

  /// Puts a new count in the place of an old one; who asked last stays as it was.
  func renew(
    _ key: String, _ answer: any Sendable, asOf: Instant, took: Duration, change: Int
  ) {
    let now = moment()
    state.withLock { state in
      guard var entry = state.entries[key] else { return }
      (entry.answer, entry.asOf, entry.counted) = (answer, asOf, now)
      (entry.took, entry.change) = (took, change)
      state.entries[key] = entry
    }
  }

  func forget(_ key: String) { state.withLock { _ = $0.entries.removeValue(forKey: key) } }

  /// The count that has been waiting longest to be made anew; nil when none is.
  func due() -> Due? {
    let now = moment()
    return state.withLock { state in
      state.entries = state.entries.filter { now - $0.value.asked < limits.idle }
      let old = state.entries.filter { _, entry in
        let age = now - entry.counted
        return age >= limits.renewal
          || entry.change != state.change && age >= entry.took * limits.times
      }
      return old.min { $0.value.counted < $1.value.counted }.map { key, entry in
        Due(key: key, count: entry.count, isChanged: entry.change != state.change)
      }
    }
  }

  /// How many are kept.
  var count: Int { state.withLock { $0.entries.count } }
}

extension Reading {
  /// Counts something of an area, or gives what was counted of it a moment ago (``KeptCounts``).
  ///
  /// - Parameters:
  ///   - what: everything that the answer depends on but the day and the data: not on who asks.
  ///   - count: counts by what stands in the reading it is handed; it names nobody.
  /// - Throws: what the counting threw.
  package func counted<Answer: Sendable>(
    _ what: String, _ count: @escaping @Sendable (Reading) throws -> Answer
  ) throws -> Answer {
    guard let kept else { return try count(self) }
    let counts = kept.counts
    let key = "\(today.text) \(what)"
    if let found: (answer: Answer, asOf: Instant) = counts.find(key) {
      countedAt = min(countedAt, found.asOf)
      return found.answer
    }
    let known = disclosed.count
    let (answer, took) = try counts.timed { try count(self) }
    guard disclosed.count == known else { throw Defect("a count names a person: \(what)") }
    if try took >= counts.limits.counting && transaction.storedBytes() >= counts.limits.storeBytes {
      counts.keep(answer, under: key, asOf: now, took: took, change: kept.change) {
        try count($0)
      }
    }
    return answer
  }
}

extension Desk {
  /// Makes the oldest count anew that is asked for and out of date.
  ///
  /// - Returns: how long it took; nil when none was due.
  package func renewCount() async throws -> Duration? {
    guard let due = counts.due() else { return nil }
    let desk = self
    let (now, counts, change) = (clock.now(), counts, counts.view().change)
    do {
      let (answer, took) = try await storage.read { transaction in
        let reading = desk.reading(
          at: now, by: Authority(sender: .clock, offices: []), for: .supervision, in: .chinese,
          transaction)
        return try counts.timed { try due.count(reading) }
      }
      counts.renew(due.key, answer, asOf: now, took: took, change: change)
      // Pages that are open show the old figures.
      if due.isChanged { tell() }
      return took
    } catch {
      // Whoever asks next hears why.
      counts.forget(due.key)
      throw error
    }
  }
}
