import Gazette
import Kernel

/// A zone was proposed, by a rule or by an office.
package struct ZoneProposed: Fact {
  package static let name = "zones.proposed"
  package static let words = Words("已提出划定风险区", "Zone proposed")
  package static let about = Matter.zone
  package let zone: ZoneID
  package let level: ZoneLevel
  package let infection: CaseID
  package let places: [PlaceID]
  package var subject: String { zone.text }
}

/// A proposal is more than one may decide: it waits for a second person.
package struct ZoneAsked: Fact {
  package static let name = "zones.asked"
  package static let words = Words(
    "划区超过一人权限，等第二人", "Zone beyond one person’s power, waiting for a second")
  package static let about = Matter.zone
  package let zone: ZoneID
  package let people: Int
  package var subject: String { zone.text }
}

/// An infection that counted in a zone was none after all, or was put right: the days of the zone
/// count from an earlier moment again.
package struct ZoneCountedBack: Fact {
  package static let name = "zones.countedBack"
  package static let words = Words(
    "风险区起算时间改回更早", "Days of a zone counted from an earlier moment again")
  package static let about = Matter.zone
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
  package static let words = Words("划区提议没有采纳", "Proposed zone declined")
  package static let about = Matter.zone
  package let zone: ZoneID
  package var subject: String { zone.text }
}

/// Somebody was put on, or taken off, the roster of a zone.
package struct ZoneStaffed: Fact {
  package static let name = "zones.staffed"
  package static let words = Words("风险区排班变更", "Roster of a zone changed")
  package static let about = Matter.zone
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
  package static let words = Words("风险区方案或卡口变更", "Plan or gate of a zone set")
  package static let about = Matter.zone
  package let zone: ZoneID
  /// `plan`, or the identifier of the gate.
  package let what: String
  package var subject: String { zone.text }
}

/// Lines of published lists were taken in.
package struct ZoneListsImported: Fact {
  package static let name = "zones.listsImported"
  package static let words = Words("已导入公布的风险区清单", "Published lists of zones taken in")
  package static let about = Matter.run
  package let run: String?
  package let lines: Int
  package var subject: String { run ?? "zones" }
}

/// A published list that should not have been taken in is taken out again.
package struct ZoneListTakenOut: Fact {
  package static let name = "zones.listTakenOut"
  package static let words = Words("已撤出误收的风险区清单", "Published list of zones taken out again")
  package static let about = Matter.city
  package let asOf: Instant
  package let city: String
  package let lines: Int
  package let reason: String
  package var subject: String { city }
}

extension Matter {
  /// A city of published lists.
  package static let city = Matter(Words("城市", "City"))
}
