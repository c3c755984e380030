import Kernel

/// Rows of a sheet were taken in.
package struct LeadsImported: Fact {
  package static let name = "leads.imported"
  package let run: String?
  package let assigned: Int
  package let waiting: Int
  package let verified: Int
  package var subject: String { run ?? "leads" }
}

/// Leads that waited were split over communities.
package struct LeadsSplit: Fact {
  package static let name = "leads.split"
  package let place: PlaceID
  package let leads: Int
  package let communities: Int
  package var subject: String { place.text }
}

/// A check was entered, or put right.
package struct LeadVerified: Fact {
  package static let name = "leads.verified"
  package let lead: LeadID
  package let measure: LeadMeasure
  package let isCorrection: Bool
  package var subject: String { lead.text }
}

/// A lead went to another place.
package struct LeadHandedOver: Fact {
  package static let name = "leads.handedOver"
  package let lead: LeadID
  package let from: PlaceID
  package let to: PlaceID
  package var subject: String { lead.text }
}
