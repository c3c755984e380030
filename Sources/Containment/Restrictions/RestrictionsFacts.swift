import Kernel

/// An office asked for a restriction; a second person has yet to approve.
package struct RestrictionAsked: Fact {
  package static let name = "restrictions.asked"
  package let request: RestrictionID
  package let person: PersonID
  package let clause: String
  package let evidence: Evidence
  package var subject: String { request.text }
}

/// A second person declined to approve.
package struct RestrictionDeclined: Fact {
  package static let name = "restrictions.declined"
  package let request: RestrictionID
  package let person: PersonID
  package var subject: String { request.text }
}

/// An office asked that a restriction end early; a second person has yet to approve.
package struct ReleaseAsked: Fact {
  package static let name = "restrictions.releaseAsked"
  package let restriction: RestrictionID
  package let person: PersonID
  package let reason: String
  package var subject: String { restriction.text }
}

/// A second person decided on the early end of a restriction.
package struct ReleaseDecided: Fact {
  package static let name = "restrictions.releaseDecided"
  package let restriction: RestrictionID
  package let person: PersonID
  package let approved: Bool
  package var subject: String { restriction.text }
}

/// A second person decided on moving somebody who was met elsewhere.
package struct TransferDecided: Fact {
  package static let name = "restrictions.transferDecided"
  package let restriction: RestrictionID
  package let person: PersonID
  package let approved: Bool
  package var subject: String { restriction.text }
}

/// A restriction rests on one more, or one less, piece of evidence.
package struct RestrictionEvidenceChanged: Fact {
  package static let name = "restrictions.evidenceChanged"
  package let restriction: RestrictionID
  package let evidence: Evidence
  package let withdrawn: Bool
  package var subject: String { restriction.text }
}

/// One account has caused more than one may: what follows waits for a second person.
package struct RestrictionsHeld: Fact {
  package static let name = "restrictions.held"
  package let account: AccountID
  package let clause: String
  package var subject: String { account.text }
}

/// A second person decided on what waited because of one account.
package struct HeldDecided: Fact {
  package static let name = "restrictions.heldDecided"
  package let account: AccountID
  package let people: Int
  package let approved: Bool
  package var subject: String { account.text }
}

/// One account tries to restrict many: the auditor and the district are told.
package struct RestrictionAlarm: Fact {
  package static let name = "restrictions.alarm"
  package let account: AccountID
  package var subject: String { account.text }
}

/// The person lives elsewhere now: the offices there answer for the restriction.
package struct RestrictionRelocated: Fact {
  package static let name = "restrictions.relocated"
  package let restriction: RestrictionID
  package let from: PlaceID
  package let to: PlaceID
  package var subject: String { restriction.text }
}

/// The person was met elsewhere than the restriction asks.
package struct RestrictionBreached: Fact {
  package static let name = "restrictions.breached"
  package let restriction: RestrictionID
  package let place: PlaceID
  package var subject: String { restriction.text }
}

/// Another thing is asked from now on, within the same end.
package struct RestrictionPhaseChanged: Fact {
  package static let name = "restrictions.phaseChanged"
  package let restriction: RestrictionID
  package let kind: RestrictionKind
  package var subject: String { restriction.text }
}

/// Nobody decided in time: the restriction is lifted until somebody does.
package struct ObjectionLapsed: Fact {
  package static let name = "objections.lapsed"
  package let objection: ObjectionID
  package let restriction: RestrictionID
  package var subject: String { restriction.text }
}

/// Words were added to an objection that nobody has decided yet.
package struct ObjectionAdded: Fact {
  package static let name = "objections.added"
  package let objection: ObjectionID
  package let restriction: RestrictionID
  package var subject: String { restriction.text }
}
