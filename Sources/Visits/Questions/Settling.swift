extension Inquiry {
  /// Makes rows of the hits. Who was met once is a row at once; the others are looked at closely.
  func settle(_ rule: MeetingRule, never: (UInt32) -> Bool) {
    let (person, start, end) = (hits.person, hits.start, hits.end)
    marks.mark(person, count: hits.count)
    groups.clear()
    let columns = table.columns(room: hits.count)
    let least = max(rule.minimumTotal, rule.minimumMeeting, 1)
    var count = 0
    var index = 0
    for group in hits.groups {
      while index < group.end {
        let span = SpanGroups.Span(
          person: person[index], venue: group.venue, start: start[index], end: end[index])
        if marks.needsCloserLook(span.person) {
          if !never(span.person) { groups.add(span) }
        } else {
          let overlap = span.end &- span.start
          columns.set(
            count,
            Companion(
              person: span.person, overlap: overlap, meetings: 1, first: span.start,
              last: span.end))
          count &+= overlap >= least ? 1 : 0
        }
        index &+= 1
      }
    }
    groups.settle(rule, persons: persons) { companion in
      columns.set(count, companion)
      count &+= 1
    }
    table.finish(count)
    marks.clear(person, count: hits.count)
  }
}

extension PersonMarks {
  /// Takes the marks of a few people away.
  func clear(_ persons: [UInt32]) {
    var persons = persons
    persons.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      clear(base, count: buffer.count)
    }
  }
}
