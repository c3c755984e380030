import Kernel

/// Places that are held together because of an infection (封控区、管控区、风险区).
package enum ZoneTag {}

package typealias ZoneID = ID<ZoneTag>

/// A zone was opened, or its level changed: what its people are asked follows from the clause.
package struct ZoneOpened: Fact {
  package static let name = "zones.opened"
  package static let words = Words("风险区已划定或调整等级", "Zone opened, or its level changed")
  package static let about = Matter.zone
  package let zone: ZoneID
  /// The level as the edition names it: `sealed`, `high` …
  package let level: String
  package let edition: String
  package let places: [PlaceID]
  /// The clause by which those who live there are restricted; nil when nobody is.
  package let clause: String?
  /// The day from which its days are counted, itself day 0, as a moment of it.
  package let countedFrom: Instant
  package var subject: String { zone.text }

  package init(
    zone: ZoneID, level: String, edition: String, places: [PlaceID], clause: String?,
    countedFrom: Instant
  ) {
    self.zone = zone
    self.level = level
    self.edition = edition
    self.places = places
    self.clause = clause
    self.countedFrom = countedFrom
  }
}

/// Another infection counts in a zone: its days begin anew.
package struct ZoneCountedAnew: Fact {
  package static let name = "zones.countedAnew"
  package static let words = Words("风险区天数重新起算", "Days of a zone began anew")
  package static let about = Matter.zone
  package let zone: ZoneID
  package let infection: CaseID
  package let clause: String?
  package let places: [PlaceID]
  package let countedFrom: Instant
  package var subject: String { zone.text }

  package init(
    zone: ZoneID, infection: CaseID, clause: String?, places: [PlaceID], countedFrom: Instant
  ) {
    self.zone = zone
    self.infection = infection
    self.clause = clause
    self.places = places
    self.countedFrom = countedFrom
  }
}

/// A part of a zone is held no longer; the rest is.
package struct ZonePlacesReleased: Fact {
  package static let name = "zones.placesReleased"
  package static let words = Words("风险区部分解除", "Part of a zone released")
  package static let about = Matter.zone
  package let zone: ZoneID
  package let places: [PlaceID]
  package var subject: String { zone.text }

  package init(zone: ZoneID, places: [PlaceID]) {
    self.zone = zone
    self.places = places
  }
}

/// A zone asks something milder from now on.
package struct ZoneSteppedDown: Fact {
  package static let name = "zones.steppedDown"
  package static let words = Words("风险区已降级", "Zone stepped down")
  package static let about = Matter.zone
  package let zone: ZoneID
  package let from: String
  package let to: String
  package var subject: String { zone.text }

  package init(zone: ZoneID, from: String, to: String) {
    self.zone = zone
    self.from = from
    self.to = to
  }
}

/// A zone is over.
package struct ZoneEnded: Fact {
  package static let name = "zones.ended"
  package static let words = Words("风险区已解除", "Zone ended")
  package static let about = Matter.zone
  package let zone: ZoneID
  /// `released`, `evidence_withdrawn`, `edition_ended`, `raised`.
  package let reason: String
  package var subject: String { zone.text }

  package init(zone: ZoneID, reason: String) {
    self.zone = zone
    self.reason = reason
  }
}

/// The swabs of one tube have a result: who was in it, and when it was taken.
///
/// Told by whoever runs the rounds, once for each tube. A result that holds for a pool says nothing
/// of one person when it is not negative; then the single tubes are told.
package struct PeopleTested: Fact {
  package static let name = "screening.peopleTested"
  package static let words = Words("一管人员已有检测结果", "People of one tube have a result")
  package static let about = Matter.tube
  /// The tube's code.
  package let tube: String
  package let people: [PersonID]
  package let sampledAt: Instant
  package let isNegative: Bool
  package var subject: String { tube }

  package init(tube: String, people: [PersonID], sampledAt: Instant, isNegative: Bool) {
    self.tube = tube
    self.people = people
    self.sampledAt = sampledAt
    self.isNegative = isNegative
  }
}
