import Kernel

/// A bulletin's text with its typography evened out, so that a slip of the pen reads like the rest.
struct BulletinTextNormalised {
  /// The whole text as one run: no line breaks, no white space but one space between two digits.
  let running: [Unicode.Scalar]
  /// The text cut into sentences and headings, without white space.
  let sentences: [String]

  /// The longest line, in characters, that is taken for a heading or a cell of the closing table.
  /// A longer line that ends without `。` was broken in the middle and goes on in the next.
  private static let longestHeading = 14

  init(_ text: String) {
    let lines = text.unicodeScalars.split(
      omittingEmptySubsequences: false, whereSeparator: Self.isLineEnd
    ).map { $0.map(Self.even) }
    running = Self.run(lines)
    sentences = Self.sentences(of: lines)
  }

  private static func run(_ lines: [[Unicode.Scalar]]) -> [Unicode.Scalar] {
    var running: [Unicode.Scalar] = []
    for line in lines {
      var hasGap = true
      for scalar in line {
        if isBlank(scalar) {
          hasGap = true
          continue
        }
        if hasGap, let last = running.last, isDigit(last), isDigit(scalar) { running.append(" ") }
        hasGap = false
        running.append(scalar)
      }
    }
    return running
  }

  private static func sentences(of lines: [[Unicode.Scalar]]) -> [String] {
    var sentences: [String] = []
    var sentence = String.UnicodeScalarView()
    func end() {
      if !sentence.isEmpty { sentences.append(String(sentence)) }
      sentence = String.UnicodeScalarView()
    }
    for line in lines {
      let visible = line.filter { !isBlank($0) }
      for scalar in visible { if scalar == "。" { end() } else { sentence.append(scalar) } }
      let isTitle = sentences.isEmpty
      if isTitle || visible.count <= longestHeading { end() }
    }
    end()
    return sentences
  }

  /// Full-width forms become ASCII, and every sort of dash and wave becomes a hyphen.
  private static func even(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x2010...0x2015, 0x2212, 0x2500, 0x2501, 0x301C, 0x223C, 0xFE58, 0xFE63, 0xFF0D, 0xFF5E,
      0x7E:
      return "-"
    case 0xFF01...0xFF5D: return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case 0xFF61: return "。"
    default: return scalar
    }
  }

  static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}"
  }

  /// White space, byte-order marks, zero-width spaces and joiners.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.value == 0xFEFF
      || (0x200B...0x200D).contains(scalar.value)
  }
}
