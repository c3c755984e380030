/// A cell of a text file as it lies in memory.
///
/// At least eight bytes in front of it and behind it may be read, so that numbers are taken in one
/// load.
package struct FieldText {
  let start: UnsafePointer<UInt8>
  let count: Int
  /// The number that the cell's digits make; `nil` when it has other characters, none, or too
  /// many.
  let number: UInt64?

  package init(start: UnsafePointer<UInt8>, count: Int) {
    self.start = start
    self.count = count
    number = Self.number(start, count)
  }

  @inline(__always)
  private init(start: UnsafePointer<UInt8>, count: Int, number: UInt64) {
    self.start = start
    self.count = count
    self.number = number
  }

  /// The up to seven digits at a place, with what follows them not among them; `nil` when there are
  /// none or more.
  @inline(__always)
  init?(digitsAt start: UnsafePointer<UInt8>) {
    let word = UnsafeRawPointer(start).loadUnaligned(as: UInt64.self) ^ Self.zeros
    // The first byte that is no digit is marked; a carry can reach only bytes behind it.
    let marks = ((word &+ Self.toHighBit) | word) & Self.highBits
    let bits = UInt64(marks.trailingZeroBitCount) & ~7
    guard marks != 0, bits > 0 else { return nil }
    self.init(
      start: start, count: Int(bits >> 3), number: Self.value(word << (64 &- bits)))
  }

  private static let zeros: UInt64 = 0x3030_3030_3030_3030
  private static let highHalves: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
  private static let highBits: UInt64 = 0x8080_8080_8080_8080
  private static let toHighBit: UInt64 = 0x7676_7676_7676_7676
  private static let sixes: UInt64 = 0x0606_0606_0606_0606

  private static func number(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64? {
    if count >= 1, count <= 8 { return digits(start.advanced(by: count), count) }
    guard count > 8, count <= 16, let low = digits(start.advanced(by: count), 8),
      let high = digits(start.advanced(by: count &- 8), count &- 8)
    else { return nil }
    return high &* 100_000_000 &+ low
  }

  /// The number in the up to eight bytes before a place.
  @inline(__always)
  private static func digits(_ end: UnsafePointer<UInt8>, _ count: Int) -> UInt64? {
    let word = UnsafeRawPointer(end).loadUnaligned(fromByteOffset: -8, as: UInt64.self)
    let empty = UInt64(8 &- count) &* 8
    // Bytes in front of the number become zeros.
    let text = (word >> empty) << empty | zeros & lowBits(empty)
    let isAllDigits =
      text & highHalves == zeros && (text &+ sixes) & highHalves == zeros
    guard isAllDigits else { return nil }
    return value(text &- zeros)
  }

  /// The number of eight bytes that are digits from 0 to 9, the first of the highest value.
  @inline(__always)
  private static func value(_ digits: UInt64) -> UInt64 {
    var value = digits
    value = value &* 10 &+ (value >> 8)
    let pairs: UInt64 = 0x0000_00FF_0000_00FF
    let low = (value & pairs) &* 0x000F_4240_0000_0064
    let high = ((value >> 16) & pairs) &* 0x0000_2710_0000_0001
    return (low &+ high) >> 32
  }

  @inline(__always)
  private static func lowBits(_ bits: UInt64) -> UInt64 { (1 << bits) &- 1 }

  /// Whether the digits are written as a program would write the number: no zero in front.
  @inline(__always)
  var isCanonicalNumber: Bool { count == 1 || start[0] != UInt8(ascii: "0") }

  /// Where the next cell's delimiter stands.
  var end: UnsafePointer<UInt8> { start.advanced(by: count) }

  /// The bytes.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  /// The last eight bytes, or all with zeros in front when there are fewer.
  @inline(__always)
  private var lastBytes: UInt64 {
    guard count > 0 else { return 0 }
    let word = UnsafeRawPointer(end).loadUnaligned(fromByteOffset: -8, as: UInt64.self)
    return word >> (UInt64(8 &- min(count, 8)) &* 8)
  }

  /// A number by which most cells differ: for a first, quick look.
  @inline(__always)
  var key: UInt64 { number ?? lastBytes &+ UInt64(count) }

  /// Whether the bytes are UTF-8; a file in another encoding is for a slower reader.
  @inline(__always)
  var isUnicode: Bool {
    var bits = lastBytes
    var at = 0
    while at &+ 8 < count {
      bits |= UnsafeRawPointer(start).loadUnaligned(fromByteOffset: at, as: UInt64.self)
      at &+= 8
    }
    return bits & Self.highBits == 0 || isValidUnicode
  }

  @inline(never)
  private var isValidUnicode: Bool { String(validating: bytes, as: UTF8.self) != nil }

  /// The cell without spaces around it.
  @inline(__always)
  var trimmed: FieldText {
    guard count > 0, start[0] == 0x20 || start[count &- 1] == 0x20 else { return self }
    var (low, high) = (0, count)
    while low < high, start[low] == 0x20 { low += 1 }
    while high > low, start[high - 1] == 0x20 { high -= 1 }
    return FieldText(start: start.advanced(by: low), count: high - low)
  }
}

/// Copies a text to where wide loads around it do no harm.
package final class PaddedText {
  private let memory = GrowingMemory<UInt8>(capacity: 1 << 8)
  private static let margin = 8

  package init() {}

  /// A cell that is good until the next one is asked for.
  package func field(_ text: String) -> FieldText {
    var text = text
    return text.withUTF8 { bytes in
      memory.reserve(bytes.count + 2 * Self.margin, keeping: 0)
      let start = memory.base.advanced(by: Self.margin)
      if let source = bytes.baseAddress { start.update(from: source, count: bytes.count) }
      return FieldText(start: UnsafePointer(start), count: bytes.count)
    }
  }
}
