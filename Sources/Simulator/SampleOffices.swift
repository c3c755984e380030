import Kernel

/// Who is in office in a sample district.
package struct SampleOffices: Sendable {
  /// An account with its one office.
  package struct Holder: Sendable {
    package let account: String
    package let title: String
    package let role: String
    package let place: String
    /// Whether a person at the keyboard is meant to sign in as it.
    package let isShown: Bool
  }

  package let holders: [Holder]

  /// People for the district, one street and one community, and a worker for each grid.
  ///
  /// - Parameters:
  ///   - grids: the grids by identifier, with the code of their community.
  package init(
    district: String, street: String, community: String,
    grids: [(id: String, community: String)]
  ) {
    var made = [
      Holder(
        account: "duty", title: "区值班", role: "command_duty", place: district, isShown: true),
      Holder(
        account: "investigator", title: "区流调组", role: "investigator", place: district,
        isShown: true),
      Holder(
        account: "reviewer", title: "复核组", role: "reviewer", place: district, isShown: true),
      Holder(
        account: "auditor", title: "审计员", role: "auditor", place: district, isShown: false),
      Holder(
        account: "street", title: "街道负责人", role: "street_leader", place: street,
        isShown: true),
      Holder(
        account: "sampler", title: "采样点", role: "sampler", place: street, isShown: true),
      Holder(
        account: "courier", title: "样本转运", role: "courier", place: district, isShown: true),
      Holder(
        account: "laboratory", title: "区检测点", role: "laboratory", place: district,
        isShown: true),
      Holder(
        account: "community", title: "社区负责人", role: "community_leader", place: community,
        isShown: true),
    ]
    var shown = false
    for (index, grid) in grids.enumerated() {
      let isFirst = !shown && grid.community == community
      shown = shown || isFirst
      made.append(
        Holder(
          account: isFirst ? "worker" : "worker-\(index + 1)", title: "网格员\(index + 1)",
          role: "grid_worker", place: grid.id, isShown: isFirst))
      // A team has eight roles; some are vacant, and that is to be seen.
      for (offset, (role, title)) in Self.team.enumerated() where (index + offset) % 3 != 0 {
        made.append(
          Holder(
            account: "\(role)-\(index + 1)", title: "\(title)\(index + 1)", role: role,
            place: grid.id, isShown: false))
      }
    }
    holders = made
  }

  private static let team = [
    ("street_cadre", "街道干部"), ("police_officer", "社区民警"), ("property_staff", "物业"),
    ("volunteer", "志愿者"),
  ]
}
