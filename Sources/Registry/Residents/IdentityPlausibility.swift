import Kernel

extension IdentityKind {
  /// The form of the number, for a message.
  package var form: Words {
    switch self {
    case .residentID: Words("18 位数字，末位可为 X", "18 digits, the last of which may be an X")
    case .passport:
      Words("5 至 15 位字母和数字，至少 4 位数字", "5 to 15 letters and digits, at least 4 of them digits")
    case .hongKongMacauPermit:
      Words(
        "H 或 M 加 8 位或 10 位数字，或以 81、82 开头的 18 位居住证号",
        "H or M and 8 or 10 digits, or a residence permit of 18 digits from 81 or 82 on")
    case .taiwanPermit:
      Words(
        "8 位或 10 位数字（后可有字母），或以 83 开头的 18 位居住证号",
        "8 or 10 digits (a letter may follow), or a residence permit of 18 digits from 83 on")
    case .birthCertificate: Words("一个字母加 9 位数字", "a letter and 9 digits")
    case .none: Words("空", "nothing")
    }
  }

  /// Whether a number, in capitals and without spaces, can be that of such a document.
  ///
  /// Only the form is looked at. Sources: ICAO Doc 9303 for passports (nine characters in the
  /// machine-readable zone; older booklets have more); the National Immigration Administration's
  /// notices on the travel permits; the State Council's measures of 2018 on residence permits,
  /// whose numbers follow GB 11643 with 810000, 820000 and 830000 for the area; the National
  /// Health Commission's rules on the certificate of birth.
  func isPlausible(_ number: [UInt8]) -> Bool {
    let digits = number.filter(IdentityCheck.isDigit).count
    let first = number.first ?? 0
    switch self {
    case .residentID, .none: return false
    case .passport:
      return (5...15).contains(number.count) && digits >= 4
        && number.allSatisfy { IdentityCheck.isDigit($0) || Self.isLetter($0) }
    case .hongKongMacauPermit:
      let isTravelPermit =
        "HM".utf8.contains(first) && [9, 11].contains(number.count) && digits == number.count - 1
      return isTravelPermit || Self.isResidencePermit(number, areas: ["810000", "820000"])
    case .taiwanPermit:
      let isLetterLast = number.last.map(Self.isLetter) ?? false
      let isTravelPermit =
        [8, 10].contains(digits)
        && (number.count == digits || (number.count == digits + 1 && isLetterLast))
      return isTravelPermit || Self.isResidencePermit(number, areas: ["830000"])
    case .birthCertificate:
      return number.count == 10 && Self.isLetter(first) && digits == 9
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  private static func isResidencePermit(_ number: [UInt8], areas: [String]) -> Bool {
    guard number.count == 18, number.prefix(17).allSatisfy(IdentityCheck.isDigit) else {
      return false
    }
    return areas.contains(String(decoding: number.prefix(6), as: UTF8.self))
      && number[17] == IdentityCheck.checkCharacter(number.prefix(17))
      && IdentityCheck.birthDay(number) != nil
  }
}
