import Gazette
import Kernel

/// A common span of two people at one venue, from the moment the second came to the moment the
/// first left; touching spans are one.
package struct Meeting: Hashable, Sendable {
  package let other: PersonID
  package let spot: String
  package let venue: VenueID?
  package let venueKind: VenueKind
  package let span: TimeSpan
  /// How it became known, each source once, in order.
  package let sources: [String]
}

/// How crossings become meetings, and meetings contacts.
package enum MeetingsRules {
  /// Joins the crossings of one person with others: those of one pair at one venue that overlap or
  /// touch are one meeting. By other person, then time.
  package static func meetings(from crossings: [Crossing]) -> [Meeting] {
    let sorted = crossings.sorted { left, right in
      if left.other != right.other { return left.other < right.other }
      if left.spot != right.spot {
        return left.spot.utf8.lexicographicallyPrecedes(right.spot.utf8)
      }
      if left.span.from != right.span.from { return left.span.from < right.span.from }
      return left.span.to < right.span.to
    }
    var meetings: [Meeting] = []
    for crossing in sorted {
      if let last = meetings.last, last.other == crossing.other, last.spot == crossing.spot,
        crossing.span.from <= last.span.to
      {
        meetings[meetings.count - 1] = last.joined(with: crossing)
      } else {
        meetings.append(Meeting(crossing))
      }
    }
    return meetings.sorted { left, right in
      if left.other != right.other { return left.other < right.other }
      if left.span.from != right.span.from { return left.span.from < right.span.from }
      return left.spot.utf8.lexicographicallyPrecedes(right.spot.utf8)
    }
  }

  /// The length of the union of spans: no second counts twice.
  package static func unionSeconds(_ spans: [TimeSpan]) -> Int {
    var milliseconds: Int64 = 0
    var end: Instant?
    for span in spans.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) where !span.isEmpty {
      let from = max(span.from, end ?? span.from)
      if span.to > from { milliseconds += span.to.milliseconds - from.milliseconds }
      end = max(span.to, end ?? span.to)
    }
    return Int(milliseconds / 1_000)
  }

  /// What each meeting of one pair makes the other person: a contact of the kind asked for, a
  /// general contact, or nothing.
  package static func judged(
    _ meetings: [Meeting], as kind: ContactKind, under policy: ContactsPolicy
  ) -> [(meeting: Meeting, kind: ContactKind)] {
    let general: ContactKind? = policy.generalContacts && kind == .close ? .general : nil
    return Dictionary(grouping: meetings, by: \.venueKind).flatMap { venueKind, meetings in
      let total = unionSeconds(meetings.map(\.span))
      return meetings.compactMap { meeting -> (Meeting, ContactKind)? in
        if suffices(meeting, total: total, under: policy.rule(venueKind)) {
          return (meeting, kind)
        }
        return general.map { (meeting, $0) }
      }
    }
  }

  private static func suffices(
    _ meeting: Meeting, total: Int, under rule: ContactsPolicy.MeetingRule?
  ) -> Bool {
    guard let rule else { return false }
    switch rule.counted {
    case .meeting: return meeting.span.seconds >= rule.minimum.inSeconds
    case .total: return Int64(total) >= rule.minimum.inSeconds
    }
  }
}

extension Meeting {
  fileprivate init(_ crossing: Crossing) {
    other = crossing.other
    spot = crossing.spot
    venue = crossing.venue
    venueKind = crossing.venueKind
    span = crossing.span
    sources = [crossing.source]
  }

  fileprivate func joined(with crossing: Crossing) -> Meeting {
    Meeting(
      other: other, spot: spot, venue: min(venue, crossing.venue), venueKind: venueKind,
      span: TimeSpan(span.from, max(span.to, crossing.span.to)),
      sources: Set(sources + [crossing.source]).sorted())
  }

  /// Two spellings of one venue: the smaller stands for both, whatever the order of the rows.
  private func min(_ one: VenueID?, _ other: VenueID?) -> VenueID? {
    guard let one, let other else { return one ?? other }
    return Swift.min(one, other)
  }
}
