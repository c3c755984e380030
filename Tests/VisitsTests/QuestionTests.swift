import Testing

@testable import Visits

@Suite("Questions are answered as a plain scan answers them") struct QuestionTests {
  static let seeds = [UInt64](1...12)

  static func town(_ seed: UInt64) -> RandomTown {
    RandomTown(
      seed: seed, count: 100 + Int(seed) * 20, people: seed % 3 == 0 ? 150 : 15,
      venues: seed % 2 == 0 ? 4 : 40, days: seed % 4 == 0 ? 9 : 3)
  }

  static let rules = [
    MeetingRule(minimumTotal: 0), MeetingRule(minimumTotal: 900),
    MeetingRule(minimumTotal: 0, minimumMeeting: 600),
    MeetingRule(minimumTotal: 4_000, minimumMeeting: 1_200),
  ]

  @Test(
    "companions of one person, whatever the rule, the window and the number of segments",
    arguments: seeds)
  func companions(seed: UInt64) throws {
    let town = Self.town(seed)
    let scan = PlainScan(town.visits)
    let inquiry = try town.inquiry(parts: Int(seed % 3) + 1)
    let windows = [
      SecondSpan.always,
      SecondSpan(RandomTown.begin + 50_000, RandomTown.begin + 150_001),
    ]
    for index in (0..<6).map({ UInt32($0) }) {
      for rule in Self.rules {
        for window in windows {
          let found = inquiry.companions(of: index, by: rule, in: window).rows
          #expect(found == scan.companions(of: [index], index, rule, window))
        }
      }
    }
  }

  @Test("companions of many people at once, none of whom is listed", arguments: seeds)
  func manyAtOnce(seed: UInt64) throws {
    let town = Self.town(seed)
    let scan = PlainScan(town.visits)
    let inquiry = try town.inquiry(parts: 1)
    let cases: [UInt32] = [3, 1, 7, 9, 4_000_000]
    var answers: [UInt32] = []
    inquiry.companions(of: cases, by: Self.rules[1]) { index, table in
      answers.append(index)
      #expect(table.rows == scan.companions(of: cases, index, Self.rules[1], .always))
    }
    #expect(answers == cases)
    // No mark is left over from the question before.
    let alone = inquiry.companions(of: 2, by: Self.rules[0]).rows
    #expect(alone == scan.companions(of: [2], 2, Self.rules[0], .always))
  }

  @Test("everyone at a venue between two times", arguments: seeds)
  func visitors(seed: UInt64) throws {
    let town = Self.town(seed)
    let scan = PlainScan(town.visits)
    let inquiry = try town.inquiry(parts: Int(seed % 2) + 1)
    for venue in 0..<town.venues + 1 {
      for (from, length) in [(0, 7_200), (80_000, 20_000), (100_000, 1)] as [(UInt32, UInt32)] {
        let begin = RandomTown.begin + from
        let span = SecondSpan(begin, begin + length)
        #expect(inquiry.visitors(of: venue, in: span).rows == scan.visitors(of: venue, in: span))
      }
    }
  }

  @Test("a trajectory gives back the visits that were put in", arguments: seeds)
  func trajectory(seed: UInt64) throws {
    let town = Self.town(seed)
    let scan = PlainScan(town.visits)
    let inquiry = try town.inquiry(parts: 2)
    let window = SecondSpan(RandomTown.begin + 40_000, RandomTown.begin + 140_000)
    for person in 0..<town.people {
      for window in [.always, window] {
        let found = inquiry.trajectory(of: person, in: window)
        #expect(Self.ends(found) == Self.ends(scan.trajectory(of: person, in: window)))
      }
    }
  }

  /// Begins and ends apart, because overlapping long visits to one place may exchange their ends.
  private static func ends(_ visits: [Visit]) -> [[UInt32]] {
    let begins = visits.map { [UInt32($0.source), $0.venue, 0, $0.from] }
    let ends = visits.map { [UInt32($0.source), $0.venue, 1, $0.to] }
    return (begins + ends).sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test("contacts of contacts in the right order of time", arguments: seeds)
  func onward(seed: UInt64) throws {
    let town = Self.town(seed)
    let scan = PlainScan(town.visits)
    let inquiry = try town.inquiry(parts: Int(seed % 3) + 1)
    for (index, targetCost) in [(0, 400), (1, 400), (2, 1), (3, 1), (4, 12)] as [(UInt32, Int)] {
      let spread = Spread(inquiry, targetCost: targetCost)
      let contacts = inquiry.companions(of: index, by: Self.rules[1]).rows
      for isolation in [UInt32.max, RandomTown.begin + 120_000] {
        let carriers = contacts.map {
          Carrier(person: $0.person, since: $0.first, until: isolation)
        }
        let found = spread.onward(from: carriers, never: [index])
          .sorted { $0.person < $1.person }
        #expect(found == scan.onward(from: carriers, never: [index]))
      }
    }
  }

  @Test("the evidence adds up to the companions, with the source of the other", arguments: seeds)
  func crossings(seed: UInt64) throws {
    let town = Self.town(seed)
    let inquiry = try town.inquiry(parts: Int(seed % 3) + 1)
    let window = SecondSpan(RandomTown.begin + 40_000, RandomTown.begin + 140_000)
    let sources = Dictionary(grouping: town.visits, by: { [$0.person, $0.venue] })
      .mapValues { Set($0.map(\.source)) }
    for index in (0..<5).map({ UInt32($0) }) {
      for window in [.always, window] {
        let found = inquiry.crossings(of: index, in: window)
        let companions = inquiry.companions(of: index, by: Self.rules[0], in: window).rows
        let seconds = Dictionary(grouping: found, by: \.person).mapValues { spans in
          Set(spans.flatMap { $0.from..<$0.to }).count
        }
        #expect(Set(seconds.keys) == Set(companions.map(\.person)))
        for companion in companions {
          #expect(seconds[companion.person] == Int(companion.overlap))
        }
        let areKnown = found.allSatisfy {
          sources[[$0.person, $0.venue]]?.contains($0.source) ?? false
        }
        #expect(areKnown)
      }
    }
  }

  @Test("nothing is found in an empty store, nor for ids it never saw")
  func empty() throws {
    let inquiry = Inquiry([])
    #expect(inquiry.companions(of: 3, by: Self.rules[0]).rows == [])
    #expect(inquiry.visitors(of: 3, in: .always).rows == [])
    #expect(inquiry.trajectory(of: 3) == [])
    #expect(Spread(inquiry).onward(from: [Carrier(person: 1, since: 0)], never: [2]) == [])
  }
}
