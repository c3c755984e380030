import Gazette
import Kernel

/// A zone was proposed, by a rule or by an office.
package struct ZoneProposed: Fact {
  package static let name = "zones.proposed"
  package let zone: ZoneID
  package let level: ZoneLevel
  package let infection: CaseID
  package let places: [PlaceID]
  package var subject: String { zone.text }
}

/// A proposal is more than one may decide: it waits for a second person.
package struct ZoneAsked: Fact {
  package static let name = "zones.asked"
  package let zone: ZoneID
  package let people: Int
  package var subject: String { zone.text }
}

/// An infection that counted in a zone was none after all, or was put right: the days of the zone
/// count from an earlier moment again.
package struct ZoneCountedBack: Fact {
  package static let name = "zones.countedBack"
  package let zone: ZoneID
  package let clause: String?
  package let places: [PlaceID]
  package let countedFrom: Instant
  /// From when they were counted until now.
  package let before: Instant
  package var subject: String { zone.text }
}

/// A proposal was not taken up.
package struct ZoneDeclined: Fact {
  package static let name = "zones.declined"
  package let zone: ZoneID
  package var subject: String { zone.text }
}

/// Somebody was put on, or taken off, the roster of a zone.
package struct ZoneStaffed: Fact {
  package static let name = "zones.staffed"
  package let zone: ZoneID
  package let shift: String
  package let account: AccountID
  package let role: String
  package let removed: Bool
  package var subject: String { zone.text }
}

/// The plan of a zone was written, or a gate of it set.
package struct ZoneArranged: Fact {
  package static let name = "zones.arranged"
  package let zone: ZoneID
  /// `plan`, or the identifier of the gate.
  package let what: String
  package var subject: String { zone.text }
}

/// Lines of published lists were taken in.
package struct ZoneListsImported: Fact {
  package static let name = "zones.listsImported"
  package let run: String?
  package let lines: Int
  package var subject: String { run ?? "zones" }
}

/// A published list that should not have been taken in is taken out again.
package struct ZoneListTakenOut: Fact {
  package static let name = "zones.listTakenOut"
  package let asOf: Instant
  package let city: String
  package let lines: Int
  package let reason: String
  package var subject: String { city }
}
