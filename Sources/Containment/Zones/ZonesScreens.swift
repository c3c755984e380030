import Gazette
import Kernel
import Look
import Registry

/// The zones of an area: what ends first stands first, with what is not met yet.
enum ZonesScreens {
  static let all = [list, card]

  private static let list = Screen(
    path: "/zones", title: Words("风险区", "Zones"), duty: ListZones.duty, purpose: .containment,
    navigation: 42
  ) { request, reading in
    Page(
      title: Look(reading)("风险区", "Zones"),
      body: try ZonesPage(request: request, reading: reading).body(), isLive: true)
  }

  private static let card = Screen(
    path: "/zones/:zone", title: Words("风险区详情", "A zone"), duty: ShowZone.duty,
    purpose: .containment
  ) { request, reading in
    Page(
      title: Look(reading)("风险区详情", "A zone"),
      body: try ZoneCardPage(request: request, reading: reading).body(), isLive: true)
  }
}

/// What stands, what waits for a decision, what is over.
private struct ZonesPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  let state: ZoneState
  /// The map of the page's place.
  let ground: ZoneGroundPart?

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListZones.duty)
    state = request.query["show"].flatMap(ZoneState.init) ?? .standing
    ground = try place.map { try ZoneGroundPart($0.id, reading: reading) }
  }

  private var own: Address { Address("/zones", ["place": request.query["place"]]) }

  func body() throws -> HTML {
    HTML([
      look.title(
        look("风险区", "Zones"), look.note(place?.spoken ?? look("全部", "everywhere"))),
      try figures(), ground?.body(opening: own) ?? "", try list(), try proposing(), takingOut(),
      try takenOut(),
    ])
  }

  private func figures() throws -> HTML {
    let counts = try reading.ask(CountZones(place: place?.id))
    let proposed = try reading.ask(ListZones(place: place?.id, state: .proposed)).zones.count
    let levels = try reading.policy(ZonesPolicy.self)
    var figures = counts.levels.map { count in
      Look.Figure(
        look(levels.level(count.level)?.words ?? Words(count.level.rawValue, count.level.rawValue)),
        look.number(count.standing),
        neighbour: .init(
          look("今天新划 \(count.openedToday)", "\(count.openedToday) opened today"), .neutral),
        note: look("涉及 \(count.people) 人", look.count(count.people, "人", "person", "people")),
        address: own.text)
    }
    figures.append(
      Look.Figure(
        look("待决定", "To be decided"), look.number(proposed),
        neighbour: .init(proposed == 0 ? look("没有", "none") : look("请尽快", "at once"), .neutral),
        tone: proposed == 0 ? .neutral : .late,
        address: own.with(["show": ZoneState.proposed.rawValue]).text))
    figures.append(
      Look.Figure(
        look("今天解除", "Over today"), look.number(counts.endedToday),
        neighbour: .init(
          counts.medianDays.map { look("一半不超过 \($0) 天", "half within \($0) days") } ?? "", .neutral),
        address: own.with(["show": ZoneState.ended.rawValue]).text))
    return look.figures(figures, topics: "zones")
  }

  private func list() throws -> HTML {
    let zones = try reading.ask(ListZones(place: place?.id, state: state)).zones.sorted {
      ($0.earliest ?? reading.now, $0.zone) < ($1.earliest ?? reading.now, $1.zone)
    }
    let tabs = [ZoneState.standing, .proposed, .ended].map { shown in
      Look.Tab(
        look(shown.words), own.with(["show": shown.rawValue]).text, isCurrent: shown == state)
    }
    let rows = zones.map { zone in
      Look.ObligationRow(
        label: label(zone),
        title: look.dotted([
          look(zone.words), zone.name, look.count(zone.people, "人", "person", "people"),
        ]),
        address: "/zones/\(Address.escaped(zone.zone.text))",
        trail: zone.clauses.isEmpty
          ? []
          : [look.dotted(zone.clauses.map { "\($0.isMet ? "✓" : "✗") \(look($0.words))" })],
        holder: look.dotted([
          zone.day.map { look("第 \($0) 天", "day \($0)") },
          look.edition(zone.edition, of: reading.rules.policies),
        ]))
    }
    let nothing = look.empty(
      look("没有\(state.words.chinese)的风险区", "No zone is \(state.words.english)"),
      isGood: state != .ended)
    return look.panel(
      look("清单", "List"), note: look("先到期的在前", "first to end first"), tabs: tabs,
      rows.isEmpty ? nothing : look.obligations(rows, id: "zones", topics: "zones"))
  }

  private func label(_ zone: ZoneView) -> Look.Label {
    if let ended = zone.endedAt {
      return Look.Label(look.nearMoment(ended), zone.end == .released ? .done : .neutral)
    }
    guard zone.state == .standing else {
      return Look.Label(look("待决定", "to be decided"), .soon)
    }
    if zone.clauses.allSatisfy(\.isMet) {
      return Look.Label(look("可以解除", "may be released"), .done)
    }
    guard let earliest = zone.earliest, earliest > reading.now else {
      return Look.Label(look("条件未满足", "not met yet"), .soon)
    }
    return Look.Label(
      look("\(look.nearEnd(earliest)) 起", "from \(look.nearEnd(earliest))"), .today)
  }

  /// Places below the one of this page, and an infection near by.
  private func proposing() throws -> HTML {
    guard let place, reading.authority.may(ProposeZone.duty, at: place.path) else { return "" }
    let policy = try reading.policy(ZonesPolicy.self)
    let store = PlacesStore(reading.transaction)
    let drawn = ground?.choices
    let below =
      try [PlaceLevel.estate, .building, .entrance].flatMap {
        try store.inside(place.path, level: $0, limit: 40)
      }.sorted { $0.path < $1.path }
    let since = (reading.today - ZonesPage.recentDays).start(in: reading.zone)
    let cases = try ZoneCasesStore(reading.transaction).known(in: place.path, since: since)
    let isTooWide = drawn == nil && below.count > 80
    if below.isEmpty || isTooWide || policy.levels.isEmpty {
      return look.disclosure(
        look("提出划区", "Propose a zone"), id: "propose",
        look.paragraph(
          look(
            "请先在地点中选到社区或小区，再选择楼栋和单元。",
            "Choose a community or an estate first, then buildings and entrances.")))
    }
    let choices = try below.filter { drawn == nil || $0.level == .estate }.map {
      Look.Field.Choice($0.id.text, try reading.address(of: $0.path, below: place))
    }
    var places: [Look.Field] = []
    if let drawn {
      places.append(
        .init(
          "places", look("楼栋和单元", "Buildings and entrances"), .ground(drawn),
          hint: look("点选整栋或其中的单元", "a whole building, or entrances of it")))
    }
    if drawn == nil || !choices.isEmpty {
      places.append(
        .init(
          "places", drawn == nil ? look("地点", "Places") : look("或整个小区", "or a whole estate"),
          .several(choices)))
    }
    return look.disclosure(
      look("提出划区", "Propose a zone"), id: "propose",
      look.form(
        ProposeZone.name, for: request, hidden: [],
        fields: places + [
          .init(
            "level", look("等级", "Level"),
            .choices(
              policy.levels.map {
                .init($0.level.rawValue, "\(look($0.words)) — \(look($0.asks))")
              }), required: true),
          .init(
            "infection", look("依据的感染者", "The infection"),
            .suggested(cases.map(\.infection.text)),
            hint: look("病例编号；须居住或被发现于附近", "its number; it lives or was found near by"),
            required: true),
        ], buttons: look.primaryButton(look("提出", "Propose"))))
  }

  private static let recentDays = 14

  /// The lists that were taken out: who did it, when and why.
  private func takenOut() throws -> HTML {
    let lists = try reading.ask(TakenOutZoneLists()).lists
    if lists.isEmpty { return "" }
    let rows = try lists.map { list in
      Look.TableRow(
        look.dotted([list.city, list.asOf.shortText(in: reading.zone)]),
        cells: [
          .number(list.lines), .text(look.nearMoment(list.takenAt)),
          .text(
            try list.by.map { try reading.office(ofSender: $0, at: list.takenAt) }
              ?? look("见日志", "see the journal")),
          .markup(look.anywhere(list.reason ?? look("见日志", "see the journal"))),
          .text(list.backAt.map(look.nearMoment) ?? look("没有", "no")),
        ])
    }
    return look.disclosure(
      look("已撤出的公布清单（\(lists.count)）", "Published lists taken out (\(lists.count))"),
      id: "takenOut",
      look.table(
        look("已撤出的公布清单", "Published lists taken out"),
        columns: [
          .init(look("清单", "List")), .number(look("行数", "Lines")), .init(look("撤出时间", "Taken out")),
          .init(look("谁", "By")), .init(look("原因", "Why")),
          .init(look("又导入", "Imported again")),
        ], rows: rows))
  }

  /// A published list that should not have been imported.
  private func takingOut() -> HTML {
    guard reading.authority.may(TakeOutZoneList.duty, at: .everywhere) else { return "" }
    return look.disclosure(
      look("撤出导入有误的公布清单", "Take out a published list imported by mistake"), id: "takeOut",
      look.form(
        TakeOutZoneList.name, for: request, hidden: [],
        fields: [
          .init(
            "asOf", look("发布时间", "Published at"), .line,
            hint: look("如 2022-04-15 20:00，与文件中一致", "such as 2022-04-15 20:00, as the file has it"),
            required: true),
          .init("city", look("城市代码", "The city's code"), .line, required: true),
          .init("reason", look("原因", "Why"), .line, required: true),
        ], buttons: look.primaryButton(look("撤出", "Take out"))))
  }
}
