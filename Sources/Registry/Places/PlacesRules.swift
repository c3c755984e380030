import Kernel

/// How a row of a division list is understood.
package enum PlacesRules {
  /// The level that a statistical code names by its length: 4, 6, 9 or 12 digits.
  package static func level(ofCode code: String) throws(Refusal) -> PlaceLevel {
    guard code.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      throw malformed(code)
    }
    switch code.utf8.count {
    case 4: return .city
    case 6: return .district
    case 9: return .street
    case 12: return .community
    default: throw malformed(code)
    }
  }

  /// The code of the division above: 370203030001 → 370203030 → 370203 → 3702.
  package static func codeAbove(_ code: String) -> String? {
    switch code.utf8.count {
    case 6: String(code.prefix(4))
    case 9: String(code.prefix(6))
    case 12: String(code.prefix(9))
    default: nil
    }
  }

  private static func malformed(_ code: String) -> Refusal {
    .malformed(
      "code", code,
      expected: Words(
        "4 位（市）、6 位（区县）、9 位（街道）或 12 位（社区）数字代码",
        "a code of 4 (city), 6 (district), 9 (street) or 12 (community) digits"))
  }
}
