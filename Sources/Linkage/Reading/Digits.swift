/// Numbers and days made comparable.
enum Digits {
  private static let zero: UInt16 = 0x30
  private static let letterX: UInt16 = 0x78
  private static let weights: [Int] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  private static let checks: [UInt16] = Array("10x98765432".utf16)

  /// Only the digits of a text.
  static func only(_ text: [UInt16]) -> [UInt16] { text.filter(TextFolding.isDigit) }

  /// A phone number without blanks and without the country's code.
  static func phone(_ text: [UInt16]) -> [UInt16] {
    let digits = only(text)
    if digits.count == 13, digits.starts(with: [0x38, 0x36]) { return Array(digits.dropFirst(2)) }
    if digits.count == 15, digits.starts(with: [0x30, 0x30, 0x38, 0x36]) {
      return Array(digits.dropFirst(4))
    }
    return digits
  }

  /// A day as eight digits, year first; other writings keep their digits.
  static func day(_ text: [UInt16]) -> [UInt16] {
    let groups = text.split { !TextFolding.isDigit($0) }.map(Array.init)
    guard groups.count >= 3 else {
      let digits = groups.first ?? []
      return digits.count > 8 ? Array(digits.prefix(8)) : digits
    }
    let isYearFirst = groups[0].count == 4
    let year = isYearFirst ? groups[0] : groups[2]
    let month = groups[1]
    let day = isYearFirst ? groups[2] : groups[0]
    guard year.count == 4, month.count <= 2, day.count <= 2 else {
      return groups.prefix(3).flatMap { $0 }
    }
    return year + padded(month) + padded(day)
  }

  private static func padded(_ digits: [UInt16]) -> [UInt16] {
    digits.count == 1 ? [zero] + digits : digits
  }

  /// An identity number: letters and digits only, an old one of 15 digits in its form of 18
  /// (GB 11643-1999); a masked one is unknown.
  static func identity(_ text: [UInt16], isMasked: Bool) -> [UInt16] {
    guard !isMasked else { return [] }
    let plain = text.filter { unit in
      unit != TextFolding.blank && unit != TextFolding.comma && unit != TextFolding.middleDot
    }
    guard plain.count == 15, plain.allSatisfy(TextFolding.isDigit) else { return plain }
    let long = Array(plain[..<6]) + [0x31, 0x39] + Array(plain[6...])
    return long + [check(long)]
  }

  /// Whether a number has 18 places and its check digit is right.
  static func isValidIdentity(_ text: ArraySlice<UInt16>) -> Bool {
    guard text.count == 18, text.dropLast().allSatisfy(TextFolding.isDigit) else { return false }
    return text.last == check(Array(text.dropLast()))
  }

  private static func check(_ digits: [UInt16]) -> UInt16 {
    var sum = 0
    for (weight, digit) in zip(weights, digits) { sum += weight * Int(digit - zero) }
    return checks[sum % 11]
  }
}
