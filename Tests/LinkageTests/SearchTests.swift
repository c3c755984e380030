import Testing

@testable import Linkage

@Suite("Finding duplicates") struct SearchTests {
  private static let made = MadePeople(people: 1_200, doubles: 200, seed: 1)
  private static let found = DuplicateSearch(made.list(), threshold: 0.2).pairs()

  private static func likely(_ pairs: [LikelyPair]) -> Set<[String]> {
    Set(pairs.filter { $0.probability >= 0.5 }.map { [$0.first, $0.second] })
  }

  @Test("planted doubles of households are found and families are not")
  func planted() {
    let likely = Self.likely(Self.found)
    let right = likely.intersection(Self.made.truth).count
    #expect(Double(right) >= 0.98 * Double(Self.made.truth.count))
    #expect(Double(right) >= 0.98 * Double(likely.count))
  }

  @Test("the list does not depend on the order of the rows", arguments: [1, 2, 3])
  func order(_ seed: UInt64) {
    #expect(
      DuplicateSearch(Self.made.list(shuffledBy: seed), threshold: 0.2).pairs() == Self.found)
  }

  @Test("pairs stand once, the smaller identifier first, the likeliest pair on top")
  func form() {
    #expect(Set(Self.found.map { [$0.first, $0.second] }).count == Self.found.count)
    #expect(!Self.found.isEmpty && Self.found.allSatisfy { $0.first < $0.second })
    #expect(Self.found.allSatisfy { $0.probability >= 0.2 && $0.probability <= 1 })
    for (one, next) in zip(Self.found, Self.found.dropFirst()) {
      let isInOrder =
        one.probability != next.probability
        ? one.probability > next.probability
        : [one.first, one.second].lexicographicallyPrecedes(
          [next.first, next.second])
      #expect(isInOrder)
    }
  }

  @Test("two files are compared with each other and not within themselves")
  func against() {
    var people = PeopleList(columns: MadePeople.columns)
    for row in Self.made.rows {
      people.append(row.identifier, row.cells, isSecond: row.identifier.hasPrefix("D"))
    }
    let pairs = DuplicateSearch(people, threshold: 0.2).pairs()
    #expect(pairs.allSatisfy { $0.first.hasPrefix("P") && $0.second.hasPrefix("D") })
    let right = Set(pairs.filter { $0.probability >= 0.5 }.map { [$0.first, $0.second].sorted() })
    #expect(Double(right.intersection(Self.made.truth).count) >= 0.97 * 200)
  }

  @Test("with a second file nobody is compared within a file", arguments: [[], [2], [0, 1]])
  func across(_ second: [Int]) {
    var people = PeopleList(columns: [.name, .phone, .birthDate])
    let rows = [
      ["王小明", "13800000001", "1980-01-02"], ["王晓明", "13800000001", "1980-02-01"],
      ["李四", "13900000002", "1990-05-06"],
    ]
    for (row, cells) in rows.enumerated() {
      people.append("\(row)", cells, isSecond: second.contains(row))
    }
    let pairs = DuplicateSearch(people, threshold: 0.2).pairs()
    #expect(pairs.count == (second.isEmpty ? 1 : 0))
  }

  @Test("a list without duplicates has none, a list of nobody or one neither")
  func none() {
    let single = MadePeople(people: 800, doubles: 0, seed: 9)
    #expect(Self.likely(DuplicateSearch(single.list(), threshold: 0.2).pairs()).isEmpty)
    #expect(DuplicateSearch(PeopleList(columns: [.name]), threshold: 0.2).pairs().isEmpty)
    var one = PeopleList(columns: [.name])
    one.append("a", ["王小明"])
    #expect(DuplicateSearch(one, threshold: 0.2).pairs().isEmpty)
  }

  @Test("the same identity number is the same person, whatever else the list has")
  func identity() {
    var people = PeopleList(columns: [.identity])
    let numbers = ["11010519491231002X", "34052419800101001X", "11010519491231002x", ""]
    for (row, number) in numbers.enumerated() { people.append("R\(row)", [number]) }
    let pairs = DuplicateSearch(people, threshold: 0.2).pairs()
    #expect(pairs.map { [$0.first, $0.second] } == [["R0", "R2"]])
    #expect(pairs.allSatisfy { $0.probability > 0.9 })
  }

  @Test("four people are enough to see that two of them are one")
  func few() {
    var people = PeopleList(columns: [.name, .phone, .birthDate])
    people.append("1", ["王小明", "13800000001", "1980-01-02"])
    people.append("2", ["王晓明", "13800000001", "1980-02-01"])
    people.append("3", ["李四", "13900000002", "1990-05-06"])
    people.append("4", ["王芳", "13800000001", "1982-03-03"])
    let pairs = DuplicateSearch(people, threshold: 0.5).pairs()
    #expect(pairs.map { [$0.first, $0.second] } == [["1", "2"]])
  }

  @Test("a share of a rare surname says more than one of a common surname")
  func rarity() {
    #expect(AgreementCode.ofSame(rows: 2) == AgreementCode.firstSame)
    #expect(AgreementCode.ofSame(rows: 2) < AgreementCode.ofSame(rows: 50))
    #expect(AgreementCode.ofSame(rows: .max) < AgreementCode.count)
  }
}

@Suite("Candidates") struct CandidateTests {
  /// People who all share a locality, half of them a surname and a birthday.
  private func crowd(_ count: Int) -> PeopleList {
    var people = PeopleList(columns: [.name, .birthDate, .locality, .phone])
    for row in 0..<count {
      let isSame = row % 2 == 0
      people.append(
        "P\(row)",
        [
          isSame ? "王伟" : "李\(row)", isSame ? "1980-01-02" : "19\(10 + row % 80)-03-04", "一社区",
          "13\(100_000_000 + row / 2 * 7_919)",
        ])
    }
    people.settle()
    return people
  }

  @Test("their number grows with the people, not with the square")
  func growth() {
    let small = Candidates(crowd(1_000), most: 12).pairs.count
    let large = Candidates(crowd(4_000), most: 12).pairs.count
    #expect(small > 0)
    #expect(large < 6 * small)
  }

  @Test("who shares only what many share is still met through what makes the block small")
  func recall() {
    let people = crowd(2_000)
    let candidates = Candidates(people, most: 12)
    var partners: [String: Set<String>] = [:]
    for pair in candidates.pairs {
      let (one, other) = candidates.rows(pair)
      partners[people.identifiers[one], default: []].insert(people.identifiers[other])
      partners[people.identifiers[other], default: []].insert(people.identifiers[one])
    }
    // Neighbours in the list share a telephone number.
    for row in stride(from: 0, to: 2_000, by: 2) {
      #expect(partners["P\(row)"]?.contains("P\(row + 1)") == true)
    }
  }

  @Test("two people meet who share a common name and a common birthday, but few have both")
  func divided() {
    var people = PeopleList(columns: [.name, .birthDate])
    for row in 0..<400 {
      people.append("N\(row)", ["王伟", "19\(10 + row % 80)-03-0\(1 + row % 9)"])
      people.append("B\(row)", ["李\(row)强", "1980-01-02"])
    }
    people.append("X", ["王伟", "1980-01-02"])
    people.append("Y", ["王玮", "1980-01-02"])
    people.settle()
    let candidates = Candidates(people, most: 12)
    let names = candidates.pairs.map { pair in
      let (one, other) = candidates.rows(pair)
      return Set([people.identifiers[one], people.identifiers[other]])
    }
    #expect(names.contains(["X", "Y"]))
    #expect(names.count < 12 * people.count)
  }

  @Test("each pair stands once")
  func once() {
    let pairs = Candidates(crowd(500)).pairs
    #expect(Set(pairs).count == pairs.count && pairs == pairs.sorted())
  }
}

@Suite("Sorting by bits") struct RadixSortTests {
  @Test("sorts as comparing does", arguments: [0, 1, 5, 1_024, 1_025, 30_000])
  func sorts(_ count: Int) {
    var dice = Dice(state: UInt64(count))
    var numbers = (0..<count).map { _ in UInt64.random(in: 0..<(1 << 44), using: &dice) }
    let expected = numbers.sorted()
    RadixSort.sort(&numbers, low: 0, high: 44)
    #expect(numbers == expected)
  }
}
