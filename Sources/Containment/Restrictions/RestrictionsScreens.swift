import Kernel
import Look
import Registry

/// The restrictions of an area, and those of one person.
enum RestrictionsScreens {
  static let all = [
    EditionsScreens.list,
    list, ofPerson, HeldRestrictionsScreens.one, OwnPageScreens.me, ObjectionsScreens.list,
    ObjectionsScreens.one,
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
      look.title(
        look("管控", "Restrictions"),
        look.note(name)
          + (reading.authority.holds(ListEntries.duty)
            ? look.linkButton(look("风险地区来返", "From areas of risk"), to: "/entries") : "")),
      figures.isEmpty ? "" : look.figures(figures), try held(), try waiting(), try changes(),
      try list(), try below(counts),
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

  /// What one account has caused beyond its limit: each opens to its preview.
  private func held() throws -> HTML {
    let path = place?.path ?? .everywhere
    guard reading.authority.may(ListHeldRestrictions.duty, at: path) else { return "" }
    let held = try reading.ask(ListHeldRestrictions(place: place?.id)).held
    if held.isEmpty { return "" }
    let rows = try held.map { entry in
      Look.TableRow(
        try reading.title(of: entry.account),
        to: HeldRestrictionsScreens.address(of: entry.account),
        cells: [
          .number(entry.people), .text(look.nearMoment(entry.first)),
          .text(look.nearMoment(entry.last)),
        ])
    }
    return look.panel(
      look("超过一人可致的上限，等第二人复核", "More than one may cause: a second person decides"), id: "held",
      note: look(
        "另一单位的人复核前，这些人不受任何管控", "until another organisation decides, nobody of these is restricted"),
      look.table(
        look("等复核的批量措施", "Batches that wait"),
        columns: [
          .init(look("谁所致", "Caused by")), .number(look("人数", "People")),
          .init(look("最早", "First")), .init(look("最近", "Last")),
        ], rows: rows))
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

  /// Early ends and transfers that a second person decides on, each on the person's page.
  private func changes() throws -> HTML {
    let path = place?.path ?? .everywhere
    guard reading.authority.may(ListRestrictionChanges.duty, at: path) else { return "" }
    let waiting = try reading.ask(ListRestrictionChanges(place: place?.id)).changes
    if waiting.isEmpty { return "" }
    let policy = try reading.policy(RestrictionsPolicy.self)
    let rows = try waiting.map { change in
      let asked = try reading.office(ofSender: change.issuer, at: change.askedAt)
      return Look.TableRow(
        policy.clause(change.clause).map { look($0.words) } ?? change.clause,
        to: "/restrictions/of/\(Address.escaped(change.person.text))",
        cells: [
          .text(
            change.kind == .end
              ? look(change.reason.words) : look("外出，转集中隔离", "met elsewhere: to an isolation site")),
          .text(look.end(change.end)),
          .text("\(asked), \(look.nearMoment(change.askedAt))"),
        ])
    }
    return look.panel(
      look("提前解除和转运，等第二人批准", "Early ends and transfers that wait for a second person"),
      id: "changes",
      look.table(
        look("提前解除和转运", "Early ends and transfers"),
        columns: [
          .init(look("条款", "Clause")), .init(look("申请", "Asked")),
          .init(look("原定到", "Would end")), .init(look("谁申请", "Asked by")),
        ], rows: rows))
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
