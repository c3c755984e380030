/// Someone was somewhere from one second until another. Ids are numbers given by ``Names``.
package struct Visit: Hashable, Sendable {
  package var person: UInt32
  package var venue: UInt32
  /// The first second, counted from 1970 on the clock of the district.
  package var from: UInt32
  /// The second after the last.
  package var to: UInt32
  package var source: UInt8

  package init(person: UInt32, venue: UInt32, from: UInt32, to: UInt32, source: UInt8 = 0) {
    self.person = person
    self.venue = venue
    self.from = from
    self.to = to
    self.source = source
  }
}

/// A stretch of seconds, the last one not included.
package struct SecondSpan: Hashable, Sendable {
  package var from: UInt32
  package var to: UInt32

  package init(_ from: UInt32, _ to: UInt32) {
    self.from = from
    self.to = to
  }

  /// All of time.
  package static let always = SecondSpan(0, .max)
}

/// A stay inside one day in 32 bits: the second of the day it begins, and how long it is.
///
/// Sorted by this number stays are sorted by their begin. A longer visit is kept as several stays
/// that touch (see ``DayRows``), which changes no union and no joined meeting.
enum Stay {
  static let lengthBits: UInt32 = 15
  static let lengthMask: UInt32 = (1 << 15) - 1
  static let longest = Int(lengthMask)
  /// A visit that is too long for one stay is cut at these hours of the day.
  static let cut: UInt32 = 8 * 3_600
  static let day: UInt32 = 86_400

  @inline(__always)
  static func make(enter: UInt32, length: UInt32) -> UInt32 { enter << lengthBits | length }
  @inline(__always)
  static func enter(_ stay: UInt32) -> UInt32 { stay >> lengthBits }
  @inline(__always)
  static func leave(_ stay: UInt32) -> UInt32 { (stay >> lengthBits) &+ (stay & lengthMask) }
}

/// One stay as it is sorted into a segment.
struct StayRow: Hashable, BitwiseCopyable {
  var venue: UInt32
  var stay: UInt32
  var person: UInt32
  /// The source in the low bits; ``continues`` when it goes on where another stay ended.
  var source: UInt32

  /// Marks a stay that is the rest of a visit cut in two.
  static let continues: UInt32 = 0x80
}
