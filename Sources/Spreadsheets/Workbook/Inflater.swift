import CZlib

/// Unpacks deflate data piece by piece.
///
/// A class, because zlib keeps a pointer to its state that must neither move nor be copied.
final class Inflater {
  private let state: UnsafeMutablePointer<z_stream>
  private var input: [UInt8] = []
  private var consumed = 0
  private(set) var isFinished = false

  init?() {
    state = .allocate(capacity: 1)
    state.initialize(to: z_stream())
    let windowBits: Int32 = -15  // raw deflate, as archives hold it
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(state, windowBits, zlibVersion(), size) == Z_OK else { return nil }
  }

  deinit {
    inflateEnd(state)
    state.deallocate()
  }

  /// Whether more packed bytes are needed.
  var needsInput: Bool { consumed >= input.count && !isFinished }

  func feed(_ bytes: [UInt8]) {
    input = bytes
    consumed = 0
  }

  /// Unpacks into `target`; answers the bytes written, or `nil` when the data are damaged.
  func unpack(into target: UnsafeMutableRawPointer, count: Int) -> Int? {
    let start = consumed
    return input.withUnsafeMutableBufferPointer { packed -> Int? in
      state.pointee.next_in = packed.baseAddress.map { $0 + start }
      state.pointee.avail_in = UInt32(packed.count - start)
      state.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
      state.pointee.avail_out = UInt32(count)
      let result = inflate(state, Z_NO_FLUSH)
      consumed = packed.count - Int(state.pointee.avail_in)
      let written = count - Int(state.pointee.avail_out)
      switch result {
      case Z_STREAM_END:
        isFinished = true
        return written
      case Z_OK, Z_BUF_ERROR:
        return written
      default:
        return nil
      }
    }
  }
}
