import Kernel

/// Somebody is looked after at home from now on, or no longer.
package struct HomeStayChanged: Fact {
  package static let name = "home.stayChanged"
  package static let words = Words("居家隔离开始、变更或结束", "Stay at home began, changed or ended")
  package static let about = Matter.homeStay
  package let stay: HomeStayID
  package let person: PersonID
  /// `begun` or `ended`.
  package let what: String
  package var subject: String { stay.text }
}

/// The six rules were looked at behind a door.
package struct HomeVisited: Fact {
  package static let name = "home.visited"
  package static let words = Words("已上门核对居家隔离六要求", "The six rules of isolation at home looked at")
  package static let about = Matter.household
  package let household: HomeHouseholdID
  package let unmet: [HomeRule]
  package var subject: String { household.text }
}

/// Somebody fell ill between two health checks and said so on the own page.
package struct HomeFeltWorse: Fact {
  package static let name = "home.feltWorse"
  package static let words = Words("居家人员自报身体不适", "Somebody at home said they feel worse")
  package static let about = Matter.person
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
  package static let words = Words(
    "已决定不符合要求的居家户如何处理", "Decided what becomes of a household that does not meet the rules")
  package static let about = Matter.household
  package let household: HomeHouseholdID
  package let outcome: RemedyOutcome
  package var subject: String { household.text }
}

/// Somebody was named who cares for a person.
package struct HomeCarerNamed: Fact {
  package static let name = "home.carerNamed"
  package static let words = Words("已指定照护人", "Carer named")
  package static let about = Matter.person
  package let person: PersonID
  package let carer: PersonID
  package var subject: String { person.text }
}

/// Nobody has heard of a person for too long, or somebody has again.
package struct HomeSilence: Fact {
  package static let name = "home.silence"
  package static let words = Words(
    "居家人员超时没有报告，或恢复报告", "Nobody heard of a person at home for too long, or heard of them again")
  package static let about = Matter.homeStay
  package let stay: HomeStayID
  package let person: PersonID
  package let heard: Bool
  package var subject: String { stay.text }
}

/// A way out for care went a step on.
package struct OutingMoved: Fact {
  package static let name = "home.outingMoved"
  package static let words = Words("外出就医进到下一步", "Way out for care went a step on")
  package static let about = Matter.outing
  package let outing: OutingID
  package let person: PersonID
  package let state: Outing.State
  package var subject: String { outing.text }
}

/// A resident asked for something. What they wrote stays in its row, locked.
package struct ResidentAsked: Fact {
  package static let name = "home.asked"
  package static let words = Words("居民提出求助", "A resident asked for help")
  package static let about = Matter.homeRequest
  package let request: ResidentRequestID
  package let person: PersonID
  package let kind: String
  package var subject: String { request.text }
}

/// What the facts of isolation at home are about.
extension Matter {
  package static let household = Matter(
    Words("居家隔离户", "Household in isolation"), page: "/home/:household")
  package static let homeStay = Matter(
    Words("居家隔离", "Stay at home"), page: "/home/stays/:stay")
  package static let outing = Matter(
    Words("外出就医", "Way out for care"), page: "/home/outings/:outing")
  package static let homeRequest = Matter(
    Words("居民求助", "Request"), page: "/home/requests/:request")
}
