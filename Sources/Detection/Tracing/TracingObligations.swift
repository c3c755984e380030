import Kernel

/// The first steps of an investigation; the whole of it is owed by the slice of cases within the
/// golden 24 hours.
enum TracingObligations {
  /// Core facts and trajectory.
  static let trajectory = ObligationKind(
    "tracing.trajectory",
    title: Words("核实病例行程轨迹", "Establish where the case has been"),
    action: Words("轨迹已核实", "Trajectory established"))

  /// Every contact that was found is confirmed or rejected, so that the close ones are moved.
  static let contacts = ObligationKind(
    "tracing.contacts",
    title: Words("判定并推送密接", "Decide on the contacts and hand them over"),
    action: Words("密接已判定", "Contacts decided"))

  static let all = [trajectory, contacts]
}
