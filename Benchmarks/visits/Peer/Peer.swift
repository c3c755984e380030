import Glibc
import Visits

/// Answers the questions of the benchmark over a store made from its file.
final class Peer {
  private let data: String
  private let store: String
  private let spec: Spec
  private var opened: Opened?

  /// A store that is open, and what turns its ids into the file's numbers and back.
  private struct Opened {
    let folder: VisitFolder
    let inquiry: Inquiry
    let spread: Spread
    let persons: Names
    let venues: Names
    let numbers: [UInt32]
  }

  init(data: String, store: String) {
    self.data = data
    self.store = store
    spec = Spec(path: "\(data)/spec.json")
  }

  func answer(_ words: [String]) throws -> String {
    guard let word = words.first else { return "error no question" }
    let numbers = words.dropFirst().compactMap { UInt32($0) }
    switch word {
    case "version": return "Denghuo Visits"
    case "memory": return "0 \(peakMemory()) 0"
    case "load": return try load()
    case "open": return try reply(openStore())
    case "warm": return try reply(timed { current in (current.inquiry.warm(), { 0 }) })
    case "verify": return try reply(timed { current in (try current.inquiry.verify(), { 0 }) })
    case "a": return try reply(timed { self.companions(of: numbers[0], $0) })
    case "b": return try reply(timed { self.companionsOfAll($0) })
    case "c": return try reply(timed { self.onward(from: numbers[0], $0) })
    case "record": return try record(numbers)
    case "append": return try reply(append(numbers))
    case "file": return try reply(companionsFromFile(of: words))
    case "e": return try reply(timed { self.visitors(numbers, $0) })
    default: return "error unknown question"
    }
  }

  /// Writes visits down one by one and says the number of each that is safe; for tests that end the
  /// program at any moment.
  private func record(_ numbers: [UInt32]) throws -> String {
    let kept = try VisitStore(path: store)
    for number in numbers[0]..<numbers[1] {
      let begin = number * 10
      _ = try kept.record([
        VisitEntry(person: "P\(number)", venue: "V\(number % 7)", from: begin, to: begin + 5)
      ])
      say("\(number)")
    }
    return "end"
  }

  /// Writes so many calls of so many visits down, each call safe before the next; gives the number
  /// of visits and the milliseconds for all.
  private func append(_ numbers: [UInt32]) throws -> (Int, UInt64, Double) {
    let kept = try VisitStore(path: store)
    let begin = ContinuousClock.now
    for call in 0..<numbers[0] {
      let entries = (0..<numbers[1]).map { number in
        let from = 1_669_680_000 + call * 7 + number % 3_600
        return VisitEntry(
          person: "P\((call &* 7_919 &+ number &* 104_729) % 1_000_000)",
          venue: "V\(number % 50_000)",
          from: from, to: from + 1_800, source: 1)
      }
      _ = try kept.record(entries)
    }
    let spent = milliseconds(since: begin)
    _ = try kept.inquiry()
    return (Int(numbers[0] * numbers[1]), UInt64(milliseconds(since: begin) - spent), spent)
  }

  private func reply(_ result: (Int, UInt64, Double)) -> String {
    "\(result.0) \(result.1) \(result.2)"
  }

  private func timed(
    _ question: (Opened) throws -> (Int, () -> UInt64)
  ) throws -> (Int, UInt64, Double) {
    guard let opened else { return (0, 0, 0) }
    let begin = ContinuousClock.now
    let (count, check) = try question(opened)
    let spent = milliseconds(since: begin)
    return (count, check(), spent)
  }

  private func milliseconds(since begin: ContinuousClock.Instant) -> Double {
    let parts = (ContinuousClock.now - begin).components
    return Double(parts.seconds) * 1e3 + Double(parts.attoseconds) / 1e15
  }

  // MARK: - Store

  private func load() throws -> String {
    let begin = ContinuousClock.now
    let folder = try VisitFolder(path: store)
    for day in try folder.days() { unlink(folder.segmentPath(of: day)) }
    let loaded = try LoadedVisits(plainFile: "\(data)/visits.csv")
    guard let loaded, loaded.report.rejectedCount == 0 else { return "error rows were rejected" }
    tell("parsed after \(milliseconds(since: begin)) ms")
    try folder.seal(loaded.rows)
    try folder.keep(persons: loaded.persons, venues: loaded.venues)
    let spent = milliseconds(since: begin)
    _ = try openStore()
    let bytes = try folder.bytes()
    return "\(loaded.report.accepted) \(bytes) \(spent)"
  }

  /// Only the opening of the segments is timed; pages are fetched and numbers read after it.
  private func openStore() throws -> (Int, UInt64, Double) {
    let begin = ContinuousClock.now
    let folder = try VisitFolder(path: store)
    let segments = try folder.open()
    let spent = milliseconds(since: begin)
    let inquiry = Inquiry(segments)
    let (persons, venues) = try folder.names()
    let numbers =
      persons.isPlain ? [] : (0..<UInt32(persons.count)).map { UInt32(persons[$0]) ?? .max }
    opened = Opened(
      folder: folder, inquiry: inquiry, spread: Spread(inquiry), persons: persons, venues: venues,
      numbers: numbers)
    let warming = ContinuousClock.now
    _ = inquiry.warm()
    tell("warmed in \(milliseconds(since: warming)) ms")
    return (0, 0, spent)
  }

  private func peakMemory() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  // MARK: - Questions

  private func rule() -> MeetingRule {
    MeetingRule(minimumTotal: spec.minimum, joinsTouching: false)
  }

  /// The rows and all their columns exist when the clock stops; the check is made after that.
  private func companions(of case: UInt32, _ current: Opened) -> (Int, () -> UInt64) {
    guard let person = current.persons.known("\(`case`)") else { return (0, { 0 }) }
    let table = current.inquiry.companions(of: person, by: rule())
    return (table.count, { Check.sum(table, index: `case`, numbers: current.numbers) })
  }

  /// Rows of one case after another, so the check is made while the clock runs.
  private func companionsOfAll(_ current: Opened) -> (Int, () -> UInt64) {
    var count = 0
    var check: UInt64 = 0
    let cases = spec.cases.compactMap { current.persons.known("\($0)") }
    current.inquiry.companions(of: cases, by: rule()) { person, table in
      count += table.count
      let index = current.numbers.isEmpty ? person : current.numbers[Int(person)]
      check &+= Check.sum(table, index: index, numbers: current.numbers)
    }
    return (count, { check })
  }

  private func onward(from case: UInt32, _ current: Opened) -> (Int, () -> UInt64) {
    guard let person = current.persons.known("\(`case`)") else { return (0, { 0 }) }
    let table = current.inquiry.companions(of: person, by: rule())
    let carriers = (0..<table.count).map { index in
      Carrier(person: table[index].person, since: table[index].first)
    }
    let onward = current.spread.onward(from: carriers, never: [person])
    return (onward.count, { Check.sum(onward, index: `case`, numbers: current.numbers) })
  }

  /// The companions of one person straight from the file, without a store.
  private func companionsFromFile(of words: [String]) throws -> (Int, UInt64, Double) {
    let begin = ContinuousClock.now
    let degree = words.count > 2 ? Int(words[2]) ?? 1 : 1
    let search = VisitSearch(
      indices: [words[1]], rule: MeetingRule(minimumTotal: spec.minimum), window: .always,
      degree: degree)
    var clock = ClockText(zone: 0)
    for pass in 0..<search.passes {
      guard let file = try PlainFile(path: "\(data)/visits.csv"), let table = VisitTable(file),
        table.pass(pass, to: search, clock: &clock)
      else { return (0, 0, 0) }
    }
    let lines = try search.lines()
    let spent = milliseconds(since: begin)
    let seconds = lines.reduce(UInt64(0)) { $0 + UInt64($1.figures.overlap) }
    return (lines.count, seconds, spent)
  }

  private func visitors(_ numbers: [UInt32], _ current: Opened) -> (Int, () -> UInt64) {
    guard let venue = current.venues.known("\(numbers[0])") else { return (0, { 0 }) }
    let span = SecondSpan(numbers[1], numbers[2])
    let table = current.inquiry.visitors(of: venue, in: span, joinsTouching: false)
    return (table.count, { Check.sum(table, index: numbers[0], numbers: current.numbers) })
  }
}
