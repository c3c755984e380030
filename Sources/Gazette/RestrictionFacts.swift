import Kernel

/// A person is limited from now on, for a reason and until an end.
package struct RestrictionStarted: Fact {
  package static let name = "restrictions.started"
  package let restriction: RestrictionID
  package let person: PersonID
  package let kind: String
  package let clause: String
  package let end: Instant
  /// The day from which its days are counted, itself day 0.
  package let dayZero: Day
  package var subject: String { restriction.text }

  package init(
    restriction: RestrictionID, person: PersonID, kind: String, clause: String, end: Instant,
    dayZero: Day
  ) {
    self.restriction = restriction
    self.person = person
    self.kind = kind
    self.clause = clause
    self.end = end
    self.dayZero = dayZero
  }
}

/// A restriction is counted from another day: its end moved.
package struct RestrictionMoved: Fact {
  package static let name = "restrictions.moved"
  package let restriction: RestrictionID
  package let person: PersonID
  package let end: Instant
  package let dayZero: Day
  package var subject: String { restriction.text }

  package init(restriction: RestrictionID, person: PersonID, end: Instant, dayZero: Day) {
    self.restriction = restriction
    self.person = person
    self.end = end
    self.dayZero = dayZero
  }
}

/// A restriction is over: at its end, or before it for a reason.
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
