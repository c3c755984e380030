import Kernel

/// What is found wrong with a citizen identity number; the first that fails, in this order.
package enum IdentityVerdict: String, Codable, CaseIterable, Sendable {
  /// It has neither 18 characters nor the 15 of the numbers given out before 1999.
  case length
  /// Something else than digits, or than an X at the very end.
  case characters
  /// The last character is not the one that the others ask for.
  case checksum
  /// No such day of birth, or one before 1880 or after the day of the check.
  case date
  /// There never was a county of this code.
  case area
  /// The county was abolished in or before the year of birth.
  case abolishedBeforeBirth = "abolished_before_birth"
  case ok

  /// Why, for a person; empty when nothing is wrong. The number itself is never quoted.
  package var reason: Words {
    switch self {
    case .length: Words("应为 18 位（旧号 15 位）", "It should have 18 characters (15 in old numbers)")
    case .characters:
      Words("只能是数字，末位可为 X", "Only digits are allowed, and an X at the end")
    case .checksum:
      Words("校验码不符，请对照证件核对", "The check digit does not fit; compare it with the document")
    case .date:
      Words("出生日期不存在或不合理", "The date of birth does not exist or is not plausible")
    case .area: Words("没有这个县级区划代码", "There never was a county with this code")
    case .abolishedBeforeBirth:
      Words("该区划代码在出生当年或之前已撤销", "The county was abolished in or before the year of birth")
    case .ok: Words("", "")
    }
  }
}

/// The check of a citizen identity number by GB 11643-1999 (ISO 7064, MOD 11-2), its date, and its
/// county by GB/T 2260.
package enum IdentityCheck {
  /// The earliest year of birth that is taken for true.
  private static let earliestBirthYear = 1_880
  private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  private static let checkCharacters = Array("10X98765432".utf8)

  /// The verdict on a number as it was written, and what it says when it is valid.
  ///
  /// A number of 15 digits is read as of the twentieth century and upgraded: `19` before the year,
  /// and the check character at the end.
  package static func verdict(
    _ written: String, areas: AreaCodes, asOf: Day
  ) -> (verdict: IdentityVerdict, valid: ValidIdentity?) {
    let text = written.trimmingWhitespace()
    let length = text.unicodeScalars.count
    guard length == 18 || length == 15 else { return (.length, nil) }
    var digits = Array(text.utf8)
    guard digits.count == length else { return (.characters, nil) }
    if length == 18, digits[17] == UInt8(ascii: "x") { digits[17] = UInt8(ascii: "X") }
    let body = length == 18 ? digits.prefix(17) : digits[...]
    guard body.allSatisfy(isDigit),
      length == 15 || isDigit(digits[17]) || digits[17] == UInt8(ascii: "X")
    else { return (.characters, nil) }
    if length == 15 {
      digits.insert(contentsOf: "19".utf8, at: 6)
      digits.append(checkCharacter(digits[...]))
    }
    guard digits[17] == checkCharacter(digits.prefix(17)) else { return (.checksum, nil) }
    guard let birth = birthDay(digits), birth.parts.year >= earliestBirthYear, birth <= asOf else {
      return (.date, nil)
    }
    let county = String(decoding: digits.prefix(6), as: UTF8.self)
    switch areas.standing(of: county, bornIn: birth.parts.year) {
    case .unknown: return (.area, nil)
    case .abolishedBeforeBirth: return (.abolishedBeforeBirth, nil)
    case .known:
      return (
        .ok, ValidIdentity(normalised: String(decoding: digits, as: UTF8.self), birthDay: birth)
      )
    }
  }

  /// What a valid number says.
  package struct ValidIdentity: Hashable, Sendable {
    /// The 18-character form.
    package let normalised: String
    package let birthDay: Day
  }

  /// The character that 17 digits ask for: their weighted sum modulo 11 picks it.
  static func checkCharacter(_ body: ArraySlice<UInt8>) -> UInt8 {
    let sum = zip(weights, body).reduce(0) { $0 + $1.0 * Int($1.1 - UInt8(ascii: "0")) }
    return checkCharacters[sum % 11]
  }

  /// Whether a byte is a digit of ASCII.
  package static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// The day in the seventh to fourteenth character.
  static func birthDay(_ digits: [UInt8]) -> Day? {
    Day(String(decoding: digits[6..<14], as: UTF8.self))
  }
}
