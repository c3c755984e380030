import Foundation
import Kernel

/// Nobody reads standard output any more, as behind `| head`: nothing is left to be said.
struct OutputClosed: Error {}

/// The world let the command line down: a disk, a file, an address.
struct WorldFailed: Error {
  let words: Words

  init(_ chinese: String, _ english: String) { words = Words(chinese, english) }
}

extension Words {
  /// Why something failed, for a work that goes on all the same.
  init(of error: any Error) {
    switch error {
    case let refusal as Refusal: self = refusal.words
    case let failure as WorldFailed: self = failure.words
    case let fault as ClockFault: self = fault.sentence
    default: self.init("\(error)", "\(error)")
    }
  }
}

/// Standard output. Foundation's handle ends the process when a write fails.
enum StandardOutput {
  /// Writes all bytes.
  ///
  /// - Throws: ``OutputClosed`` when the reader is gone, ``WorldFailed`` when there is no room.
  static func write(_ bytes: [UInt8]) throws {
    guard let code = Descriptor.write(bytes, to: STDOUT_FILENO) else { return }
    if code == EPIPE { throw OutputClosed() }
    let reason = String(cString: strerror(code))
    throw WorldFailed(
      "结果写不出去（\(reason)），请检查磁盘空间后重试",
      "The output cannot be written (\(reason)); check the space on the disk and try again")
  }
}

/// Standard error, where a failure has nowhere to be told.
enum StandardError {
  static func write(_ text: String) { _ = Descriptor.write(Array(text.utf8), to: STDERR_FILENO) }
}

private enum Descriptor {
  /// Writes all bytes; gives the system's error number when it cannot.
  static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&waiting, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }
}
