/// Common spans found by looking through venues, stay of the case by stay of the case.
final class Hits {
  private(set) var count = 0
  private let persons = GrowingMemory<UInt32>()
  private let starts = GrowingMemory<UInt32>()
  private let ends = GrowingMemory<UInt32>()
  /// For each stay of the case: its venue and where its hits end.
  private(set) var groups: [Group] = []

  struct Group {
    let venue: UInt32
    let end: Int
  }

  var person: UnsafeMutablePointer<UInt32> { persons.base }
  var start: UnsafeMutablePointer<UInt32> { starts.base }
  var end: UnsafeMutablePointer<UInt32> { ends.base }

  func clear() {
    count = 0
    groups.removeAll(keepingCapacity: true)
  }

  /// Looks at some rows of a venue and keeps those with a common second; times are seconds of the
  /// segment's day.
  @inline(__always)
  func collect(
    _ segment: Segment, _ rows: Range<Int>, venue: Int, enter: UInt32, leave: UInt32
  ) {
    let room = count &+ rows.count
    persons.reserve(room, keeping: count)
    starts.reserve(room, keeping: count)
    ends.reserve(room, keeping: count)
    let (person, start, end) = (persons.base, starts.base, ends.base)
    let (stays, people, begin) = (segment.stay, segment.person, segment.begin)
    var next = count
    var row = rows.lowerBound
    // Every row is written and the place moves on only behind a hit: no branch to guess wrong.
    while row < rows.upperBound {
      let stay = stays[row]
      let from = max(Stay.enter(stay), enter)
      let to = min(Stay.leave(stay), leave)
      person[next] = people[row]
      start[next] = from &+ begin
      end[next] = to &+ begin
      next &+= from < to ? 1 : 0
      row &+= 1
    }
    count = next
    groups.append(Group(venue: UInt32(truncatingIfNeeded: venue), end: next))
  }
}
