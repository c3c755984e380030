import Gazette
import Kernel
import Look
import Registry

/// The list of cases with the form to report one, and the page of a case.
enum CasesScreens {
  static let all = [list, one]

  private static let list = Screen(
    path: "/cases", title: Words("病例", "Cases"), duty: ListCases.duty, purpose: .investigation,
    navigation: 20
  ) { request, reading in
    Page(
      title: Look(reading)("病例", "Cases"),
      body: try CasesPage(request: request, reading: reading).body(), isLive: true)
  }

  private static let one = Screen(
    path: "/cases/:case", title: Words("病例", "Case"), duty: ShowCase.duty,
    purpose: .investigation
  ) { request, reading in
    let page = try CasePage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }
}

/// The cases of an area, and reporting one.
private struct CasesPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  let sources: [ListSources.Source]

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListCases.duty)
    sources = try reading.ask(ListSources())
  }

  func body() throws -> HTML {
    HTML([
      look.title(
        look("病例", "Cases"),
        look.note(place?.name ?? look("全部", "everywhere"))
          + (reading.authority.holds(TransmissionTreeOf.duty)
            ? look.link(look("传播链", "who infected whom"), to: "/transmission") : "")),
      look.columns([try list(), try intake()], .wide),
    ])
  }

  private var showsWithdrawn: Bool { request.query["show"] == "withdrawn" }

  private func list() throws -> HTML {
    let own = Address("/cases", request.query).with(["after": nil])
    let answer = try reading.ask(
      ListCases(
        place: place?.id, from: try instant("from"), to: try instant("to"),
        withdrawn: showsWithdrawn, latestFirst: true, after: request.query["after"], limit: 50))
    let rows = answer.cases.map { entry in
      Look.TableRow(
        entry.infection.text, to: "/cases/\(Address.escaped(entry.infection.text))",
        cells: [
          .text(entry.name ?? look("姓名未知", "name unknown")),
          .text(look((entry.convertedAt == nil ? entry.kind : .converted).words)),
          .text(words(of: entry.source)), .text(entry.districtName),
          .text(look.moment(entry.reportedAt)), .markup(state(of: entry)),
        ])
    }
    let table = look.table(
      look("病例", "Cases"),
      columns: [
        .init(look("编号", "Case")), .init(look("人", "Person")), .init(look("类型", "Kind")),
        .init(look("途径", "Found by")), .init(look("区县", "District")),
        .init(look("报告", "Reported")), .init(look("情况", "State")),
      ], rows: rows, id: "cases")
    let tabs: [Look.Tab] = [
      .init(
        look("在册", "On record"), own.with(["show": nil]).text, isCurrent: !showsWithdrawn),
      .init(
        look("含撤销", "With withdrawn"), own.with(["show": "withdrawn"]).text,
        isCurrent: showsWithdrawn),
    ]
    let next = answer.after.map { own.with(["after": $0]).text }
    return look.panel(
      look("名单", "List"), note: look("最近报告的在前", "latest report first"), tabs: tabs,
      (rows.isEmpty ? look.empty(look("没有病例", "No case"), isGood: true) : table)
        + (look.pages(after: next, note: look("每页 50 例", "50 a page")) ?? "")
        + (reading.authority.may(ExportCases.duty, at: place?.path ?? .everywhere)
          ? look.takeAway("cases", ["place": place?.id.text]) : ""))
  }

  private func words(of source: String?) -> String {
    guard let source else { return look("待查", "not yet known") }
    return sources.first { $0.code == source }.map { look($0.words) } ?? source
  }

  private func state(of entry: CaseEntry) -> HTML {
    if entry.withdrawnAt != nil { return look.chip(look("已撤销", "withdrawn"), .neutral) }
    return entry.isLate ? look.chip(look("迟报", "reported late"), .late) : ""
  }

  private func instant(_ field: String) throws(Refusal) -> Instant? {
    guard let text = request.query[field], !text.isEmpty else { return nil }
    guard let instant = Instant(text, in: reading.zone) else {
      throw .malformed(
        field, text, expected: Words("时间，如 2022-11-29T08:30", "a time such as 2022-11-29T08:30"))
    }
    return instant
  }

  private func intake() throws -> HTML {
    guard reading.authority.holds(ReportCase.duty) else { return "" }
    let districts = try PlacesStore(reading.transaction).inside(
      place?.path ?? .everywhere, level: .district, limit: 300)
    let clock = reading.now.clock(in: reading.zone)
    let fields: [Look.Field] = [
      .init("case", look("病例编号", "Case number"), required: true),
      .init(
        "person", look("人员编号", "Person’s number"),
        hint: look("台账里有就填；没有会新建待补全档案", "if in the register; otherwise a file is opened")),
      .init("name", look("姓名", "Name")),
      .init(
        "sex", look("性别", "Sex"),
        .list([.init("", "–")] + Sex.allCases.map { .init($0.rawValue, look($0.words)) })),
      .init("age", look("年龄", "Age"), .number),
      .init(
        "kind", look("类型", "Kind"),
        .choices(InfectionKind.allCases.map { .init($0.rawValue, look($0.words)) }),
        required: true),
      .init(
        "source", look("发现途径", "Found by"),
        .list(
          [.init("", look("待查", "not yet known"))] + sources.map { .init($0.code, look($0.words)) })
      ),
      .init(
        "district", look("现住区县", "District of residence"),
        .list(districts.map { .init($0.code ?? $0.name, $0.name) }), required: true),
      .init(
        "reported_at", look("报告时间", "Reported at"), .moment, required: true,
        start: "\(clock.day.text)T\(clock.time)"),
      .init("onset_on", look("发病日期", "Onset"), .day),
      .init("sampled_at", look("采样时间", "Sampled at"), .moment),
    ]
    return look.panel(
      look("报告一例", "Report a case"), note: look("网络直报 2 小时内", "within two hours"),
      look.form(
        ReportCase.name, for: request, fields: fields,
        buttons: look.primaryButton(look("报告", "Report"))))
  }
}
