import Gazette
import Kernel

/// Visits or encounters were taken in.
package struct VisitsRecorded: Fact {
  package static let name = "visits.recorded"
  package let run: String?
  package let visits: Int
  package let encounters: Int
  package var subject: String { run ?? "visits" }
}

/// Visits, encounters and tracks that were recorded on a day were deleted: their time had come.
package struct VisitsExpired: Fact {
  package static let name = "visits.expired"
  package let recordedOn: String
  package let visits: Int
  package let encounters: Int
  package let tracks: Int
  package var subject: String { recordedOn }
}

/// An investigator said what kind of venue a venue is.
package struct VenueClassified: Fact {
  package static let name = "venues.classified"
  package let kind: VenueKind
  package var subject: String { kind.rawValue }
}

/// The investigation of a case began.
package struct InvestigationOpened: Fact {
  package static let name = "tracing.opened"
  package let infection: CaseID
  package let windowStart: Instant
  package let windowEnd: Instant
  package var subject: String { infection.text }
}

/// The span in which a case puts others at risk was put right.
package struct WindowChanged: Fact {
  package static let name = "tracing.windowChanged"
  package let infection: CaseID
  package let windowStart: Instant
  package let windowEnd: Instant
  package var subject: String { infection.text }
}

/// All steps of an investigation were done.
package struct InvestigationConcluded: Fact {
  package static let name = "tracing.concluded"
  package let infection: CaseID
  package var subject: String { infection.text }
}

/// The contacts of a case were computed, and something changed.
package struct ContactsComputed: Fact {
  package static let name = "tracing.computed"
  package let infection: CaseID
  package let proposed: Int
  package let changed: Int
  package let withdrawn: Int
  package var subject: String { infection.text }
}

/// More contacts than one account may confirm alone wait for a second person.
package struct ContactsAsked: Fact {
  package static let name = "contacts.asked"
  package let request: ContactRequestID
  package let people: Int
  package var subject: String { request.text }
}

/// A second person approved or declined; so many were confirmed.
package struct ContactsApproved: Fact {
  package static let name = "contacts.approved"
  package let request: ContactRequestID
  package let approved: Bool
  package let decided: Int
  package var subject: String { request.text }
}

/// An investigator said that a proposed person is no contact.
package struct ContactRejected: Fact {
  package static let name = "contacts.rejected"
  package let contact: ContactID
  package let person: PersonID
  package let reason: RejectionReason
  package var subject: String { contact.text }
}

/// An investigator put right what kind of contact somebody is, or for how long.
package struct ContactCorrected: Fact {
  package static let name = "contacts.corrected"
  package let contact: ContactID
  package let infection: CaseID
  package let kind: ContactKind
  package var subject: String { contact.text }
}

/// Lists of published tracks were taken in.
package struct TracksImported: Fact {
  package static let name = "tracks.imported"
  package let run: String?
  package let accepted: Int
  package let leads: Int
  package let visits: Int
  package var subject: String { run ?? "tracks" }
}
