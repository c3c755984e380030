import Kernel
import Look
import Registry

/// The isolation sites of an area with their free rooms, and who waits for one.
enum IsolationScreens {
  static let all = [list, site, round, stay, kitchen, staff, loop, labels]

  private static let list = Screen(
    path: "/isolation", title: Words("隔离点", "Isolation sites"), duty: ListSites.duty,
    purpose: .containment, navigation: 43
  ) { request, reading in
    Page(
      title: Look(reading)("隔离点", "Isolation sites"),
      body: try IsolationPage(request: request, reading: reading).body(), isLive: true)
  }

  private static let site = Screen(
    path: "/isolation/:site", title: Words("隔离点房态", "A site’s rooms"), duty: ShowSite.duty,
    purpose: .containment
  ) { request, reading in
    Page(
      title: Look(reading)("隔离点房态", "A site’s rooms"),
      body: try SitePage(request: request, reading: reading).body(), isLive: true)
  }

  private static let round = Screen(
    path: "/isolation/:site/round", title: Words("隔离点巡诊", "A site’s round"), duty: SiteRound.duty,
    purpose: .fieldwork
  ) { request, reading in
    Page(
      title: Look(reading)("隔离点巡诊", "A site’s round"),
      body: try SiteRoundPage(request: request, reading: reading).body, frame: .field,
      isLive: true)
  }

  private static let stay = Screen(
    path: "/isolation/stays/:stay", title: Words("入住详情", "A stay"), duty: ShowStay.duty,
    purpose: .containment
  ) { request, reading in
    Page(
      title: Look(reading)("入住详情", "A stay"),
      body: try StayPage(request: request, reading: reading).body(), isLive: true)
  }

  private static let kitchen = Screen(
    path: "/isolation/:site/kitchen", title: Words("配餐单", "Kitchen list"),
    duty: KitchenList.duty, purpose: .fieldwork
  ) { request, reading in
    Page(
      title: Look(reading)("配餐单", "Kitchen list"),
      body: try KitchenPage(request: request, reading: reading).body, isLive: true)
  }

  private static let staff = Screen(
    path: "/isolation/:site/staff", title: Words("隔离点工作人员", "A site’s staff"),
    duty: SiteRoster.duty, purpose: .supervision
  ) { request, reading in
    let site = try PlaceID(request.parameter("site"), field: "site")
    return Page(
      title: Look(reading)("隔离点工作人员", "A site’s staff"),
      body: try SiteStaffPage(request: request, reading: reading, site: site).body, isLive: true)
  }

  /// Where what is owed about somebody in the loop leads.
  private static let loop = Screen(
    path: "/isolation/loops/:loop", title: Words("闭环人员", "Somebody in the loop"),
    duty: SiteRoster.duty, purpose: .supervision
  ) { request, reading in
    let written = request.parameter("loop")
    guard
      let loop = try SiteStaffStore(reading.transaction).loop(SiteLoopID(written, field: "loop"))
    else { throw Refusal.notFound(Words("闭环记录", "entry of the loop"), written, field: "loop") }
    return Page(
      title: Look(reading)("隔离点工作人员", "A site’s staff"),
      body: try SiteStaffPage(request: request, reading: reading, site: loop.site).body,
      isLive: true)
  }

  private static let labels = Screen(
    path: "/isolation/:site/labels", title: Words("废物标签", "Labels for waste"),
    duty: WasteLabels.duty, purpose: .supervision
  ) { request, reading in
    let site = try PlaceID(request.parameter("site"), field: "site")
    let answer = try reading.ask(WasteLabels(site: site, label: request.query["bag"]))
    return Page(
      PageFile(
        name: "waste-\(request.query["bag"] ?? reading.today.text).pdf", type: "application/pdf",
        bytes: WasteLabelSheet.pdf(of: answer)))
  }

  /// The address of a site's kitchen list.
  static func kitchen(_ site: PlaceID) -> String { address(site) + "/kitchen" }

  /// The address of a site's staff.
  static func staff(_ site: PlaceID) -> String { address(site) + "/staff" }

  /// The address of a site's board.
  static func address(_ site: PlaceID) -> String { "/isolation/\(Address.escaped(site.text))" }

  /// The address of a stay.
  static func address(_ stay: SiteStayID) -> String {
    "/isolation/stays/\(Address.escaped(stay.text))"
  }
}

/// All sites of an area.
private struct IsolationPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  let sites: [SiteView]

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListSites.duty)
    sites = try reading.ask(ListSites(place: place?.id)).sites.filter { $0.state != .closed }
  }

  func body() throws -> HTML {
    HTML([
      look.title(
        look("隔离点", "Isolation sites"), look.note(place?.spoken ?? look("全部", "everywhere"))),
      look.figures(figures, topics: "isolation"), board, try waiting(), try settingUp(),
    ])
  }

  private var figures: [Look.Figure] {
    func sum(_ part: (SiteView) -> Int) -> Int { sites.reduce(0) { $0 + part($1) } }
    let ready = sites.filter { $0.state == .ready }
    let free = ready.reduce(0) { $0 + $1.counts.free }
    let rooms = ready.reduce(0) { $0 + $1.counts.rooms }
    let dirty = sum { $0.counts.dirty }
    let coming = sum { $0.counts.coming }
    let asked = sum { $0.asked }
    let bags = sum { $0.wasteBags }
    return [
      Look.Figure(
        look("空房", "Free rooms"), look.number(free),
        neighbour: .init(look("共 \(rooms)", "of \(rooms)"), .neutral),
        tone: free == 0 && rooms > 0 ? .late : .neutral,
        note: look("待消毒 \(dirty)", "\(dirty) to disinfect"), address: "/capacity"),
      Look.Figure(
        look("在住", "Present"), look.number(sum { $0.counts.present }),
        neighbour: .init(look("将到 \(coming)", "\(coming) coming"), .neutral),
        note: movements, address: "/isolation"),
      Look.Figure(
        look("待答复转运", "Transfers to answer"), look.number(asked),
        neighbour: .init(asked == 0 ? look("没有", "none") : look("请尽快", "at once"), .neutral),
        tone: asked == 0 ? .neutral : .late, address: "/isolation"),
      Look.Figure(
        look("今天医疗废物", "Medical waste today"),
        SiteWords.kilograms(sum { $0.wasteGramsToday }),
        neighbour: .init(look("待交接 \(bags) 袋", "\(bags) bags waiting"), .neutral),
        address: "/isolation"),
    ]
  }

  /// Who came and went: what it leaves is who is present.
  private var movements: String {
    let all = sites.map(\.movements)
    let admitted = all.reduce(0) { $0 + $1.admitted }
    let arrived = all.reduce(0) { $0 + $1.transferredIn }
    let left = all.reduce(0) { $0 + $1.transferredOut + $1.hospital }
    let released = all.reduce(0) { $0 + $1.released }
    return look(
      "收 \(admitted) + 转入 \(arrived) − 转出 \(left) − 解除 \(released)",
      "\(admitted) admitted + \(arrived) in − \(left) out − \(released) released")
  }

  private var board: HTML {
    if sites.isEmpty {
      return look.empty(
        look("还没有隔离点", "There is no isolation site"),
        look("在下面把一处地点设为隔离点。", "Set a place up as one below."))
    }
    let tiles = sites.map { site in
      Look.Tile(
        site.name, address: IsolationScreens.address(site.site),
        note: look.dotted([
          look(site.state.words),
          site.state == .ready
            ? look("空 \(site.counts.free) 间", "\(site.counts.free) free")
            : site.readyBy.map { look("限 \(look.nearEnd($0))", "by \(look.nearEnd($0))") },
          look("在住 \(site.counts.present)", "\(site.counts.present) present"),
        ]), late: site.readyBy.map { $0 < reading.now ? 1 : 0 } ?? 0,
        done: site.counts.rooms - site.counts.free, of: site.counts.rooms)
    }
    return look.board(tiles, barLabel: look("已用房间", "rooms taken"), id: "sites")
  }

  /// Who is to be moved and has no room yet, each with one press.
  private func waiting() throws -> HTML {
    guard reading.authority.holds(AskTransfer.duty) else { return "" }
    let area = try reading.placeInSight(request.query["place"], for: AskTransfer.duty)
    let waiting = try reading.ask(ListWaiting(place: area?.id)).waiting
    let open = sites.filter { $0.state == .ready }
    if waiting.isEmpty {
      return look.panel(
        look("等待转运", "To be moved"),
        look.empty(look("没有人等待转运", "Nobody waits to be moved"), isGood: true))
    }
    let choices = open.map {
      Look.Field.Choice(
        $0.site.text, look("\($0.name)（空 \($0.counts.free)）", "\($0.name) (\($0.counts.free) free)")
      )
    }
    let rows = waiting.map { entry in
      Look.ObligationRow(
        label: look.deadline(entry.deadline), title: entry.name,
        address: "/restrictions/of/\(Address.escaped(entry.person.text))", holder: "",
        buttons: choices.isEmpty
          ? nil
          : look.form(
            AskTransfer.name, for: request, hidden: [("person", entry.person.text)],
            fields: [.init("site", look("送往", "Where to"), .list(choices), required: true)],
            buttons: look.primaryButton(look("申请房间", "Ask for a room"))))
    }
    return look.panel(
      look("等待转运", "To be moved"), note: look("先到期的在前", "first due first"),
      look.obligations(rows, id: "waiting", topics: "isolation"))
  }

  private func settingUp() throws -> HTML {
    guard let place, reading.authority.may(SetUpSite.duty, at: place.path) else { return "" }
    let known = Set(sites.map(\.site))
    let below = try PlacesStore(reading.transaction).inside(
      place.path, level: .building, limit: 81
    ).filter { !known.contains($0.id) }
    let hint: HTML
    if below.isEmpty || below.count > 80 {
      hint = look.paragraph(
        look("请先在地点中选到社区或小区，再选楼栋。", "Choose a community or an estate first, then a building."))
    } else {
      let choices = try below.map {
        Look.Field.Choice($0.id.text, try reading.address(of: $0.path, below: place))
      }
      hint = look.form(
        SetUpSite.name, for: request,
        fields: [.init("site", look("楼栋", "Building"), .list(choices), required: true)],
        buttons: look.primaryButton(look("设为隔离点", "Set up")))
    }
    return look.disclosure(look("设立隔离点", "Set up a site"), id: "set-up", hint)
  }
}

/// How pages say what sites count.
enum SiteWords {
  /// `60.4 kg`, of grams.
  static func kilograms(_ grams: Int) -> String {
    "\(grams / 1_000).\(abs(grams) % 1_000 / 100) kg"
  }
}
