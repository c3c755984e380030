import ClickHouse
import Testing

@testable import Visits

/// The engines that have to answer alike.
enum EngineKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case embedded
  case oneMachine
  case twoMachines

  var testDescription: String { rawValue }

  /// The engines at hand: without ClickHouse the embedded one alone is asked.
  static var present: [EngineKind] {
    if ClickHouseServer.given != nil { return [.embedded, .oneMachine] }
    return ClickHouseServer.program == nil ? [.embedded] : allCases
  }

  /// An empty engine of this kind.
  func make() async throws -> Made {
    if self == .embedded {
      let folder = try Folder()
      return Made(engine: try VisitKeeper(path: folder.path), folder: folder)
    }
    let address = try await ClickHouseServer.shared.address(spread: self == .twoMachines)
    let visits = ClickHouseVisits(address)
    try await visits.prepare()
    return Made(engine: visits, folder: nil)
  }

  struct Made {
    let engine: any VisitEngine
    let folder: Folder?

    func clear() { folder?.clear() }
  }
}

@Suite("Every engine answers as a plain scan answers") struct EngineTests {
  static let seeds = [UInt64](1...3)

  /// A random town in an engine, given in parts, with names that try to be more than names.
  struct Scene {
    let made: EngineKind.Made
    let town: RandomTown
    let scan: PlainScan
    var engine: any VisitEngine { made.engine }

    init(_ kind: EngineKind, seed: UInt64) async throws {
      town = QuestionTests.town(seed)
      scan = PlainScan(town.visits)
      made = try await kind.make()
      let entries = scan.visits.map(EngineTests.entry)
      let part = entries.count / 3 + 1
      for begin in stride(from: 0, to: entries.count, by: part) {
        try await engine.keep(Array(entries[begin..<min(begin + part, entries.count)]))
      }
    }
  }

  /// No name is as long as another, and none is harmless.
  static func person(_ number: UInt32) -> String { "P'\(number)\\\t\r\n--人%26" }
  static func venue(_ number: UInt32) -> String { "V\"\(number)'); DROP TABLE visits; --\0" }

  static func entry(_ visit: Visit) -> VisitEntry {
    VisitEntry(
      person: person(visit.person), venue: venue(visit.venue), from: visit.from, to: visit.to,
      source: visit.source)
  }

  /// What a plain scan found, as lines in the order that engines promise.
  static func lines(_ found: [Companion], of index: String) -> [CompanionLine] {
    CompanionLine.sorted(
      found.map { companion in
        var figures = companion
        figures.person = 0
        return CompanionLine(
          index: index, person: person(companion.person), degree: 1, figures: figures)
      })
  }

  static let window = SecondSpan(RandomTown.begin + 50_000, RandomTown.begin + 150_001)

  @Test(
    "without ClickHouse only the embedded engine is asked",
    .enabled(if: ClickHouseServer.program == nil, "all engines are here"))
  func absence() { print("Skipped for ClickHouse: \(ClickHouseServer.absence).") }

  @Test("companions of one person and of many", arguments: EngineKind.present, seeds)
  func companions(kind: EngineKind, seed: UInt64) async throws {
    let scene = try await Scene(kind, seed: seed)
    defer { scene.made.clear() }
    for cases in [[0], [1], [3, 1, 7, 9, 4_000_000]] as [[UInt32]] {
      for rule in QuestionTests.rules {
        for window in [.always, Self.window] {
          let found = try await scene.engine.companions(
            of: cases.map(Self.person), by: rule, in: window)
          let expected = cases.flatMap { index in
            Self.lines(
              scene.scan.companions(of: cases, index, rule, window), of: Self.person(index))
          }
          #expect(found == CompanionLine.sorted(expected))
        }
      }
    }
  }

  @Test("contacts of contacts in the right order of time", arguments: EngineKind.present, seeds)
  func onward(kind: EngineKind, seed: UInt64) async throws {
    let scene = try await Scene(kind, seed: seed)
    defer { scene.made.clear() }
    let rule = QuestionTests.rules[1]
    for index in [0, 2] as [UInt32] {
      let contacts = scene.scan.companions(of: [index], index, rule, .always)
      for isolation in [UInt32.max, RandomTown.begin + 120_000] {
        let carriers = contacts.map {
          Carrier(person: $0.person, since: $0.first, until: isolation)
        }
        let found = try await scene.engine.onward(
          from: carriers.map {
            NamedCarrier(person: Self.person($0.person), since: $0.since, until: $0.until)
          }, never: [Self.person(index)])
        let expected = scene.scan.onward(from: carriers, never: [index])
          .map { NamedOnward(person: Self.person($0.person), first: $0.first) }
          .sorted { $0.person.utf8.lexicographicallyPrecedes($1.person.utf8) }
        #expect(found == expected)
        if isolation == .max {
          let whole = try await scene.engine.contactsOfContacts(of: Self.person(index), by: rule)
          #expect(whole == expected)
        }
      }
    }
  }

  @Test("everyone at a venue between two times", arguments: EngineKind.present, seeds)
  func visitors(kind: EngineKind, seed: UInt64) async throws {
    let scene = try await Scene(kind, seed: seed)
    defer { scene.made.clear() }
    for venue in 0..<min(scene.town.venues + 1, 6) {
      for (from, length) in [(0, 7_200), (80_000, 20_000), (100_000, 1)] as [(UInt32, UInt32)] {
        let span = SecondSpan(RandomTown.begin + from, RandomTown.begin + from + length)
        let found = try await scene.engine.visitors(of: Self.venue(venue), in: span)
        let expected = scene.scan.visitors(of: venue, in: span)
        #expect(found == Self.lines(expected, of: Self.venue(venue)))
      }
    }
  }

  @Test("a trajectory gives back the visits that were put in", arguments: EngineKind.present, seeds)
  func trajectory(kind: EngineKind, seed: UInt64) async throws {
    let scene = try await Scene(kind, seed: seed)
    defer { scene.made.clear() }
    for person in 0..<8 as Range<UInt32> {
      for window in [.always, Self.window] {
        let found = try await scene.engine.trajectory(of: Self.person(person), in: window)
        let expected = scene.scan.trajectory(of: person, in: window).map(Self.entry)
        #expect(Self.ends(found) == Self.ends(expected))
        #expect(found.map(\.from) == found.map(\.from).sorted())
      }
    }
  }

  /// Begins and ends apart, because overlapping long visits to one place may exchange their ends.
  private static func ends(_ visits: [VisitEntry]) -> [String] {
    let begins = visits.map { "\($0.person) \($0.source) \($0.venue) begin \($0.from)" }
    return (begins + visits.map { "\($0.person) \($0.source) \($0.venue) end \($0.to)" }).sorted()
  }

  @Test("the evidence adds up to the companions", arguments: EngineKind.present, seeds)
  func crossings(kind: EngineKind, seed: UInt64) async throws {
    let scene = try await Scene(kind, seed: seed)
    defer { scene.made.clear() }
    let sources = Set(
      scene.scan.visits.map(Self.entry).map { [$0.person, $0.venue, "\($0.source)"] })
    for index in [0, 1, 4] as [UInt32] {
      for window in [.always, Self.window] {
        let found = try await scene.engine.crossings(of: Self.person(index), in: window)
        let seconds = Dictionary(grouping: found, by: \.person).mapValues { spans in
          UInt32(Set(spans.flatMap { $0.from..<$0.to }).count)
        }
        let expected = scene.scan.companions(of: [index], index, QuestionTests.rules[0], window)
        let overlaps = expected.map { (Self.person($0.person), $0.overlap) }
        #expect(seconds == Dictionary(uniqueKeysWithValues: overlaps))
        #expect(found.allSatisfy { sources.contains([$0.person, $0.venue, "\($0.source)"]) })
      }
    }
  }

  @Test("how long it is known where people were", arguments: EngineKind.present, seeds)
  func located(kind: EngineKind, seed: UInt64) async throws {
    let scene = try await Scene(kind, seed: seed)
    defer { scene.made.clear() }
    let people = (0..<12).map { UInt32($0) }
    for window in [.always, Self.window] {
      let found = try await scene.engine.located(people.map(Self.person), in: window)
      for person in people {
        let visits = scene.scan.trajectory(of: person, in: window)
        let seconds = Set(visits.flatMap { $0.from..<$0.to }).count
        #expect(Int(found[Self.person(person)] ?? 0) == seconds)
      }
    }
  }

  @Test("one of two time-space companions is located long enough", arguments: EngineKind.present)
  func timeSpace(kind: EngineKind) async throws {
    let made = try await kind.make()
    defer { made.clear() }
    let (begin, hours) = (RandomTown.begin, UInt32(3_600))
    let at = { (person: String, cell: String, from: UInt32, to: UInt32) in
      VisitEntry(person: person, venue: cell, from: begin + from, to: begin + to)
    }
    try await made.engine.keep([
      at("A", "cell/1", 0, 29 * hours), at("B", "cell/1", 0, 600),
      at("B", "cell/2", 600, 30 * hours), at("C", "cell/1", 0, 600),
      at("C", "cell/2", 600, 30 * hours - 1), at("D", "cell/1", 0, 599),
    ])
    let rule = MeetingRule(minimumTotal: 0, minimumMeeting: 600)
    for (least, people) in [(0, ["B", "C"]), (29, ["B", "C"]), (30, ["B"]), (31, [])]
      as [(UInt32, [String])]
    {
      let found = try await made.engine.timeSpaceCompanions(
        of: "A", by: rule, leastStay: least * hours)
      #expect(found.map(\.person) == people)
    }
  }

  @Test("late rows and corrections", arguments: EngineKind.present)
  func corrections(kind: EngineKind) async throws {
    let made = try await kind.make()
    defer { made.clear() }
    let midnight = RandomTown.begin + 86_400
    let wrong = VisitEntry(person: "A", venue: "V", from: midnight - 100, to: midnight + 100)
    var right = wrong
    right.to -= 50
    var withdrawal = wrong
    withdrawal.isWithdrawal = true
    let other = VisitEntry(person: "B", venue: "V", from: midnight - 50, to: midnight + 500)
    // From either side: as the one who is asked about, and as the other.
    let overlap = {
      let rule = MeetingRule(minimumTotal: 1)
      let one = try await made.engine.companions(of: ["B"], by: rule, in: .always)
      let other = try await made.engine.companions(of: ["A"], by: rule, in: .always)
      #expect(one.map(\.figures) == other.map(\.figures))
      return one.map(\.figures.overlap)
    }
    try await made.engine.keep([wrong, wrong, other])
    #expect(try await overlap() == [150])
    try await made.engine.keep([withdrawal])
    #expect(try await overlap() == [150])
    try await made.engine.keep([withdrawal, right])
    #expect(try await overlap() == [100])
    #expect(try await made.engine.trajectory(of: "A", in: .always) == [right])
    try await made.engine.keep([VisitEntry(person: "C", venue: "V", from: midnight, to: midnight)])
    #expect(try await overlap() == [100])
  }

  @Test(
    "a deleted day is gone with a proof and takes nothing any more", arguments: EngineKind.present)
  func retention(kind: EngineKind) async throws {
    let made = try await kind.make()
    defer { made.clear() }
    let day = RandomTown.begin / 86_400
    let midnight = RandomTown.begin + 86_400
    let across = (0..<20).map { number in
      VisitEntry(
        person: "P\(number)", venue: "V\(number % 5)", from: midnight - 1_000, to: midnight + 500)
    }
    try await made.engine.keep(across)
    let proof = try await made.engine.drop(day: day, at: midnight + 9)
    #expect(proof.day == day && proof.rows == 20 && proof.at == midnight + 9)
    #expect(try await made.engine.drop(day: day, at: midnight + 99) == proof)
    for person in ["P0", "P7"] {
      let kept = try await made.engine.trajectory(of: person, in: .always)
      #expect(kept.map(\.from) == [midnight] && kept.map(\.to) == [midnight + 500])
    }
    await #expect(throws: VisitFault(dropped: day)) { try await made.engine.keep([across[0]]) }
    let wrong = VisitEntry(person: "P", venue: "V", from: midnight + 1, to: midnight)
    await #expect(throws: VisitFault(.reversed)) { try await made.engine.keep([wrong]) }
    let empty = try await made.engine.drop(day: day + 5, at: midnight)
    #expect(empty.rows == 0)
  }

  @Test("nothing is found for names that were never seen", arguments: EngineKind.present)
  func unknown(kind: EngineKind) async throws {
    let made = try await kind.make()
    defer { made.clear() }
    let rule = MeetingRule(minimumTotal: 0)
    #expect(try await made.engine.companions(of: ["X"], by: rule, in: .always) == [])
    #expect(try await made.engine.companions(of: [], by: rule, in: .always) == [])
    #expect(try await made.engine.visitors(of: "", in: .always) == [])
    #expect(try await made.engine.trajectory(of: "X", in: .always) == [])
    #expect(try await made.engine.located(["X"], in: .always) == [:])
    #expect(try await made.engine.crossings(of: "X", in: .always) == [])
    let carrier = NamedCarrier(person: "X", since: 0)
    #expect(try await made.engine.onward(from: [carrier], never: []) == [])
  }

  @Test("nobody listens at an address: it is said, with the address")
  func unreachable() async throws {
    let host = ClickHouseAddress.Host(name: "127.0.0.1", port: 1)
    let address = try #require(ClickHouseAddress(hosts: [host], database: "town"))
    await #expect(throws: VisitFault(.unreachable, at: "127.0.0.1:1")) {
      try await ClickHouseVisits(address).prepare()
    }
    for name in ["", "1a", "a b", "a;b", "库"] {
      #expect(ClickHouseAddress(hosts: [host], database: name) == nil)
      #expect(ClickHouseAddress(hosts: [host], database: "a", cluster: name) == nil)
    }
    #expect(ClickHouseAddress(hosts: [], database: "a") == nil)
  }
}
