/// What stands between two cells of a text file.
package enum Delimiter: UInt8, CaseIterable, Sendable {
  case comma = 0x2C
  case semicolon = 0x3B
  case tab = 0x09

  /// The delimiter that occurs most often in the header, outside quotes; a comma when none does.
  static func detect(in bytes: ArraySlice<UInt8>) -> Delimiter {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
      } else if !isQuoted {
        if byte == 10 || byte == 13 { break }
        if Delimiter(rawValue: byte) != nil { counts[byte, default: 0] += 1 }
      }
    }
    return allCases.reduce(.comma) { best, candidate in
      counts[candidate.rawValue, default: 0] > counts[best.rawValue, default: 0]
        ? candidate : best
    }
  }
}
