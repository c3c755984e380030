import Kernel

/// The hand-over of contacts to those who answer for their homes (推送、协查).
///
/// An investigator confirms a contact: it goes to exactly one area, the community of the home. The
/// area accepts it or sends it back with a reason; who is silent is told to the next above. What
/// came back the investigator sends elsewhere. Between districts a hand-over is a help letter with a
/// number. It is not done until the person was found, told, and, where the measure is spent
/// elsewhere, moved in a closed loop: one side says that the person left, another that they arrived.
///
/// Retention: as long as the contact, 60 days after the case closes.
package enum Referrals {
  static let answer = ObligationKind(
    "referrals.answer", title: Words("接收推送的密接", "Accept the contact or send it back"),
    action: Words("去处理", "Answer"),
    closing: .byDecision(
      Words(
        "接收该推送，或说明原因退回（referrals.accept、referrals.return）",
        "accept the hand-over, or send it back with a reason (referrals.accept, referrals.return)")),
    page: "/referrals/:subject")

  static let find = ObligationKind(
    "referrals.find", title: Words("落地密接", "Find the contact"),
    action: Words("去登记", "Report"),
    closing: .byDecision(
      Words(
        "登记在何处找到本人，或退回（referrals.report、referrals.return）",
        "report where the person was found, or send it back (referrals.report, referrals.return)")),
    page: "/referrals/:subject")

  static let redirect = ObligationKind(
    "referrals.redirect", title: Words("改推被退回的密接", "Send a returned contact elsewhere"),
    action: Words("去改推", "Send elsewhere"),
    closing: .byDecision(
      Words(
        "改推到另一辖区（referrals.send），或判定其不是密接",
        "send it to another area (referrals.send), or reject the contact")),
    page: "/referrals/:subject")

  static let kinds = [answer, find, redirect]

  package static let slice = Slice(
    name: "referrals",
    commands: [
      CommandKind(SendReferral.self), CommandKind(AcceptReferrals.self),
      CommandKind(ReturnReferral.self), CommandKind(ReportReferral.self),
      CommandKind(DepartReferral.self), CommandKind(ArriveReferral.self),
    ],
    queries: [
      QueryKind(ListReferrals.self), QueryKind(ShowReferral.self), QueryKind(ReferralBoard.self),
      QueryKind(ReferralLetter.self), QueryKind(ReferralsOfCase.self),
      QueryKind(ExportReferrals.self),
    ],
    facts: [
      ReferralSent.self, ReferralAccepted.self, ReferralReturned.self, ReferralFound.self,
      ContactDeparted.self, ReferralEnded.self,
    ],
    screens: [ReferralsScreens.board, ReferralsScreens.one],
    reactions: ReferralsReactions.all, obligationKinds: kinds,
    exports: [
      ExportKind(
        kind: "referrals", header: ExportReferrals.columns, query: ExportReferrals.name)
    ],
    migrations: [ReferralsStore.schema, ReferralsStore.contactIndex],
    policySections: [ReferralsPolicy.self],
    invariants: ReferralsInvariants.all, finders: [ReferralsFinder.finder])
}
