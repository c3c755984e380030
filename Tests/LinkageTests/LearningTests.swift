import Testing

@testable import Linkage

@Suite("Learning weights from the list itself") struct LearningTests {
  /// What a list teaches, and how its people agree.
  private struct Learnt {
    private let agreement: Agreement
    let weights: Weights
    private let rows: [String: Int]

    init(_ list: PeopleList) {
      var people = list
      people.settle()
      let agreement = Agreement(people)
      let candidates = Candidates(people)
      var similarity = Similarity()
      let codes = candidates.pairs.map { pair in
        let (one, other) = candidates.rows(pair)
        return agreement.codes(one, other, &similarity)
      }
      var learning = Learning(
        Strangers(people, agreement), codes: codes, standingFor: 1, people: people.count)
      self.agreement = agreement
      weights = learning.learn()
      rows = Dictionary(
        uniqueKeysWithValues: people.identifiers.enumerated().map { ($1, $0) })
    }

    /// How two people agree, by their identifiers.
    func codes(_ one: String, _ other: String) -> UInt64 {
      var similarity = Similarity()
      return agreement.codes(rows[one] ?? 0, rows[other] ?? 0, &similarity)
    }
  }

  @Test("who shares a surname, a door and a telephone is a household, and not one person")
  func households() {
    let made = MadePeople(people: 1_200, doubles: 200, seed: 1)
    let learnt = Learnt(made.list())
    // The third and fourth member of a household have its telephone, and are not the same.
    let members = made.rows.filter { $0.identifier.hasPrefix("P") }
    let pairs = zip(members, members.dropFirst()).filter { one, other in
      one.cells[3...] == other.cells[3...] && one.cells[0] != other.cells[0]
    }
    #expect(pairs.count > 100)
    let held = pairs.count { one, other in
      let codes = learnt.codes(one.identifier, other.identifier)
      return learnt.weights.sums(codes).shares.household > 0.5
    }
    #expect(Double(held) > 0.95 * Double(pairs.count))
  }

  @Test(
    "an identity number twice is one person, where the list or the copy says nothing else",
    arguments: [true, false], [60, 600])
  func identityAlone(isAll: Bool, count: Int) {
    var dice = Dice(state: 7)
    var people = PeopleList(
      columns: isAll ? [.identity] : [.identity, .name, .phone, .birthDate])
    for row in 0..<count {
      let number = Self.identity(row)
      people.append("P\(row)", isAll ? [number] : [number] + Self.stranger(&dice))
      guard row % 3 == 0 else { continue }
      people.append("D\(row)", isAll ? [number] : [number, "", "", ""])
    }
    let found = DuplicateSearch(people, threshold: 0.5).pairs()
    #expect(found.count == count / 3)
    #expect(found.allSatisfy { $0.first.dropFirst() == $0.second.dropFirst() })
  }

  private static let surnames = Array("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
  private static let given = Array("伟丽静杰明军红英华晓玉文志建国海涛磊勇艳娟敏霞平刚辉春梅")

  /// A name, a telephone and a birthday of chance.
  private static func stranger(_ dice: inout Dice) -> [String] {
    let name = [surnames, given, given].compactMap { $0.randomElement(using: &dice) }
    return [
      String(name), "139\(Int.random(in: 10_000_000...99_999_999, using: &dice))",
      "\(Int.random(in: 1940...2010, using: &dice))-0\(Int.random(in: 1...9, using: &dice))-"
        + "\(Int.random(in: 10...28, using: &dice))",
    ]
  }

  /// A right identity number (GB 11643: the last character checks the others).
  private static func identity(_ number: Int) -> String {
    let digits = Array("1101051949\(10 + number % 3)\(10 + number % 19)\(100 + number)".utf8)
    let factors = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(digits, factors).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
    return String(decoding: digits, as: UTF8.self) + String(Array("10X98765432")[sum % 11])
  }
}
