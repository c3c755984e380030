import Kernel

/// An office asked for a restriction; a second person has yet to approve.
package struct RestrictionAsked: Fact {
  package static let name = "restrictions.asked"
  package static let words = Words(
    "已申请管控，等第二人批准", "Restriction asked for, waiting for a second person")
  package static let about = Matter.restriction
  package let request: RestrictionID
  package let person: PersonID
  package let clause: String
  package let evidence: Evidence
  package var subject: String { request.text }
}

/// A second person declined to approve.
package struct RestrictionDeclined: Fact {
  package static let name = "restrictions.declined"
  package static let words = Words("第二人没有批准管控", "A second person declined a restriction")
  package static let about = Matter.restriction
  package let request: RestrictionID
  package let person: PersonID
  package var subject: String { request.text }
}

/// An office asked that a restriction end early; a second person has yet to approve.
package struct ReleaseAsked: Fact {
  package static let name = "restrictions.releaseAsked"
  package static let words = Words("已申请提前解除管控", "Early end of a restriction asked for")
  package static let about = Matter.restriction
  package let restriction: RestrictionID
  package let person: PersonID
  package let reason: String
  package var subject: String { restriction.text }
}

/// A second person decided on the early end of a restriction.
package struct ReleaseDecided: Fact {
  package static let name = "restrictions.releaseDecided"
  package static let words = Words("第二人已决定是否提前解除管控", "A second person decided on an early end")
  package static let about = Matter.restriction
  package let restriction: RestrictionID
  package let person: PersonID
  package let approved: Bool
  package var subject: String { restriction.text }
}

/// A second person decided on moving somebody who was met elsewhere.
package struct TransferDecided: Fact {
  package static let name = "restrictions.transferDecided"
  package static let words = Words(
    "第二人已决定是否转集中隔离", "A second person decided on a move to an isolation site")
  package static let about = Matter.restriction
  package let restriction: RestrictionID
  package let person: PersonID
  package let approved: Bool
  package var subject: String { restriction.text }
}

/// A restriction rests on one more, or one less, piece of evidence.
package struct RestrictionEvidenceChanged: Fact {
  package static let name = "restrictions.evidenceChanged"
  package static let words = Words("管控的依据有增减", "Evidence of a restriction added or taken away")
  package static let about = Matter.restriction
  package let restriction: RestrictionID
  package let evidence: Evidence
  package let withdrawn: Bool
  package var subject: String { restriction.text }
}

/// One account has caused more than one may: what follows waits for a second person.
package struct RestrictionsHeld: Fact {
  package static let name = "restrictions.held"
  package static let words = Words(
    "一个账号引起的管控过多，等第二人复核", "Restrictions of one account held for a second person")
  package static let about = Matter.heldAccount
  package let account: AccountID
  package let clause: String
  package var subject: String { account.text }
}

/// A second person decided on what waited because of one account.
package struct HeldDecided: Fact {
  package static let name = "restrictions.heldDecided"
  package static let words = Words("第二人已决定搁置的批量管控", "A second person decided on held restrictions")
  package static let about = Matter.heldAccount
  package let account: AccountID
  package let people: Int
  package let approved: Bool
  package var subject: String { account.text }
}

/// One account tries to restrict many: the auditor and the district are told.
package struct RestrictionAlarm: Fact {
  package static let name = "restrictions.alarm"
  package static let words = Words(
    "告警：一个账号试图管控过多的人", "Alarm: one account tries to restrict many people")
  package static let about = Matter.heldAccount
  package let account: AccountID
  package var subject: String { account.text }
}

/// The person lives elsewhere now: the offices there answer for the restriction.
package struct RestrictionRelocated: Fact {
  package static let name = "restrictions.relocated"
  package static let words = Words(
    "管控改由新住址的岗位负责", "Restriction moved to the offices of another address")
  package static let about = Matter.restriction
  package let restriction: RestrictionID
  package let from: PlaceID
  package let to: PlaceID
  package var subject: String { restriction.text }
}

/// The person was met elsewhere than the restriction asks.
package struct RestrictionBreached: Fact {
  package static let name = "restrictions.breached"
  package static let words = Words("管控对象被发现外出", "Person under a restriction met elsewhere")
  package static let about = Matter.restriction
  package let restriction: RestrictionID
  package let place: PlaceID
  package var subject: String { restriction.text }
}

/// Another thing is asked from now on, within the same end.
package struct RestrictionPhaseChanged: Fact {
  package static let name = "restrictions.phaseChanged"
  package static let words = Words("管控方式变更，期限不变", "What a restriction asks changed, its end stays")
  package static let about = Matter.restriction
  package let restriction: RestrictionID
  package let kind: RestrictionKind
  package var subject: String { restriction.text }
}

/// Nobody decided in time: the restriction is lifted until somebody does.
package struct ObjectionLapsed: Fact {
  package static let name = "objections.lapsed"
  package static let words = Words(
    "异议到期无人决定，管控暂停", "Objection not decided in time, restriction lifted")
  package static let about = Matter.restriction
  package let objection: ObjectionID
  package let restriction: RestrictionID
  package var subject: String { restriction.text }
}

/// Words were added to an objection that nobody has decided yet.
package struct ObjectionAdded: Fact {
  package static let name = "objections.added"
  package static let words = Words("对异议作了补充", "Words added to an objection")
  package static let about = Matter.restriction
  package let objection: ObjectionID
  package let restriction: RestrictionID
  package var subject: String { restriction.text }
}

extension Matter {
  /// What waits for a second person because of one account.
  package static let heldAccount = Matter(
    Words("账号", "Account"), page: "/restrictions/held/:account")
}
