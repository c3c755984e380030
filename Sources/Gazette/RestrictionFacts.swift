import Kernel

/// A person is limited from now on, for a reason and until an end.
package struct RestrictionStarted: Fact {
  package static let name = "restrictions.started"
  package static let words = Words("管控已开始", "Restriction started")
  package static let about = Matter.restriction
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
  package static let words = Words("管控期限已改变", "End of a restriction moved")
  package static let about = Matter.restriction
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
  package static let words = Words("管控已结束", "Restriction ended")
  package static let about = Matter.restriction
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

/// The person, or somebody for them, objected: from `due` on the restriction is lifted, unless
/// somebody has decided by then.
package struct ObjectionRaised: Fact {
  package static let name = "objections.raised"
  package static let words = Words("居民已提出异议", "Objection raised")
  package static let about = Matter.restriction
  package let objection: ObjectionID
  package let restriction: RestrictionID
  package let due: Instant
  package var subject: String { restriction.text }

  package init(objection: ObjectionID, restriction: RestrictionID, due: Instant) {
    self.objection = objection
    self.restriction = restriction
    self.due = due
  }
}

/// Another organisation decided; a restriction that was lifted meanwhile holds again, or is over.
package struct ObjectionDecided: Fact {
  package static let name = "objections.decided"
  package static let words = Words("异议已复核决定", "Objection decided")
  package static let about = Matter.restriction
  package let objection: ObjectionID
  package let restriction: RestrictionID
  package let upheld: Bool
  package var subject: String { restriction.text }

  package init(objection: ObjectionID, restriction: RestrictionID, upheld: Bool) {
    self.objection = objection
    self.restriction = restriction
    self.upheld = upheld
  }
}

/// A person arrived where the measure is spent, and the site said so.
package struct PersonArrived: Fact {
  package static let name = "people.arrived"
  package static let words = Words("人员已到达隔离地点", "Person arrived where they are isolated")
  package static let about = Matter.person
  package let person: PersonID
  package var subject: String { person.text }

  package init(person: PersonID) { self.person = person }
}

/// What is owed for a person under a measure, as others have to tell it apart.
package enum MeasureObligations {
  /// The notice is brought to the door.
  package static let notice = "restrictions.notify"
  /// The person is moved to the isolation site.
  package static let transfer = "restrictions.transfer"
}

/// What is owed of an investigation, as others have to tell it apart.
package enum InvestigationObligations {
  /// Every contact that was found is confirmed or rejected.
  package static let contacts = "tracing.contacts"
}
