/// Asks a store of visits; keeps its memory from question to question.
///
/// It belongs to one thread at a time. Answers are exact; nothing is sampled.
package final class Inquiry {
  let days: [DaySegments]
  let persons: Int
  let hits = Hits()
  let marks: PersonMarks
  let groups = SpanGroups()
  let table = CompanionTable()
  var stays: [CaseStay] = []

  /// Segments in any order; several may be of one day.
  package init(_ segments: [Segment]) {
    let byDay = Dictionary(grouping: segments, by: \.day)
    days = byDay.keys.sorted().map { DaySegments(day: $0, segments: byDay[$0] ?? []) }
    persons = segments.map(\.persons).max() ?? 0
    marks = PersonMarks(persons: persons)
  }

  /// The segments of one day: the sealed one, and those with what came late.
  struct DaySegments {
    let day: UInt32
    let segments: [Segment]
    var begin: UInt32 { day * Stay.day }

    /// Whether the day has a second in common with a span.
    func meets(_ span: SecondSpan) -> Bool {
      UInt64(span.from) < UInt64(begin) + UInt64(Stay.day) && begin < span.to
    }
  }

  /// A stay of the person who is asked about, cut to the window; seconds of its day.
  struct CaseStay {
    var day: Int
    /// The segment and row where it lies, so that its neighbours need not be searched for.
    var segment: Int
    var row: Int
    var venue: Int
    var enter: UInt32
    var leave: UInt32
  }

  /// Everyone who was at a venue where and while the person was there, as often and as long as the
  /// rule asks for. The table is good until the next question.
  package func companions(
    of person: UInt32, by rule: MeetingRule, in window: SecondSpan = .always
  ) -> CompanionTable {
    ask(person, window)
    marks.flag(person)
    settle(rule, never: { $0 == person })
    return table
  }

  /// The same for many people at once. None of them is ever listed.
  package func companions(
    of cases: [UInt32], by rule: MeetingRule, in window: SecondSpan = .always,
    each answer: (_ index: UInt32, _ companions: CompanionTable) throws -> Void
  ) rethrows {
    let known = cases.filter { Int($0) < persons }
    let never = PersonSet(known)
    for index in cases {
      ask(index, window)
      for person in known { marks.flag(person) }
      settle(rule, never: { never.contains($0) })
      try answer(index, table)
    }
    marks.clear(known)
  }

  /// Everyone whose stay at a venue has a second in common with a span, with the length of the
  /// union inside it.
  package func visitors(
    of venue: UInt32, in span: SecondSpan, joinsTouching: Bool = true
  ) -> CompanionTable {
    hits.clear()
    for day in days where day.meets(span) {
      let enter = max(span.from, day.begin) - day.begin
      let leave = UInt32(min(UInt64(span.to) - UInt64(day.begin), UInt64(Stay.day)))
      for segment in day.segments {
        look(in: segment, at: Int(venue), enter: enter, leave: leave)
      }
    }
    let rule = MeetingRule(minimumTotal: 1, joinsTouching: joinsTouching)
    settle(rule, never: { _ in false })
    return table
  }

  /// Collects the hits of one person's stays.
  private func ask(_ person: UInt32, _ window: SecondSpan) {
    hits.clear()
    guard Int(person) < persons else { return }
    findStays(of: person, in: window)
    for stay in stays {
      let day = days[stay.day]
      for (number, segment) in day.segments.enumerated() {
        if number == stay.segment {
          lookAround(stay, in: segment)
        } else {
          look(in: segment, at: stay.venue, enter: stay.enter, leave: stay.leave)
        }
      }
    }
  }

  /// The person's stays in order of day, cut to the window.
  func findStays(of person: UInt32, in window: SecondSpan) {
    stays.removeAll(keepingCapacity: true)
    for (dayNumber, day) in days.enumerated() where day.meets(window) {
      for (number, segment) in day.segments.enumerated() {
        for place in segment.places(of: person) {
          stays.append(
            CaseStay(
              day: dayNumber, segment: number, row: Int(segment.rowOf[place]), venue: 0, enter: 0,
              leave: 0))
        }
      }
    }
    // Loads that wait for nothing else go out together, so that memory answers many at once.
    var bounds: UInt32 = 0
    for index in stays.indices {
      let segment = days[stays[index].day].segments[stays[index].segment]
      bounds &+= segment.touch(row: stays[index].row)
    }
    touched = bounds
    for index in stays.indices {
      let day = days[stays[index].day]
      let segment = day.segments[stays[index].segment]
      let stay = segment.stay[stays[index].row]
      let from = window.from > day.begin ? window.from - day.begin : 0
      stays[index].venue = segment.venue(of: stays[index].row)
      stays[index].enter = max(Stay.enter(stay), from)
      stays[index].leave = min(Stay.leave(stay), window.to - day.begin)
    }
  }

  /// Keeps the compiler from leaving out the early loads.
  private var touched: UInt32 = 0

  /// Looks at the rows around a row of the same venue.
  @inline(__always)
  private func lookAround(_ stay: CaseStay, in segment: Segment) {
    let all = segment.rows(of: stay.venue)
    let bound = segment.lengthBound(of: stay.venue)
    let low = Stay.make(enter: stay.enter > bound ? stay.enter - bound + 1 : 0, length: 0)
    let high = Stay.make(enter: stay.leave, length: 0)
    let step = 16
    var first = stay.row
    while first > all.lowerBound, segment.stay[first] >= low {
      first = max(first &- step, all.lowerBound)
    }
    var end = stay.row &+ 1
    while end < all.upperBound, segment.stay[end] < high {
      end = min(end &+ step, all.upperBound)
    }
    hits.collect(
      segment, first..<end, venue: stay.venue, enter: stay.enter, leave: stay.leave)
  }

  /// Looks through a venue between two seconds of the day.
  func look(in segment: Segment, at venue: Int, enter: UInt32, leave: UInt32) {
    let all = segment.rows(of: venue)
    guard !all.isEmpty else { return }
    let bound = segment.lengthBound(of: venue)
    let first = segment.firstRow(in: all, from: enter > bound ? enter - bound + 1 : 0)
    let end = segment.firstRow(in: first..<all.upperBound, from: leave)
    hits.collect(segment, first..<end, venue: venue, enter: enter, leave: leave)
  }
}
