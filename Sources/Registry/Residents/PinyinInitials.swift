import Kernel

/// The first letters of names as they are typed: 张伟民 is zwm.
///
/// Source: the most common reading of each sign in pypinyin (MIT). Surnames that are read otherwise than
/// the sign alone come from its list of surnames.
package struct PinyinInitials: ReferenceTable {
  package static let title = Words("拼音首字母", "initials of readings")

  private static let first: UInt32 = 0x4E00
  /// Surnames with a reading of their own.
  private static let surnames: [Character: Character] = [
    "单": "s", "曾": "z", "仇": "q", "区": "o", "解": "x", "盖": "g", "翟": "z", "查": "z", "朴": "p",
    "缪": "m", "乐": "y", "种": "c", "员": "y", "秘": "b", "洗": "x", "覃": "q", "召": "s", "折": "s",
    "繁": "p", "尉": "y", "令": "l",
  ]

  private let letters: [UInt8]

  /// - Parameter text: a letter a sign from U+4E00 on, `-` where none is known; line ends do not count.
  package init(_ text: [UInt8]) {
    letters = text.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
  }

  /// The initials of a name; empty when it has none.
  package func of(_ name: String) -> String {
    var initials = ""
    var isInWord = false
    for (index, sign) in name.enumerated() {
      if index == 0, let letter = Self.surnames[sign] {
        initials.append(letter)
      } else if let letter = letter(of: sign) {
        initials.append(letter)
      } else if sign.isASCII, sign.isLetter {
        if !isInWord { initials += sign.lowercased() }
        isInWord = true
        continue
      }
      isInWord = false
    }
    return initials
  }

  private func letter(of sign: Character) -> Character? {
    guard let scalar = sign.unicodeScalars.first, scalar.value >= Self.first,
      case let index = Int(scalar.value - Self.first), index < letters.count,
      letters[index] != UInt8(ascii: "-")
    else { return nil }
    return Character(Unicode.Scalar(letters[index]))
  }
}
