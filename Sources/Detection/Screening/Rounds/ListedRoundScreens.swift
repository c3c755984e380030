import Gazette
import Kernel
import Look
import Registry

/// A round over a list of people: pasted, from a file, or a group that the register knows; first looked at,
/// row by row, then opened.
enum ListedRoundScreens {
  static let all = [list]

  static let path = "/screening/list"

  private static let list = Screen(
    path: path, title: Words("按名单开轮", "A round over a list"), duty: OpenListedRound.duty,
    purpose: .supervision
  ) { request, reading in
    let page = try ListedRoundPage(request: request, reading: reading)
    return Page(
      title: Look(reading)("按名单开轮", "A round over a list"), body: try page.body(),
      scripts: ["/listfile.js"])
  }
}

extension ScreenRequest {
  /// The same request from another address, to which its forms come back.
  func from(_ address: Address, _ query: [String: String] = [:]) -> ScreenRequest {
    ScreenRequest(
      parameters: parameters, query: self.query.merging(query) { $1 }, posted: posted,
      refusal: refusal, address: address.text, origin: origin, newCommandID: newCommandID)
  }
}

private struct ListedRoundPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let places: [Place]

  private static let mostFaults = 200
  private static let mostRounds = 20

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    let store = PlacesStore(reading.transaction)
    places = try reading.authority.areas(for: OpenRound.duty).sorted()
      .compactMap { try store.find(path: $0) }
  }

  func body() throws -> HTML {
    let header = look.title(
      look("按名单开轮", "A round over a list"),
      look.note(look("先核对，再冻结", "first looked at, then frozen")))
    let back = look.linkButton(look("检测轮次", "Rounds"), to: "/screening")
    let isRefused = request.posted["command"] == MakeRoundList.name
    guard !isRefused, let written = request.asked("list") else {
      return HTML([header, try entry(), back])
    }
    let found = try reading.ask(ShowRoundList(list: RoundListID(written, field: "list")))
    return HTML([header, try preview(found), try entry(isOpen: false), back])
  }

  // MARK: Naming people

  private func entry(isOpen: Bool = true) throws -> HTML {
    let id = request.posted["list"] ?? request.newCommandID()
    let areas = try places.flatMap { place in
      try reading.choices(
        of: place,
        and: PlacesStore(reading.transaction).children(of: place.id, limit: 200)
          .filter { $0.level.depth < PlaceLevel.building.depth })
    }
    let form = look.form(
      MakeRoundList.name, for: request.from(Address(ListedRoundScreens.path, ["list": id])),
      hidden: [("list", id)],
      fields: [
        .init("area", look("住在哪里", "Who live in"), .list(areas), required: true),
        .init(
          "people", look("名单", "The list"), .long,
          hint: look(
            "每行一个人员编号或证件号；可直接粘贴表格（表头：人员编号 或 证件号）",
            "a number or an identity card in each row; a sheet can be pasted with its header (person or identity)"
          )),
        .init(
          "group", look("或者：一类人", "Or a group"), .list(try groups()),
          hint: look("不贴名单时选", "when no list is pasted")),
      ], buttons: look.primaryButton(look("核对名单", "Look at the list")))
    let title = look("谁要检测", "Who is to be tested")
    return isOpen
      ? look.panel(title, id: "make-list", form)
      : look.disclosure(look("换一份名单", "Another list"), id: "make-list", form)
  }

  private func groups() throws -> [Look.Field.Choice] {
    let tags = try reading.policy(RegistryPolicy.self).tags.map { tag in
      Look.Field.Choice(
        "need:\(tag.code)", look("特殊需要：\(look(tag.title))", "special need: \(look(tag.title))"))
    }
    let clauses = try ClausesStore(reading.transaction).clauses(limit: Self.mostRounds).map {
      Look.Field.Choice(
        "clause:\($0)", look("隔离中按规定应检（条款 \($0)）", "isolated and due, clause \($0)"))
    }
    let rounds = try reading.ask(ListRounds()).filter { $0.frozen && $0.erasedAt == nil }
      .prefix(Self.mostRounds)
    return [
      .init("", look("不用，我贴名单", "none, I paste a list")),
      .init("contacts", look("已确认的密接", "confirmed contacts")),
    ] + clauses + tags
      + rounds.map {
        .init("untested:\($0.round.text)", look("“\($0.name)”未出结果的人", "no result in “\($0.name)”"))
      }
      + rounds.map {
        .init(
          "again:\($0.round.text)", look("再检“\($0.name)”全部名单", "everybody of “\($0.name)” again"))
      }
  }

  // MARK: Looking at it

  private func preview(_ found: ShowRoundList.Answer) throws -> HTML {
    let place = try PlacesStore(reading.transaction).get(found.area)
    let wrong = found.faults.count { !$0.kind.isHarmless }
    let facts = look.facts([
      (look("可列入", "Can be listed"), "\(look.count(found.people, "人", "person", "people"))"),
      (look("列入原因", "Why they are on it"), "\(look(found.listing.words))"),
      (look("范围", "Area"), "\(try reading.shortAddress(of: place.path))"),
      (
        look("有问题的行", "Rows with faults"),
        "\(look.number(found.faults.count))"
      ),
    ])
    return look.panel(
      look("名单核对结果", "What the list says"), id: "list-preview",
      chip: wrong == 0
        ? .init(look("可以开轮", "ready"), .done)
        : .init(
          look("\(wrong) 行不会列入", "\(look.count(wrong, "行", "row is", "rows are")) left out"), .soon),
      HTML([
        facts, faults(found),
        found.people == 0
          ? look.notice(
            look("名单里没有可列入的人", "Nobody can be listed"),
            look("更正各行后重新贴入。", "Correct the rows and paste the list again."), tone: .late)
          : try open(found, place, leavingOut: wrong),
      ]))
  }

  private func faults(_ found: ShowRoundList.Answer) -> HTML {
    guard !found.faults.isEmpty else { return "" }
    let title = look("逐行问题", "Row by row")
    let rows = found.faults.prefix(Self.mostFaults).map { fault in
      Look.TableRow(
        look("第 \(fault.row) 行", "row \(fault.row)"), cells: [.text(look(fault.kind.words))])
    }
    let more = found.faults.count - rows.count
    return look.table(
      title,
      columns: [.init(look("行", "Row")), .init(look("问题与办法", "What is wrong, and what helps"))],
      rows: Array(rows), id: "list-faults")
      + (more > 0
        ? look.paragraph(
          look("另有 \(more) 行", "and \(look.count(more, "", "more row", "more rows"))")) : "")
  }

  private func open(
    _ found: ShowRoundList.Answer, _ place: Place, leavingOut wrong: Int
  ) throws -> HTML {
    let policy = try reading.policy(ScreeningPolicy.self)
    let pools = policy.pools.map {
      Look.Field.Choice(String($0), look("\($0) 混 1", "\($0) in a tube"))
    }
    let due = look.now + .hours(policy.sizing.finishHours)
    return look.form(
      OpenListedRound.name, for: request.from(Address("/screening")),
      hidden: [
        ("area", place.id.text), ("list", found.list.text), ("due_at", due.text(in: look.zone)),
      ],
      fields: [
        .init(
          "name", look("轮次名称", "Name of the round"),
          hint: look("\(look.end(due))前完成", "Due \(look.end(due))"), required: true,
          start: look(
            "\(look(found.listing.words)) \(look.day(reading.today))",
            "\(look(found.listing.words)), \(look.day(reading.today))")),
        .init("pool", look("几人一管", "In a tube"), .list(pools), start: String(policy.pools[0])),
      ],
      buttons: look.primaryButton(
        wrong == 0
          ? look("开始并冻结名单", "Open it and freeze the list")
          : look(
            "不列这 \(wrong) 行，开始并冻结",
            "Leave out \(look.count(wrong, "", "row", "rows")), open it and freeze the list")))
  }
}
