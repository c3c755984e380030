/// A QR code (ISO/IEC 18004), versions 1 to 6 with error correction M: some hundred letters at most, which
/// is more than a label or a sign-in address has.
package struct QRCode: Sendable {
  /// How many modules it has on each side, without the quiet zone.
  package let size: Int
  private var dark: [Bool]
  private var isFunction: [Bool]

  /// Error correction M for each version: words of correction a block, and blocks.
  private static let correction = [(10, 1), (16, 1), (26, 1), (18, 2), (24, 2), (16, 4)]

  /// A code that holds a text; nil when the text is too long. Capital letters and digits take eleven
  /// bits a pair, anything else a byte a letter.
  package init?(_ text: String) {
    let signs = text.utf8.map(Self.sign)
    let plain = signs.compactMap { $0 }
    let isPlain = plain.count == signs.count && !plain.isEmpty
    let fitting = Self.correction.indices.first { version in
      isPlain
        ? 13 + plain.count * 11 / 2 + plain.count % 2 <= Self.dataWords(of: version) * 8
        : text.utf8.count + 2 <= Self.dataWords(of: version)
    }
    guard let version = fitting else { return nil }
    let count = Self.dataWords(of: version)
    size = version * 4 + 21
    dark = Array(repeating: false, count: size * size)
    isFunction = dark
    drawFunctions(version)
    let words = isPlain ? Self.words(signs: plain, count) : Self.words(Array(text.utf8), count)
    place(Self.interleaved(words, version))
    choose()
  }

  /// Whether a module is dark; column and row from the upper left corner.
  package func isDark(_ column: Int, _ row: Int) -> Bool { dark[row * size + column] }

  // MARK: Words

  private static func rawModules(of version: Int) -> Int {
    let number = version + 1
    var modules = (16 * number + 128) * number + 64
    if number >= 2 { modules -= (25 * 2 - 10) * 2 - 55 }
    return modules
  }

  private static func dataWords(of version: Int) -> Int {
    let (words, blocks) = correction[version]
    return rawModules(of: version) / 8 - words * blocks
  }

  /// The text in byte mode, filled up.
  private static func words(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    // Four bits of mode, eight of length: every byte of the text is cut in two.
    var words: [UInt8] = [0x40 | UInt8(bytes.count >> 4)]
    var carry = UInt8(bytes.count & 15) << 4
    for byte in bytes {
      words.append(carry | byte >> 4)
      carry = byte << 4
    }
    words.append(carry)
    for filler in 0..<max(0, count - words.count) { words.append(filler % 2 == 0 ? 0xEC : 0x11) }
    return words
  }

  private static let signs = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:".utf8)

  private static func sign(_ byte: UInt8) -> Int? { signs.firstIndex(of: byte) }

  /// The signs in alphanumeric mode, filled up.
  private static func words(signs: [Int], _ count: Int) -> [UInt8] {
    var bits: [Bool] = []
    func append(_ value: Int, _ length: Int) {
      for place in (0..<length).reversed() { bits.append(value >> place & 1 == 1) }
    }
    append(2, 4)
    append(signs.count, 9)
    for start in stride(from: 0, to: signs.count, by: 2) {
      if start + 1 < signs.count {
        append(signs[start] * 45 + signs[start + 1], 11)
      } else {
        append(signs[start], 6)
      }
    }
    append(0, min(4, count * 8 - bits.count))
    while bits.count % 8 != 0 { bits.append(false) }
    var words = stride(from: 0, to: bits.count, by: 8).map { start in
      bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
    }
    for filler in 0..<max(0, count - words.count) { words.append(filler % 2 == 0 ? 0xEC : 0x11) }
    return words
  }

  /// The words of all blocks, taken in turn, with those of correction behind.
  private static func interleaved(_ data: [UInt8], _ version: Int) -> [UInt8] {
    let (words, blocks) = correction[version]
    let short = data.count / blocks
    let longer = data.count % blocks
    let divisor = divisor(of: words)
    var parts: [[UInt8]] = []
    var checks: [[UInt8]] = []
    var at = 0
    for block in 0..<blocks {
      let length = short + (block >= blocks - longer ? 1 : 0)
      let part = Array(data[at..<at + length])
      at += length
      parts.append(part)
      checks.append(remainder(of: part, by: divisor))
    }
    var result: [UInt8] = []
    for place in 0...short {
      for part in parts where place < part.count { result.append(part[place]) }
    }
    for place in 0..<words { result += checks.map { $0[place] } }
    return result
  }

  // MARK: Reed-Solomon over GF(2^8) with 0x11D

  private static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
    var product = 0
    for bit in stride(from: 7, through: 0, by: -1) {
      product = (product << 1) ^ ((product >> 7) * 0x11D)
      product ^= (Int(right) >> bit & 1) * Int(left)
    }
    return UInt8(product & 0xFF)
  }

  private static func divisor(of degree: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: degree)
    result[degree - 1] = 1
    var root: UInt8 = 1
    for _ in 0..<degree {
      for place in 0..<degree {
        result[place] = product(result[place], root)
        if place + 1 < degree { result[place] ^= result[place + 1] }
      }
      root = product(root, 2)
    }
    return result
  }

  private static func remainder(of data: [UInt8], by divisor: [UInt8]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: divisor.count)
    for byte in data {
      let factor = byte ^ result.removeFirst()
      result.append(0)
      for place in divisor.indices { result[place] ^= product(divisor[place], factor) }
    }
    return result
  }

  // MARK: Drawing

  private mutating func set(_ column: Int, _ row: Int, _ isDark: Bool) {
    dark[row * size + column] = isDark
    isFunction[row * size + column] = true
  }

  private mutating func drawFunctions(_ version: Int) {
    for place in 0..<size {
      set(6, place, place % 2 == 0)
      set(place, 6, place % 2 == 0)
    }
    for (column, row) in [(3, 3), (size - 4, 3), (3, size - 4)] { drawFinder(column, row) }
    if version > 0 {
      let centre = size - 7
      for down in -2...2 {
        for across in -2...2 {
          set(centre + across, centre + down, max(abs(across), abs(down)) != 1)
        }
      }
    }
    drawFormat(mask: 0)
  }

  private mutating func drawFinder(_ column: Int, _ row: Int) {
    for down in -4...4 {
      for across in -4...4 {
        let distance = max(abs(across), abs(down))
        let (at, line) = (column + across, row + down)
        guard (0..<size).contains(at), (0..<size).contains(line) else { continue }
        set(at, line, distance != 2 && distance != 4)
      }
    }
  }

  private mutating func drawFormat(mask: Int) {
    // Error correction M is written as 0.
    var rest = mask
    for _ in 0..<10 { rest = (rest << 1) ^ ((rest >> 9) * 0x537) }
    let bits = (mask << 10 | rest) ^ 0x5412
    func bit(_ place: Int) -> Bool { bits >> place & 1 == 1 }
    for place in 0...5 { set(8, place, bit(place)) }
    set(8, 7, bit(6))
    set(8, 8, bit(7))
    set(7, 8, bit(8))
    for place in 9..<15 { set(14 - place, 8, bit(place)) }
    for place in 0..<8 { set(size - 1 - place, 8, bit(place)) }
    for place in 8..<15 { set(8, size - 15 + place, bit(place)) }
    set(8, size - 8, true)
  }

  private mutating func place(_ words: [UInt8]) {
    var next = 0
    var right = size - 1
    while right >= 1 {
      if right == 6 { right = 5 }
      for step in 0..<size {
        for side in 0..<2 {
          let column = right - side
          let isUpward = (right + 1) & 2 == 0
          let row = isUpward ? size - 1 - step : step
          guard !isFunction[row * size + column], next < words.count * 8 else { continue }
          dark[row * size + column] = words[next >> 3] >> (7 - UInt8(next & 7)) & 1 == 1
          next += 1
        }
      }
      right -= 2
    }
  }

  // MARK: Masks

  private mutating func choose() {
    var best = (mask: 0, faults: Int.max)
    for mask in 0..<8 {
      apply(mask)
      drawFormat(mask: mask)
      let faults = self.faults
      if faults < best.faults { best = (mask, faults) }
      apply(mask)
    }
    apply(best.mask)
    drawFormat(mask: best.mask)
  }

  private mutating func apply(_ mask: Int) {
    for row in 0..<size {
      for column in 0..<size where !isFunction[row * size + column] {
        let inverts =
          switch mask {
          case 0: (column + row) % 2 == 0
          case 1: row % 2 == 0
          case 2: column % 3 == 0
          case 3: (column + row) % 3 == 0
          case 4: (column / 3 + row / 2) % 2 == 0
          case 5: column * row % 2 + column * row % 3 == 0
          case 6: (column * row % 2 + column * row % 3) % 2 == 0
          default: ((column + row) % 2 + column * row % 3) % 2 == 0
          }
        if inverts { dark[row * size + column].toggle() }
      }
    }
  }

  /// How hard it is to read: long runs, squares of one colour, and too much of one.
  private var faults: Int {
    var faults = 0
    for line in 0..<size {
      for isRow in [true, false] {
        var run = 0
        var last: Bool?
        for place in 0..<size {
          let now = isRow ? isDark(place, line) : isDark(line, place)
          run = now == last ? run + 1 : 1
          last = now
          if run == 5 { faults += 3 } else if run > 5 { faults += 1 }
        }
      }
    }
    for row in 0..<size - 1 {
      for column in 0..<size - 1 {
        let here = isDark(column, row)
        if here == isDark(column + 1, row), here == isDark(column, row + 1),
          here == isDark(column + 1, row + 1)
        {
          faults += 3
        }
      }
    }
    let share = dark.count { $0 } * 20 / dark.count
    return faults + abs(share - 10) * 10
  }
}
