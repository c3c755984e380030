/// Finds companions straight from rows that come past, without keeping them all.
///
/// For the first degree rows come past twice: at first the visits of those asked about are kept,
/// then everyone's visits to the same venues around the same times. For the second degree all
/// visits are kept, in one pass.
package final class VisitSearch {
  private let window: SecondSpan
  private let rule: MeetingRule
  private let degree: Int
  private let indices: [UInt32]
  private let indexLimit: UInt32
  private let people = Names()
  private let venues = Names()
  private let rows = DayRows()
  /// For each venue: the first and the last second at which anyone asked about was there.
  private var hulls: [SecondSpan] = []
  /// Most rows are passed over by these, which stay in the nearest cache.
  private let indexFilter = NumberFilter()
  private let venueFilter = NumberFilter()
  /// How many visits were kept.
  package private(set) var kept = 0

  private let keepsAll: Bool

  /// - Parameters:
  ///   - indices: identifiers, each once or oftener.
  ///   - keepsAll: for rows that come past only once.
  package init(
    indices: [String], rule: MeetingRule, window: SecondSpan, degree: Int, keepsAll: Bool = false
  ) {
    self.window = window
    self.keepsAll = keepsAll || degree > 1
    self.rule = rule
    self.degree = degree
    var seen: Set<UInt32> = []
    self.indices = indices.map(people.id(for:)).filter { seen.insert($0).inserted }
    indexLimit = UInt32(people.count)
    let padded = PaddedText()
    for index in indices { indexFilter.add(padded.field(index).key) }
  }

  /// How often all rows have to come past.
  package var passes: Int { keepsAll ? 1 : 2 }

  /// Whether a row is of no interest on a pass, counted from 0, whatever its times.
  @inline(__always)
  func skips(pass: Int, person: FieldText, venue: FieldText) -> Bool {
    if keepsAll { return false }
    return pass == 0
      ? !indexFilter.mayHold(person.key) : !venueFilter.mayHold(venue.key)
  }

  /// Takes a row on a pass, counted from 0.
  package func take(
    pass: Int, person: FieldText, venue: FieldText, from: UInt32, to: UInt32
  ) {
    let from = max(from, window.from)
    let to = min(to, window.to)
    guard from < to else { return }
    if keepsAll {
      keep(people.id(for: person), venues.id(for: venue), from, to)
    } else if pass == 0 {
      takeIndex(person, venue, from, to)
    } else {
      takeOther(person, venue, from, to)
    }
  }

  private func takeIndex(_ person: FieldText, _ venue: FieldText, _ from: UInt32, _ to: UInt32) {
    guard let index = people.known(person), index < indexLimit else {
      return
    }
    let place = venues.id(for: venue)
    venueFilter.add(venue.key)
    keep(index, place, from, to)
    while hulls.count <= Int(place) { hulls.append(SecondSpan(.max, 0)) }
    hulls[Int(place)].from = min(hulls[Int(place)].from, from)
    hulls[Int(place)].to = max(hulls[Int(place)].to, to)
  }

  private func takeOther(_ person: FieldText, _ venue: FieldText, _ from: UInt32, _ to: UInt32) {
    guard let place = venues.known(venue) else { return }
    let hull = hulls[Int(place)]
    guard from < hull.to, hull.from < to else { return }
    let other = people.id(for: person)
    if other >= indexLimit { keep(other, place, from, to) }
  }

  private func keep(_ person: UInt32, _ venue: UInt32, _ from: UInt32, _ to: UInt32) {
    rows.add(Visit(person: person, venue: venue, from: from, to: to))
    kept &+= 1
  }

  /// The companions, when all rows came past often enough.
  package func lines() throws(VisitFault) -> [CompanionLine] {
    let inquiry = Inquiry(try rows.segments())
    var lines: [CompanionLine] = []
    var carriers: [UInt32: Carrier] = [:]
    inquiry.companions(of: indices, by: rule, in: window) { index, table in
      for row in 0..<table.count {
        let companion = table[row]
        lines.append(
          CompanionLine(
            index: people[index], person: people[companion.person], degree: 1,
            figures: companion))
        let known = carriers[companion.person]?.since ?? .max
        carriers[companion.person] = Carrier(
          person: companion.person, since: min(known, companion.first), until: window.to)
      }
    }
    if degree > 1 {
      let second = inquiry.secondDegree(
        through: Array(carriers.values), never: indices, precedes: people.precedes)
      lines += second.map {
        CompanionLine(
          index: people[$0.through], person: people[$0.companion.person], degree: 2,
          figures: $0.companion)
      }
    }
    return CompanionLine.sorted(lines)
  }
}

/// Finds who was at a venue, straight from rows that come past once.
package final class VisitorSearch {
  private let venue: [UInt8]
  private let span: SecondSpan
  private let people = Names()
  private let rows = DayRows()

  package init(venue: String, span: SecondSpan) {
    self.venue = Array(venue.utf8)
    self.span = span
  }

  /// Takes a row.
  @inline(__always)
  package func take(person: FieldText, venue: FieldText, from: UInt32, to: UInt32) {
    guard from < span.to, span.from < to, isAsked(venue) else { return }
    rows.add(
      Visit(
        person: people.id(for: person), venue: 0, from: max(from, span.from),
        to: min(to, span.to)))
  }

  @inline(__always)
  private func isAsked(_ field: FieldText) -> Bool {
    guard field.count == venue.count else { return false }
    for index in 0..<field.count where field.start[index] != venue[index] { return false }
    return true
  }

  /// Everyone with the length of the union of their visits, longest first, then by identifier.
  package func visitors() throws(VisitFault) -> [(person: String, seconds: UInt32)] {
    let table = Inquiry(try rows.segments()).visitors(of: 0, in: span)
    return (0..<table.count)
      .map { (person: people[table[$0].person], seconds: table[$0].overlap) }
      .sorted { left, right in
        left.seconds == right.seconds
          ? left.person.utf8.lexicographicallyPrecedes(right.person.utf8)
          : left.seconds > right.seconds
      }
  }
}
