import Foundation

/// Makes texts comparable: small letters without accents, simplified characters for traditional
/// and variant ones, half-width for full-width; all other signs are blanks.
///
/// What is left are UTF-16 units: letters, digits, characters, single blanks, and the comma and the
/// middle dot that names are cut at.
struct TextFolding: Sendable {
  static let blank: UInt16 = 0x20
  static let comma: UInt16 = 0x2C
  static let middleDot: UInt16 = 0xB7
  /// A sign that is left out without a trace, such as an apostrophe.
  private static let nothing: UInt16 = 1

  /// What each unit becomes; 0 where nobody has asked yet.
  private var folded = [UInt16](repeating: 0, count: 65_536)

  /// Whether a unit is a character of a script without blanks between words.
  @inline(__always)
  static func isHan(_ unit: UInt16) -> Bool { unit >= 0x2E80 }

  @inline(__always)
  static func isDigit(_ unit: UInt16) -> Bool { unit >= 0x30 && unit <= 0x39 }

  /// Writes the comparable form of a text into a buffer.
  mutating func fold(_ text: String, into target: inout [UInt16]) {
    target.removeAll(keepingCapacity: true)
    var text = text
    text.withUTF8 { bytes in
      var position = 0
      while position < bytes.count {
        let byte = bytes[position]
        if byte < 0x80 {
          append(UInt16(byte), to: &target)
          position += 1
        } else {
          position = appendWide(bytes, at: position, to: &target)
        }
      }
    }
    if target.last == Self.blank { target.removeLast() }
  }

  private mutating func appendWide(
    _ bytes: UnsafeBufferPointer<UInt8>, at position: Int, to target: inout [UInt16]
  ) -> Int {
    let lead = bytes[position]
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    guard position + length <= bytes.count else { return bytes.count }
    var value = UInt32(lead) & (0xFF >> UInt32(length + 1))
    for offset in 1..<length { value = value << 6 | UInt32(bytes[position + offset] & 0x3F) }
    if value < 0x1_0000 {
      append(UInt16(value), to: &target)
    } else {
      // Rare characters outside the basic plane stay the two units they are.
      target.append(UInt16(0xD800 + ((value - 0x1_0000) >> 10)))
      target.append(UInt16(0xDC00 + ((value - 0x1_0000) & 0x3FF)))
    }
    return position + length
  }

  @inline(__always)
  private mutating func append(_ unit: UInt16, to target: inout [UInt16]) {
    var plain = folded[Int(unit)]
    if plain == 0 {
      plain = Self.plain(unit)
      folded[Int(unit)] = plain
    }
    if plain == Self.nothing { return }
    if plain == Self.blank {
      guard let last = target.last, last != Self.blank, !Self.isHan(last) else { return }
    } else if Self.isHan(plain), target.last == Self.blank {
      target.removeLast()
    }
    target.append(plain)
  }

  private static func plain(_ unit: UInt16) -> UInt16 {
    switch unit {
    case 0x30...0x39, 0x61...0x7A: return unit
    case 0x41...0x5A: return unit + 0x20
    case 0x27, 0x60, 0xB4, 0x2018, 0x2019, 0x200B...0x200F, 0xFEFF: return nothing
    case 0x2C, 0x3001, 0xFF0C: return comma
    case 0xB7, 0x2022, 0x2027, 0x2E31, 0x30FB, 0xFF65: return middleDot
    case 0xFF01...0xFF5E: return plain(unit - 0xFEE0)
    default: return plainLetter(unit)
    }
  }

  private static func plainLetter(_ unit: UInt16) -> UInt16 {
    guard let scalar = Unicode.Scalar(unit), scalar.properties.isAlphabetic else { return blank }
    if let variant = HanVariants.common[unit] { return variant }
    let text = String(Character(scalar))
    let simple =
      isHan(unit)
      ? text.applyingTransform(StringTransform("Hant-Hans"), reverse: false)
      : text.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
    return simple?.utf16.first ?? unit
  }
}

/// Variant characters of names that the change from traditional to simplified ones leaves alone.
enum HanVariants {
  static let common: [UInt16: UInt16] = {
    let pairs = """
      崐昆 堃坤 峯峰 喆哲 珎珍 珤宝 寳宝 寶宝 旾春 秌秋 烱炯 煕熙 熈熙 暎映 昇升 陞升 甯宁 寗宁 勳勋 勛勋 \
      儁俊 雋隽 濬浚 皙晳 晢晰 燿耀 暐炜 煒炜 瑠琉 瑯琅 佈布 菴庵 龢和 龝秋 徳德 恵惠 眞真 槇槙 絃弦 鍳鉴 \
      鑑鉴 鑒鉴 邨村 嶽岳 犇奔 劒剑 劔剑 粧妆 埜野 鈎钩 喦岩 巖岩 巗岩 椉乘 廼乃 壷壶 愼慎 昻昂 羣群 竝并 \
      並并 甦苏 蘓苏 谿溪 磎溪 筍笋 呉吴 吳吴 黃黄 柟楠 枏楠 嫺娴 嫻娴 姸妍 裏里 裡里 牆墙 塲场 鷄鸡 鎻锁 濶阔
      """
    var table: [UInt16: UInt16] = [:]
    for pair in pairs.split(separator: " ") {
      let units = Array(pair.utf16)
      guard units.count == 2, units[0] != units[1] else { continue }
      table[units[0]] = units[1]
    }
    return table
  }()
}
