import Foundation

/// Bytes that can be read at any place: a file, or what a program already holds.
struct ByteSource {
  private enum Storage {
    case bytes([UInt8])
    case file(FileHandle)
  }

  private let storage: Storage
  /// How many bytes there are.
  let size: Int

  /// Bytes that are already in memory.
  init(bytes: [UInt8]) {
    storage = .bytes(bytes)
    size = bytes.count
  }

  /// A file; a pipe is first copied to an unnamed temporary file, because encodings and workbooks
  /// are recognised by looking at more than the beginning.
  init(path: String, limits: ReadingLimits) throws(SpreadsheetFault) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw SpreadsheetFault(errno == ENOENT ? .fileNotFound : .fileUnreadable)
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      throw SpreadsheetFault(.fileUnreadable)
    }
    if status.st_mode & S_IFMT == S_IFREG {
      storage = .file(handle)
      size = Int(status.st_size)
    } else {
      let (spooled, count) = try Self.spool(handle, limits: limits)
      storage = .file(spooled)
      size = count
    }
  }

  private static func spool(
    _ pipe: FileHandle, limits: ReadingLimits
  ) throws(SpreadsheetFault) -> (FileHandle, Int) {
    guard let stream = tmpfile() else { throw SpreadsheetFault(.fileUnreadable) }
    defer { fclose(stream) }
    let descriptor = dup(fileno(stream))
    guard descriptor >= 0 else { throw SpreadsheetFault(.fileUnreadable) }
    let copy = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var total = 0
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(pipe.fileDescriptor, &piece, piece.count)
      if count == 0 { return (copy, total) }
      if count < 0, errno == EINTR { continue }
      guard count > 0, total + count <= limits.pipedBytes,
        pwrite(descriptor, piece, count, off_t(total)) == count
      else { throw SpreadsheetFault(.fileUnreadable) }
      total += count
    }
  }

  /// Copies up to `count` bytes from `offset`; fewer only at the end.
  func read(
    at offset: Int, count: Int, into target: UnsafeMutableRawPointer
  ) throws(SpreadsheetFault) -> Int {
    let wanted = min(count, size - offset)
    guard wanted > 0 else { return 0 }
    switch storage {
    case .bytes(let bytes):
      bytes.withUnsafeBytes { all in
        if let base = all.baseAddress { memcpy(target, base + offset, wanted) }
      }
      return wanted
    case .file(let handle):
      var done = 0
      while done < wanted {
        let got = pread(
          handle.fileDescriptor, target + done, wanted - done, off_t(offset + done))
        if got < 0, errno == EINTR { continue }
        if got < 0 { throw SpreadsheetFault(.fileUnreadable) }
        if got == 0 { break }
        done += got
      }
      return done
    }
  }

  /// Up to `count` bytes from `offset`.
  func bytes(at offset: Int, count: Int) throws(SpreadsheetFault) -> [UInt8] {
    let wanted = max(0, min(count, size - offset))
    var bytes = [UInt8](repeating: 0, count: wanted)
    let got = try bytes.reading { target throws(SpreadsheetFault) in
      try read(at: offset, count: wanted, into: target)
    }
    return got == wanted ? bytes : Array(bytes.prefix(got))
  }
}

extension [UInt8] {
  /// Lends the array's memory to something that fills it.
  mutating func reading(
    _ fill: (UnsafeMutableRawPointer) throws(SpreadsheetFault) -> Int
  ) throws(SpreadsheetFault) -> Int {
    guard !isEmpty else { return 0 }
    return try withUnsafeMutableBufferPointer { buffer throws(SpreadsheetFault) in
      guard let base = buffer.baseAddress else { return 0 }
      return try fill(UnsafeMutableRawPointer(base))
    }
  }
}
