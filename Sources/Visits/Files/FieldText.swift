/// A cell of a text file as it lies in memory.
///
/// At least eight bytes in front of it and behind it may be read, so that numbers are taken in one
/// load.
package struct FieldText {
  let start: UnsafePointer<UInt8>
  let count: Int

  package init(start: UnsafePointer<UInt8>, count: Int) {
    self.start = start
    self.count = count
  }

  private static let zeros: UInt64 = 0x3030_3030_3030_3030
  private static let highHalves: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
  private static let sixes: UInt64 = 0x0606_0606_0606_0606

  /// The number that the cell's digits make; `nil` when it has other characters, none, or too
  /// many.
  @inline(__always)
  var number: UInt64? {
    if count >= 1, count <= 8 { return Self.digits(start.advanced(by: count), count) }
    guard count > 8, count <= 16,
      let low = Self.digits(start.advanced(by: count), 8),
      let high = Self.digits(start.advanced(by: count &- 8), count &- 8)
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
    var value = text &- zeros
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

  /// The bytes.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  /// Whether the bytes are UTF-8; a file in another encoding is for a slower reader.
  var isUnicode: Bool {
    if bytes.allSatisfy({ $0 < 0x80 }) { return true }
    return String(validating: bytes, as: UTF8.self) != nil
  }

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
