import Kernel
import Look
import Registry

/// The wall of the sender's area, and of any place in it.
enum WallScreens {
  static let all = [wall, place]

  private static let wall = Screen(
    path: "/", title: Words("大屏", "Wall"), duty: ShowWall.duty, purpose: .supervision,
    navigation: 0
  ) { request, reading in
    let place = try reading.placeInSight(request.query["place"], for: ShowWall.duty)
    return try WallPage(place: place, request: request, reading: reading).page()
  }

  private static let place = Screen(
    path: "/places/:place", title: Words("地点", "Place"), duty: ShowWall.duty,
    purpose: .supervision
  ) { request, reading in
    let place = try reading.placeInSight(request.parameter("place"), for: ShowWall.duty)
    return try WallPage(place: place, request: request, reading: reading).page()
  }
}

/// The wall of one place.
private struct WallPage {
  let place: Place?
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let wall: ShowWall.Answer

  init(place: Place?, request: ScreenRequest, reading: Reading) throws {
    self.place = place
    self.request = request
    self.reading = reading
    look = Look(reading)
    wall = try reading.ask(ShowWall(place: place?.id))
  }

  func page() throws -> Page {
    let cases = try WallCases(place: place, reading: reading, look: look)
    let name = place?.name ?? look("全部", "Everywhere")
    return Page(
      title: name,
      body: HTML([
        try line() ?? "", look.title(name),
        look.figures((cases.figures.isEmpty ? residents : cases.figures) + figures),
        try tallies(),
        look.columns([
          look.stack([
            try board(), try cases.table() ?? "", kinds(),
          ]), look.stack([try obligations(), try events(), try neighbourhood() ?? ""]),
        ]),
      ]), isLive: true)
  }

  /// The places above this one, each a link, as far as the sender may look.
  private func line() throws -> HTML? {
    guard let place, place.level != .city else { return nil }
    let line = try PlacesStore(reading.transaction).line(to: place.path)
    return look.places(
      line.map { step in
        let may = reading.authority.may(ShowWall.duty, at: step.path)
        return (step.spoken, may ? "/places/\(Address.escaped(step.id.text))" : nil)
      })
  }

  private var residents: [Look.Figure] {
    guard let people = wall.residents, let households = wall.households else { return [] }
    let doors = look.number(households)
    return [
      Look.Figure(
        look("登记居民", "Registered"), look.number(people),
        neighbour: .init(look("\(doors) 户", "\(doors) doors"), .neutral),
        address: address("/residents"))
    ]
  }

  /// What other slices count here: capacity, coverage.
  private func tallies() throws -> HTML {
    let path = place?.path ?? .everywhere
    let figures: [Look.Figure] = try reading.assembly.tallies.filter {
      reading.authority.may($0.duty, at: path)
    }
    .compactMap { kind in
      guard let tally = try kind.tally(place?.id, path, reading) else { return nil }
      return Look.Figure(
        look(kind.words), look.number(tally.value),
        neighbour: .init(look(tally.beside), tally.isLate ? .late : .neutral),
        tone: tally.isLate ? .late : .neutral,
        drawing: tally.whole.map {
          .bar(value: tally.value, of: $0, label: look(kind.words))
        } ?? .none, note: tally.note.map { look($0) } ?? "", address: tally.address)
    }
    return figures.isEmpty ? "" : look.figures(figures, id: "tallies")
  }

  /// What is owed by kind; each number opens to its rows.
  private func kinds() -> HTML {
    if wall.kinds.isEmpty { return "" }
    let title = look("各类事项", "What is owed, by kind")
    func row(_ name: String, _ kind: String?, _ counts: [ShowWall.Kind]) -> Look.TableRow {
      func opened(_ show: String) -> String {
        address("/obligations", ["show": show].merging(kind.map { ["kind": $0] } ?? [:]) { $1 })
      }
      return Look.TableRow(
        name, to: kind == nil ? nil : opened("all"),
        cells: [
          .number(counts.reduce(0) { $0 + $1.owed }, to: opened("all")),
          .number(counts.reduce(0) { $0 + $1.dueToday }, to: opened("all")),
          .number(counts.reduce(0) { $0 + $1.late }, to: opened("late")),
        ])
    }
    let rows = wall.kinds.sorted { ($1.late, $1.owed, $0.kind) < ($0.late, $0.owed, $1.kind) }
    return look.panel(
      title,
      look.table(
        title,
        columns: [
          .init(look("事项", "What")), .number(look("未办", "Owed")),
          .number(look("今天到期", "Due today")), .number(look("超时", "Late")),
        ],
        rows: rows.map { kind in
          let words = reading.assembly.obligationKinds[kind.kind]?.title
          return row(words.map { look($0) } ?? kind.kind, kind.kind, [kind])
        }, total: row(look("合计", "Total"), nil, wall.kinds), id: "kinds"))
  }

  private var figures: [Look.Figure] {
    let (now, before) = (wall.now, wall.yesterday)
    return [
      Look.Figure(
        look("今日判定密接", "Contacts today"), look.number(now.contacts),
        neighbour: compared(now.contacts, before.contacts), address: address("/cases")),
      Look.Figure(
        look("管控中", "Under restriction"), look.number(now.restricted),
        neighbour: compared(now.restricted, before.restricted, isBadNews: false),
        note: look(
          "今天到期 \(look.number(wall.endingToday))" + registered,
          "\(look.number(wall.endingToday)) end today" + registered),
        address: address("/restrictions")),
      Look.Figure(
        look("超时事项", "Late"), look.number(now.late),
        neighbour: compared(now.late, before.late), tone: now.late > 0 ? .late : .neutral,
        drawing: .bar(
          value: now.late, of: now.owed, label: look("超时的份额", "share that is late")),
        note: look(
          "1 小时内到期 \(look.number(wall.dueWithinAnHour))",
          "\(look.number(wall.dueWithinAnHour)) due within an hour"),
        address: address("/obligations", ["show": "late"])),
      Look.Figure(
        look("未办事项", "Owed"), look.number(now.owed),
        neighbour: compared(now.owed, before.owed, isBadNews: false),
        address: address("/obligations")),
      Look.Figure(
        look("今日办结", "Done today"), look.number(now.closed),
        neighbour: compared(now.closed, before.closed, isBadNews: false),
        drawing: .bar(
          value: now.closed, of: now.closed + now.owed, label: look("已办", "done")),
        note: look(
          "还有 \(look.number(now.owed)) 未办", "\(look.number(now.owed)) still owed"),
        address: address("/obligations")),
    ]
  }

  private var registered: String {
    guard let people = wall.residents.map(look.number) else { return "" }
    return look(" · 登记 \(people) 人", " · \(people) registered")
  }

  private func compared(_ now: Int, _ before: Int, isBadNews: Bool = true) -> Look.Label {
    WallCases.compared(now, before, isBadNews: isBadNews, look)
  }

  private func address(_ path: String, _ more: [String: String] = [:]) -> String {
    Address(path, more).with(["place": place?.id.text]).text
  }

  private func board() throws -> HTML {
    let parts = wall.parts
    guard let level = parts.first?.level else {
      return look.panel(
        look("这里没有下级地点", "Nothing below this place"),
        look.linkButton(look("看这里的事项", "What is owed here"), to: address("/obligations")))
    }
    let name = look(level.words)
    let title = look("\(parts.count) 个\(name)", "\(parts.count) \(plural(name, parts.count))")
    let map = try WallMap(reading: reading, look: look).districts(parts)
    let note = look("点开看下一级", "open for the level below")
    let tiles = look.board(parts.map(tile), barLabel: look("今日已办", "done today"))
    return look.panel(title, note: note, (map ?? "") + tiles)
  }

  private func neighbourhood() throws -> HTML? {
    guard let place,
      let map = try WallMap(reading: reading, look: look).neighbourhood(of: place)
    else { return nil }
    return look.panel(look("在全市的位置", "Where it lies"), map)
  }

  private func plural(_ name: String, _ count: Int) -> String {
    let word = name.lowercased()
    if count == 1 { return word }
    return word.hasSuffix("y") ? word.dropLast() + "ies" : word + "s"
  }

  private func tile(_ part: ShowWall.Part) -> Look.Tile {
    let whole = part.owed + part.closed
    let note =
      whole == 0
      ? look("今天没有事项", "nothing today")
      : look(
        "\(look.number(part.owed)) / \(look.number(whole)) 未办",
        "\(look.number(part.owed)) of \(look.number(whole)) left")
    let id = Address.escaped(part.place.text)
    let address = part.level == .building ? "/round?building=\(id)" : "/places/\(id)"
    return Look.Tile(
      part.spoken, address: address, note: note, late: part.late, done: part.closed, of: whole)
  }

  private func obligations() throws -> HTML {
    let owed = try reading.ask(ListObligations(place: place?.id, limit: 10)).obligations
    let rows = try owed.map {
      try ObligationLine(entry: $0, below: place, reading: reading, look: look).row(buttons: nil)
    }
    let list =
      rows.isEmpty
      ? look.empty(look("没有未办事项", "Nothing is owed"), isGood: true) : look.obligations(rows)
    return look.panel(
      look("超时与将到期", "Late and due soon"), note: look("谁手里、提级到谁", "who has it, who was told"),
      tabs: [
        .init(
          look("全部 \(look.number(wall.now.owed))", "All \(look.number(wall.now.owed))"),
          address("/obligations"), isCurrent: false),
        .init(look("我的", "Mine"), address("/obligations", ["show": "mine"]), isCurrent: false),
      ], list)
  }

  private func events() throws -> HTML {
    let events = try WallEvents(reading: reading, look: look, place: place).events(limit: 10)
    return look.panel(
      look("事件", "Events"),
      events.isEmpty
        ? look.empty(look("今天还没有事件", "Nothing has happened yet")) : look.events(events))
  }
}
