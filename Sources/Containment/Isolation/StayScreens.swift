import Kernel
import Look
import Registry

/// One stay: what its release waits for, clause by clause, and the next step of the trip.
struct StayPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let shown: ShowStay.Answer
  private let path: PlacePath

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    shown = try reading.ask(ShowStay(stay: SiteStayID(request.parameter("stay"))))
    path = try reading.jurisdiction.path(shown.site, reading.transaction) ?? .everywhere
  }

  private var guest: GuestView { shown.guest }
  private var own: (String, String) { ("stay", guest.stay.text) }
  private var mayManage: Bool { reading.authority.may(SetUpSite.duty, at: path) }

  func body() throws -> HTML {
    HTML([
      look.title(markup: look.masked(guest.name), look.chip(SiteWords.label(guest, look))),
      look.columns([
        look.stack([card, clauses, try next()]), look.stack([result, try diet(), otherWays]),
      ]),
    ])
  }

  private var card: HTML {
    var lines: [(String, HTML)] = [
      (
        look("隔离点", "Site"),
        look.link(
          look.dotted([
            shown.siteName, shown.roomNumber.map { look("房间 \($0)", "room \($0)") },
          ]), to: IsolationScreens.address(shown.site))
      )
    ]
    if let day = guest.day, let days = guest.days {
      lines.append(
        (look("天数", "Day"), "\(look("第 \(day) 天，共 \(days) 天", "day \(day) of \(days)"))"))
    }
    if let until = guest.until {
      lines.append(
        (
          look("措施", "Measure"),
          look.link(
            look("集中隔离至 \(look.end(until))", "central isolation until \(look.end(until))"),
            to: "/restrictions/of/\(Address.escaped(guest.person.text))")
        ))
    }
    lines.append((look("饮食", "Diet"), "\(dietWords)"))
    if let medicine = shown.medicine {
      lines.append((look("自备药", "Medicine"), "\(medicine)"))
    }
    let moments: [(String, Instant?)] = [
      (look("申请", "Asked"), guest.askedAt), (look("出发", "Left"), guest.departedAt),
      (look("到达", "Arrived"), guest.arrivedAt), (look("离开", "Gone"), guest.leftAt),
    ]
    for (name, moment) in moments {
      if let moment { lines.append((name, "\(look.nearMoment(moment))")) }
    }
    return look.card(nil, look.facts(lines))
  }

  private var clauses: HTML {
    guard guest.state == .present else { return "" }
    let finding = shown.finding
    func line(_ isMet: Bool, _ words: String) -> HTML {
      look.paragraph("\(isMet ? "✓" : "✗") \(words)")
    }
    let days = finding.until.map {
      look("天数：还到 \(look.nearEnd($0))", "days: until \(look.nearEnd($0))")
    }
    let tests = finding.tests.map { test in
      line(
        test.state == .negative,
        look(
          "第 \(test.number) 天检测（\(look.nearDay(test.day))）：\(look(words(of: test.state)))",
          "test of day \(test.number) (\(look.nearDay(test.day))): \(look(words(of: test.state)))"))
    }
    let notice = line(
      finding.isNoticeGiven || finding.isOwnWill,
      finding.isOwnWill
        ? look("自愿陪护，随时可走", "here of their own will, free to go")
        : finding.isNoticeGiven
          ? look("告知书已送达", "notice brought") : look("告知书未送达", "notice not brought"))
    let form: HTML? = shown.notice.map { obligation in
      look.form(
        FinishObligation.name, for: request, hidden: [("obligation", obligation.text)],
        buttons: look.plainButton(look("告知书已送达", "Notice brought")), isInline: true)
    }
    return look.panel(
      look("解除条件", "What a release asks"),
      chip: finding.isComplete
        ? .init(look("全部满足", "all met"), .done) : .init(look("未满足", "not met"), .soon),
      HTML(
        [line(finding.isDaysComplete, days ?? look("天数已满", "days complete"))] + tests
          + [notice, form ?? ""]))
  }

  private func words(of state: ReleaseFinding.Test.State) -> Words {
    switch state {
    case .negative: Words("阴性", "negative")
    case .positive: Words("非阴性", "not negative")
    case .missing: Words("缺结果", "missing")
    case .toCome: Words("未到", "to come")
    }
  }

  /// The next step, in one press by the side whose word it is.
  private func next() throws -> HTML {
    switch guest.state {
    case .asked: return mayManage ? try answering() : ""
    case .accepted:
      guard reading.authority.holds(DepartTransfer.duty) else { return "" }
      return look.form(
        DepartTransfer.name, for: request, hidden: [own],
        buttons: look.primaryButton(look("车已出发", "The car has left")), isInline: true)
    case .travelling:
      guard mayManage else { return "" }
      return look.form(
        ArriveTransfer.name, for: request, hidden: [own],
        buttons: look.primaryButton(look("已到达入住", "Arrived")), isInline: true)
    case .present:
      guard mayManage, shown.finding.isDaysComplete else { return "" }
      let command = shown.finding.isComplete ? ReleaseStay.name : LetGo.name
      let words =
        shown.finding.isComplete
        ? look("解除隔离", "Release")
        : look("放行（措施已到期，缺项另办）", "Let go (no measure holds; what is missing follows)")
      return look.form(
        command, for: request, hidden: [own], buttons: look.primaryButton(words), isInline: true)
    case .left, .declined: return ""
    }
  }

  private func answering() throws -> HTML {
    let open = try reading.ask(ShowSite(site: shown.site)).rooms.filter {
      !$0.isDirty && $0.guests.count < $0.beds
    }
    // A room of one's own is the rule: those stand first.
    let rooms = open.filter(\.isFree) + open.filter { !$0.isFree }
    let choices = rooms.map { room in
      Look.Field.Choice(
        room.room.text,
        look.dotted([
          room.number,
          room.guests.isEmpty ? nil : look("已住 \(room.guests.count)", "\(room.guests.count) in it"),
          room.isBarrierFree ? look("无障碍", "barrier-free") : nil,
        ]))
    }
    let reasons =
      [Look.Field.Choice("", look("不合住", "nobody"))]
      + SharingReason.allCases.map { Look.Field.Choice($0.rawValue, look($0.words)) }
    let decline = look.form(
      AnswerTransfer.name, for: request, hidden: [own, ("accepted", "false")],
      buttons: look.plainButton(look("不接收", "Decline")), isInline: true)
    if choices.isEmpty {
      return look.notice(look("没有空房", "No room is free"), tone: .late) + decline
    }
    let accept = look.form(
      AnswerTransfer.name, for: request, hidden: [own, ("accepted", "true")],
      fields: [
        .init("room", look("房间", "Room"), .list(choices), required: true),
        .init(
          "sharing", look("合住原因（单间不填）", "Why they share (empty when alone)"), .list(reasons)),
      ], buttons: look.primaryButton(look("同意接收", "Accept")))
    return look.panel(look("答复", "Answer"), HTML([accept, decline]))
  }

  private var result: HTML {
    guard mayManage, guest.state == .present else { return "" }
    return look.disclosure(
      look("登记检测结果", "Enter a result"), id: "result",
      look.form(
        RecordResult.name, for: request, hidden: [own],
        fields: [
          .init("sampledAt", look("采样时间", "Sampled at"), .moment, required: true),
          .init(
            "negative", look("结果", "Result"),
            .choices([
              .init("true", look("阴性", "negative")), .init("false", look("非阴性", "not negative")),
            ]), required: true),
        ], buttons: look.primaryButton(look("登记", "Enter"))))
  }

  private var dietWords: String {
    let meals = try? reading.policy(IsolationPolicy.self).meals
    return meals?.words(of: shown.diet, look) ?? shown.diet ?? ""
  }

  private func diet() throws -> HTML {
    guard mayManage, [.accepted, .travelling, .present].contains(guest.state) else { return "" }
    let policy = try reading.policy(IsolationPolicy.self).meals
    return look.disclosure(
      look("饮食和自备药", "Diet and medicine"), id: "diet",
      look.form(
        SetDiet.name, for: request, hidden: [own],
        fields: [
          .init(
            "diet", look("饮食", "Diet"), .list(policy.diets.map { .init($0.code, look($0.words)) }),
            required: true, start: policy.diet(shown.diet)?.code ?? ""),
          .init(
            "medicine", look("长期用药", "Regular medicine"),
            hint: look("药名和时间；加密保存，离开即删", "name and hours; kept locked, deleted when they leave"),
            start: shown.medicine ?? ""),
        ], buttons: look.primaryButton(look("保存", "Save"))))
  }

  private var otherWays: HTML {
    guard guest.state == .present, mayManage else {
      guard [.asked, .accepted].contains(guest.state),
        reading.authority.holds(CancelTransfer.duty)
      else { return "" }
      return look.form(
        CancelTransfer.name, for: request, hidden: [own],
        buttons: look.plainButton(look("取消转运", "Cancel")), isInline: true)
    }
    return look.disclosure(
      look("送医院", "To a hospital"), id: "hospital",
      look.paragraph(
        look("先救人；管控措施不因此解除。", "Help comes first; the measure does not end by it."))
        + look.form(
          SendToHospital.name, for: request, hidden: [own],
          buttons: look.dangerButton(look("已送往医院", "Sent to hospital"))))
  }
}
