/// Keeps visits and answers who was near whom, by identifiers: the store of one machine
/// (``VisitKeeper``), or a database that many machines share.
///
/// All engines answer alike. Common spans that touch at one venue are one meeting
/// (``MeetingRule/joinsTouching``), people without visits have no lines, and identifiers are in the
/// order of their bytes. The `person` in the figures of a line is 0: stores number people as they like.
package protocol VisitEngine: Sendable {
  /// Everyone who was at a venue where and while one of these people was there, as often and as long
  /// as the rule asks for, the longest first. None of the people asked about is ever listed.
  func companions(
    of people: [String], by rule: MeetingRule, in window: SecondSpan
  ) async throws -> [CompanionLine]

  /// Everyone, other than the carriers and those never to be listed, who had a common second with a
  /// carrier inside that carrier's time; each once, with the first such second, by person.
  func onward(from carriers: [NamedCarrier], never: [String]) async throws -> [NamedOnward]

  /// Everyone at a venue between two times, with their seconds inside, the longest first.
  func visitors(of venue: String, in span: SecondSpan) async throws -> [CompanionLine]

  /// Where a person was, in order of time, cut to a window.
  func trajectory(of person: String, in window: SecondSpan) async throws -> [VisitEntry]

  /// The common spans behind the companions of a person, as visits of the others cut to them. In any
  /// order; what is known twice may come twice.
  func crossings(of person: String, in window: SecondSpan) async throws -> [VisitEntry]

  /// For how many seconds of a window it is known where people were; none counts twice.
  func located(_ people: [String], in window: SecondSpan) async throws -> [String: UInt32]

  /// Writes visits and withdrawals down; when it returns they are safe and answered from.
  func keep(_ entries: [VisitEntry]) async throws

  /// Deletes a day for good and gives the proof; nothing can be written into it afterwards.
  func drop(day: UInt32, at second: UInt32) async throws -> DroppedDay
}

/// Someone who may have passed it on from a second on, until isolation, by identifier.
package struct NamedCarrier: Hashable, Sendable {
  package var person: String
  package var since: UInt32
  package var until: UInt32

  package init(person: String, since: UInt32, until: UInt32 = .max) {
    self.person = person
    self.since = since
    self.until = until
  }
}

/// Someone who was near a carrier in the right order of time, and the first such second.
package struct NamedOnward: Hashable, Sendable {
  package var person: String
  package var first: UInt32

  package init(person: String, first: UInt32) {
    self.person = person
    self.first = first
  }
}

extension VisitEngine {
  /// Contacts of contacts: whoever was near a companion of the person after that companion had first
  /// met the person.
  package func contactsOfContacts(
    of person: String, by rule: MeetingRule, in window: SecondSpan = .always
  ) async throws -> [NamedOnward] {
    let carriers = try await companions(of: [person], by: rule, in: window).map { line in
      NamedCarrier(person: line.person, since: line.figures.first)
    }
    return try await onward(from: carriers, never: [person])
  }

  /// Time-space companions, when the venues are cells: those who shared a cell as the rule asks, where
  /// one of the two was located for at least so long in the window. A notice, never a restriction by
  /// itself.
  package func timeSpaceCompanions(
    of person: String, by rule: MeetingRule, leastStay: UInt32, in window: SecondSpan = .always
  ) async throws -> [CompanionLine] {
    let near = try await companions(of: [person], by: rule, in: window)
    guard leastStay > 0, !near.isEmpty else { return near }
    let located = try await located([person] + near.map(\.person), in: window)
    if located[person] ?? 0 >= leastStay { return near }
    return near.filter { located[$0.person] ?? 0 >= leastStay }
  }
}
