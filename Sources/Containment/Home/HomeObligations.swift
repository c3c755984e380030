import Gazette
import Kernel

/// What isolation at home makes owed, and what residents ask for. Temperature, symptoms and tests are
/// owed by the measure itself, `RestrictionDuties`.
package enum HomeDuties {
  private static let householdPage = "/home/:subject"
  private static let outingPage = "/home/outings/:subject"
  private static let requestPage = "/home/requests/:subject"

  private static let isMet: ProofField.Form = .choice([
    ("yes", Words("符合", "met")), ("no", Words("不符合", "not met")),
  ])

  package static let checklist = ObligationKind(
    "home.checklist", title: Words("上门核对居家隔离六要求", "Look at the six rules of isolation at home"),
    action: Words("登记六要求", "Enter the six rules"),
    proof: HomeRule.allCases.map { ProofField($0.rawValue, $0.words, isMet) },
    page: householdPage)

  package static let remedy = ObligationKind(
    "home.remedy",
    title: Words("居家条件不符合六要求，研判处置", "A rule of isolation at home is not met: decide"),
    action: Words("去研判", "Decide"),
    closing: .byDecision(
      Words(
        "在该户页面登记整改结果，或说明理由后转集中隔离",
        "on the household's page: what was mended, or why they move to a site")),
    page: householdPage)

  package static let carer = ObligationKind(
    "home.carer",
    title: Words("不能自理者无人照护，落实照护人", "Somebody who cannot be alone has no carer: name one"),
    action: Words("去落实", "Name"),
    closing: .byDecision(
      Words("在照护页面登记照护人", "name one on the page of care")),
    page: "/home/care/:subject")

  package static let silence = ObligationKind(
    "home.silence",
    title: Words("超过时限没有健康报告，今天上门查看", "No word for too long: look at the door today"),
    action: Words("已查看", "Looked"),
    proof: [
      ProofField(
        "outcome", Words("结果", "Outcome"),
        .choice([
          ("well", Words("见到本人，情况正常", "met, all is well")),
          ("help", Words("需要帮助，已安排", "needs help, seen to")),
          ("away", Words("不在家，已报告", "not at home, reported")),
        ]))
    ], page: "/home/stays/:subject")

  /// What is brought to the door, one kind for each service.
  package static func service(_ service: HomeService) -> ObligationKind {
    ObligationKind(
      "home.\(service.rawValue)", title: service.words, action: Words("已完成", "Done"),
      page: householdPage)
  }

  private static let answer = [
    ProofField(
      "outcome", Words("结果", "Outcome"),
      .choice([
        ("done", Words("已办到", "done")), ("partly", Words("部分办到", "done in part")),
        ("not", Words("办不到，已说明", "not possible, told why")),
      ])),
    ProofField(
      "answer", Words("答复（本人会看到）", "Answer (the person reads it)"), .text, required: false),
  ]

  package static let request = ObligationKind(
    "home.request", title: Words("居民求助", "A resident asks for help"),
    action: Words("答复", "Answer"), proof: answer, goesWithPerson: true, page: requestPage)

  package static let doctor = ObligationKind(
    "home.doctor", title: Words("居民要看医生，立即联系", "A resident asks for a doctor: call at once"),
    action: Words("答复", "Answer"), proof: answer, goesWithPerson: true, page: requestPage)

  package static let outing = ObligationKind(
    "home.outing", title: Words("审批外出就医申请", "Decide on a way out for care"),
    action: Words("去审批", "Decide"),
    closing: .byDecision(
      Words(
        "在外出就医页面批准，或说明理由不批准",
        "approve on the outing's page, or decline with a reason")),
    page: outingPage)

  package static let trip = ObligationKind(
    "home.trip", title: Words("闭环外出就医：落实下一程", "A closed-loop way out for care: the next leg"),
    action: Words("去确认", "Confirm"),
    closing: .byDecision(
      Words(
        "由另一方在外出就医页面确认出发、到达、返程、到家",
        "the other side confirms each leg on the outing's page")),
    page: outingPage)

  package static let all =
    [checklist, remedy, carer, silence] + HomeService.allCases.map(service)
    + [request, doctor, outing, trip]
}
