import Gazette
import Kernel
import Look
import Registry

/// One case: who, the clocks, where it went, whom it met, and what can be put right.
struct CasePage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let shown: ShowCase.Answer

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    shown = try reading.ask(ShowCase(infection: CaseID(request.parameter("case"))))
  }

  private var entry: CaseEntry { shown.entry }

  var title: String { look("病例 \(entry.infection)", "Case \(entry.infection)") }

  func body() throws -> HTML {
    HTML([
      look.title(markup: "\(title) · \(who)", reveal + look.chip(kind) + look.note(about)),
      withdrawn, try inDoubt(), ways,
      try clocks(),
      try part { try CaseProgress(infection: entry.infection, reading: reading).html() },
      try part(trajectory),
      look.columns([
        try part { try CaseContacts(infection: entry.infection, page: self).html() },
        look.stack([look.card(look("登记", "Record"), try facts()), corrections, try work()]),
      ]),
    ])
  }

  /// A part of the page, or why it is not shown to this office.
  private func part(_ body: () throws -> HTML) throws -> HTML {
    do {
      return try body()
    } catch let refusal as Refusal where refusal.kind == .notFound {
      return look.panel(
        look("没有流调", "No investigation"),
        look.empty(look("此病例没有打开流调", "No investigation is open for this case")))
    } catch let refusal as Refusal where refusal.kind == .forbidden {
      return look.refusedPart(refusal)
    }
  }

  private var isRevealed: Bool { request.query["reveal"] == "true" }

  private var who: HTML {
    let name = shown.name ?? ""
    if !isRevealed { return look.masked(Mask.name(name)) }
    return "\(name.isEmpty ? look("姓名未知", "name unknown") : name)"
  }

  private var reveal: HTML {
    if isRevealed { return "" }
    return look.reveal(
      at: "/cases/\(Address.escaped(entry.infection.text))",
      purposes: [.investigation, .supervision], id: "case", hidden: [("reveal", "true")])
  }

  private var kind: Look.Label {
    Look.Label(look((entry.convertedAt == nil ? entry.kind : .converted).words), .late)
  }

  private var about: String {
    look.dotted([
      shown.sex.map { look($0.words) }, shown.age.map { look("\($0) 岁", "\($0)") },
      entry.districtName, entry.source.map(source),
    ])
  }

  private func source(_ code: String) -> String {
    let sources = (try? reading.ask(ListSources())) ?? []
    return sources.first { $0.code == code }.map { look($0.words) } ?? code
  }

  private var withdrawn: HTML {
    guard let at = entry.withdrawnAt else { return "" }
    return look.notice(
      look("此病例已于 \(look.moment(at)) 撤销", "This case was withdrawn \(look.moment(at))"),
      shown.withdrawalReason ?? "", tone: .soon)
  }

  /// That a second person has yet to look at the case, or has declined it.
  private func inDoubt() throws -> HTML {
    switch try InvestigationStore(reading.transaction).doubt(of: entry.infection) {
    case nil: ""
    case .waits:
      look.notice(
        look("超过一人可报的上限，等第二人复核", "Beyond what one account may tell: a second person decides"),
        look(
          "复核前不据此管控任何人，也不据此延长任何人的期限。",
          "Until then it restricts nobody and lengthens nobody's time."), tone: .soon)
    case .declined:
      look.notice(
        look("第二人复核未批准", "A second person declined it"),
        look(
          "不据此管控任何人；如确有误，请撤销此病例。", "It restricts nobody; withdraw the case if it is none."),
        tone: .soon)
    }
  }

  /// Where an investigator goes from here.
  private var ways: HTML {
    let own = "/cases/\(Address.escaped(entry.infection.text))"
    var links: [HTML] = []
    if reading.authority.holds(InterviewOfCase.duty) {
      links.append(look.linkButton(look("打电话询问", "Telephone the case"), to: own + "/interview"))
    }
    if reading.authority.holds(ContactsTable.duty) {
      links.append(look.linkButton(look("接触者名单", "Contacts"), to: own + "/contacts"))
      links.append(
        look.linkButton(look("关系图", "Who was near, and where"), to: own + "/contacts?view=graph"))
    }
    return links.isEmpty ? "" : look.row(links)
  }

  /// The clocks from the report on: what is due within which hours.
  private func clocks() throws -> HTML {
    let owed = try ObligationStore(reading.transaction).about(entry.infection.text)
      .sorted { $0.deadline < $1.deadline }
    if owed.isEmpty { return "" }
    let next = owed.first { $0.isOwed }?.id
    let steps = owed.map { obligation -> Look.StripDay in
      let hours = look.duration(obligation.deadline - entry.reportedAt)
      let kind: Look.StripDay.Kind =
        obligation.isLate(at: reading.now)
        ? .late : !obligation.isOwed ? .done : obligation.id == next ? .now : .plan
      return Look.StripDay(hours, step(obligation.kind), kind)
    }
    let chip = owed.first { $0.isOwed }.map { look.deadline($0.deadline) }
    return look.panel(
      look("流调时钟", "Tracing clock"),
      note: look(
        "从报告起，\(look.moment(entry.reportedAt))", "from the report, \(look.moment(entry.reportedAt))"
      ),
      chip: chip, look.stepStrip(steps) + golden(owed))
  }

  /// How much of the time for the whole investigation has gone.
  private func golden(_ owed: [Obligation]) -> HTML {
    guard let whole = owed.last(where: { $0.kind == Cases.investigate.name }), whole.isOwed,
      whole.deadline > entry.reportedAt
    else { return "" }
    let all = whole.deadline - entry.reportedAt
    let gone = reading.now - entry.reportedAt
    let left = whole.deadline - reading.now
    let isLate = left < .zero
    let hours = all.inSeconds / 3_600
    let words =
      isLate
      ? look(
        "黄金 \(hours) 小时已过，超 \(look.duration(gone - all))",
        "the golden \(hours) hours are over by \(look.duration(gone - all))")
      : look(
        "黄金 \(hours) 小时：已过 \(look.duration(gone))，还剩 \(look.duration(left))",
        "golden \(hours) hours: \(look.duration(gone)) gone, \(look.duration(left)) left")
    return look.row([
      look.toned(words, isLate ? .late : .information),
      look.bar(
        Int(gone.inSeconds), of: Int(all.inSeconds), isLate ? .late : .information, label: words),
    ])
  }

  private func step(_ kind: String) -> String {
    (TracingObligations.short(kind) ?? reading.assembly.obligationKinds[kind]?.title)
      .map { look($0) } ?? kind
  }

  private func trajectory() throws -> HTML {
    let investigation = try reading.ask(InvestigationOfCase(infection: entry.infection))
    let said = try reading.ask(InterviewOfCase(infection: entry.infection))
    return try CaseTrajectory(
      person: entry.person, investigation: investigation, reading: reading, said: said
    ).html()
  }

  private func facts() throws -> HTML {
    var lines: [(String, HTML)] = [
      (look("报告", "Reported"), "\(look.moment(entry.reportedAt))"),
      (look("录入", "Recorded"), "\(look.moment(shown.recordedAt))"),
      (look("区县", "District"), "\(entry.districtName)"),
      (
        look("途径", "Found by"), "\(entry.source.map(source) ?? look("待查", "not yet known"))"
      ),
    ]
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { lines.append((name, "\(value)")) }
    }
    add(
      look("发现地", "Found in"),
      try entry.foundIn.map { found in
        try PlacesStore(reading.transaction).find(PlaceID(trusted: found))?.name ?? found
      })
    add(look("发病", "Onset"), entry.onsetOn.map { look.day($0) })
    add(look("采样", "Sampled"), shown.sampledAt.map { look.moment($0) })
    add(look("转归", "Converted"), entry.convertedAt.map { look.moment($0) })
    lines.append(
      (
        look("档案", "File"),
        look.link(
          look("居民档案与谁看过", "resident’s file, and who looked"),
          to: "/residents/\(Address.escaped(entry.person.text))?purpose=supervision")
      ))
    if reading.authority.holds(TransmissionTreeOf.duty) {
      lines.append(
        (
          look("传染源", "Source"),
          look.link(
            look("谁传染的，又传染了谁", "who infected whom"),
            to: "/transmission/\(Address.escaped(entry.infection.text))")
        ))
    }
    return look.facts(lines)
  }

  private var corrections: HTML {
    if shown.changes.isEmpty { return "" }
    let rows = shown.changes.map { change in
      Look.TableRow(
        look.moment(change.at),
        cells: [
          .text(word(change.field)), .text(change.was ?? "–"), .text(change.became ?? "–"),
          .text(change.reason),
        ])
    }
    return look.panel(
      look("更正", "Corrections"),
      look.table(
        look("更正", "Corrections"),
        columns: [
          .init(look("何时", "When")), .init(look("字段", "Field")), .init(look("原来", "Was")),
          .init(look("改为", "Became")), .init(look("原因", "Reason")),
        ], rows: rows))
  }

  private func word(_ field: String) -> String {
    CaseField(rawValue: field).map { word($0) } ?? field
  }

  private func word(_ field: CaseField) -> String {
    switch field {
    case .kind: look("类型", "Kind")
    case .source: look("发现途径", "Found by")
    case .district: look("区县", "District")
    case .foundIn: look("发现地", "Found in")
    case .reportedAt: look("报告时间", "Reported at")
    case .onsetOn: look("发病日期", "Onset")
    case .sampledAt: look("采样时间", "Sampled at")
    case .convertedAt: look("转归时间", "Converted at")
    case .sex: look("性别", "Sex")
    case .age: look("年龄", "Age")
    }
  }

  private func work() throws -> HTML {
    guard entry.withdrawnAt == nil else { return "" }
    let path = try reading.jurisdiction.path(entry.district, reading.transaction) ?? .everywhere
    var parts: [HTML] = []
    let id = ("case", entry.infection.text)
    if reading.authority.may(ReportCase.duty, at: path), entry.kind == .asymptomatic,
      entry.convertedAt == nil
    {
      parts.append(
        look.disclosure(
          look("转为确诊", "Convert to confirmed"), id: "convert",
          look.form(
            ConvertCase.name, for: request, hidden: [id],
            fields: [
              .init("at", look("转归时间", "When"), .moment, required: true),
              .init("onset_on", look("发病日期", "Onset"), .day),
            ], buttons: look.primaryButton(look("转归", "Convert")))))
    }
    if reading.authority.may(CorrectCase.duty, at: path) {
      parts.append(correcting(id))
      parts.append(
        look.disclosure(
          look("撤销病例", "Withdraw the case"), id: "withdraw",
          look.form(
            WithdrawCase.name, for: request, hidden: [id],
            fields: [.init("reason", look("原因", "Reason"), .long, required: true)],
            buttons: look.dangerButton(look("撤销", "Withdraw")))))
    }
    return HTML(parts)
  }

  private func correcting(_ id: (String, String)) -> HTML {
    look.disclosure(
      look("更正", "Correct"), id: "correct",
      look.form(
        CorrectCase.name, for: request, hidden: [id],
        fields: [
          .init(
            "field", look("哪一项", "Which"),
            .list(CaseField.allCases.map { .init($0.rawValue, word($0)) }), required: true),
          .init(
            "value", look("正确的值", "What is right"),
            hint: look("不知道就空着", "empty when it is not known")),
          .init("reason", look("原因", "Reason"), required: true),
        ], buttons: look.primaryButton(look("更正", "Correct"))))
  }
}
