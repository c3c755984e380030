import Kernel
import Look

/// The register of people: finding somebody, and one person's file.
enum ResidentsScreens {
  static let all = [find, card, slip, DuplicatesScreens.list]

  private static let find = Screen(
    path: "/residents", title: Words("居民", "Residents"), duty: FindResidents.duty,
    purpose: .registry, navigation: 30
  ) { request, reading in
    Page(
      title: Look(reading)("居民", "Residents"),
      body: try FindPage(request: request, reading: reading).body())
  }

  private static let card = Screen(
    path: "/residents/:person", title: Words("居民档案", "A resident’s file"),
    duty: ShowResident.duty, purpose: .registry
  ) { request, reading in
    let page = try ResidentPage(request: request, reading: reading)
    return Page(title: Look(reading)("居民档案", "A resident’s file"), body: try page.body())
  }

  private static let slip = Screen(
    path: "/residents/:person/slip", title: Words("凭条", "Slip"), duty: IssueSlip.duty,
    purpose: .registry
  ) { request, reading in
    let page = try ResidentPage(request: request, reading: reading)
    return Page(title: Look(reading)("凭条", "Slip"), body: page.slip())
  }

  /// The purposes that a page asks for, as choices.
  static func purposes(_ look: Look) -> [Look.Field.Choice] {
    Purpose.forResidents.map { Look.Field.Choice($0.rawValue, look($0.words)) }
  }
}

/// Finding somebody: the purpose is asked first, and those who are found will see it.
private struct FindPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: FindResidents.duty)
  }

  func body() throws -> HTML {
    HTML([
      look.title(look("居民", "Residents"), look.note(place?.name ?? look("全部", "everywhere"))),
      look.columns([look.stack([try list()]), look.stack([form, try counts()])], .wide),
    ])
  }

  /// One box for whatever is on paper; what was found stands on its own page.
  private var form: HTML {
    look.card(
      look("找人", "Find somebody"),
      look.questionForm(
        to: "/find", for: request,
        fields: [
          .init(
            "words", look("姓名、首字母、电话或证件后四位", "Name, initials, last four of a number"),
            required: true),
          .init(
            "purpose", look("为了什么（会记下来，本人能看到）", "What for (recorded, the person sees it)"),
            .list(ResidentsScreens.purposes(look)), required: true, start: "registry"),
        ], button: look("查找", "Find"), isUnseen: true))
  }

  private func list() throws -> HTML {
    guard let place else {
      return look.panel(
        look("先选一个地方，或直接找人", "Choose a place, or find somebody"), try places())
    }
    let which = request.query["show"].flatMap(ListResidents.Which.init) ?? .everybody
    let tag = request.query["tag"].flatMap { $0.isEmpty ? nil : $0 }
    let own = Address(
      "/residents", ["place": place.id.text, "show": request.query["show"], "tag": tag])
    // Nobody reads a list of a whole street; those of it who need something, they do.
    if place.level.depth < PlaceLevel.community.depth, tag == nil, which == .everybody {
      return look.panel(
        look("选一个社区，或一种特殊需求", "Choose a community, or a special need"),
        try filters(own, place) + places())
    }
    let answer = try reading.ask(
      ListResidents(place: place.id, which: which, tag: tag, after: request.query["after"]))
    var tabs = ListResidents.Which.allCases.map { one in
      Look.Tab(words(one), own.with(["show": one.rawValue]).text, isCurrent: one == which)
    }
    if reading.authority.may(ListDuplicates.duty, at: place.path) {
      tabs.append(
        Look.Tab(
          look("疑似重复", "Likely duplicates"), "/duplicates/\(Address.escaped(place.id.text))",
          isCurrent: false))
    }
    return look.panel(
      place.name, tabs: tabs,
      HTML([
        try filters(own, place),
        answer.residents.isEmpty
          ? look.empty(look("没有这样的人", "Nobody like that")) : table(answer.residents),
        look.pages(
          before: request.query["after"] == nil ? nil : own.text,
          after: answer.after.map { own.with(["after": $0]).text },
          note: look("每页 50 人", "50 a page")) ?? "",
        reading.authority.may(ExportResidents.duty, at: place.path)
          ? look.takeAway("residents", ["place": place.id.text]) : "",
      ]))
  }

  private func filters(_ own: Address, _ place: Place) throws -> HTML {
    let needs: [RegistryPolicy.Tag] = try reading.policy(RegistryPolicy.self).tags
    let places = try reading.placesAround(place, for: FindResidents.duty)
    return look.filters(
      to: own, for: request,
      fields: [
        .init(
          "place", look("地点", "Place"),
          .list(
            places.map {
              .init($0.id.text, String(repeating: "\u{3000}", count: $0.depth) + $0.name)
            }), start: place.id.text),
        .init(
          "tag", look("特殊需求", "Special need"),
          .list([.init("", look("不限", "any"))] + needs.map { .init($0.code, look($0.title)) })),
      ])
  }

  private func words(_ which: ListResidents.Which) -> String {
    switch which {
    case .everybody: look("所有人", "Everybody")
    case .away: look("外出", "Away")
    case .incomplete: look("待补全", "To complete")
    case .needs: look("特殊需求", "With needs")
    }
  }

  private func table(_ cards: [ResidentCard]) -> HTML {
    look.table(
      look("居民", "Residents"),
      columns: [
        .init(look("人", "Person")), .init(look("性别 年龄", "Sex, age")), .init(look("住处", "Home")),
        .init(look("情况", "State")),
      ],
      rows: cards.map { card in
        let state = look.dotted([
          card.awaySince == nil ? nil : look("外出", "away"),
          card.missing.isEmpty ? nil : look("待补全", "to complete"),
          card.tags.map { look($0.title) }.joined(separator: look("、", ", ")),
        ])
        let purpose = request.query["purpose"]
        let address = Address(
          "/residents/\(Address.escaped(card.person.text))", ["purpose": purpose])
        return Look.TableRow(
          card.name ?? look("姓名未知", "name unknown"), to: address.text,
          cells: [
            .text(look.dotted([card.sex.map { look($0.words) }, card.age.map(String.init)])),
            .text(home(card)), .text(state),
          ])
      })
  }

  /// What the page's place does not say already.
  private func home(_ card: ResidentCard) -> String {
    let known = min(place?.level.depth ?? 0, PlaceLevel.community.depth)
    return card.address.dropFirst(known + 1).joined(separator: " ")
  }

  private func places() throws -> HTML {
    let children = try PlacesStore(reading.transaction).children(of: place?.id, limit: 300)
    let store = ResidentsStore(reading.transaction)
    let tiles = try children.map { child in
      let count = try store.count(in: child.path)
      return Look.Tile(
        child.name, address: Address("/residents", ["place": child.id.text]).text,
        note: look.count(count, "人", "person", "people"), late: 0, done: 0, of: 0)
    }
    return look.board(tiles, barLabel: "", id: "places")
  }

  private func counts() throws -> HTML {
    guard let place, reading.authority.may(CountResidents.duty, at: place.path) else { return "" }
    let answer = try reading.ask(CountResidents(place: place.id))
    let total = answer.total
    return look.card(
      look("\(place.name) 共", "In \(place.name)"),
      look.facts(
        [
          (look("人", "People"), "\(look.number(total.residents))"),
          (look("户", "Doors"), "\(look.number(total.households))"),
          (look("外出", "Away"), "\(look.number(total.away))"),
          (look("待补全", "To complete"), "\(look.number(total.incomplete))"),
        ]
          + answer.needs.map { need in
            let rows = Address("/residents", ["place": place.id.text, "tag": need.tag.code]).text
            return (look(need.tag.title), look.link(look.number(need.people), to: rows))
          }))
  }
}
