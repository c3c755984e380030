import Kernel

/// Rows of a sheet were taken in.
package struct LeadsImported: Fact {
  package static let name = "leads.imported"
  package static let words = Words("已导入线索", "Leads taken in")
  package static let about = Matter.run
  package let run: String?
  package let assigned: Int
  package let waiting: Int
  package let verified: Int
  package var subject: String { run ?? "leads" }
}

/// Leads that waited were split over communities.
package struct LeadsSplit: Fact {
  package static let name = "leads.split"
  package static let words = Words("线索已分派到社区", "Leads split over communities")
  package static let about = Matter.place
  package let place: PlaceID
  package let leads: Int
  package let communities: Int
  package var subject: String { place.text }
}

/// A check was entered, or put right.
package struct LeadVerified: Fact {
  package static let name = "leads.verified"
  package static let words = Words("线索已核查或更正", "Lead checked, or its check put right")
  package static let about = Matter.lead
  package let lead: LeadID
  package let measure: LeadMeasure
  package let isCorrection: Bool
  package var subject: String { lead.text }
}

/// A lead went to another place.
package struct LeadHandedOver: Fact {
  package static let name = "leads.handedOver"
  package static let words = Words("线索已移交", "Lead handed over")
  package static let about = Matter.lead
  package let lead: LeadID
  package let from: PlaceID
  package let to: PlaceID
  package var subject: String { lead.text }
}

extension Matter {
  package static let lead = Matter(Words("线索", "Lead"), page: "/leads/:lead")
}
