import Gazette
import Kernel

/// The first steps of an investigation; the whole of it is owed by the slice of cases within the
/// golden 24 hours.
enum TracingObligations {
  /// Core facts and trajectory.
  static let trajectory = ObligationKind(
    "tracing.trajectory",
    title: Words("核实病例行程轨迹", "Establish where the case has been"),
    action: Words("轨迹已核实", "Trajectory established"), page: "/cases/:subject")

  /// Every contact that was found is confirmed or rejected, so that the close ones are moved.
  static let contacts = ObligationKind(
    InvestigationObligations.contacts,
    title: Words("判定并推送密接", "Decide on the contacts and hand them over"),
    action: Words("密接已判定", "Contacts decided"), page: "/cases/:subject")

  /// A second person of another organisation decides on more contacts than one may confirm alone.
  static let approve = ObligationKind(
    "contacts.approve",
    title: Words("复核并批准批量密接判定", "Decide as second person on many contacts"),
    action: Words("去复核", "Decide"),
    closing: .byDecision(
      Words(
        "由另一单位的人员批准或不批准该判定申请",
        "another organisation approves or declines the request")),
    page: "/contact-requests#request-:subject")

  /// The steps of an investigation.
  static let steps = [trajectory, contacts]

  /// What a step of an investigation is called where there is little room.
  static func short(_ kind: String) -> Words? {
    switch kind {
    case Cases.transfer.name: Words("转运", "transfer")
    case Cases.investigate.name: Words("流调", "investigate")
    case trajectory.name: Words("轨迹", "trajectory")
    case contacts.name: Words("密接", "contacts")
    default: nil
    }
  }
}
