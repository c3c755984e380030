import Gazette
import Kernel

/// What zones make owed.
package enum ZoneDuties {
  private static let page = "/zones/:subject"

  package static let decide = ObligationKind(
    "zones.decide", title: Words("决定是否划定风险区", "Decide on a proposed zone"),
    action: Words("去决定", "Decide"),
    closing: .byDecision(
      Words(
        "在风险区页面划定或不采纳",
        "open or decline it on the zone's page")), page: page)

  package static let review = ObligationKind(
    "zones.review",
    title: Words("区内新增感染者：研判是否扩大范围", "Another infection: judge whether the zone suffices"),
    action: Words("已研判", "Judged"),
    proof: [
      ProofField(
        "judgement", Words("结论", "Judgement"),
        .choice([
          ("suffices", Words("范围不变", "it suffices")),
          ("part", Words("部分扩大，另行提出", "a part more, proposed apart")),
          ("all", Words("整体升级，另行提出", "all of it, proposed apart")),
        ]))
    ], page: page)

  package static let locate = ObligationKind(
    "zones.locate", title: Words("感染者住址不详，补全后研判划区", "Find where the infected person lives"),
    action: Words("已处理", "Done"), page: "/cases/:subject")

  package static let release = ObligationKind(
    "zones.release", title: Words("解除条件已全部满足，办理解除", "Every clause is met: release"),
    action: Words("去解除", "Release"),
    closing: .byDecision(
      Words(
        "在风险区页面解除或降级；逾期自动解除",
        "release or step down on the zone's page; when late it ends by itself"
      )), page: page)

  package static let staff = ObligationKind(
    "zones.staff", title: Words("值守排班有空档，补齐人员", "The roster has a gap: fill it"),
    action: Words("去排班", "Fill"),
    closing: .byDecision(
      Words("排班没有空档时自动销号", "it closes when the roster has no gap")),
    page: page)

  package static let gate = ObligationKind(
    "zones.gate", title: Words("拆除围挡、打开出口", "Take the fence down, open the gates"),
    action: Words("已打开", "Opened"), page: page)

  package static let round = ObligationKind(
    "zones.round", title: Words("组织区内全员检测", "Test everybody in the zone"),
    action: Words("已组织", "Done"), page: page)

  /// What is brought to the doors, one kind for each service.
  package static func service(_ service: ZoneService) -> ObligationKind {
    ObligationKind(
      "zones.\(service.rawValue)", title: service.words, action: Words("已完成", "Done"), page: page)
  }

  package static let all =
    [decide, review, locate, release, staff, gate, round] + ZoneService.allCases.map(service)

  /// The kinds that fall away with a zone.
  static let running = [release, staff, round, review] + ZoneService.allCases.map(service)
}
