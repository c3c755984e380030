import Kernel
import Look
import Registry

/// The list of leads with the split of what waits, and one lead with its form.
enum LeadsScreens {
  static let all = [list, one]

  private static let list = Screen(
    path: "/leads", title: Words("线索核查", "Leads"), duty: ListLeadsToCheck.duty,
    purpose: .fieldwork, navigation: 28
  ) { request, reading in
    Page(
      title: Look(reading)("线索核查", "Leads"),
      body: try LeadsPage(request: request, reading: reading).body(), isLive: true)
  }

  private static let one = Screen(
    path: "/leads/:lead", title: Words("线索", "Lead"), duty: ListLeadsToCheck.duty,
    purpose: .fieldwork
  ) { request, reading in
    let page = try LeadPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }
}

/// The leads of an area: how many, which are late, what waits to be split, and the list.
private struct LeadsPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  let answer: ListLeadsToCheck.Answer

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListLeadsToCheck.duty)
    answer = try reading.ask(
      ListLeadsToCheck(
        place: place?.id, state: request.query["state"].flatMap(LeadState.init),
        urgency: request.query["urgency"].flatMap(LeadUrgency.init),
        category: request.query["category"].flatMap { $0.isEmpty ? nil : $0 },
        measure: request.query["measure"].flatMap(LeadMeasure.init),
        late: request.query["late"] == "true", after: request.query["after"], limit: 50))
  }

  private var own: Address { Address("/leads", request.query).with(["after": nil]) }

  func body() throws -> HTML {
    HTML([
      look.title(
        look("线索核查", "Leads"), look.note(place?.name ?? look("全部", "everywhere"))),
      figures, try splitting(), list, filters, entering,
    ])
  }

  private func count(_ state: LeadState) -> Int { answer.counts[state.rawValue] ?? 0 }

  private var figures: HTML {
    let all = LeadState.allCases.reduce(0) { $0 + count($1) }
    let area = Address("/leads", ["place": request.query["place"]])
    func to(_ changes: [String: String?]) -> String { area.with(changes).text }
    return look.figures([
      .init(
        look("待核查", "To check"), look.number(count(.assigned)),
        neighbour: .init(look("共 \(look.number(all))", "of \(look.number(all))"), .neutral),
        drawing: .bar(value: count(.verified), of: all, label: look("已核查", "checked")),
        note: look(
          "已核查 \(look.number(count(.verified)))", "\(look.number(count(.verified))) checked"),
        address: to(["state": "assigned"])),
      .init(
        look("超时", "Late"), look.number(answer.late),
        neighbour: .init(look("条", "leads"), .neutral), tone: answer.late > 0 ? .late : .neutral,
        address: to(["late": "true"])),
      .init(
        look("待分派", "To be split"), look.number(count(.waiting)),
        neighbour: .init(look("条", "leads"), .neutral),
        tone: count(.waiting) > 0 ? .soon : .neutral, address: to(["state": "waiting"])),
      .init(
        look("已核查", "Checked"), look.number(count(.verified)),
        neighbour: .init(look.percent(count(.verified), of: all), .neutral), tone: .done,
        address: to(["state": "verified"])),
    ])
  }

  /// First what the split would be, then the button.
  private func splitting() throws -> HTML {
    guard let place, count(.waiting) > 0, reading.authority.may(SplitLeads.duty, at: place.path)
    else { return "" }
    let preview = try reading.ask(PreviewSplit(place: place.id))
    let rows = preview.communities.map { line in
      Look.TableRow(
        line.name, cells: [.number(line.open), .number(line.given), .sum(line.open + line.given)])
    }
    let open = preview.communities.reduce(0) { $0 + $1.open }
    let table = look.table(
      look("分派预览", "The split"),
      columns: [
        .init(look("社区", "Community")), .number(look("已有", "Has")),
        .number(look("新分", "Given")), .number(look("合计", "Total")),
      ], rows: rows,
      total: Look.TableRow(
        look("合计", "Total"),
        cells: [.number(open), .number(preview.waiting), .sum(open + preview.waiting)]))
    return look.panel(
      look(
        "待分派 \(look.number(preview.waiting)) 条",
        "\(look.number(preview.waiting)) to be split"), id: "split",
      note: look(
        "人员和地址都对不上台账的，平均分给各社区", "neither person nor address is known: evenly over communities"),
      HTML([
        look.disclosure(
          look("看分给谁", "See who gets how many"), id: "preview", isOpen: rows.count <= 12, table),
        look.form(
          SplitLeads.name, for: request,
          hidden: [("place", place.id.text), ("expected", String(preview.waiting))],
          buttons: look.primaryButton(
            look("分给 \(rows.count) 个社区", "Split over \(rows.count) communities"))),
      ]))
  }

  private var list: HTML {
    let rows = answer.leads.map(row)
    let states: [Look.Tab] =
      [
        .init(
          look("全部", "All"), own.with(["state": nil, "late": nil]).text,
          isCurrent: request.query["state"] == nil && request.query["late"] == nil)
      ]
      + LeadState.allCases.map { state in
        .init(
          look(state.words), own.with(["state": state.rawValue, "late": nil]).text,
          isCurrent: request.query["state"] == state.rawValue)
      }
    let table = look.table(
      look("线索", "Leads"),
      columns: [
        .init(look("期限", "Due")), .init(look("线索", "Lead")), .init(look("在哪", "Where")),
        .init(look("情况", "State")),
      ], rows: rows, id: "leads")
    let next = answer.after.map { own.with(["after": $0]).text }
    return look.panel(
      look("名单", "List"), note: look("最早到期的在前", "due first"), tabs: states,
      (rows.isEmpty ? look.empty(look("没有线索", "No lead"), isGood: true) : table)
        + (look.pages(after: next, note: look("每页 50 条", "50 a page")) ?? ""))
  }

  private func row(_ line: ListLeadsToCheck.Line) -> Look.TableRow {
    let due: Look.Label =
      line.verifiedAt.map { look.closed($0, deadline: line.deadline) }
      ?? look.deadline(line.deadline)
    let state = line.measure.map { look($0.words) } ?? look(line.state.words)
    return Look.TableRow(
      title: look.chip(due),
      cells: [
        // Few columns: on a phone a title would stand on one letter a line.
        .markup(
          look.link(line.title, to: "/leads/\(Address.escaped(line.lead.text))") + " "
            + look.note(look.dotted([line.name, look(line.urgency.words), line.category]))),
        .text(line.placeName),
        .text(
          look.dotted([state, line.hasPrevious ? look("半年内查过", "checked before") : nil])),
      ])
  }

  private var filters: HTML {
    let anything = Look.Field.Choice("", look("全部", "All"))
    return look.disclosure(
      look("筛选", "Filter"), id: "filter",
      look.questionForm(
        to: "/leads", for: request,
        fields: [
          .init(
            "urgency", look("类型", "Urgency"),
            .list([anything] + LeadUrgency.allCases.map { .init($0.rawValue, look($0.words)) })),
          .init(
            "category", look("类别", "Category"),
            .list([anything] + answer.categories.map { .init($0, $0) })),
          .init(
            "state", look("情况", "State"),
            .list([anything] + LeadState.allCases.map { .init($0.rawValue, look($0.words)) })),
          .init(
            "measure", look("管控措施", "Result"),
            .list([anything] + LeadMeasure.allCases.map { .init($0.rawValue, look($0.words)) })),
        ], button: look("筛选", "Filter")))
  }

  private var entering: HTML {
    guard reading.authority.holds(EnterLead.duty) else { return "" }
    return look.disclosure(
      look("登记一条线索", "Enter a lead"), id: "enter",
      look.paragraph(
        look(
          "整张表用 denghuo import leads 表.xlsx 导入，核查后用 denghuo export leads 导出。",
          "A whole sheet comes in with denghuo import leads SHEET.xlsx and goes back with denghuo export leads."
        ))
        + look.form(
          EnterLead.name, for: request,
          fields: [
            .init("title", look("线索标题", "Title"), required: true),
            .init("category", look("类别", "Category")),
            .init(
              "urgency", look("类型", "Urgency"),
              .choices(LeadUrgency.allCases.map { .init($0.rawValue, look($0.words)) }),
              required: true),
            .init("requirement", look("核查要求", "What to check"), .long),
            .init("name", look("姓名", "Name"), required: true),
            .init("identity_number", look("身份证", "Identity number")),
            .init("phone", look("电话", "Telephone"), .phone),
            .init("address", look("地址", "Address")),
            .init(
              "place_code", look("辖区代码", "Code of the place"),
              hint: look("空着就按人员、地址找，找不到再分派", "empty: by person, by address, else split")),
          ], buttons: look.primaryButton(look("登记", "Enter"))))
  }
}
