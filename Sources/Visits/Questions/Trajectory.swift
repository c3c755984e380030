extension Inquiry {
  /// Where a person was, in order of time, cut to a window; stays that were cut in two for storing
  /// are whole again. Two long visits that overlap at one venue may exchange their ends.
  package func trajectory(of person: UInt32, in window: SecondSpan = .always) -> [Visit] {
    var pieces: [(visit: Visit, continues: Bool)] = []
    findStays(of: person, in: window)
    for stay in stays {
      let day = days[stay.day]
      let source = day.segments[stay.segment].source(of: stay.row)
      let visit = Visit(
        person: person, venue: UInt32(stay.venue), from: day.begin &+ stay.enter,
        to: day.begin &+ max(stay.leave, stay.enter),
        source: UInt8(truncatingIfNeeded: source & ~StayRow.continues))
      let isCutAway = stay.leave < stay.enter || (stay.leave == stay.enter && !isEmpty(stay))
      if !isCutAway { pieces.append((visit, source & StayRow.continues != 0)) }
    }
    return Visit.whole(pieces)
  }

  /// Whether a stay has no length of its own, whatever the window.
  private func isEmpty(_ stay: CaseStay) -> Bool {
    let segment = days[stay.day].segments[stay.segment]
    return segment.stay[stay.row] & Stay.lengthMask == 0
  }
}

extension Visit {
  /// Makes visits of the stays as which they are kept, in order of time.
  package static func whole(_ pieces: [(visit: Visit, continues: Bool)]) -> [Visit] {
    let sorted = pieces.sorted { left, right in
      (left.visit.from, left.visit.to, left.visit.venue) < (
        right.visit.from, right.visit.to, right.visit.venue
      )
    }
    var whole: [Visit] = []
    for (visit, continues) in sorted {
      let before = whole.lastIndex {
        $0.to == visit.from && $0.venue == visit.venue && $0.source == visit.source
      }
      if continues, let before { whole[before].to = visit.to } else { whole.append(visit) }
    }
    return whole
  }
}

extension Inquiry {
  /// Has all segments brought into memory; gives how many there are.
  package func warm() -> Int {
    for segment in segments { segment.region.warm() }
    return segments.count
  }

  /// Reads everything and compares all checksums; gives how many segments there are.
  package func verify() throws(VisitFault) -> Int {
    for segment in segments { try segment.verify() }
    return segments.count
  }

  private var segments: [Segment] { days.flatMap(\.segments) }
}
