import Kernel

/// What a lead asks of whom.
enum LeadsObligations {
  /// The community finds out where the person is.
  static let verify = ObligationKind(
    "leads.verify", title: Words("核查线索", "Check a lead"),
    action: Words("去核查", "Check it"),
    closing: .byDecision(
      Words("在线索页登记核查结果或移交", "enter the result on the lead’s page, or hand it over")),
    page: "/leads/:subject")

  /// What could not be given to a community is split over those of the area.
  static let split = ObligationKind(
    "leads.split", title: Words("分派待核查线索", "Split leads over communities"),
    action: Words("去分派", "Split them"),
    closing: .byDecision(
      Words("在线索核查页预览并分派", "look at the split on the page of leads, then do it")),
    page: "/leads?place=:subject&state=waiting")
}
