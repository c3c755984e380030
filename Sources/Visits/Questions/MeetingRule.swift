/// From when on being at one place together counts; the numbers come from a policy or a person.
package struct MeetingRule: Hashable, Sendable {
  /// The least sum of common seconds of two people.
  package var minimumTotal: UInt32
  /// The least common seconds of one meeting; shorter ones do not count at all.
  package var minimumMeeting: UInt32
  /// Whether common spans that touch or overlap at one venue are one meeting. Otherwise each pair
  /// of stays is counted, which is what a plain join would do.
  package var joinsTouching: Bool

  package init(minimumTotal: UInt32, minimumMeeting: UInt32 = 0, joinsTouching: Bool = true) {
    self.minimumTotal = minimumTotal
    self.minimumMeeting = minimumMeeting
    self.joinsTouching = joinsTouching
  }
}

/// Someone who was near: for how long, how often, from when until when.
package struct Companion: Hashable, Sendable {
  package var person: UInt32
  /// Common seconds; none counts twice.
  package var overlap: UInt32
  package var meetings: UInt32
  /// The begin of the first meeting and the end of the last.
  package var first: UInt32
  package var last: UInt32

  package init(person: UInt32, overlap: UInt32, meetings: UInt32, first: UInt32, last: UInt32) {
    self.person = person
    self.overlap = overlap
    self.meetings = meetings
    self.first = first
    self.last = last
  }
}
