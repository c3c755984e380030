import Glibc

/// A plain UTF-8 table in a file, walked once from front to back.
package final class PlainFile {
  package let path: String
  /// The names in the first line.
  package let header: [String]
  package let delimiter: UInt8
  private let region: Region
  private let body: Int
  private static let releaseStep = 1 << 26
  private static let headerLimit = 1 << 16

  /// Opens a file when it is plain as far as its first line shows: UTF-8 or ASCII, no quotation
  /// marks, a delimiter that is seen. `nil` means that a slower reader has to look.
  package init?(path: String) throws(VisitFault) {
    self.path = path
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
    region = try Region(mapping: path)
    let bytes = UnsafeRawBufferPointer(start: region.base, count: region.count)
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let first = bytes.starts(with: mark) ? mark.count : 0
    let head = bytes[first..<min(bytes.count, first + Self.headerLimit)]
    guard let end = head.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    var line = head[first..<end]
    if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
    let candidates = [",", ";", "\t"].map { UInt8(ascii: $0) }
    let counts = candidates.map { candidate in line.count { $0 == candidate } }
    guard let most = counts.max(), most > 0, counts.count(where: { $0 == most }) == 1,
      let index = counts.firstIndex(of: most), !line.contains(UInt8(ascii: "\"")),
      line.allSatisfy({ $0 < 0x80 && $0 != 0 })
    else { return nil }
    delimiter = candidates[index]
    header = line.split(separator: candidates[index], omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self).trimmingSpaces
    }
    body = end + 1
    region.readOnce()
  }

  /// How many bytes the file has.
  package var count: Int { region.count }

  /// Hands out every line; stops when told so or at a quotation mark.
  ///
  /// - Parameter row: is given the cells in the file's order, or the outcome without them, and the
  ///   row's number, where the header is row 1; says whether to go on.
  /// - Returns: whether it came to the end.
  @inline(__always)
  func forEachLine(
    _ scanner: LineScanner, progress: (Int) -> Void = { _ in },
    _ row: (LineScanner.Outcome, UnsafeMutablePointer<FieldText>, Int) -> Bool
  ) -> Bool {
    let base = UnsafeRawPointer(region.base).assumingMemoryBound(to: UInt8.self)
    let empty = FieldText(start: base, count: 0)
    let cells = UnsafeMutablePointer<FieldText>.allocate(capacity: scanner.wanted.count)
    cells.initialize(repeating: empty, count: scanner.wanted.count)
    defer { cells.deallocate() }
    // The last lines are copied, so that wide loads do not run off the end of the file.
    let split = tailStart
    var number = 1
    var at = base.advanced(by: body)
    let end = base.advanced(by: split)
    var nextRelease = Self.releaseStep
    while at < end {
      let (outcome, next) = scanner.line(at, into: cells)
      if outcome == .quoted { return false }
      number &+= 1
      guard row(outcome, cells, number) else { return false }
      at = next
      if at - base >= nextRelease {
        region.release(before: at - base - (1 << 16))
        progress(at - base)
        nextRelease += Self.releaseStep
      }
    }
    return tailLines(from: max(split, body)) { start in
      let (outcome, next) = scanner.line(start, into: cells)
      if outcome == .quoted { return nil }
      number &+= 1
      return row(outcome, cells, number) ? next : nil
    }
  }

  /// Where the lines begin that are too near to the end of the file.
  private var tailStart: Int {
    let safe = region.count - Region.margin
    guard safe > body else { return body }
    let bytes = UnsafeRawBufferPointer(start: region.base, count: safe)
    let feed = bytes[body...].lastIndex(of: UInt8(ascii: "\n"))
    return feed.map { $0 + 1 } ?? body
  }

  private func tailLines(
    from start: Int, _ line: (UnsafePointer<UInt8>) -> UnsafePointer<UInt8>?
  ) -> Bool {
    let count = region.count - start
    guard count > 0 else { return true }
    let margin = Region.margin
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: count + 2 * margin)
    copy.initialize(repeating: 0, count: count + 2 * margin)
    defer { copy.deallocate() }
    let text = copy.advanced(by: margin)
    UnsafeMutableRawPointer(text).copyMemory(
      from: region.base.advanced(by: start), byteCount: count)
    var length = count
    if text[count - 1] != UInt8(ascii: "\n") {
      text[count] = UInt8(ascii: "\n")
      length += 1
    }
    var at = UnsafePointer(text)
    while at < UnsafePointer(text.advanced(by: length)) {
      guard let next = line(at) else { return false }
      at = next
    }
    return true
  }
}

extension String {
  /// The text without spaces at its ends.
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
