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
      look.columns([look.stack([try results()]), look.stack([form, try counts()])], .wide),
    ])
  }

  private var form: HTML {
    look.card(
      look("找人", "Find somebody"),
      look.questionForm(
        to: "/residents", for: request,
        fields: [
          .init(
            "purpose", look("为了什么（会记下来，本人能看到）", "What for (recorded, the person sees it)"),
            .list(ResidentsScreens.purposes(look)), required: true, start: "registry"),
          .init("name", look("姓名（全名）", "Name (in full)")),
          .init("phone", look("电话", "Telephone"), .phone),
          .init("identity_number", look("证件号码", "Identity number")),
          .init("person", look("人员编号", "Person’s number")),
        ], button: look("查找", "Find")))
  }

  private func field(_ name: String) -> String? {
    request.query[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  private func results() throws -> HTML {
    let isAsked = ["name", "phone", "identity_number", "person"].contains { field($0) != nil }
    if isAsked {
      let answer = try reading.ask(
        FindResidents(
          person: field("person"), identityNumber: field("identity_number"),
          phone: field("phone"), name: field("name"),
          place: request.query["place"].map { PlaceID(trusted: $0) }))
      return look.panel(
        look.count(answer.found.count, "人", "person", "people"),
        note: answer.isCut
          ? look("还有更多，请缩小范围", "There are more; narrow it down") : look("按您的范围", "in your area"),
        answer.found.isEmpty
          ? look.empty(
            look("没有找到", "Nobody was found"),
            look("只找您负责范围内的人；请核对后再试。", "Only people in your area are found; check and try again."))
          : table(answer.found))
    }
    return try list()
  }

  private func list() throws -> HTML {
    guard let place else {
      return look.panel(
        look("先选一个地方，或直接找人", "Choose a place, or find somebody"), try places())
    }
    if place.level.depth < PlaceLevel.community.depth {
      return look.panel(look("选一个社区", "Choose a community"), try places())
    }
    let which = request.query["show"].flatMap(ListResidents.Which.init) ?? .everybody
    let answer = try reading.ask(
      ListResidents(place: place.id, which: which, after: request.query["after"]))
    let own = Address("/residents", ["place": place.id.text, "show": request.query["show"]])
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
      (answer.residents.isEmpty
        ? look.empty(look("没有这样的人", "Nobody like that")) : table(answer.residents))
        + (look.pages(
          after: answer.after.map { own.with(["after": $0]).text },
          note: look("每页 50 人", "50 a page")) ?? ""))
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
          card.tags.map { look($0.title) }.joined(separator: "、"),
        ])
        let purpose = request.query["purpose"]
        let address = Address(
          "/residents/\(Address.escaped(card.person.text))", ["purpose": purpose])
        return Look.TableRow(
          card.name ?? look("姓名未知", "name unknown"), to: address.text,
          cells: [
            .text(look.dotted([card.sex.map { look($0.words) }, card.age.map(String.init)])),
            .text(card.address.suffix(4).joined(separator: " ")), .text(state),
          ])
      })
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
        ] + answer.needs.map { (look($0.tag.title), "\(look.number($0.people))") }))
  }
}
