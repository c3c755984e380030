/// A column that a reader asks for.
package struct Column: Sendable, Equatable {
  /// The exact header.
  package let name: String
  /// Other headers that mean the same, such as Chinese ones.
  package let aliases: [String]
  /// Whether a file without it is refused.
  package let isRequired: Bool

  package init(_ name: String, aliases: [String] = [], required: Bool = true) {
    self.name = name
    self.aliases = aliases
    isRequired = required
  }
}

/// Headers made comparable: case, blanks, underscores, hyphens, full-width letters, marks of
/// required columns (`*`) and invisible characters make no difference.
enum HeaderName {
  static func comparable(_ header: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in header.unicodeScalars {
      var value = scalar.value
      if (0xFF01...0xFF5E).contains(value) { value -= 0xFEE0 }
      switch value {
      case 0x200B...0x200F, 0xFEFF, 0x2A, 0x5F, 0x2D: continue
      default: break
      }
      guard let plain = Unicode.Scalar(value), !plain.properties.isWhitespace else { continue }
      scalars.append(plain)
    }
    return String(scalars).lowercased()
  }

  /// The header as a person would read it.
  static func trimmed(_ header: String) -> String {
    var scalars = Substring(header).unicodeScalars
    let isBlank = { (scalar: Unicode.Scalar) in
      scalar.properties.isWhitespace || scalar.value == 0xFEFF
    }
    while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
    while let last = scalars.last, isBlank(last) { scalars.removeLast() }
    return String(scalars)
  }
}
