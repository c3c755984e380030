/// The spans of people who were met more than once, joined person by person.
final class SpanGroups {
  /// A common span with a person at a venue.
  struct Span {
    var person: UInt32
    var venue: UInt32
    var start: UInt32
    var end: UInt32
  }

  private let spans = GrowingMemory<Span>()
  private let scratch = GrowingMemory<Span>()
  private(set) var count = 0

  func clear() { count = 0 }

  @inline(__always)
  func add(_ span: Span) {
    spans.reserve(count &+ 1, keeping: count)
    spans.base[count] = span
    count &+= 1
  }

  /// Joins the spans of each person and hands out those who reach the rule, by ascending id.
  func settle(_ rule: MeetingRule, persons: Int, into result: (Companion) -> Void) {
    scratch.reserve(count, keeping: 0)
    let moved = RadixSort.sort(
      spans.base, scratch: scratch.base, count: count, bits: 0..<RadixSort.bits(below: persons),
      key: { UInt64($0.person) })
    let sorted = moved ? scratch.base : spans.base
    var low = 0
    while low < count {
      var high = low &+ 1
      while high < count, sorted[high].person == sorted[low].person { high &+= 1 }
      let group = UnsafeMutableBufferPointer(start: sorted.advanced(by: low), count: high - low)
      if let companion = Self.joined(group, rule) { result(companion) }
      low = high
    }
  }

  /// One person's spans as a companion; `nil` when the rule is not reached.
  static func joined(
    _ group: UnsafeMutableBufferPointer<Span>, _ rule: MeetingRule
  ) -> Companion? {
    let kept = rule.joinsTouching ? joinTouching(group) : group.count
    var companion = Companion(person: 0, overlap: 0, meetings: 0, first: .max, last: 0)
    var counted = 0
    for index in 0..<kept {
      let span = group[index]
      guard span.end &- span.start >= rule.minimumMeeting else { continue }
      group[counted] = span
      counted &+= 1
      companion.first = min(companion.first, span.start)
      companion.last = max(companion.last, span.end)
    }
    guard counted > 0 else { return nil }
    companion.person = group[0].person
    companion.meetings = UInt32(truncatingIfNeeded: counted)
    companion.overlap = unionSeconds(UnsafeMutableBufferPointer(rebasing: group[..<counted]))
    return companion.overlap >= max(rule.minimumTotal, 1) ? companion : nil
  }

  /// Joins spans that touch or overlap at one venue, in place; gives how many are left.
  private static func joinTouching(
    _ group: UnsafeMutableBufferPointer<Span>
  ) -> Int {
    order(group) { ($0.venue, $0.start) < ($1.venue, $1.start) }
    var last = 0
    for index in 1..<max(group.count, 1) {
      let span = group[index]
      if span.venue == group[last].venue, span.start <= group[last].end {
        group[last].end = max(group[last].end, span.end)
      } else {
        last &+= 1
        group[last] = span
      }
    }
    return last + 1
  }

  /// The length of the union: no second counts twice.
  private static func unionSeconds(_ group: UnsafeMutableBufferPointer<Span>) -> UInt32 {
    order(group) { $0.start < $1.start }
    var seconds: UInt32 = 0
    var end: UInt32 = 0
    for span in group {
      let start = max(span.start, end)
      if span.end > start { seconds &+= span.end &- start }
      end = max(end, span.end)
    }
    return seconds
  }

  /// Sorts a group; nearly all have two or three spans.
  @inline(__always)
  private static func order(
    _ group: UnsafeMutableBufferPointer<Span>, _ isBefore: (Span, Span) -> Bool
  ) {
    if group.count > 24 {
      var group = group
      return group.sort(by: isBefore)
    }
    for index in 1..<max(group.count, 1) {
      let span = group[index]
      var hole = index
      while hole > 0, isBefore(span, group[hole &- 1]) {
        group[hole] = group[hole &- 1]
        hole &-= 1
      }
      group[hole] = span
    }
  }
}
