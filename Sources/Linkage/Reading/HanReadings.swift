import Foundation

/// How characters are read aloud, since those who write down a name by ear choose another
/// character of the same sound.
struct HanReadings: Sendable {
  /// One number for each reading with its tone, 0 for what has no reading.
  private(set) var toned = [UInt16](repeating: 0, count: 65_536)
  /// One number for each reading without its tone.
  private(set) var plain = [UInt16](repeating: 0, count: 65_536)
  /// One number for each reading as southern speakers tell it: without retroflexes, n and l alike.
  private(set) var broad = [UInt16](repeating: 0, count: 65_536)
  /// The letters of each plain reading, by its number.
  private(set) var letters: [[UInt16]] = [[]]
  private var known = [Bool](repeating: false, count: 65_536)
  private var numbers: [String: UInt16] = [:]
  private let special: [UInt16: String]

  /// Readings of given names, or of surnames, of which some are read in their own way.
  init(ofSurnames: Bool) { special = ofSurnames ? Self.surnames : [:] }

  /// Surnames that are read otherwise than the same character elsewhere.
  private static let surnames: [UInt16: String] = {
    let readings = """
      单shàn 曾zēng 仇qiú 解xiè 查zhā 区ōu 朴piáo 任rén 华huà 盖gě 乐yuè 翟zhái 冼xiǎn 缪miào 覃qín \
      员yùn 种chóng 黑hè 折shé 繁pó 召shào 秘bì 洗xiǎn 尉yù 葛gě 纪jǐ 燕yān 宓fú 郇xún 隗wěi 逄páng 晟chéng
      """
    var table: [UInt16: String] = [:]
    for entry in readings.split(separator: " ") {
      guard let unit = entry.utf16.first else { continue }
      table[unit] = String(entry.dropFirst())
    }
    return table
  }()

  /// Learns the readings of the characters of a text.
  mutating func learn(_ text: ArraySlice<UInt16>) {
    for unit in text where TextFolding.isHan(unit) && !known[Int(unit)] {
      known[Int(unit)] = true
      guard let reading = reading(of: unit) else { continue }
      let plainReading = reading.folding(options: .diacriticInsensitive, locale: nil)
      toned[Int(unit)] = number(of: reading)
      plain[Int(unit)] = number(of: plainReading)
      broad[Int(unit)] = number(of: "~" + Self.broad(plainReading))
    }
  }

  private func reading(of unit: UInt16) -> String? {
    if let special = special[unit] { return special }
    guard let scalar = Unicode.Scalar(unit) else { return nil }
    let character = String(Character(scalar))
    guard let reading = character.applyingTransform(.mandarinToLatin, reverse: false),
      reading != character
    else { return nil }
    return reading.trimmingCharacters(in: .whitespaces)
  }

  private mutating func number(of reading: String) -> UInt16 {
    if let number = numbers[reading] { return number }
    let number = UInt16(letters.count)
    numbers[reading] = number
    letters.append(Array(reading.utf16))
    return number
  }

  private static func broad(_ reading: String) -> String {
    var text = reading
    for (from, to) in [("zh", "z"), ("ch", "c"), ("sh", "s")] where text.hasPrefix(from) {
      text = to + text.dropFirst(2)
    }
    if text.hasPrefix("n") { text = "l" + text.dropFirst() }
    if text.hasSuffix("ing") || text.hasSuffix("eng") { text.removeLast() }
    return text
  }
}
