/// Memory for plain values that grows and is used again from question to question.
final class GrowingMemory<Element: BitwiseCopyable> {
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int

  init(capacity: Int = 1 << 10) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  /// Makes room, keeping the first elements.
  @inline(__always)
  func reserve(_ wanted: Int, keeping count: Int) {
    if wanted > capacity { grow(to: wanted, keeping: count) }
  }

  @inline(never)
  private func grow(to wanted: Int, keeping count: Int) {
    capacity = max(wanted, capacity * 2)
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
  }
}
