import Kernel

/// What a person's visits tell when they are laid on one line of time.
package enum TrajectoryRules {
  /// A person's visits in order, with what does not fit.
  package struct Line: Sendable {
    package let visits: [(visit: Visit, conflict: Bool)]
    package let gaps: [TimeSpan]
    package let conflicts: [TimeSpan]
  }

  /// Lays visits on a line: those at two spots at once are in conflict, holes of at least `leastGap`
  /// between them are gaps.
  package static func line(_ visits: [Visit], leastGap: Duration) -> Line {
    let sorted = visits.sorted {
      ($0.span.from, $0.span.to, $0.venue) < ($1.span.from, $1.span.to, $1.venue)
    }
    var inConflict = Array(repeating: false, count: sorted.count)
    var overlaps: [TimeSpan] = []
    var gaps: [TimeSpan] = []
    var covered: Instant?
    for (index, visit) in sorted.enumerated() {
      for later in sorted.indices[(index + 1)...] {
        if sorted[later].span.from >= visit.span.to { break }
        let common = visit.span.common(with: sorted[later].span)
        if common.isEmpty || sorted[later].spot == visit.spot { continue }
        inConflict[index] = true
        inConflict[later] = true
        overlaps.append(common)
      }
      if let end = covered, visit.span.from > end, visit.span.from - end >= leastGap {
        gaps.append(TimeSpan(end, visit.span.from))
      }
      covered = max(covered ?? visit.span.to, visit.span.to)
    }
    return Line(
      visits: Array(zip(sorted, inConflict)), gaps: gaps, conflicts: joined(overlaps))
  }

  /// Spans without overlaps, in order.
  private static func joined(_ spans: [TimeSpan]) -> [TimeSpan] {
    var result: [TimeSpan] = []
    for span in spans.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) {
      if let last = result.last, span.from <= last.to {
        result[result.count - 1] = TimeSpan(last.from, max(last.to, span.to))
      } else {
        result.append(span)
      }
    }
    return result
  }
}
