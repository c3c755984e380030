/// A column of whole numbers of 1 to 4 bytes each, read by one wide load.
struct PackedColumn {
  let base: UnsafeMutableRawPointer
  let width: Int
  private let mask: UInt32

  init(base: UnsafeMutableRawPointer, width: Int) {
    self.base = base
    self.width = width
    mask = width >= 4 ? .max : (1 << UInt32(width * 8)) - 1
  }

  @inline(__always)
  subscript(index: Int) -> UInt32 {
    base.loadUnaligned(fromByteOffset: index &* width, as: UInt32.self) & mask
  }

  /// Writes a number; the next one is overwritten, so numbers are written from front to back.
  @inline(__always)
  func set(_ index: Int, _ value: UInt32) {
    base.storeBytes(of: value, toByteOffset: index &* width, as: UInt32.self)
  }

  /// The bytes needed for numbers up to a largest one.
  static func width(upTo largest: Int) -> Int {
    largest < 1 << 8 ? 1 : largest < 1 << 16 ? 2 : largest < 1 << 24 ? 3 : 4
  }
}
