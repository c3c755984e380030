import Kernel
import Look
import Registry

/// Who is isolated at home in an area, by household.
enum HomeScreens {
  static let all = [list, household, stay, care, outing, request]

  private static let list = Screen(
    path: "/home", title: Words("居家隔离", "Home isolation"), duty: ListHomeHouseholds.duty,
    purpose: .containment, navigation: 41
  ) { request, reading in
    Page(
      title: Look(reading)("居家隔离", "Home isolation"),
      body: try HomeBoard(request: request, reading: reading).body(), isLive: true)
  }

  private static let household = Screen(
    path: "/home/:household", title: Words("居家隔离户", "A household in isolation"),
    duty: ShowHomeHousehold.duty, purpose: .containment
  ) { request, reading in
    let id = try HomeHouseholdID(request.parameter("household"))
    return Page(
      title: Look(reading)("居家隔离户", "A household in isolation"),
      body: try HomeHouseholdPage(id, request: request, reading: reading).body(), isLive: true)
  }

  private static let stay = Screen(
    path: "/home/stays/:stay", title: Words("居家隔离户", "A household in isolation"),
    duty: ShowHomeHousehold.duty, purpose: .containment
  ) { request, reading in
    let id = try HomeStayID(request.parameter("stay"))
    guard let found = try HomeStore(reading.transaction).find(id) else {
      throw Refusal.notFound(Words("居家隔离", "stay at home"), id.text)
    }
    return Page(
      title: Look(reading)("居家隔离户", "A household in isolation"),
      body: try HomeHouseholdPage(found.household, request: request, reading: reading).body(),
      isLive: true)
  }

  private static let care = Screen(
    path: "/home/care/:person", title: Words("落实照护人", "Name a carer"), duty: ShowCare.duty,
    purpose: .containment
  ) { request, reading in
    Page(
      title: Look(reading)("落实照护人", "Name a carer"),
      body: try CarePage(request: request, reading: reading).body())
  }

  private static let outing = Screen(
    path: "/home/outings/:outing", title: Words("外出就医", "A way out for care"),
    duty: ShowOuting.duty, purpose: .containment
  ) { request, reading in
    Page(
      title: Look(reading)("外出就医", "A way out for care"),
      body: try OutingPage(request: request, reading: reading).body(), isLive: true)
  }

  private static let request = Screen(
    path: "/home/requests/:request", title: Words("居民求助", "A resident’s request"),
    duty: ShowResidentRequest.duty, purpose: .fieldwork
  ) { request, reading in
    Page(
      title: Look(reading)("居民求助", "A resident’s request"),
      body: try ResidentRequestPage(request: request, reading: reading).body(), isLive: true)
  }

  static func address(_ household: HomeHouseholdID) -> String {
    "/home/\(Address.escaped(household.text))"
  }

  static func address(_ outing: OutingID) -> String {
    "/home/outings/\(Address.escaped(outing.text))"
  }
}

/// The board: who, which day, the last report, the six rules, what is brought today.
private struct HomeBoard {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  let answer: ListHomeHouseholds.Answer
  let own: Address

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListHomeHouseholds.duty)
    answer = try reading.ask(
      ListHomeHouseholds(place: place?.id, after: request.query["after"], limit: 50))
    own = Address("/home", ["place": request.query["place"]])
  }

  func body() throws -> HTML {
    HTML([
      look.title(
        look("居家隔离", "Home isolation"), look.note(place?.spoken ?? look("全部", "everywhere"))),
      look.figures(figures, topics: "home"), try outings(), try list(),
    ])
  }

  private var figures: [Look.Figure] {
    let counts = answer.counts
    let away = answer.outings.count { $0.state.isAway }
    return [
      Look.Figure(
        look("居家隔离和监测", "At home"), look.count(counts.people, "人", "person", "people"),
        neighbour: .init(
          look("\(counts.households) 户", "\(counts.households) households"), .neutral),
        address: own.text),
      Look.Figure(
        look("超时没有报告", "Silent too long"), look.number(counts.silent),
        neighbour: .init(
          counts.silent == 0 ? look("没有", "none") : look("今天上门查看", "look today"), .neutral),
        tone: counts.silent == 0 ? .neutral : .late, address: own.text),
      Look.Figure(
        look("六要求待核对", "Rules not looked at"), look.number(counts.unvisited),
        neighbour: .init(
          look("不符合 \(counts.unmet)", "\(counts.unmet) not met"),
          counts.unmet == 0 ? .neutral : .soon), address: own.text),
      Look.Figure(
        look("外出就医", "Out for care"), look.number(away),
        neighbour: .init(
          look("待办 \(answer.outings.count - away)", "\(answer.outings.count - away) to come"),
          .neutral), address: own.text),
    ]
  }

  private func list() throws -> HTML {
    if answer.households.isEmpty {
      return look.panel(
        look("各户", "Households"),
        look.empty(look("没有人居家隔离", "Nobody is isolated at home"), isGood: true))
    }
    var addresses = RepeatedNames(reading)
    let rows = try answer.households.map { household -> Look.TableRow in
      let path = try reading.jurisdiction.path(household.home, reading.transaction)
      let home = try path.map { try addresses.address(of: $0) } ?? household.home.text
      return Look.TableRow(
        home, to: HomeScreens.address(household.household),
        cells: [
          .markup(HTML(lines: household.people.map { "\(look.masked(name(of: $0)))" })),
          .markup(
            HTML(
              lines: household.people.map {
                "\(look("第 \($0.day) 天 / 共 \($0.days) 天", "day \($0.day) of \($0.days)"))"
              })),
          .markup(HTML(lines: household.people.map(heard))), .markup(rules(of: household)),
          .markup(deliveries(to: household)),
        ])
    }
    let table = look.table(
      look("居家隔离", "Home isolation"),
      columns: [
        .init(look("住处", "Home")), .init(look("人", "Who")), .init(look("到哪天", "Day")),
        .init(look("最近报告", "Last word")), .init(look("六要求", "Six rules")),
        .init(look("今天送达", "Brought today")),
      ], rows: rows, id: "home-households")
    let next = answer.after.map { own.with(["after": $0]).text }
    return look.panel(
      look("各户", "Households"),
      table
        + (look.pages(
          before: request.query["after"] == nil ? nil : own.text, after: next,
          note: look("每页 50 户", "50 a page")) ?? ""))
  }

  private func name(of person: HomePersonView) -> String {
    person.name.isEmpty ? look("姓名未知", "name unknown") : person.name
  }

  private func heard(_ person: HomePersonView) -> HTML {
    if person.isSilent { return look.chip(look("超时无报告", "silent"), .late) }
    return person.heardAt.map { "\(look.nearMoment($0))" } ?? "\(look("尚无", "none yet"))"
  }

  private func rules(of household: HomeHouseholdView) -> HTML {
    if household.needsCarer { return look.chip(look("缺照护人", "no carer"), .late) }
    if household.unmet > 0 {
      return look.chip(
        look("\(household.unmet) 项不符合", "\(household.unmet) not met"),
        household.remedyBy == nil ? .soon : .late)
    }
    if let by = household.checklistBy {
      return look.chip(
        look("\(look.nearEnd(by)) 前核对", "look by \(look.nearEnd(by))"),
        by < reading.now ? .late : .today)
    }
    return household.visitedAt.map { _ in look.chip(look("符合", "met"), .done) } ?? "–"
  }

  private func deliveries(to household: HomeHouseholdView) -> HTML {
    guard let next = household.deliveries.first else {
      return "\(look("没有待办", "nothing left"))"
    }
    let words = look(
      "待办 \(household.deliveries.count)，\(look.nearEnd(next.by)) 前",
      "\(household.deliveries.count) left, by \(look.nearEnd(next.by))")
    return next.by < reading.now ? look.toned(words, .late) : "\(words)"
  }

  private func outings() throws -> HTML {
    if answer.outings.isEmpty { return "" }
    let rows = try answer.outings.map { outing in
      Look.ObligationRow(
        label: label(of: outing),
        title: look.dotted([
          outing.name, outing.isEmergency ? look("急症", "emergency") : nil,
          try reading.jurisdiction.path(outing.home, reading.transaction)
            .map { try reading.shortAddress(of: $0) },
        ]), address: HomeScreens.address(outing.outing),
        trail: [
          look("出发 \(look.nearMoment(outing.leaveAt))", "leaves \(look.nearMoment(outing.leaveAt))")
        ],
        holder: outing.vehicle ?? "")
    }
    return look.panel(
      look("外出就医", "Out for care"), look.obligations(rows, id: "outings", topics: "home"))
  }

  /// Whoever should have left and has not been let go, or not been fetched, is late.
  private func label(of outing: OutingView) -> Look.Label {
    let words = look(outing.state.words)
    if outing.state.isAway { return .init(words, .soon) }
    guard outing.leaveAt < reading.now else {
      return .init(words, outing.isEmergency ? .soon : .today)
    }
    return .init("\(words) \(look.deadline(outing.leaveAt).text)", .late)
  }
}

extension HTML {
  /// Lines one below another in one cell.
  fileprivate init(lines: [HTML]) {
    self.init(lines.map { "<div>\($0)</div>" as HTML })
  }
}
