import Gazette
import Kernel

/// Visits or encounters were taken in.
package struct VisitsRecorded: Fact {
  package static let name = "visits.recorded"
  package static let words = Words("已登记到访或近距离接触", "Visits or encounters recorded")
  package static let about = Matter.run
  package let run: String?
  package let visits: Int
  package let encounters: Int
  package var subject: String { run ?? "visits" }
}

/// Visits, encounters and tracks that were recorded on a day were deleted: their time had come.
package struct VisitsExpired: Fact {
  package static let name = "visits.expired"
  package static let words = Words(
    "一天的到访记录到期删除", "Visits of a day deleted after their time of keeping")
  package static let about = Matter.day
  package let recordedOn: String
  package let visits: Int
  package let encounters: Int
  package let tracks: Int
  package var subject: String { recordedOn }
}

/// An investigator said what kind of venue a venue is.
package struct VenueClassified: Fact {
  package static let name = "venues.classified"
  package static let words = Words("已判定场所类别", "Kind of a venue decided")
  package static let about = Matter.venueKind
  package let kind: VenueKind
  package var subject: String { kind.rawValue }
}

/// The investigation of a case began.
package struct InvestigationOpened: Fact {
  package static let name = "tracing.opened"
  package static let words = Words("流调已开始", "Investigation opened")
  package static let about = Matter.infection
  package let infection: CaseID
  package let windowStart: Instant
  package let windowEnd: Instant
  package var subject: String { infection.text }
}

/// The span in which a case puts others at risk was put right.
package struct WindowChanged: Fact {
  package static let name = "tracing.windowChanged"
  package static let words = Words("传染期已更正", "Window of a case put right")
  package static let about = Matter.infection
  package let infection: CaseID
  package let windowStart: Instant
  package let windowEnd: Instant
  package var subject: String { infection.text }
}

/// All steps of an investigation were done.
package struct InvestigationConcluded: Fact {
  package static let name = "tracing.concluded"
  package static let words = Words("流调已完成", "Investigation concluded")
  package static let about = Matter.infection
  package let infection: CaseID
  package var subject: String { infection.text }
}

/// The contacts of a case were computed, and something changed.
package struct ContactsComputed: Fact {
  package static let name = "tracing.computed"
  package static let words = Words("已推算接触者", "Contacts of a case computed")
  package static let about = Matter.infection
  package let infection: CaseID
  package let proposed: Int
  package let changed: Int
  package let withdrawn: Int
  package var subject: String { infection.text }
}

/// More contacts than one account may confirm alone wait for a second person.
package struct ContactsAsked: Fact {
  package static let name = "contacts.asked"
  package static let words = Words(
    "密接人数超过一人权限，等第二人", "More contacts than one may confirm, waiting for a second person")
  package static let about = Matter.contactRequest
  package let request: ContactRequestID
  package let people: Int
  package var subject: String { request.text }
}

/// A second person approved or declined; so many were confirmed.
package struct ContactsApproved: Fact {
  package static let name = "contacts.approved"
  package static let words = Words("第二人已决定一批密接", "A second person decided on a batch of contacts")
  package static let about = Matter.contactRequest
  package let request: ContactRequestID
  package let approved: Bool
  package let decided: Int
  package var subject: String { request.text }
}

/// An investigator said that a proposed person is no contact.
package struct ContactRejected: Fact {
  package static let name = "contacts.rejected"
  package static let words = Words("已排除密接", "Contact ruled out")
  package static let about = Matter.contact
  package let contact: ContactID
  package let person: PersonID
  package let reason: RejectionReason
  package var subject: String { contact.text }
}

/// An investigator put right what kind of contact somebody is, or for how long.
package struct ContactCorrected: Fact {
  package static let name = "contacts.corrected"
  package static let words = Words("接触者类别或时间已更正", "Contact put right")
  package static let about = Matter.contact
  package let contact: ContactID
  package let infection: CaseID
  package let kind: ContactKind
  package var subject: String { contact.text }
}

/// Lists of published tracks were taken in.
package struct TracksImported: Fact {
  package static let name = "tracks.imported"
  package static let words = Words("已导入公布的轨迹", "Published tracks taken in")
  package static let about = Matter.run
  package let run: String?
  package let accepted: Int
  package let leads: Int
  package let visits: Int
  package var subject: String { run ?? "tracks" }
}

extension Matter {
  package static let contactRequest = Matter(Words("批量密接", "Batch of contacts"))
  package static let venueKind = Matter(Words("场所类别", "Kind of venue"))
}
