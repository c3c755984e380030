@testable import Visits

/// The questions answered slowly and plainly: every pair of visits is looked at.
struct PlainScan {
  let visits: [Visit]

  init(_ visits: [Visit]) { self.visits = visits.filter { $0.from <= $0.to } }

  private struct Span: Hashable {
    var venue: UInt32
    var from: UInt32
    var to: UInt32
  }

  func companions(
    of cases: [UInt32], _ index: UInt32, _ rule: MeetingRule, _ window: SecondSpan
  ) -> [Companion] {
    let people = Set(visits.map(\.person)).subtracting(cases).subtracting([index])
    let own = visits.filter { $0.person == index }
    let others = Dictionary(grouping: visits, by: \.person)
    return people.compactMap { person in
      var spans: [Span] = []
      for mine in own {
        for other in others[person] ?? [] where other.venue == mine.venue {
          let from = max(mine.from, other.from, window.from)
          let to = min(mine.to, other.to, window.to)
          if from < to { spans.append(Span(venue: mine.venue, from: from, to: to)) }
        }
      }
      return judged(person, spans, rule)
    }
    .sorted { $0.person < $1.person }
  }

  private func judged(_ person: UInt32, _ spans: [Span], _ rule: MeetingRule) -> Companion? {
    var meetings = spans
    if rule.joinsTouching {
      meetings = []
      for venue in Set(spans.map(\.venue)) {
        for span in spans.filter({ $0.venue == venue }).sorted(by: { $0.from < $1.from }) {
          if let last = meetings.last, last.venue == venue, span.from <= last.to {
            meetings[meetings.count - 1].to = max(last.to, span.to)
          } else {
            meetings.append(span)
          }
        }
      }
    }
    meetings = meetings.filter { $0.to - $0.from >= rule.minimumMeeting }
    let seconds = length(meetings)
    guard seconds >= max(1, Int(rule.minimumTotal)) else { return nil }
    return Companion(
      person: person, overlap: UInt32(seconds), meetings: UInt32(meetings.count),
      first: meetings.map(\.from).min() ?? 0, last: meetings.map(\.to).max() ?? 0)
  }

  /// Counts second by second where spans cross, so that no thought of the engine is repeated.
  private func length(_ spans: [Span]) -> Int {
    if spans.count == 1 { return Int(spans[0].to - spans[0].from) }
    return Set(spans.flatMap { $0.from..<$0.to }).count
  }

  func visitors(of venue: UInt32, in span: SecondSpan) -> [Companion] {
    Set(visits.map(\.person)).compactMap { person in
      let spans = visits.filter { $0.person == person && $0.venue == venue }.map {
        Span(venue: venue, from: max($0.from, span.from), to: min($0.to, span.to))
      }
      return judged(person, spans.filter { $0.from < $0.to }, MeetingRule(minimumTotal: 1))
    }
    .sorted { $0.person < $1.person }
  }

  func onward(from carriers: [Carrier], never: [UInt32]) -> [Onward] {
    let skipped = Set(carriers.map(\.person) + never)
    var first: [UInt32: UInt32] = [:]
    for carrier in carriers {
      for mine in visits where mine.person == carrier.person {
        for other in visits where other.venue == mine.venue && !skipped.contains(other.person) {
          let from = max(mine.from, other.from, carrier.since)
          guard from < min(mine.to, other.to, carrier.until) else { continue }
          first[other.person] = min(first[other.person] ?? .max, from)
        }
      }
    }
    return first.map { Onward(person: $0.key, first: $0.value) }.sorted { $0.person < $1.person }
  }

  func trajectory(of person: UInt32, in window: SecondSpan) -> [Visit] {
    visits.filter { $0.person == person }.compactMap { visit in
      var cut = visit
      cut.from = max(visit.from, window.from)
      cut.to = min(visit.to, window.to)
      let isInside = cut.from < cut.to
      let isEmpty = visit.from == visit.to && window.from <= visit.from && visit.to < window.to
      return isInside || isEmpty ? cut : nil
    }
  }
}
