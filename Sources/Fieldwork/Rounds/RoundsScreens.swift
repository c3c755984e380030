import Kernel
import Look
import Registry

/// The grid worker's phone: building, entrance, floor from the top down, door.
enum RoundsScreens {
  static let round = Screen(
    path: "/round", title: Words("今天上门", "Today’s round"), duty: RoundToday.duty,
    purpose: .fieldwork, navigation: 15
  ) { request, reading in
    // Browsers keep titles in their history, in the clear: the place stands in the page only.
    let title = Look(reading)("今天上门", "Today’s round")
    if let board = try RoundBoard(request: request, reading: reading) {
      return Page(title: title, body: try board.body(), frame: .field, isLive: true)
    }
    let page = try RoundPage(request: request, reading: reading)
    return Page(title: title, body: page.body, frame: .field, isLive: true)
  }

  /// What waits on the phone. The district knows nothing of it; the phone fills it in, whatever its owner
  /// does: who samples has no doors.
  static let queue = Screen(
    path: "/round/queue", title: Words("待传清单", "What waits"), duty: nil,
    purpose: .fieldwork
  ) { _, reading in
    let look = Look(reading)
    let title = look("待传清单", "What waits")
    let without = look(
      "这个浏览器不能离线保存；做的事都直接提交。",
      "This browser cannot keep anything without network; what you do is sent at once.")
    return Page(
      title: title,
      body: look.fieldPage(
        header: look.fieldHeader(title),
        look.queueList(without)
          + (reading.authority.holds(RoundToday.duty)
            ? look.linkButton(look("回到今天上门", "Back to the round"), to: "/round") : "")),
      frame: .field)
  }
}

/// One round: of a building, or of all that the worker answers for.
private struct RoundPage {
  let request: ScreenRequest
  let look: Look
  let round: Round
  let title: String
  private let place: Place?
  private let kinds: [String: ObligationKind]
  /// What each building is called among all others.
  private let names: [PlaceID: String]

  /// With so many buildings or more, one chooses a building first.
  private static let fewBuildings = 3

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    look = Look(reading)
    let asked = request.query["building"] ?? request.query["place"]
    place = try asked.flatMap { $0.isEmpty ? nil : $0 }.map {
      try PlacesStore(reading.transaction).get(PlaceID($0, field: "place"))
    }
    round = try reading.ask(RoundToday(place: place?.id))
    kinds = reading.assembly.obligationKinds
    names = try Dictionary(
      uniqueKeysWithValues: round.buildings.compactMap(\.place).map { id in
        let path = try reading.jurisdiction.path(id, reading.transaction) ?? .everywhere
        return (id, try reading.shortAddress(of: path))
      })
    title = try place.map { try reading.shortAddress(of: $0.path) } ?? look("今天上门", "Today’s round")
  }

  var body: HTML {
    let late = look.number(round.counts.late)
    let header = look.roundHeader(
      title, done: round.counts.done, of: round.counts.all, nextDue: round.counts.nextDeadline,
      chip: round.counts.late > 0 ? .init(look("超时 \(late)", "\(late) late"), .late) : nil)

    // A whole grid is a page too long for a telephone, whoever looks at it.
    let isWide = place.map { $0.level.depth < PlaceLevel.building.depth } ?? true
    let isChoosing = isWide && round.buildings.count > Self.fewBuildings
    return look.fieldPage(
      header: header,
      (isChoosing ? buildings : HTML(round.buildings.map(building))) + end
        + look.linkButton(
          look("现场登记：新的人、发现情况", "Enter on the spot: somebody new, something noticed"),
          to: "/round/new")
    )
  }

  private var end: HTML {
    if round.counts.all == 0 {
      return look.empty(look("今天没有要上门的", "No door to call at today"), isGood: true)
    }
    if round.counts.done == round.counts.all {
      return look.empty(look("今天都办完了", "All done for today"), isGood: true)
    }
    guard let place else { return "" }
    let all =
      place.level == .building ? look("看所有楼", "All buildings") : look("回到总览", "Overview")
    return look.linkButton(all, to: "/round")
  }

  private var buildings: HTML {
    let tiles = round.buildings.compactMap { building -> Look.Tile? in
      guard let id = building.place else { return nil }
      let doors = building.entrances.flatMap(\.floors).flatMap(\.doors)
      let (open, done) = (doors.flatMap(\.items), doors.flatMap(\.done))
      return Look.Tile(
        names[id] ?? building.name, address: Address("/round", ["building": id.text]).text,
        note: look("还有 \(open.count)", "\(open.count) left"), late: open.filter(\.late).count,
        done: done.count, of: open.count + done.count)
    }
    let unplaced = round.buildings.filter { $0.place == nil }.map(building)
    return look.board(tiles, barLabel: look("已办", "done"), id: "buildings") + HTML(unplaced)
  }

  private func building(_ building: Round.Building) -> HTML {
    let isOnly = place?.level == .building
    let heading: HTML? =
      isOnly || building.name.isEmpty
      ? nil : look.floor(building.place.flatMap { names[$0] } ?? building.name)
    let floors = building.entrances.flatMap { entrance in
      entrance.floors.map { floor($0, in: entrance) }
    }
    return "\(heading)\(floors)"
  }

  private func floor(_ floor: Round.Floor, in entrance: Round.Entrance) -> HTML {
    let storey = floor.floor.map { look("\($0) 层", "floor \($0)") }
    let name = look.dotted([entrance.name, storey ?? look("门牌不明", "door not known")])
    return look.floor(name) + HTML(floor.doors.map(door))
  }

  private func door(_ door: Round.Door) -> HTML {
    let names = Set((door.items + door.done).map(\.name)).filter { !$0.isEmpty }.sorted()
    let first = names.first ?? look("住户", "household")
    let others = max(door.people, names.count) - 1
    let who = others > 0 ? look("\(first) 等 \(others + 1) 人", "\(first) and \(others) more") : first
    let label: Look.Label =
      if let next = door.items.map(\.deadline).min() {
        look.deadline(next)
      } else if let last = door.done.compactMap({ item in item.doneAt.map { ($0, item.deadline) } })
        .max(by: { $0.0 < $1.0 })
      {
        look.closed(last.0, deadline: last.1)
      } else {
        Look.Label(look("已办", "done"), .done)
      }
    return look.door(
      number: door.name, id: door.place.text, who: look.masked(who), label: label,
      needs: needs(behind: door),
      works: door.items.map { work($0, at: door) })
  }

  /// What whoever knocks has to know, each need once.
  private func needs(behind door: Round.Door) -> [String] {
    var seen: Set<String> = []
    return (door.items + door.done).flatMap(\.tags).filter { seen.insert($0.code).inserted }
      .map { look($0.title) }
  }

  private func work(_ item: Round.Item, at door: Round.Door) -> Look.DoorWork {
    let measure = item.measure.map {
      look("第 \($0.day) 天，共 \($0.days) 天", "day \($0.day) of \($0.days)")
    }
    let calls =
      item.attempts == 0
      ? nil
      : item.lastAttemptAt.map {
        look(
          "敲过 \(item.attempts) 次门，最近 \(look.time($0))",
          "called \(item.attempts)×, last \(look.time($0))")
      }
    let isShared = Set(door.items.map(\.person)).count > 1
    // Twice the same for one person, as with two temperatures a day: the hour tells them apart.
    let isRepeated = door.items.contains {
      $0.obligation != item.obligation && $0.kind == item.kind && $0.person == item.person
    }
    let due =
      isRepeated
      ? look("\(look.nearEnd(item.deadline))前", "by \(look.nearEnd(item.deadline))") : nil
    let text = look.dotted([isShared ? item.name : nil, look(item.title), due, measure, calls])
    return Look.DoorWork(
      text,
      actions: DoorActions(look: look, request: request).html(
        item, kind: kinds[item.kind], anchor: "door-\(door.place.text)"))
  }
}

/// What can be done about one thing at one door: the usual in one tap, or two with a proof.
private struct DoorActions {
  let look: Look
  let request: ScreenRequest

  /// The temperatures that are offered for one tap; others are typed.
  private static let usualTemperatures = [
    "36.1", "36.2", "36.3", "36.4", "36.5", "36.6", "36.7", "36.8",
  ]

  func html(_ item: Round.Item, kind: ObligationKind?, anchor: String) -> HTML {
    let id = [("obligation", item.obligation.text)]
    let action = kind.map { look($0.action) } ?? look("已办", "Done")
    let proof = kind?.proof ?? []
    if proof.isEmpty {
      return look.doorForm(
        FinishObligation.name, for: request, hidden: id, anchor: anchor,
        buttons: look.primaryButton(action) + others)
    }
    let rest = look.doorForm(
      NoteAttempt.name, for: request, hidden: id, anchor: anchor,
      buttons: HTML([
        look.valueButton(look("没人", "Nobody"), name: "outcome", value: "nobodyHome"),
        look.valueButton(look("求助", "Help"), name: "outcome", value: "needsHelp"),
      ]))
    let asked = look.disclosure(
      action, id: "proof-\(item.obligation.text)",
      (quick(proof, id, anchor) ?? "") + full(kind, id))
    return asked + rest
  }

  private var others: HTML {
    HTML([
      look.otherButton(
        look("没人", "Nobody"), command: NoteAttempt.name, name: "outcome", value: "nobodyHome"),
      look.otherButton(
        look("求助", "Help"), command: NoteAttempt.name, name: "outcome", value: "needsHelp"),
    ])
  }

  /// The usual values as buttons, where the proof is a temperature and at most "no symptoms".
  private func quick(
    _ proof: [ProofField], _ id: [(String, String)], _ anchor: String
  ) -> HTML? {
    var hidden = id
    var temperature: String?
    for field in proof {
      switch field.form {
      case .number(let unit, _) where unit.contains("℃") && temperature == nil:
        temperature = field.name
      case .choice(let choices) where choices.contains { $0.code == "none" }:
        hidden.append(("proof.\(field.name)", "none"))
      case .number, .text, .choice:
        if field.isRequired { return nil }
      }
    }
    guard let temperature else { return nil }
    let buttons = Self.usualTemperatures.map {
      look.valueButton($0, name: "proof.\(temperature)", value: $0)
    }
    let hint = hidden.count > id.count ? look("无症状，体温：", "No symptoms, temperature:") : ""
    return look.paragraph(hint)
      + look.doorForm(
        FinishObligation.name, for: request, hidden: hidden, anchor: anchor,
        buttons: HTML(buttons), isQuick: true)
  }

  private func full(_ kind: ObligationKind?, _ id: [(String, String)]) -> HTML {
    let fields = ProofFields(look: look).fields(of: kind).map { field -> Look.Field in
      // A long list of choices is a list on a phone, so that the button stays in sight.
      guard case .choices(let choices) = field.entry, choices.count > 4 else { return field }
      return Look.Field(
        field.name, field.label, .list(choices), hint: field.hint, required: field.isRequired)
    }
    return look.form(
      FinishObligation.name, for: request, hidden: id, fields: fields,
      buttons: look.primaryButton(look("登记", "Record")))
  }
}
