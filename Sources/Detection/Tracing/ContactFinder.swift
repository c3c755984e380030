import Gazette
import Kernel

/// Finds who was exposed to a case, directly and through close contacts, under one edition.
struct ContactFinder {
  let visits: any VisitFinder
  let policy: ContactsPolicy
  /// Those who lived behind the same door as a person during a span, the person left out.
  let household: (PersonID, TimeSpan) throws -> [PersonID]

  /// Everybody exposed to a person inside the person's infectious window.
  func exposures(
    to person: PersonID, infection: CaseID, in window: TimeSpan
  ) throws -> [Exposure] {
    try exposures(
      to: person, infection: infection, in: window, as: .close, degree: 1, via: nil)
  }

  /// Everybody exposed to a close contact after that contact's own first exposure.
  ///
  /// Contact of a contact: between the close contact's first contact with the case and the close
  /// contact's isolation (RULES 5 ii).
  func exposures(
    toContact contact: PersonID, infection: CaseID, in window: TimeSpan
  ) throws -> [Exposure] {
    try exposures(
      to: contact, infection: infection, in: window, as: .secondary, degree: 2, via: contact)
  }

  private func exposures(
    to person: PersonID, infection: CaseID, in window: TimeSpan, as kind: ContactKind,
    degree: Int, via: PersonID?
  ) throws -> [Exposure] {
    if window.isEmpty { return [] }
    let meetings = MeetingsRules.meetings(from: try visits.crossings(of: person, in: window))
    var found = Dictionary(grouping: meetings, by: \.other).values
      .flatMap { MeetingsRules.judged($0, as: kind, under: policy) }
      .map { meeting, kind in
        Exposure(
          person: meeting.other, infection: infection, degree: degree, kind: kind,
          basis: meeting.venueKind == .encounter ? .encounter : .venue, via: via,
          venue: meeting.venue, span: meeting.span, seconds: meeting.span.seconds,
          sources: meeting.sources)
      }
    if policy.household {
      found += try household(person, window).map { other in
        Exposure(
          person: other, infection: infection, degree: degree, kind: kind, basis: .household,
          via: via, venue: nil, span: window, seconds: 0, sources: [])
      }
    }
    return found
  }
}
