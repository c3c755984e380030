import Kernel

/// A citizen identity number that was found valid, in its 18-character form.
///
/// It prints as stars; whoever needs the digits reads ``revealed``, where a reviewer can find it.
package struct IdentityNumber: Hashable, Sendable, CustomStringConvertible {
  /// The eighteen characters.
  package let revealed: String
  package let birthDay: Day
  /// The seventeenth digit is odd for a man and even for a woman (GB 11643-1999).
  package let sex: Sex

  /// The number as somebody wrote it.
  ///
  /// - Throws: a refusal that says what is wrong and never quotes the number.
  package init(
    _ written: String, areas: AreaCodes, asOf: Day, field: String = "identity_number"
  ) throws(Refusal) {
    let (verdict, valid) = IdentityCheck.verdict(written, areas: areas, asOf: asOf)
    guard let valid else {
      throw Refusal(
        .invalid, "identity.\(verdict.rawValue)",
        Words(
          "身份证号有误：\(verdict.reason.chinese)",
          "The identity number is wrong. \(verdict.reason.english)"),
        field: field)
    }
    revealed = valid.normalised
    birthDay = valid.birthDay
    sex = valid.normalised.utf8.dropFirst(16).first.map { $0 % 2 == 1 } == true ? .male : .female
  }

  /// The county in which the number was given out, six digits of GB/T 2260.
  package var countyCode: String { String(revealed.prefix(6)) }

  package var description: String { Mask.identity(revealed) }
}
