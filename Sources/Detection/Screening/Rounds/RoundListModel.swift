import Gazette
import Kernel

/// A list of people from which a round is to be opened, while somebody looks at it.
package struct RoundList: Sendable {
  /// One row that names nobody who can be listed.
  package struct Fault: Codable, Hashable, Sendable {
    /// The row as its sheet counts it, from 1.
    package let row: Int
    package let kind: FaultKind
  }

  /// Why a row is not taken. What stands in it is not kept: it may be somebody's card.
  package enum FaultKind: String, Codable, CaseIterable, Sendable {
    case empty
    case unknown
    case badCard = "bad_card"
    case elsewhere
    case twice

    package var words: Words {
      switch self {
      case .empty: Words("该行没有编号；补上或删去", "no number in this row; write one or strike the row out")
      case .unknown:
        Words("台账中没有此人；核对编号，或先建档", "no file has this number; check it, or enrol the person first")
      case .badCard: Words("证件号有误；对照证件更正", "a digit of the card is wrong; correct it by the card")
      case .elsewhere:
        Words(
          "不住在所选范围；换更大的范围，或删去", "lives outside the area; choose a wider one, or strike the row out")
      case .twice: Words("此人已在前面一行；可保留", "stands in an earlier row; it may stay")
      }
    }

    /// Whether the round can be opened with it all the same.
    var isHarmless: Bool { self == .twice }
  }

  package let id: RoundListID
  package let area: PlaceID
  package let madeAt: Instant
  let madeBy: String
  package let listing: ListingReason
  package let people: [PersonID]
  package let faults: [Fault]
}

/// A list that waits to become a round.
package enum RoundListTag {}
package typealias RoundListID = ID<RoundListTag>

/// Reads what somebody pasted, or a file that a program hands over.
enum RoundListRules {
  /// The header cells under which numbers or cards stand.
  private static let headers: Set<String> = [
    "person", "人员", "人员编号", "编号", "identity", "证件号", "证件", "身份证", "身份证号", "number",
  ]
  private static let separators: Set<Character> = [",", "\t", ";", "，", "；"]

  /// The number in each row, with the row as a sheet counts it; empty rows at the end fall away.
  static func numbers(in text: String) -> [(row: Int, number: String)] {
    var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
      .map { cells(of: String($0)) }
    while let last = lines.last, last.allSatisfy(\.isEmpty) { lines.removeLast() }
    var column = 0
    var first = 0
    if let header = lines.first,
      let at = header.firstIndex(where: { headers.contains($0.lowercased()) })
    {
      column = at
      first = 1
    }
    return lines.enumerated().dropFirst(first).map { place, cells in
      (place + 1, column < cells.count ? cells[column] : "")
    }
  }

  private static func cells(of line: String) -> [String] {
    line.split(omittingEmptySubsequences: false) { separators.contains($0) }.map { cell in
      let bare = String(cell).trimmingWhitespace()
      return bare.count > 1 && bare.first == "\"" && bare.last == "\""
        ? String(bare.dropFirst().dropLast()) : bare
    }
  }
}

/// Which people somebody asks for instead of naming each.
package enum PeopleGroup: Hashable, Sendable {
  /// Confirmed contacts of cases.
  case contacts
  /// Who has a special need of the register.
  case need(String)
  /// Who has no result in another round and is not exempt.
  case untested(RoundID)
  /// Everybody on the list of another round, for its repetition.
  case again(RoundID)
  /// Who is isolated by a clause and owes a test soon, as their edition says.
  case clause(String)

  /// As forms and programs write it: `contacts`, `need:dialysis`, `untested:ROUND`, `again:ROUND`,
  /// `clause:CODE`.
  package init(_ written: String) throws(Refusal) {
    let parts = written.split(separator: ":", maxSplits: 1).map(String.init)
    switch (parts.first, parts.count) {
    case ("contacts", 1): self = .contacts
    case ("need", 2): self = .need(parts[1])
    case ("untested", 2): self = .untested(try RoundID(parts[1], field: "group"))
    case ("clause", 2): self = .clause(parts[1])
    case ("again", 2): self = .again(try RoundID(parts[1], field: "group"))
    default:
      throw .malformed(
        "group", written,
        expected: Words(
          "contacts、need:需要代码、untested:轮次、again:轮次 或 clause:条款代码",
          "contacts, need:CODE, untested:ROUND, again:ROUND or clause:CODE"))
    }
  }

  var listing: ListingReason {
    switch self {
    case .contacts: .contact
    case .need: .need
    case .untested: .unreached
    case .again: .repeated
    case .clause: .clause
    }
  }
}
