import Kernel

/// Somebody is looked after at home from now on, or no longer.
package struct HomeStayChanged: Fact {
  package static let name = "home.stayChanged"
  package let stay: HomeStayID
  package let person: PersonID
  /// `begun` or `ended`.
  package let what: String
  package var subject: String { stay.text }
}

/// The six rules were looked at behind a door.
package struct HomeVisited: Fact {
  package static let name = "home.visited"
  package let household: HomeHouseholdID
  package let unmet: [HomeRule]
  package var subject: String { household.text }
}

/// Somebody fell ill between two health checks and said so on the own page.
package struct HomeFeltWorse: Fact {
  package static let name = "home.feltWorse"
  package let person: PersonID
  package let restriction: RestrictionID
  /// In degrees Celsius.
  package let temperature: Double
  /// A code of the ten symptoms, or `none`.
  package let symptom: String
  package var subject: String { person.text }
}

/// What becomes of a household that does not meet the rules.
package struct HomeRemedied: Fact {
  package static let name = "home.remedied"
  package let household: HomeHouseholdID
  package let outcome: RemedyOutcome
  package var subject: String { household.text }
}

/// Somebody was named who cares for a person.
package struct HomeCarerNamed: Fact {
  package static let name = "home.carerNamed"
  package let person: PersonID
  package let carer: PersonID
  package var subject: String { person.text }
}

/// Nobody has heard of a person for too long, or somebody has again.
package struct HomeSilence: Fact {
  package static let name = "home.silence"
  package let stay: HomeStayID
  package let person: PersonID
  package let heard: Bool
  package var subject: String { stay.text }
}

/// A way out for care went a step on.
package struct OutingMoved: Fact {
  package static let name = "home.outingMoved"
  package let outing: OutingID
  package let person: PersonID
  package let state: Outing.State
  package var subject: String { outing.text }
}

/// A resident asked for something. What they wrote stays in its row, locked.
package struct ResidentAsked: Fact {
  package static let name = "home.asked"
  package let request: ResidentRequestID
  package let person: PersonID
  package let kind: String
  package var subject: String { request.text }
}
