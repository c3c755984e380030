/// Something is owed from now on.
package struct ObligationOpened: Fact {
  package static let name = "obligations.opened"
  package let obligation: ObligationID
  package let kind: String
  package let about: String
  package let seat: String
  package let deadline: Instant
  package var subject: String { about }
}

/// Somebody took it upon themself.
package struct ObligationClaimed: Fact {
  package static let name = "obligations.claimed"
  package let obligation: ObligationID
  package let account: AccountID
  package var subject: String { obligation.text }
}

/// It was done. The proof itself stays in its row: it may hold a temperature.
package struct ObligationDone: Fact {
  package static let name = "obligations.done"
  package let obligation: ObligationID
  package let kind: String
  package let about: String
  package let late: Bool
  package var subject: String { about }
}

/// It fell away, for a reason.
package struct ObligationWaived: Fact {
  package static let name = "obligations.waived"
  package let obligation: ObligationID
  package let kind: String
  package let about: String
  package var subject: String { about }
}

/// The next seat was told that it is late.
package struct ObligationEscalated: Fact {
  package static let name = "obligations.escalated"
  package let obligation: ObligationID
  package let rung: Int
  package let seat: String
  package var subject: String { obligation.text }
}

/// The person concerned lives elsewhere now, and another seat owes it.
package struct ObligationMoved: Fact {
  package static let name = "obligations.moved"
  package let obligation: ObligationID
  package let kind: String
  package let about: String
  package let from: String
  package let to: String
  package var subject: String { about }
}

/// A late one was struck off the list (销号).
package struct ObligationStruckOff: Fact {
  package static let name = "obligations.struckOff"
  package let obligation: ObligationID
  package var subject: String { obligation.text }
}

/// Somebody was at the door and could not finish.
package struct ObligationAttempted: Fact {
  package static let name = "obligations.attempted"
  package let obligation: ObligationID
  package let outcome: String
  package var subject: String { obligation.text }
}
