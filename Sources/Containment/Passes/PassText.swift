/// Bytes as letters and digits that are read out, typed and scanned without mistaking one for another
/// (Crockford's base 32): no I, L, O or U, either case, hyphens and spaces where people like them.
package enum PassText {
  private static let signs = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  /// The text of some bytes, five bits a sign, the last one filled up with zeros.
  package static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 8 / 5 + 1)
    var held = 0
    var bits = 0
    for byte in bytes {
      held = (held << 8 | Int(byte)) & 0xFFFF
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(signs[held >> bits & 31])
      }
    }
    if bits > 0 { text.append(signs[held << (5 - bits) & 31]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text; nil when a sign is none of ours or the last one is not filled with zeros, so
  /// that no two texts mean the same bytes but by case and spacing.
  package static func bytes(_ text: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var held = 0
    var bits = 0
    for sign in text.utf8 {
      if sign == UInt8(ascii: "-") || sign == UInt8(ascii: " ") { continue }
      guard let value = values[Int(sign)] else { return nil }
      held = (held << 5 | value) & 0xFFFF
      bits += 5
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(held >> bits & 0xFF))
      }
    }
    guard bits < 5, held & ((1 << bits) - 1) == 0 else { return nil }
    return bytes
  }

  /// What each byte is worth; nil for those that are no sign.
  private static let values: [Int?] = (UInt8.min...UInt8.max).map { sign in
    let upper = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(sign) ? sign - 32 : sign
    return switch upper {
    case UInt8(ascii: "O"): 0
    case UInt8(ascii: "I"), UInt8(ascii: "L"): 1
    default: signs.firstIndex(of: upper)
    }
  }
}
