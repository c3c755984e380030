import Kernel
import Look
import Registry

/// The restrictions of an area, and those of one person.
enum RestrictionsScreens {
  static let all = [
    EditionsScreens.list,
    list, ofPerson, OwnPageScreens.me, ObjectionsScreens.list, ObjectionsScreens.one,
  ]

  private static let list = Screen(
    path: "/restrictions", title: Words("管控", "Restrictions"), duty: ListRestrictions.duty,
    purpose: .containment, navigation: 40
  ) { request, reading in
    let look = Look(reading)
    return Page(
      title: look("管控", "Restrictions"),
      body: try RestrictionsPage(request: request, reading: reading).body(), isLive: true)
  }

  private static let ofPerson = Screen(
    path: "/restrictions/of/:person", title: Words("此人的管控", "Restrictions of a person"),
    duty: RestrictionsOfPerson.duty, purpose: .containment
  ) { request, reading in
    let look = Look(reading)
    return Page(
      title: look("此人的管控", "Restrictions of a person"),
      body: try RestrictionsOfPersonPage(request: request, reading: reading).body())
  }
}

/// What holds in an area by its end, what no longer does, and what waits for a second person.
private struct RestrictionsPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  let state: RestrictionState
  let clause: String?
  let own: Address

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListRestrictions.duty)
    state = request.query["show"].flatMap(RestrictionState.init) ?? .effective
    clause = request.query["clause"].flatMap { $0.isEmpty ? nil : $0 }
    own = Address(
      "/restrictions",
      [
        "place": request.query["place"], "show": request.query["show"], "clause": clause,
        "sort": request.query["sort"],
      ])
  }

  func body() throws -> HTML {
    let counts = try reading.ask(CountRestrictions(place: place?.id))
    let figures = counts.total.filter { $0.effective > 0 }.map { count in
      Look.Figure(
        look(count.kind.words), look.number(count.effective),
        neighbour: .init(
          look("今天到期 \(count.endingToday)", "\(count.endingToday) end today"), .neutral),
        address: own.with(["show": nil]).text)
    }
    let name = place?.name ?? look("全部", "everywhere")
    return HTML([
      look.title(look("管控", "Restrictions"), look.note(name)),
      figures.isEmpty ? "" : look.figures(figures), try waiting(), try list(), try below(counts),
    ])
  }

  private func list() throws -> HTML {
    let answer = try reading.ask(
      ListRestrictions(
        place: place?.id, state: state, clause: clause,
        latest: request.query["sort"] == "latest", after: request.query["after"], limit: 50))
    let policy = try reading.policy(RestrictionsPolicy.self)
    let rows = try answer.restrictions.map { entry in
      let person = entry.name.isEmpty ? look("姓名未知", "name unknown") : entry.name
      return Look.TableRow(
        person, to: "/restrictions/of/\(Address.escaped(entry.person.text))",
        cells: [
          .text(look(entry.kind.words)),
          .text(
            entry.endReason.map { look($0.words) }
              ?? look("第 \(entry.day) 天 / 共 \(entry.days) 天", "day \(entry.day) of \(entry.days)")),
          .text(look.end(entry.end)),
          .text(
            try reading.jurisdiction.path(entry.place, reading.transaction)
              .map { try reading.address(of: $0, below: place) } ?? ""),
          .text(policy.clause(entry.clause).map { look($0.words) } ?? entry.clause),
        ])
    }
    let table = look.table(
      look("管控", "Restrictions"),
      columns: [
        .init(look("人", "Person")), .init(look("措施", "Measure")), .init(look("到哪天", "Progress")),
        .init(look("到何时", "Until")), .init(look("住处", "Home")), .init(look("条款", "Clause")),
      ], rows: rows, id: "restrictions")
    let tabs = RestrictionState.allCases.map {
      Look.Tab(words($0), own.with(["show": $0.rawValue]).text, isCurrent: $0 == state)
    }
    let next = answer.after.map { own.with(["after": $0]).text }
    return look.panel(
      look("名单", "List"), tabs: tabs,
      try filters() + (rows.isEmpty ? nothing : table)
        + (look.pages(
          before: request.query["after"] == nil ? nil : own.text, after: next,
          note: look("每页 50 人", "50 a page")) ?? "")
        + look.takeAway(
          "restrictions",
          ["place": place?.id.text, "state": state.rawValue, "clause": clause]))
  }

  private var nothing: HTML {
    state == .effective && clause == nil
      ? look.empty(look("没有人受管控", "Nobody is restricted"), isGood: true)
      : look.empty(look("没有这样的", "None like that"))
  }

  private func words(_ state: RestrictionState) -> String {
    switch state {
    case .effective: look("执行中", "In force")
    case .suspended: look("因异议逾期而中止", "Lifted, objection undecided")
    case .ended: look("已结束", "Ended")
    }
  }

  private func filters() throws -> HTML {
    let clauses = try reading.policy(RestrictionsPolicy.self).clauses
    let places = try reading.placesAround(place, for: ListRestrictions.duty)
    let everywhere: [Look.Field.Choice] =
      reading.authority.may(ListRestrictions.duty, at: .everywhere)
      ? [.init("", look("全部", "everywhere"))] : []
    return look.filters(
      to: own, for: request,
      fields: [
        .init(
          "clause", look("条款", "Clause"),
          .list(
            [.init("", look("所有条款", "every clause"))] + clauses.map { .init($0.id, look($0.words)) }
          )
        ),
        .init(
          "place", look("地点", "Place"),
          .list(
            everywhere
              + places.map {
                .init($0.id.text, String(repeating: "\u{3000}", count: $0.depth) + $0.name)
              }), start: place?.id.text ?? ""),
        .init(
          "sort", look("顺序", "Order"),
          .list([
            .init("", look("先到期的在前", "first to end first")),
            .init("latest", look("后到期的在前", "last to end first")),
          ])),
      ])
  }

  private func waiting() throws -> HTML {
    let path = place?.path ?? .everywhere
    guard reading.authority.may(ListRestrictionRequests.duty, at: path) else { return "" }
    let waiting = try reading.ask(ListRestrictionRequests(place: place?.id)).requests
    if waiting.isEmpty { return "" }
    let policy = try reading.policy(RestrictionsPolicy.self)
    let cards = try waiting.map { request -> HTML in
      let asked = try reading.office(ofSender: request.issuer, at: request.askedAt)
      let lines = look.facts([
        (
          look("条款", "Clause"),
          "\(policy.clause(request.clause).map { look($0.words) } ?? request.clause)"
        ),
        (
          look("依据", "Evidence"),
          "\(look(request.evidence.kind.words)) \(request.evidence.reference)"
        ),
        (look("谁申请", "Asked by"), "\(asked), \(look.nearMoment(request.askedAt))"),
        (
          look("对象", "Person"),
          look.link(
            look("看档案", "their file"), to: "/residents/\(Address.escaped(request.person.text))")
        ),
      ])
      let form = look.form(
        ApproveRestriction.name, for: self.request, hidden: [("request", request.request.text)],
        buttons: look.approvalButtons, isInline: true)
      return look.card(nil, lines + form)
    }
    return look.panel(
      look("等第二人复核", "Waiting for a second person"),
      note: look("申请单位以外的人才能同意", "somebody of another organisation"), HTML(cards))
  }

  private func below(_ counts: CountRestrictions.Answer) throws -> HTML {
    let parts = counts.children.filter { $0.counts.contains { $0.effective > 0 } }
    if parts.isEmpty { return "" }
    let kinds = RestrictionKind.allCases.filter { kind in
      counts.total.contains { $0.kind == kind && $0.effective > 0 }
    }
    func row(_ title: String, _ address: String?, _ counts: [CountRestrictions.Count])
      -> Look.TableRow
    {
      let numbers = kinds.map { kind in counts.first { $0.kind == kind }?.effective ?? 0 }
      return Look.TableRow(
        title, to: address,
        cells: numbers.map { Look.Cell.number($0, to: address) }
          + [.sum(numbers.reduce(0, +), to: address)])
    }
    return look.panel(
      look("在哪里", "Where"),
      look.table(
        look("在哪里", "Where"),
        columns: [.init(look("地点", "Place"))] + kinds.map { .number(look($0.words)) }
          + [.number(look("合计", "Total"))],
        rows: parts.map { part in
          row(part.name, own.with(["place": part.place.text]).text, part.counts)
        }, total: row(look("合计", "Total"), nil, counts.total)))
  }
}

/// What applies to one person, and what an office can do about it.
private struct RestrictionsOfPersonPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let resident: Resident
  let views: [RestrictionView]

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    let person = try PersonID(request.parameter("person"))
    views = try reading.ask(RestrictionsOfPerson(person: person)).restrictions
    resident = try ResidentsStore(reading.transaction).get(person)
  }

  func body() throws -> HTML {
    let name = resident.name.map { Mask.name($0.revealed) } ?? ""
    let file = look.linkButton(
      look("看档案", "File"), to: "/residents/\(Address.escaped(resident.id.text))")
    let cards = try views.map { view in
      try RestrictionCardView(view: view, reading: reading, look: look)
        .html(isOwn: false, extra: forms(view))
    }
    return HTML([
      look.title(
        markup: look.masked(name), look.note(try reading.address(of: resident.path)) + file),
      cards.isEmpty
        ? look.empty(look("没有任何管控措施", "Nothing restricts this person"), isGood: true)
        : look.stack(cards),
      try issuing(),
    ])
  }

  private func forms(_ view: RestrictionView) -> HTML {
    guard view.state != .ended else { return "" }
    var forms: [HTML] = []
    let id = ("restriction", view.restriction.text)
    if reading.authority.may(TakeObjection.duty, at: resident.path) {
      forms.append(
        look.disclosure(
          look("代录异议", "Take down an objection"), id: "take-\(view.restriction.text)",
          look.form(
            TakeObjection.name, for: request, hidden: [id],
            fields: [
              .init("ground", look("本人说的理由", "What the person says"), .long, required: true)
            ],
            buttons: look.primaryButton(look("登记异议", "Record it")))))
    }
    if reading.authority.may(EndRestriction.duty, at: resident.path) {
      forms.append(
        look.disclosure(
          look("提前解除", "End it early"), id: "end-\(view.restriction.text)",
          look.form(
            EndRestriction.name, for: request, hidden: [id],
            fields: [
              .init(
                "reason", look("原因", "Reason"),
                .choices(
                  [EndReason.released, .noLongerNeeded].map {
                    .init($0.rawValue, look($0.words))
                  }), required: true)
            ], buttons: look.dangerButton(look("解除", "End")))))
    }
    return HTML(forms)
  }

  private func issuing() throws -> HTML {
    guard reading.authority.may(IssueRestriction.duty, at: resident.path) else { return "" }
    guard let policy = try? reading.policy(RestrictionsPolicy.self), !policy.clauses.isEmpty else {
      return look.notice(
        look("现行政策没有管控条款", "The policy in force has no clause"),
        look("现在不能采取任何管控措施。", "Nothing may be restricted now."), tone: .information)
    }
    return look.disclosure(
      look("申请管控（须第二人复核）", "Ask for a restriction (a second person decides)"), id: "issue",
      look.form(
        IssueRestriction.name, for: request, hidden: [("person", resident.id.text)],
        fields: [
          .init(
            "clause", look("按哪一条", "Clause"),
            .list(policy.clauses.map { .init($0.id, look($0.words)) }), required: true),
          .init(
            "evidence.kind", look("依据", "Evidence"),
            .list(EvidenceKind.allCases.map { .init($0.rawValue, look($0.words)) }), required: true),
          .init(
            "evidence.reference", look("依据的编号", "Its number"),
            hint: look("病例、密接、地点或试管的编号", "of the case, contact, place or tube"), required: true),
        ], buttons: look.primaryButton(look("提交复核", "Ask"))))
  }
}
