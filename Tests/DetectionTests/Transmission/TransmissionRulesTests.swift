import District
import Kernel
import Testing

@testable import Detection

@Suite("Who infected whom, by rule") struct TransmissionRulesTests {
  /// A case that fell ill on a day of November; reported at its end.
  static func one(_ id: String, _ day: Int?, sampled: Int? = nil, reported: Int = 25)
    -> TransmissionCase
  {
    func date(_ day: Int) -> Day { Day(number: 19_297 + day - 1) }
    return TransmissionCase(
      id: CaseID(trusted: id), onsetOn: day.map(date), sampledOn: sampled.map(date),
      reportedAt: date(reported).end(in: .china) - .hours(1), zone: .china)
  }

  static func link(
    _ infected: String, _ infector: String, _ state: TransmissionState = .confirmed,
    exposed: ClosedRange<Int>? = nil, basis: TransmissionBasis = .venue, seconds: Int = 0,
    venue: String? = nil
  ) -> TransmissionLink {
    func moment(_ day: Int) -> Instant { Day(number: 19_297 + day - 1).start(in: .china) }
    return TransmissionLink(
      infection: CaseID(trusted: infected), origin: .infector(CaseID(trusted: infector)),
      basis: basis, venue: venue.map { VenueID(trusted: $0) },
      exposedFrom: exposed.map { moment($0.lowerBound) },
      exposedTo: exposed.map { moment($0.upperBound) }, state: state, seconds: seconds)
  }

  static func policy() throws -> TransmissionPolicy {
    try District.rulebook().policies.section(on: Day(number: 19_325)).section
  }

  private func faults(
    _ link: TransmissionLink, _ infected: TransmissionCase, _ infector: TransmissionCase
  ) throws -> [String] {
    TransmissionRules.contradictions(
      of: link, infected: infected, infector: infector, under: try Self.policy(), zone: .china
    ).map(\.kind.rawValue)
  }

  @Test(
    "an infector may fall ill two days after whom they infected, and not three",
    arguments: [(10, true), (12, true), (13, false), (20, false)])
  func onsets(day: Int, isPossible: Bool) throws {
    let found = try faults(Self.link("b", "a"), Self.one("b", 10), Self.one("a", day))
    #expect(found == (isPossible ? [] : ["onset_order"]))
  }

  @Test("a late report is held against nobody")
  func reports() throws {
    let late = Self.one("a", nil, reported: 24)
    #expect(try faults(Self.link("b", "a"), Self.one("b", 10), late).isEmpty)
    let sampled = Self.one("a", nil, sampled: 13)
    #expect(try faults(Self.link("b", "a"), Self.one("b", 10), sampled) == ["onset_order"])
  }

  @Test(
    "an exposure on the day of the onset is possible, one that begins the day after is not",
    arguments: [(9...10, true), (10...12, true), (11...12, false)])
  func exposures(days: ClosedRange<Int>, isPossible: Bool) throws {
    let found = try faults(
      Self.link("b", "a", exposed: days), Self.one("b", 10), Self.one("a", 8))
    #expect(found == (isPossible ? [] : ["exposure_after_onset"]))
  }

  @Test(
    "an infector is infectious from two days before the onset to fourteen after",
    arguments: [(1...3, false), (1...4, true), (20...20, true), (21...21, false)])
  func infectious(days: ClosedRange<Int>, isPossible: Bool) throws {
    let found = try faults(
      Self.link("b", "a", exposed: days), Self.one("b", 24), Self.one("a", 6))
    #expect(found == (isPossible ? [] : ["not_infectious"]))
  }

  @Test("nobody infects themselves, and words name the cases")
  func selfLink() throws {
    #expect(try faults(Self.link("a", "a"), Self.one("a", 3), Self.one("a", 3)) == ["self"])
    let found = TransmissionRules.contradictions(
      of: Self.link("b", "a"), infected: Self.one("b", 10), infector: Self.one("a", 15),
      under: try Self.policy(), zone: .china)
    #expect(found.first?.words.english == "a fell ill 5 days after b and can hardly be the source")
    #expect(found.first?.words.chinese == "a 发病比 b 晚 5 天，难以是其传染源")
  }

  private func ranked(_ links: [TransmissionLink], _ cases: [TransmissionCase]) throws
    -> [RankedLink]
  {
    let all = Dictionary(uniqueKeysWithValues: cases.map { ($0.id, $0) })
    let infected = try #require(all[CaseID("x")])
    return TransmissionRules.ranked(
      links, of: infected, cases: all, under: try Self.policy(), zone: .china)
  }

  @Test("the likeliest stands first: by kind, then time together, then the serial interval")
  func ranking() throws {
    let cases = [Self.one("x", 10), Self.one("a", 6), Self.one("b", 6), Self.one("c", 2)]
    let byKind = try ranked(
      [
        Self.link("x", "a", .proposed, seconds: 3_600),
        Self.link("x", "b", .proposed, basis: .household),
      ], cases)
    #expect(byKind.map(\.link.infector?.text) == ["b", "a"])
    let byTime = try ranked(
      [
        Self.link("x", "a", .proposed, seconds: 60),
        Self.link("x", "b", .proposed, seconds: 3_600),
      ], cases)
    #expect(byTime.map(\.link.infector?.text) == ["b", "a"])
    let byInterval = try ranked(
      [Self.link("x", "c", .proposed), Self.link("x", "a", .proposed)], cases)
    #expect(byInterval.map(\.link.infector?.text) == ["a", "c"])
    #expect(abs(byInterval.reduce(0) { $0 + $1.share } - 1) < 1e-9)
  }

  @Test("what contradicts itself has no share, stands last and is not left out")
  func contradictory() throws {
    let found = try ranked(
      [
        Self.link("x", "a", .proposed, exposed: 15...16, basis: .household),
        Self.link("x", "b", .proposed, basis: .told),
      ], [Self.one("x", 10), Self.one("a", 6), Self.one("b", 6)])
    #expect(found.map(\.link.infector?.text) == ["b", "a"])
    #expect(found.map(\.share) == [1, 0])
    #expect(found[1].contradictions.map(\.kind) == [.exposureAfterOnset])
  }

  private func tree(_ links: [TransmissionLink], _ days: [(String, Int)]) throws
    -> TransmissionTree
  {
    let cases = days.map { Self.one($0.0, $0.1) }
    let all = Dictionary(uniqueKeysWithValues: cases.map { ($0.id, $0) })
    var ranked: [CaseID: [RankedLink]] = [:]
    for (id, own) in Dictionary(grouping: links, by: \.infection) {
      let infected = try #require(all[id])
      ranked[id] = TransmissionRules.ranked(
        own, of: infected, cases: all, under: try Self.policy(), zone: .china)
    }
    return TransmissionTree(cases: cases, links: ranked)
  }

  @Test("generations, chains and venues follow from the links")
  func generations() throws {
    let tree = try tree(
      [
        Self.link("b", "a", venue: "市场"), Self.link("c", "a", venue: "市场"),
        Self.link("d", "c", .proposed, venue: "饭店"), Self.link("f", "e"),
      ], [("f", 6), ("a", 2), ("d", 8), ("b", 6), ("c", 5), ("e", 1), ("g", 3)])
    #expect(
      tree.nodes.map { "\($0.one.id) \($0.generation ?? 0) \($0.root)" } == [
        "a 1 a", "c 2 a", "d 3 a", "b 2 a", "e 1 e", "f 2 e", "g 1 g",
      ])
    #expect(
      tree.chains.map { "\($0.root) \($0.size) \($0.depth ?? 0)" } == [
        "a 4 3", "e 2 2", "g 1 1",
      ])
    #expect(
      tree.venues.map { "\($0.venue) \($0.cases.map(\.text))" } == [
        "市场 [\"b\", \"c\"]", "饭店 [\"d\"]",
      ])
    #expect(tree.contradictions.isEmpty)
  }

  @Test("circles are named with their cases; who hangs on one has no generation")
  func circles() throws {
    let tree = try tree(
      [
        Self.link("a", "c", .proposed), Self.link("b", "a", .proposed),
        Self.link("c", "b", .proposed), Self.link("d", "c", .proposed),
      ], [("a", 3), ("b", 3), ("c", 3), ("d", 6), ("e", 9)])
    #expect(tree.contradictions.map(\.kind) == [.loop])
    #expect(tree.contradictions[0].cases.map(\.text) == ["a", "c", "b"])
    #expect(tree.contradictions[0].words.english == "a circle of infections: a ← c ← b ← a")
    #expect(tree.nodes.map(\.generation) == [nil, nil, nil, nil, 1])
    #expect(tree.nodes.map(\.one.id.text) == ["a", "b", "c", "d", "e"])
    #expect(tree.chains[0].depth == nil)
  }

  @Test("two confirmed sources are named, whatever the file that brought them")
  func severalSources() throws {
    let tree = try tree(
      [Self.link("x", "a"), Self.link("x", "b")], [("a", 1), ("b", 2), ("x", 6)])
    #expect(tree.contradictions.map(\.kind) == [.severalSources])
    #expect(tree.contradictions[0].cases.map(\.text) == ["x", "a", "b"])
  }

  @Test("circles equal those of a plain search, on random links")
  func circlesAgainstPlainSearch() {
    var state: UInt64 = 42
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(below))
    }
    for _ in 0..<300 {
      let size = 2 + next(9)
      var edges: Set<[Int]> = []
      for _ in 0..<next(2 * size) {
        let (one, other) = (next(size), next(size))
        if one != other { edges.insert([one, other]) }
      }
      // Reaches each other: by trying every step again and again.
      var reaches = edges
      for _ in 0..<size {
        for one in reaches {
          for other in edges where one[1] == other[0] {
            reaches.insert([one[0], other[1]])
          }
        }
      }
      let inCircle = Set((0..<size).filter { reaches.contains([$0, $0]) })
      var groups: Set<Set<Int>> = []
      for one in inCircle {
        groups.insert(
          Set(inCircle.filter { reaches.contains([one, $0]) && reaches.contains([$0, one]) }))
      }
      let found = TransmissionLoopsRules.circles(
        among: edges.map { Self.link(String($0[0]), String($0[1])) })
      #expect(found.count == groups.count)
      for circle in found {
        let numbers = circle.cases.compactMap { Int($0.text) }
        let steps = zip(numbers, numbers.dropFirst() + numbers.prefix(1)).map { [$0, $1] }
        #expect(steps.allSatisfy(edges.contains))
        #expect(groups.contains { $0.isSuperset(of: numbers) })
      }
    }
  }
}
