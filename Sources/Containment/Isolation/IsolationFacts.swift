import Kernel

/// A site was set up, got rooms, said or confirmed a step of readiness, or closed.
package struct SiteChanged: Fact {
  package static let name = "isolation.siteChanged"
  package let site: PlaceID
  /// `set_up`, `rooms`, `given`, `confirmed`, `ready`, `closed`, `cleaned`.
  package let what: String
  /// The step, the room or how many rooms.
  package let about: String
  package var subject: String { site.text }
}

/// A stay went a step on: asked, accepted, declined, travelling, present, left, another room.
package struct StayMoved: Fact {
  package static let name = "isolation.stayMoved"
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
  package let site: PlaceID
  /// `weighed`, `given`, `taken`, `returned`.
  package let what: String
  /// The label of the bag or the hand-over.
  package let about: String
  package let grams: Int
  package var subject: String { site.text }
}
