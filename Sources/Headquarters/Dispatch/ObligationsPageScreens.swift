import Kernel
import Look
import Registry

/// What of the obligations is shown.
enum ObligationsShow: String, CaseIterable, Codable, Sendable {
  case all
  case late
  case soon
  case untaken
  case promised
  case mine
  /// Done late, and nobody has looked at it yet.
  case unstruck
  case done

  func words(_ look: Look) -> String {
    switch self {
    case .all: look("全部", "All")
    case .late: look("超时", "Late")
    case .soon: look("1 小时内到期", "Due within an hour")
    case .untaken: look("没人认领", "Not taken")
    case .promised: look("昨天前答应的", "Promised before today")
    case .mine: look("我的", "Mine")
    case .unstruck: look("补办待销号", "To be struck off")
    case .done: look("已办", "Done")
    }
  }

  /// The question that it asks of an area.
  func question(
    place: PlaceID?, kind: String?, newest: Bool = false, after: String? = nil, limit: Int,
    in reading: Reading
  ) -> ListObligations {
    ListObligations(
      place: place, overdue: self == .unstruck, kind: kind, mine: self == .mine,
      before: before(reading), taken: self == .untaken ? false : nil,
      takenBefore: self == .promised ? reading.today.start(in: reading.zone) : nil, newest: newest,
      closed: self == .done || self == .unstruck, after: after, limit: limit)
  }

  /// Before when it is due.
  private func before(_ reading: Reading) -> Instant? {
    switch self {
    case .late: reading.now
    case .soon: reading.now + .hours(1)
    case .all, .untaken, .promised, .mine, .unstruck, .done: nil
    }
  }

  func nothing(_ look: Look) -> HTML {
    switch self {
    case .late: look.empty(look("没有超时事项", "Nothing is late"), isGood: true)
    case .soon: look.empty(look("1 小时内没有到期的", "Nothing is due within the hour"), isGood: true)
    case .mine: look.empty(look("您手里没有事项", "You owe nothing"), isGood: true)
    case .untaken: look.empty(look("都有人认领", "Somebody has taken each of them"), isGood: true)
    case .promised:
      look.empty(look("答应的都办了", "What was promised is done"), isGood: true)
    case .unstruck:
      look.empty(look("补办的都已销号", "What was done late is struck off"), isGood: true)
    case .done: look.empty(look("还没有办结的", "Nothing is done yet"))
    case .all: look.empty(look("没有未办事项", "Nothing is owed"), isGood: true)
    }
  }
}

/// What is owed in an area, with filters and order in the address.
struct ObligationsPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  let show: ObligationsShow
  let kind: String?
  let own: Address

  private static let page = 50

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListObligations.duty)
    show = request.query["show"].flatMap(ObligationsShow.init) ?? .all
    kind = request.query["kind"].flatMap { $0.isEmpty ? nil : $0 }
    own = Address(
      "/obligations",
      [
        "place": request.query["place"], "show": request.query["show"], "kind": kind,
        "sort": request.query["sort"],
      ])
  }

  func body() throws -> HTML {
    let answer = try reading.ask(
      show.question(
        place: place?.id, kind: kind, newest: request.query["sort"] == "newest",
        after: request.query["after"], limit: Self.page, in: reading))
    let rows = try answer.obligations.map(row)
    let tabs = ObligationsShow.allCases.map {
      Look.Tab(
        $0.words(look), own.with(["show": $0.rawValue]).text, isCurrent: $0 == show)
    }
    let list = rows.isEmpty ? show.nothing(look) : look.obligations(rows)
    let next = answer.after.map { own.with(["after": $0]).text }
    let first = request.query["after"] == nil ? nil : own.text
    let pages = look.pages(
      before: first, after: next, note: look("每页 \(Self.page) 件", "\(Self.page) a page"))
    return HTML([
      look.title(look("事项", "Obligations"), look.note(place?.name ?? look("全部", "everywhere"))),
      look.panel(
        look("谁欠什么", "Who owes what"), tabs: tabs,
        HTML([
          try filters(), list, pages ?? "",
          look.takeAway(
            "obligations", ["place": place?.id.text, "show": show.rawValue, "kind": kind]),
        ])),
    ])
  }

  private func filters() throws -> HTML {
    let kinds = reading.assembly.obligationKinds.values.sorted { $0.name < $1.name }
    let choices =
      [Look.Field.Choice("", look("所有种类", "every kind"))]
      + kinds.map { Look.Field.Choice($0.name, look($0.title)) }
    return look.filters(
      to: own, for: request,
      fields: [
        .init("kind", look("种类", "Kind"), .list(choices)),
        .init(
          "place", look("地点", "Place"),
          .list(try reading.placeChoices(around: place, for: ListObligations.duty, look)),
          start: place?.id.text ?? ""),
      ] + order)
  }

  /// What is done has one order.
  private var order: [Look.Field] {
    if show == .done || show == .unstruck { return [] }
    return [
      .init(
        "sort", look("顺序", "Order"),
        .list([
          .init("", look("先到期的在前", "first due first")),
          .init("newest", look("新开的在前", "youngest first")),
        ]))
    ]
  }

  private func row(_ entry: ObligationEntry) throws -> Look.ObligationRow {
    let row = try ObligationLine(entry: entry, below: place, reading: reading, look: look)
    return row.row(buttons: entry.closedAt == nil ? row.claim(request) : row.closed(request))
  }
}
