import ClickHouse
import Foundation
import Visits

/// Asks the questions of the benchmark through the seam that all engines share.
///
/// `seam keeper WORD…` asks the store on this machine, `seam HOST:PORT WORD…` ClickHouse. Answers come
/// as lines with identifiers, in order; the check is made of all of them after the clock has stopped.
final class SeamPeer {
  private let data: String
  private let store: String
  private let spec: Spec
  private var engines: [String: any VisitEngine] = [:]

  /// So many visits are handed over in one call.
  private static let visitsAtOnce = 1_000_000

  init(data: String, store: String) {
    self.data = data
    self.store = store
    spec = Spec(path: "\(data)/spec.json")
  }

  func answer(_ words: [String]) async throws -> String {
    guard words.count > 1, let engine = try await engine(words[0]) else {
      return "error no such engine"
    }
    let numbers = words.dropFirst(2).compactMap { UInt32($0) }
    let rule = MeetingRule(minimumTotal: spec.minimum)
    switch words[1] {
    case "load": return try await load(engine)
    case "a":
      let names = numbers.map(String.init)
      return try await timed { try await engine.companions(of: names, by: rule, in: .always) }
    case "b":
      let names = spec.cases.map(String.init)
      return try await timed { try await engine.companions(of: names, by: rule, in: .always) }
    case "c":
      let name = String(numbers[0])
      return try await timed {
        try await engine.contactsOfContacts(of: name, by: rule).map { onward in
          let figures = Companion(
            person: 0, overlap: 0, meetings: 0, first: onward.first, last: onward.first)
          return CompanionLine(index: name, person: onward.person, degree: 2, figures: figures)
        }
      }
    case "e":
      let span = SecondSpan(numbers[1], numbers[2])
      return try await timed { try await engine.visitors(of: String(numbers[0]), in: span) }
    default: return "error unknown question"
    }
  }

  private func engine(_ name: String) async throws -> (any VisitEngine)? {
    if let known = engines[name] { return known }
    if name == "keeper" {
      engines[name] = try VisitKeeper(path: store)
      return engines[name]
    }
    let parts = name.split(separator: ":")
    guard parts.count == 2, let port = Int(parts[1]),
      let address = ClickHouseAddress(
        hosts: [ClickHouseAddress.Host(name: String(parts[0]), port: port)],
        database: "visits_bench")
    else { return nil }
    let visits = ClickHouseVisits(address)
    try await visits.prepare()
    engines[name] = visits
    return visits
  }

  private func timed(_ question: () async throws -> [CompanionLine]) async throws -> String {
    let begin = ContinuousClock.now
    let lines = try await question()
    let spent = milliseconds(since: begin)
    var check: UInt64 = 0
    for line in lines {
      let figures = line.figures
      let words: [UInt32] = [
        UInt32(line.index) ?? 0, UInt32(line.person) ?? 0, figures.overlap, figures.meetings,
        figures.first, figures.last,
      ]
      for word in words { check = (check ^ UInt64(word)) &* 1_099_511_628_211 }
    }
    return "\(lines.count) \(check) \(spent)"
  }

  /// Hands the columns of the benchmark's data over as visits.
  private func load(_ engine: any VisitEngine) async throws -> String {
    guard let bytes = FileManager.default.contents(atPath: "\(data)/visits.u32") else {
      return "error no visits.u32"
    }
    let columns = bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) }
    let count = columns.count / 4
    let begin = ContinuousClock.now
    for first in stride(from: 0, to: count, by: Self.visitsAtOnce) {
      let entries = (first..<min(first + Self.visitsAtOnce, count)).map { row in
        VisitEntry(
          person: String(columns[row]), venue: String(columns[count + row]),
          from: columns[2 * count + row], to: columns[3 * count + row], source: 1)
      }
      try await engine.keep(entries)
    }
    let kept = milliseconds(since: begin)
    if let keeper = engine as? VisitKeeper { try await keeper.seal(before: .max) }
    return "\(count) \(Int(kept)) \(milliseconds(since: begin))"
  }

  private func milliseconds(since begin: ContinuousClock.Instant) -> Double {
    let parts = (ContinuousClock.now - begin).components
    return Double(parts.seconds) * 1e3 + Double(parts.attoseconds) / 1e15
  }
}
