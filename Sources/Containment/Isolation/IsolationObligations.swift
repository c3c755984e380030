import Gazette
import Kernel

/// What isolation sites make owed. Temperature, symptoms and tests are owed by the measure itself,
/// `RestrictionDuties`, and follow the person to the site.
package enum IsolationDuties {
  private static let sitePage = "/isolation/:subject"
  private static let stayPage = "/isolation/stays/:subject"

  package static let ready = ObligationKind(
    "isolation.ready", title: Words("隔离点清空、清洁、移交", "Empty, clean and hand over the site"),
    action: Words("去确认", "Confirm"),
    closing: .byDecision(
      Words(
        "在隔离点页面由双方逐项确认",
        "both sides confirm each step on the site's page"
      )),
    page: sitePage)

  package static let accept = ObligationKind(
    "isolation.accept", title: Words("答复转运申请，安排房间", "Answer the transfer and name a room"),
    action: Words("去答复", "Answer"),
    closing: .byDecision(
      Words(
        "在隔离点页面同意并安排房间，或不接收",
        "accept with a room or decline on the site's page")), page: stayPage)

  package static let arrive = ObligationKind(
    "isolation.arrive", title: Words("闭环转运到达确认", "Confirm the arrival of a closed-loop trip"),
    action: Words("去确认", "Confirm"),
    closing: .byDecision(
      Words(
        "由隔离点确认到达", "the site confirms the arrival")),
    page: stayPage)

  package static let notice = ObligationKind(
    "isolation.notice", title: Words("送达解除隔离告知书", "Bring the notice of release"),
    action: Words("已送达", "Brought"), page: stayPage)

  package static let release = ObligationKind(
    "isolation.release", title: Words("已无措施要求集中隔离，办理离开", "No measure holds: let them go"),
    action: Words("去办理", "Let go"),
    closing: .byDecision(
      Words(
        "在入住页面解除或放行",
        "release or let go on the page of the stay")),
    page: stayPage)

  package static let disinfect = ObligationKind(
    "isolation.disinfect", title: Words("房间终末消毒", "Disinfect the room"),
    action: Words("已消毒", "Disinfected"),
    proof: [
      ProofField(
        "milligrams", Words("有效氯（mg/L）", "Chlorine (mg/L)"),
        .number(unit: "mg/L", 1...20_000)),
      ProofField(
        "minutes", Words("作用时间（分钟）", "Minutes left on"), .number(unit: "min", 1...600)),
    ])

  package static let waste = ObligationKind(
    "isolation.waste", title: Words("医疗废物限时交接", "Hand the medical waste over in time"),
    action: Words("去交接", "Hand over"),
    closing: .byDecision(
      Words(
        "收运方清点复称后确认",
        "the taker counts, weighs and confirms")),
    page: sitePage)

  package static let followUp = ObligationKind(
    "isolation.missing",
    title: Words("离开时检测不全，补采核酸", "A test was missing when they left: take it"),
    action: Words("已采样", "Sample taken"), goesWithPerson: true, page: "/restrictions/of/:person")

  package static let positive = ObligationKind(
    "isolation.positive",
    title: Words("隔离点检出阳性，立即报告处置", "A positive at a site: report and see to it"),
    action: Words("已报告", "Reported"), page: stayPage)

  package static let meal = ObligationKind(
    "isolation.meal", title: Words("按时送餐到房门", "Bring the meal to every door"),
    action: Words("去登记", "Enter"),
    closing: .byDecision(
      Words(
        "在隔离点页面登记送达份数和未送达房间",
        "enter portions and doors missed on the site's page")),
    page: sitePage)

  package static let missedMeal = ObligationKind(
    "isolation.missedMeal", title: Words("有房间没有收到餐食，补送", "A door got no meal: bring it"),
    action: Words("已补送", "Brought"))

  package static let staff = ObligationKind(
    "isolation.staff", title: Words("隔离点排班有空档，补齐人员", "A site's roster has a gap: fill it"),
    action: Words("去排班", "Fill"),
    closing: .byDecision(
      Words(
        "排班没有空档时自动销号",
        "it closes when the roster has no gap")),
    page: sitePage + "/staff")

  package static let staffTest = ObligationKind(
    "isolation.staffTest", title: Words("闭环人员核酸检测", "Test somebody of the closed loop"),
    action: Words("登记结果", "Enter the result"),
    proof: [
      ProofField(
        "result", Words("结果", "Result"),
        .choice([
          ("negative", Words("阴性", "negative")), ("positive", Words("非阴性", "not negative")),
        ]))
    ], page: "/isolation/loops/:subject")

  package static let staffPositive = ObligationKind(
    "isolation.staffPositive",
    title: Words("闭环人员检出阳性，立即报告、撤岗", "Positive in the closed loop: report, take off duty"),
    action: Words("已报告撤岗", "Reported, off duty"), page: "/isolation/loops/:subject")

  package static let all = [
    ready, accept, arrive, notice, release, disinfect, waste, followUp, positive, meal,
    missedMeal, staff, staffTest, staffPositive,
  ]
}
