import Glibc

/// A stretch of memory that many readers share: a file mapped for reading, or memory of our own.
///
/// It is a class because it owns what it points at and gives it back when the last reader goes.
package final class Region {
  let base: UnsafeMutableRawPointer
  /// How many bytes may be read.
  package let count: Int
  private let mapped: Int

  /// Memory of our own, all zero, with room behind it so that a wide load at the end is harmless.
  init(zeroed count: Int) throws(VisitFault) {
    let mapped = count + Region.margin
    let base = mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let base, base != MAP_FAILED else { throw VisitFault(.noMemory, system: errno) }
    (self.base, self.count, self.mapped) = (base, count, mapped)
  }

  /// A file as it lies on the disk. Nothing is read yet, so the size does not matter.
  package init(mapping path: String) throws(VisitFault) {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw VisitFault(.unreadable, at: path, system: errno) }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0 else { throw VisitFault(.unreadable, at: path, system: errno) }
    count = Int(facts.st_size)
    mapped = max(count, 1)
    let base = mmap(nil, mapped, PROT_READ, MAP_SHARED, file, 0)
    guard let base, base != MAP_FAILED else {
      throw VisitFault(.unreadable, at: path, system: errno)
    }
    self.base = base
  }

  deinit { munmap(base, mapped) }

  /// Asks the system to have all pages at hand, so that the first question need not wait for them.
  func warm() {
    let populateRead: Int32 = 22
    if madvise(base, mapped, populateRead) != 0 { madvise(base, mapped, MADV_WILLNEED) }
  }

  /// Tells the system that the bytes are read once, from front to back.
  func readOnce() { madvise(base, mapped, MADV_SEQUENTIAL) }

  /// Gives pages before an offset back to the system; they can be read again from the file.
  func release(before offset: Int) {
    let page = 1 << 12
    let whole = offset / page * page
    if whole > 0 { madvise(base, whole, MADV_DONTNEED) }
  }

  /// Bytes behind the end that may be loaded (never used) with a wide load.
  static let margin = 64
}

extension Region {
  /// A typed view of a part.
  func pointer<Element>(at offset: Int, as type: Element.Type) -> UnsafeMutablePointer<Element> {
    base.advanced(by: offset).assumingMemoryBound(to: type)
  }

  /// The bytes of a part.
  func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base.advanced(by: range.lowerBound), count: range.count)
  }
}
