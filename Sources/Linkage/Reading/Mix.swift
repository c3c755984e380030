/// A fixed mixing of numbers, the same on every machine and in every run.
enum Mix {
  static let start: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// One more number taken in.
  @inline(__always)
  static func added(_ number: UInt64, to mixed: UInt64) -> UInt64 {
    let product = (mixed ^ number) &* 0xD6E8_FEB8_6659_FD93
    return product ^ (product >> 32)
  }

  /// The last stirring, after which every bit depends on every number.
  @inline(__always)
  static func finished(_ mixed: UInt64) -> UInt64 {
    var value = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// A text in one number.
  static func of(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { bytes in
      var mixed = start
      for byte in bytes { mixed = added(UInt64(byte), to: mixed) }
      return finished(mixed)
    }
  }
}
