import Gazette
import Kernel
import Look
import Registry

/// A tube with all that was said of it, and the corrections that take a second person.
enum CorrectionScreens {
  static let all = [tube, corrections]

  private static let tube = Screen(
    path: "/screening/tube", title: Words("试管", "Tube"), duty: ListRounds.duty,
    purpose: .supervision
  ) { request, reading in
    guard request.query["of"].map({ !$0.isEmpty }) == true else {
      return ChoosePage(look: Look(reading)).page(Words("试管", "Tube"))
    }
    let page = try TubePage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }

  private static let corrections = Screen(
    path: "/screening/corrections", title: Words("结果更正", "Corrections"),
    duty: ApproveCorrection.duty, purpose: .supervision
  ) { request, reading in
    let look = Look(reading)
    return Page(
      title: look("结果更正", "Corrections"),
      body: try CorrectionList(request: request, reading: reading, look: look).body(),
      isLive: true)
  }

  static func address(of tube: TubeCode) -> String {
    Address("/screening/tube", ["of": tube.text]).text
  }
}

/// The corrections that wait for somebody of another organisation.
private struct CorrectionList {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  private static let most = 100

  func body() throws -> HTML {
    let header = look.title(
      look("结果更正", "Corrections"),
      look.note(
        look(
          "异常改为不异常，须另一单位的人复核", "what was not negative becomes so only by a second organisation")))
    let rounds = ScreeningRoundStore(reading.transaction)
    let tubes = TubesStore(reading.transaction)
    let open = try ResultsStore(reading.transaction).openCorrections(limit: Self.most)
      .filter { found in
        let tube = try tubes.get(found.correction.tube)
        return reading.authority.may(
          ApproveCorrection.duty, at: try rounds.get(tube.round).path)
      }
    if open.isEmpty {
      return header
        + look.empty(look("没有待复核的更正", "No correction waits"), isGood: true)
        + look.linkButton(look("检测轮次", "Rounds"), to: "/screening")
    }
    let card = CorrectionCard(request: request, reading: reading, look: look)
    return HTML([header] + (try open.map { try card.html($0.correction, reason: $0.reason) }))
  }
}

/// One correction with who asked, why, and the second person's buttons.
private struct CorrectionCard {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  func html(_ correction: ResultCorrection, reason: String) throws -> HTML {
    look.panel(
      look("管 \(correction.tube.text)", "Tube \(correction.tube.text)"),
      id: "correction-\(correction.id.text)",
      note: look.moment(correction.askedAt),
      chip: .init(look("等第二人", "waits for a second person"), .soon),
      HTML([
        look.facts([
          (
            look("更正", "Correction"),
            "\(look(correction.was.words)) → \(look(correction.result.words))"
          ), (look("理由", "Reason"), "\(reason)"),
          (
            look("申请单位", "Asked by"),
            "\(try reading.office(ofSender: correction.askedBy, at: correction.askedAt))"
          ),
          (
            look("试管", "Tube"),
            look.link(correction.tube.text, to: CorrectionScreens.address(of: correction.tube))
          ),
        ]),
        look.form(
          ApproveCorrection.name, for: request,
          hidden: [("correction", correction.id.text)], buttons: look.approvalButtons,
          isInline: true),
      ]))
  }
}

/// One tube: where it is, what laboratories said of it, and how its result is put right.
private struct TubePage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let tube: Tube
  let round: ScreeningRound

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    tube = try TubesStore(reading.transaction).get(
      TubeCode(request.query["of"] ?? "", field: "of"))
    let rounds = ScreeningRoundStore(reading.transaction)
    round = try rounds.get(tube.round)
    let path = try tube.point.flatMap { try rounds.point($0)?.path } ?? round.path
    let areas = reading.authority.areas(for: ListRounds.duty)
    guard areas.contains(where: { $0.holds(path) || path.holds($0) }) else {
      throw Refusal.outsideArea(ListRounds.duty)
    }
  }

  var title: String { look("管 \(tube.code.text)", "Tube \(tube.code.text)") }

  func body() throws -> HTML {
    let members = try SwabsStore(reading.transaction).inTube(tube.code)
      .count { $0.withdrawnAt == nil }
    // Whether anybody is in it would tell a laboratory which tube is a control.
    let isBlind =
      try LaboratoriesStore(reading.transaction).laboratory(of: reading.authority.sender.text)
      != nil
    let isControl = !isBlind && reading.authority.may(DecideBatch.duty, at: round.path)
    let box = tube.box
    return HTML([
      look.title(title, result),
      look.facts([
        (
          look("轮次", "Round"),
          look.link(round.name, to: "/screening/\(Address.escaped(round.id.text))")
        ),
        (
          look("管内", "In it"),
          isBlind
            ? "—"
            : tube.control.flatMap {
              isControl ? "\(look("质控", "control: "))\(look($0.words))" : nil
            }
              ?? "\(members) / \(tube.capacity)"
        ),
        (look("封管", "Sealed"), "\(tube.sealedAt.map { look.moment($0) } ?? "—")"),
        (
          look("样本箱", "Box"),
          box.map { look.link($0.text, to: BoxScreens.address(of: $0)) } ?? "—"
        ),
        (
          look("检测机构", "Laboratory"),
          "\(look.dotted([tube.laboratory?.text ?? "—", tube.receivedAt.map { look.moment($0) }]))"
        ), (look("作废", "Void"), "\(tube.voidReason.map { look($0.words) } ?? "—")"),
      ]),
      try history(), try entry(), try correction(),
    ])
  }

  private var result: HTML {
    guard let result = tube.result else {
      return look.chip(look("还没有结果", "no result yet"), .soon)
    }
    return look.chip(look(result.words), result.holds ? .late : .done)
  }

  private func history() throws -> HTML {
    let said = try ResultsStore(reading.transaction).history(of: tube.code)
    let title = look("历次结果", "What was said of it")
    if said.isEmpty {
      return look.panel(title, look.empty(look("还没有结果", "Nothing yet")))
    }
    let rows = try said.map { said in
      Look.TableRow(
        look(said.row.result.words),
        cells: [
          .text(look.moment(said.row.reportedAt)), .text(said.laboratory.text),
          .text(try source(of: said)),
        ])
    }
    return look.panel(
      title,
      look.table(
        title,
        columns: [
          .init(look("结果", "Result")), .init(look("报告时间", "Reported")),
          .init(look("检测机构", "Laboratory")), .init(look("依据", "By")),
        ], rows: rows, id: "history"))
  }

  /// How a result came, and who entered it where a person did.
  private func source(of said: ResultsStore.Said) throws -> String {
    if said.correction != nil { return look("两人更正", "correction by two people") }
    if let sender = said.enteredBy {
      let who = try reading.office(ofSender: sender, at: said.row.reportedAt)
      return look("手工录入：\(who)（\(sender)）", "entered by hand: \(who) (\(sender))")
    }
    return said.isSigned
      ? look("检测机构的签名清单", "the laboratory’s signed list") : look("检测机构的文件", "the laboratory’s file")
  }

  /// By hand, where no file comes: by the district, or by the laboratory to which it came.
  private func entry() throws -> HTML {
    guard tube.result == nil, tube.voidedAt == nil, tube.receivedAt != nil else { return "" }
    if try ResultsStore(reading.transaction).waiting(of: tube.code) != nil {
      return look.notice(
        look(
          "录入的结果待两人审核，未生效",
          "The result that was entered waits for two people and does not count yet"),
        // Why, only those who decide are told: it may be a control.
        look("审核后才会算数，无需再录。", "It counts once they agree; nothing has to be entered again."),
        tone: .soon)
    }
    let own = try LaboratoriesStore(reading.transaction)
      .laboratory(of: reading.authority.sender.text)
    let isOwn =
      own != nil && own?.id == tube.laboratory
      && reading.authority.holds(EnterOwnResult.duty)
    guard isOwn || reading.authority.may(EnterResult.duty, at: round.path) else { return "" }
    let from = try ResultsRules.possible(
      from: tube, holding: SwabsStore(reading.transaction).inTube(tube.code),
      reading.policy(ScreeningPolicy.self))
    if from > look.now {
      return look.notice(
        look("检测还没完成", "The test cannot be done yet"),
        look(
          "\(look.nearMoment(from)) 起才可能有结果，届时可录入。",
          "No result before \(look.nearMoment(from)); it can be entered then."),
        tone: .soon)
    }
    return look.panel(
      look("登记结果", "Enter the result"),
      note: look("平时由检测机构的文件上报", "usually the laboratory’s file brings it"),
      look.form(
        isOwn ? EnterOwnResult.name : EnterResult.name, for: request,
        hidden: [("tube", tube.code.text)],
        fields: [
          .init(
            "result", look("结果", "Result"),
            .choices(TubeResult.allCases.map { .init($0.rawValue, look($0.words)) }),
            required: true)
        ], buttons: look.primaryButton(look("登记结果", "Enter it"))))
  }

  private func correction() throws -> HTML {
    guard tube.result?.holds == true else { return "" }
    let store = ResultsStore(reading.transaction)
    let open = try store.openCorrections(limit: 1_000)
      .first { $0.correction.tube == tube.code }
    if let open {
      guard reading.authority.may(ApproveCorrection.duty, at: round.path) else {
        return look.notice(
          look("更正申请等另一单位复核", "A correction waits for another organisation"), tone: .soon)
      }
      return try CorrectionCard(request: request, reading: reading, look: look)
        .html(open.correction, reason: open.reason)
    }
    guard reading.authority.may(AskCorrection.duty, at: round.path) else { return "" }
    let results = TubeResult.allCases.filter { ResultsRules.isSettled(tube, against: $0) }
    return look.panel(
      look("申请更正", "Ask for a correction"),
      note: look("另一单位的人同意后才生效", "nothing changes until somebody of another organisation agrees"),
      look.form(
        AskCorrection.name, for: request, hidden: [("tube", tube.code.text)],
        fields: [
          .init(
            "result", look("应为", "It should be"),
            .choices(results.map { .init($0.rawValue, look($0.words)) }), required: true),
          .init("reason", look("理由", "Reason"), .long, required: true),
        ], buttons: look.dangerButton(look("申请更正", "Ask for it"))))
  }
}
