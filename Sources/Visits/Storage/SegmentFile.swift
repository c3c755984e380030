import Glibc

/// Puts bytes on the disk so that they are whole or not there.
enum DurableFile {
  /// Writes beside the place, syncs, and moves into the place.
  static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(VisitFault) {
    let draft = path + ".draft"
    let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw VisitFault(.unwritable, at: draft, system: errno) }
    defer { close(file) }
    try writeAll(bytes, to: file, path: draft)
    guard fdatasync(file) == 0, rename(draft, path) == 0 else {
      throw VisitFault(.unwritable, at: path, system: errno)
    }
  }

  /// Writes all bytes to an open file.
  static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to file: Int32, path: String
  ) throws(VisitFault) {
    var at = 0
    while at < bytes.count {
      let step = min(bytes.count - at, 1 << 24)
      let written = Glibc.write(file, bytes.baseAddress?.advanced(by: at), step)
      if written < 0 {
        if errno == EINTR { continue }
        throw VisitFault(.unwritable, at: path, system: errno)
      }
      at += written
    }
  }

  /// Makes new and removed names of a folder durable.
  static func syncFolder(_ path: String) throws(VisitFault) {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw VisitFault(.unreadable, at: path, system: errno) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw VisitFault(.unwritable, at: path, system: errno) }
  }
}
