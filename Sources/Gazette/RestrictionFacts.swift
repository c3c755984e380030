import Kernel

/// A person is limited from now on, for a reason and until an end.
package struct RestrictionStarted: Fact {
  package static let name = "restrictions.started"
  package let restriction: RestrictionID
  package let person: PersonID
  package let kind: String
  package let clause: String
  package let end: Instant
  package var subject: String { restriction.text }

  package init(
    restriction: RestrictionID, person: PersonID, kind: String, clause: String, end: Instant
  ) {
    self.restriction = restriction
    self.person = person
    self.kind = kind
    self.clause = clause
    self.end = end
  }
}

/// A restriction ended before its end, for a reason.
package struct RestrictionEnded: Fact {
  package static let name = "restrictions.ended"
  package let restriction: RestrictionID
  package let person: PersonID
  package let reason: String
  package var subject: String { restriction.text }

  package init(restriction: RestrictionID, person: PersonID, reason: String) {
    self.restriction = restriction
    self.person = person
    self.reason = reason
  }
}
