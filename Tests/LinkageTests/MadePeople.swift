import Linkage

/// Chance that is the same in every run.
struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

/// A small list of households with damaged copies of some of the people.
struct MadePeople {
  static let columns: [MatchColumn] = [.name, .sex, .birthDate, .phone, .address, .locality]
  private(set) var rows: [(identifier: String, cells: [String])] = []
  /// The pairs that are one person.
  private(set) var truth: Set<[String]> = []

  private static let surnames = Array("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
  private static let given = Array("伟丽静杰明军红英华晓玉文志建国海涛磊勇艳娟敏霞平刚辉春梅")
  private static let sounds: [Character: Character] = [
    "伟": "玮", "静": "婧", "杰": "洁", "明": "铭", "红": "洪", "晓": "小", "玉": "钰", "志": "智", "建": "健",
  ]

  init(people: Int, doubles: Int, seed: UInt64) {
    var dice = Dice(state: seed)
    while rows.count < people { addHousehold(&dice) }
    for double in 0..<doubles {
      let source = rows[double * 3]
      let identifier = "D\(double)"
      rows.append((identifier, Self.damaged(source.cells, &dice)))
      truth.insert([source.identifier, identifier].sorted())
    }
  }

  private mutating func addHousehold(_ dice: inout Dice) {
    let door = Int.random(in: 1...20, using: &dice) * 100 + Int.random(in: 1...4, using: &dice)
    let address =
      "幸福路\(Int.random(in: 1...300, using: &dice))号\(Int.random(in: 1...9, using: &dice))栋\(door)"
    let locality = "第\(Int.random(in: 1...9, using: &dice))社区"
    let surname = Self.surnames.randomElement(using: &dice) ?? "王"
    let phone = Self.phone(&dice)
    for member in 0..<Int.random(in: 1...4, using: &dice) {
      let characters = (0..<2).compactMap { _ in Self.given.randomElement(using: &dice) }
      let year = member < 2 ? 1950 + Int.random(in: 0...45, using: &dice) : 2005 + 2 * member
      let cells = [
        String(surname) + String(characters), member % 2 == 0 ? "男" : "女",
        Self.day(year, &dice), member < 2 ? Self.phone(&dice) : phone, address, locality,
      ]
      rows.append(("P\(rows.count)", cells))
    }
  }

  private static func phone(_ dice: inout Dice) -> String {
    "138\(Int.random(in: 10_000_000...99_999_999, using: &dice))"
  }

  private static func day(_ year: Int, _ dice: inout Dice) -> String {
    let month = Int.random(in: 10...12, using: &dice)
    return "\(year)-\(month)-\(Int.random(in: 10...28, using: &dice))"
  }

  private static func damaged(_ cells: [String], _ dice: inout Dice) -> [String] {
    var cells = cells
    switch Int.random(in: 0..<5, using: &dice) {
    case 0: cells[0] = String(cells[0].map { sounds[$0] ?? $0 })
    case 1: cells[0].removeLast()
    case 2: cells[3] = phone(&dice)
    case 3: cells[2] = String(cells[2].dropLast()) + "\(Int.random(in: 0...9, using: &dice))"
    default: (cells[4], cells[5]) = ("迎宾路1号", "第1社区")
    }
    return cells
  }

  /// The list with its rows in an order of chance.
  func list(shuffledBy seed: UInt64? = nil) -> PeopleList {
    var rows = rows
    if let seed {
      var dice = Dice(state: seed)
      rows.shuffle(using: &dice)
    }
    var people = PeopleList(columns: Self.columns)
    for row in rows { people.append(row.identifier, row.cells) }
    return people
  }
}
