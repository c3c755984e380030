import Gazette
import Kernel

/// Says that people are no contacts, proposed or already confirmed.
///
/// A confirmed one is restricted, and rejecting frees: one account alone frees no more people than it
/// may confirm. Above that nobody is freed: a request goes to a second person of another organisation.
package struct RejectContacts: Command {
  package static let name = "contacts.reject"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "contacts.decide"
  package let contacts: [ContactID]
  package let reason: RejectionReason

  package init(contacts: [ContactID], reason: RejectionReason) {
    self.contacts = contacts
    self.reason = reason
  }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> ContactsDecided {
    guard !contacts.isEmpty else { throw Refusal.missing("contacts") }
    let chosen = try Set(contacts).sorted().map { try work.decidable($0, Self.duty) }
      .filter { $0.state != .rejected }
    if try work.isBeyondAlone(freeing: chosen) {
      return ContactsDecided(
        decided: 0, request: try work.askSecondPerson(for: chosen, because: reason))
    }
    let cases = try work.reject(
      chosen, because: reason, by: work.authority.sender.text, approver: nil)
    // Those who were contacts through one of them may be none any more.
    for infection in cases.sorted() { try work.recompute(infection) }
    try work.settleDecisions(of: cases)
    return ContactsDecided(decided: chosen.count)
  }
}

extension Work {
  /// Whether rejecting these would free more confirmed contacts than the sender may free alone in the
  /// policy's hours: as many as it may confirm.
  fileprivate func isBeyondAlone(freeing contacts: [Contact]) throws -> Bool {
    let confirmed = contacts.filter { $0.state == .confirmed }
    if confirmed.isEmpty { return false }
    let limit = try policy(ContactsPolicy.self).confirmedAlone
    let before = try ContactRequestsStore(transaction).rejectedAlone(
      by: authority.sender.text, since: now - .hours(limit.hours))
    return before.union(confirmed.map(\.person)).count > limit.people
  }

  /// Makes these none of the contacts they were, and tells those who act on it.
  ///
  /// - Returns: the cases to which they were exposed.
  func reject(
    _ contacts: [Contact], because reason: RejectionReason, by issuer: String, approver: String?
  ) throws -> Set<CaseID> {
    let exposures = try ContactsStore(transaction).exposures(of: contacts.map(\.id))
    for contact in contacts {
      if contact.state == .proposed {
        try record(
          ContactRejected(contact: contact.id, person: contact.person, reason: reason))
      } else if contact.state == .confirmed {
        try ContactRequestsStore(transaction).noteRejected(
          contact, by: issuer, approver: approver, at: now)
      }
      try close(contact, as: .rejected, reason: reason.rawValue)
    }
    return Set(exposures.values.joined().map(\.infection))
  }
}
