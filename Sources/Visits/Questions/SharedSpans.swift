/// Seconds that a person and somebody else spent at one venue, and how the other's presence became
/// known.
package struct SharedSpan: Hashable, Sendable {
  package var person: UInt32
  package var venue: UInt32
  package var from: UInt32
  package var to: UInt32
  package var source: UInt8

  package init(person: UInt32, venue: UInt32, from: UInt32, to: UInt32, source: UInt8) {
    self.person = person
    self.venue = venue
    self.from = from
    self.to = to
    self.source = source
  }
}

extension Inquiry {
  /// Every common span of a person with anybody else, cut to the window: the evidence behind
  /// ``companions(of:by:in:)``. Unjoined, in any order, never empty; what passes midnight comes in
  /// pieces that touch.
  package func crossings(of person: UInt32, in window: SecondSpan = .always) -> [SharedSpan] {
    var spans: [SharedSpan] = []
    guard Int(person) < persons else { return [] }
    findStays(of: person, in: window)
    for stay in stays where stay.enter < stay.leave {
      let day = days[stay.day]
      for segment in day.segments {
        let all = segment.rows(of: stay.venue)
        let bound = segment.lengthBound(of: stay.venue)
        let low = stay.enter > bound ? stay.enter - bound : 0
        for row in segment.firstRow(in: all, from: low)..<all.upperBound {
          let other = segment.stay[row]
          if Stay.enter(other) >= stay.leave { break }
          let from = max(Stay.enter(other), stay.enter)
          let to = min(Stay.leave(other), stay.leave)
          guard from < to, segment.person[row] != person else { continue }
          let source = segment.source(of: row) & ~StayRow.continues
          spans.append(
            SharedSpan(
              person: segment.person[row], venue: UInt32(stay.venue), from: day.begin + from,
              to: day.begin + to, source: UInt8(truncatingIfNeeded: source)))
        }
      }
    }
    return spans
  }
}

extension Inquiry {
  /// Every stay at a venue that has a second in common with a span, cut to it.
  package func presences(at venue: UInt32, in span: SecondSpan) -> [SharedSpan] {
    var spans: [SharedSpan] = []
    for day in days where day.meets(span) {
      let enter = max(span.from, day.begin) - day.begin
      let leave = UInt32(min(UInt64(span.to) - UInt64(day.begin), UInt64(Stay.day)))
      for segment in day.segments {
        let all = segment.rows(of: Int(venue))
        let bound = segment.lengthBound(of: Int(venue))
        let low = enter > bound ? enter - bound : 0
        for row in segment.firstRow(in: all, from: low)..<all.upperBound {
          let other = segment.stay[row]
          if Stay.enter(other) >= leave { break }
          let from = max(Stay.enter(other), enter)
          let to = min(Stay.leave(other), leave)
          guard from < to else { continue }
          let source = segment.source(of: row) & ~StayRow.continues
          spans.append(
            SharedSpan(
              person: segment.person[row], venue: venue, from: day.begin + from,
              to: day.begin + to, source: UInt8(truncatingIfNeeded: source)))
        }
      }
    }
    return spans
  }
}
