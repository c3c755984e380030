import Gazette
import Kernel

/// A site was set up, got rooms, said or confirmed a step of readiness, or closed.
package struct SiteChanged: Fact {
  package static let name = "isolation.siteChanged"
  package static let words = Words("隔离点的设置、房间或准备情况变更", "Isolation site set up, changed or closed")
  package static let about = Matter.site
  package let site: PlaceID
  /// `set_up`, `rooms`, `given`, `confirmed`, `ready`, `closed`, `cleaned`.
  package let what: String
  /// The step, the room or how many rooms.
  package let about: String
  package var subject: String { site.text }
}

/// A stay went a step on: asked, accepted, declined, travelling, present, left, another room,
/// another diet.
package struct StayMoved: Fact {
  package static let name = "isolation.stayMoved"
  package static let words = Words("隔离点入住进到下一步", "Stay at an isolation site went a step on")
  package static let about = Matter.siteStay
  package let stay: SiteStayID
  package let person: PersonID
  package let site: PlaceID
  package let what: String
  package let room: SiteRoomID?
  package var subject: String { stay.text }
}

/// Waste of a site was weighed, given or taken.
package struct WasteMoved: Fact {
  package static let name = "isolation.wasteMoved"
  package static let words = Words("医疗废物称重或交接", "Medical waste weighed or handed over")
  package static let about = Matter.site
  package let site: PlaceID
  /// `weighed`, `labelled`, `given`, `taken`, `returned`.
  package let what: String
  /// The label of the bag, how many got one, or the hand-over.
  package let about: String
  package let grams: Int
  package var subject: String { site.text }
}

/// A meal was brought to the doors of a site.
package struct MealServed: Fact {
  package static let name = "isolation.mealServed"
  package static let words = Words("隔离点已送餐", "Meal served at an isolation site")
  package static let about = Matter.site
  package let site: PlaceID
  package let meal: String
  package let day: Day
  package let portions: Int
  package let people: Int
  /// How many doors got none.
  package let missed: Int
  package var subject: String { site.text }
}

/// Somebody was put on the roster of a site or taken off it.
package struct SiteStaffed: Fact {
  package static let name = "isolation.staffed"
  package static let words = Words("隔离点排班变更", "Roster of an isolation site changed")
  package static let about = Matter.site
  package let site: PlaceID
  package let turn: SiteTurnID
  package let account: AccountID
  package let post: String
  package let removed: Bool
  package var subject: String { site.text }
}

/// Somebody entered the closed loop of a site or left it.
package struct SiteLoopChanged: Fact {
  package static let name = "isolation.loopChanged"
  package static let words = Words(
    "人员进入或离开隔离点闭环", "Somebody entered or left the closed loop of a site")
  package static let about = Matter.loop
  package let loop: SiteLoopID
  package let site: PlaceID
  package let account: AccountID
  /// `entered`, `left`.
  package let what: String
  package var subject: String { loop.text }
}

/// What the facts of isolation sites are about.
extension Matter {
  package static let siteStay = Matter(
    Words("入住", "Stay at a site"), page: "/isolation/stays/:stay")
  package static let loop = Matter(
    Words("闭环", "Closed loop"), page: "/isolation/loops/:loop")
}
