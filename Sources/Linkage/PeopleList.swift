/// A list of people as numbers: each different value once, each person a row of value numbers.
package struct PeopleList: Sendable {
  /// The columns in the order in which cells are given.
  package let columns: [MatchColumn]
  private(set) var identifiers: [String] = []
  /// The values of all rows, ``Slot/count`` numbers each.
  private(set) var values: [UInt32] = []
  /// Which rows come from the second file.
  private(set) var isSecond: [Bool] = []
  private(set) var tables = [ValueTable](repeating: ValueTable(), count: Slot.count)
  private(set) var hasSecond = false

  private var folding = TextFolding()
  private var text: [UInt16] = []

  package init(columns: [MatchColumn]) { self.columns = columns }

  /// How many people there are.
  package var count: Int { identifiers.count }

  /// Whether nothing is known of anybody.
  package var isSilent: Bool { tables.allSatisfy { $0.count == 1 } }

  /// Takes in one person; the cells follow ``columns``, and an empty one is unknown.
  package mutating func append(
    _ identifier: String, _ cells: [String], isSecond second: Bool = false
  ) {
    identifiers.append(identifier)
    isSecond.append(second)
    hasSecond = hasSecond || second
    let base = values.count
    values.append(contentsOf: repeatElement(0, count: Slot.count))
    var whole: [UInt16] = []
    for (column, cell) in zip(columns, cells) where !cell.isEmpty {
      folding.fold(cell, into: &text)
      if text.isEmpty || Placeholders.contain(text) { continue }
      take(column, cell, at: base, whole: &whole)
    }
    if !whole.isEmpty { takeWhole(whole, at: base) }
    let (locality, postcode) = (values[base + Slot.locality], values[base + Slot.postcode])
    if locality != 0 || postcode != 0 {
      let area = [
        UInt16(truncatingIfNeeded: locality), UInt16(truncatingIfNeeded: locality >> 16),
        UInt16(truncatingIfNeeded: postcode), UInt16(truncatingIfNeeded: postcode >> 16),
      ]
      values[base + Slot.area] = tables[Slot.area].number(of: area)
    }
  }

  private mutating func take(
    _ column: MatchColumn, _ cell: String, at base: Int, whole: inout [UInt16]
  ) {
    switch column {
    case .givenName: set(.given, NameParts.letters(text[...]), base)
    case .surname: set(.surname, NameParts.letters(text[...]), base)
    case .name: whole = text
    case .sex: set(.sex, Sexes.one(text), base)
    case .birthDate: set(.birth, Digits.day(text), base)
    case .identity:
      set(.identity, Digits.identity(text, isMasked: cell.utf8.contains(UInt8(ascii: "*"))), base)
    case .phone: set(.phone, Digits.phone(text), base)
    case .address: set(.address, Self.withoutMarks(text), base)
    case .locality: put(Self.withoutMarks(text), base, Slot.locality)
    case .postcode: put(Self.withoutMarks(text), base, Slot.postcode)
    }
  }

  /// A whole name fills what its parts leave open.
  private mutating func takeWhole(_ name: [UInt16], at base: Int) {
    let parts = NameParts.cut(name)
    if values[base + Aspect.surname.rawValue] == 0 { set(.surname, parts.surname, base) }
    if values[base + Aspect.given.rawValue] == 0 { set(.given, parts.given, base) }
  }

  private mutating func set(_ aspect: Aspect, _ text: [UInt16], _ base: Int) {
    put(text, base, aspect.rawValue)
  }

  private mutating func put(_ text: [UInt16], _ base: Int, _ slot: Int) {
    values[base + slot] = tables[slot].number(of: text)
  }

  private static func withoutMarks(_ text: [UInt16]) -> [UInt16] {
    text.filter { $0 != TextFolding.comma && $0 != TextFolding.middleDot }
  }

  /// For each given name the surname that is written alike, 0 where there is none.
  private(set) var surnameOfGiven: [UInt32] = []

  /// The people in an order that does not depend on the order of the rows, so that neither does
  /// anything that is counted or drawn from them.
  mutating func settle() {
    let given = tables[Aspect.given.rawValue]
    surnameOfGiven = (0..<UInt32(given.count)).map { value in
      tables[Aspect.surname.rawValue].known(Array(given.symbols[given.range(of: value)]))
    }
    countDigits(of: .identity, into: Slot.identityCounts)
    countDigits(of: .phone, into: Slot.phoneCounts)
    for slot in tables.indices { tables[slot].close() }
    let identifiers = identifiers
    let second = isSecond
    var keys: [(hash: UInt64, row: Int)] = []
    keys.reserveCapacity(count)
    for row in 0..<count {
      keys.append((Mix.added(second[row] ? 1 : 0, to: Mix.of(identifiers[row])), row))
    }
    keys.sort { one, other in
      if one.hash != other.hash { return one.hash < other.hash }
      return identifiers[one.row].utf8.lexicographicallyPrecedes(identifiers[other.row].utf8)
    }
    var moved: [UInt32] = []
    moved.reserveCapacity(values.count)
    for key in keys {
      moved += values[(key.row * Slot.count)..<((key.row + 1) * Slot.count)]
    }
    values = moved
    self.identifiers = keys.map { identifiers[$0.row] }
    isSecond = keys.map { second[$0.row] }
  }
}

extension PeopleList {
  private mutating func countDigits(of aspect: Aspect, into slot: Int) {
    let table = tables[aspect.rawValue]
    let counts = (0..<UInt32(table.count)).map {
      DigitCounts.of(table.symbols[table.range(of: $0)])
    }
    for row in 0..<count {
      values[row * Slot.count + slot] = counts[Int(values[row * Slot.count + aspect.rawValue])]
    }
  }
}

/// Words that stand where nothing is known.
private enum Placeholders {
  static let all: Set<[UInt16]> = Set(
    [
      "无", "未知", "不详", "不明", "暂无", "空", "未填", "na", "n a", "null", "none", "nil", "unknown",
      "nan", "missing",
    ].map { Array($0.utf16) })
  private static let beginnings = Set(all.compactMap(\.first))
  private static let longest = all.map(\.count).max() ?? 0

  /// Most cells are settled by their length and first letter.
  static func contain(_ text: [UInt16]) -> Bool {
    text.count <= longest && beginnings.contains(text[0]) && all.contains(text)
  }
}

/// The ways in which sexes are written.
private enum Sexes {
  private static let known: [[UInt16]: UInt16] = {
    var table: [[UInt16]: UInt16] = [:]
    for word in ["male", "m", "男", "男性", "1"] { table[Array(word.utf16)] = 1 }
    for word in ["female", "f", "女", "女性", "2"] { table[Array(word.utf16)] = 2 }
    return table
  }()

  static func one(_ text: [UInt16]) -> [UInt16] { known[text].map { [$0] } ?? [] }
}
