/// Companions as columns, in memory that the next question uses again.
package final class CompanionTable {
  package private(set) var count = 0
  private let persons = GrowingMemory<UInt32>()
  private let overlaps = GrowingMemory<UInt32>()
  private let meetings = GrowingMemory<UInt32>()
  private let firsts = GrowingMemory<UInt32>()
  private let lasts = GrowingMemory<UInt32>()

  /// Direct access to the columns, good until the next question.
  package struct Columns {
    package let person: UnsafeMutablePointer<UInt32>
    package let overlap: UnsafeMutablePointer<UInt32>
    package let meetings: UnsafeMutablePointer<UInt32>
    package let first: UnsafeMutablePointer<UInt32>
    package let last: UnsafeMutablePointer<UInt32>

    @inline(__always)
    func set(_ index: Int, _ row: Companion) {
      person[index] = row.person
      overlap[index] = row.overlap
      meetings[index] = row.meetings
      first[index] = row.first
      last[index] = row.last
    }
  }

  /// Columns with room for so many rows; ``finish(_:)`` says how many were filled.
  func columns(room: Int) -> Columns {
    for column in [persons, overlaps, meetings, firsts, lasts] {
      column.reserve(room, keeping: 0)
    }
    return columns
  }

  /// The columns as they lie in memory, with ``count`` rows.
  package var columns: Columns {
    Columns(
      person: persons.base, overlap: overlaps.base, meetings: meetings.base, first: firsts.base,
      last: lasts.base)
  }

  func finish(_ count: Int) { self.count = count }

  package subscript(index: Int) -> Companion {
    Companion(
      person: persons.base[index], overlap: overlaps.base[index], meetings: meetings.base[index],
      first: firsts.base[index], last: lasts.base[index])
  }

  /// The rows as values of their own, those with the longest overlap first.
  package var sorted: [Companion] {
    (0..<count).map { self[$0] }.sorted { left, right in
      left.overlap == right.overlap
        ? left.person < right.person : left.overlap > right.overlap
    }
  }
}
