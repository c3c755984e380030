/// A fast checksum of 64 bits against torn and flipped bytes; not against a forger.
///
/// Each step is a bijection of the lane it touches, so that a change of any one word always shows.
enum Checksum {
  private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let laneWidth = 8
  private static let lanes = 4

  /// The checksum of some bytes.
  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var lane = SIMD4<UInt64>(1, 2, 3, 4)
    let stride = laneWidth * lanes
    let whole = bytes.count / stride * stride
    var a = lane[0]
    var b = lane[1]
    var c = lane[2]
    var d = lane[3]
    var at = 0
    while at < whole {
      a = mixed(a, bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      b = mixed(b, bytes.loadUnaligned(fromByteOffset: at &+ 8, as: UInt64.self))
      c = mixed(c, bytes.loadUnaligned(fromByteOffset: at &+ 16, as: UInt64.self))
      d = mixed(d, bytes.loadUnaligned(fromByteOffset: at &+ 24, as: UInt64.self))
      at &+= stride
    }
    while at < bytes.count {
      a = mixed(a, UInt64(bytes[at]))
      at += 1
    }
    lane = SIMD4(a, b, c, d)
    var sum = UInt64(bytes.count)
    for index in 0..<lanes { sum = mixed(sum, lane[index]) }
    return sum
  }

  @inline(__always)
  private static func mixed(_ state: UInt64, _ word: UInt64) -> UInt64 {
    let product = (state ^ word) &* factor
    return product ^ (product >> 29)
  }
}
