import Kernel
import Look
import Registry

/// The day's dispatch: what nobody has taken, what was promised before today, what the last shift
/// handed over.
enum DayScreens {
  static let day = Screen(
    path: "/day", title: Words("今日调度", "Today"), duty: ListObligations.duty,
    purpose: .supervision, navigation: 5
  ) { request, reading in
    let page = try DayPage(request: request, reading: reading)
    return Page(title: Look(reading)("今日调度", "Today"), body: try page.body(), isLive: true)
  }
}

/// One day of one area.
private struct DayPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  private let counts: Counts

  /// What stands in the figures of an area.
  private struct Counts: Sendable {
    let owed: Int
    let late: Int
    let today: Int
    let hour: Int
    let closed: Int

    init(in path: PlacePath, _ reading: Reading) throws {
      let store = ObligationStore(reading.transaction)
      let (now, end) = (reading.now, reading.today.end(in: reading.zone))
      (owed, late) = try store.standing(in: path, at: now)
      today = try store.due(in: path, from: now, to: end)
      hour = try store.due(in: path, from: now, to: now + .hours(1))
      closed = try store.closed(in: path, from: reading.today.start(in: reading.zone), to: now)
    }
  }

  /// How many rows each part shows; the rest is one press away.
  private static let shown = 12

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListObligations.duty)
    let path = place?.path ?? .everywhere
    counts = try reading.counted("day \(path.text)") { try Counts(in: path, $0) }
  }

  private var path: PlacePath { place?.path ?? .everywhere }

  func body() throws -> HTML {
    HTML([
      look.title(
        look("今日调度", "Today"),
        look.note(
          look.dotted([place?.name ?? look("全部", "everywhere"), look.day(reading.today)]))),
      look.figures(try figures()),
      look.columns(
        [
          look.stack([
            try part(.late, look("超时", "Late"), look("先办这些", "these first"), id: "late"),
            try part(
              .promised, look("昨天前答应的", "Promised before today"),
              look("认领过、还没办", "taken on and not done"), id: "promised"),
          ]),
          look.stack([
            try handedOver(),
            try part(
              .untaken, look("没人认领", "Not taken"), look("先到期的在前", "first due first"),
              id: "untaken"),
          ]),
        ], .even),
    ])
  }

  private func address(_ show: ObligationsShow) -> String {
    Address("/obligations", ["show": show.rawValue, "place": place?.id.text]).text
  }

  private func figures() throws -> [Look.Figure] {
    let (today, hour, closed) = (counts.today, counts.hour, counts.closed)
    return [
      Look.Figure(
        look("未办", "Owed"), look.number(counts.owed),
        neighbour: .init(
          look("今天还到期 \(look.number(today))", "\(look.number(today)) due today"), .neutral),
        address: address(.all)),
      Look.Figure(
        look("超时", "Late"), look.number(counts.late),
        neighbour: .init(
          look("1 小时内到期 \(look.number(hour))", "\(look.number(hour)) within the hour"),
          hour > 0 ? .soon : .neutral), tone: counts.late > 0 ? .late : .neutral,
        address: address(.late)),
      Look.Figure(
        look("今日办结", "Done today"), look.number(closed),
        neighbour: .init(
          look("还有 \(look.number(counts.owed))", "\(look.number(counts.owed)) left"), .neutral),
        drawing: .bar(value: closed, of: closed + counts.owed, label: look("已办", "done")),
        address: address(.all)),
    ]
  }

  private func part(
    _ show: ObligationsShow, _ title: String, _ note: String, id: String
  ) throws -> HTML {
    let answer = try reading.ask(
      show.question(place: place?.id, kind: nil, limit: Self.shown, in: reading))
    let rows = try answer.obligations.map { entry in
      let line = try ObligationLine(entry: entry, below: place, reading: reading, look: look)
      return line.row(buttons: show == .untaken ? line.claim(request) : nil)
    }
    let tabs = [Look.Tab(look("全部", "All"), address(show), isCurrent: false)]
    return look.panel(
      title, note: note, tabs: rows.isEmpty ? [] : tabs,
      rows.isEmpty ? show.nothing(look) : look.obligations(rows, id: "day-\(id)"))
  }

  private func handedOver() throws -> HTML {
    let last = try reading.ask(ListHandovers(place: place?.id)).handovers.first
    let own = Address("/handover", ["place": place?.id.text]).text
    let tabs = [Look.Tab(look("交班", "Hand over"), own, isCurrent: false)]
    let title = look("上一班交来的", "Handed over")
    guard let last else {
      return look.panel(
        title, tabs: tabs, look.empty(look("还没有交接", "Nothing has been handed over yet")))
    }
    let items = try reading.ask(ShowHandover(handover: last.handover, limit: 1))
    let giver = try reading.title(of: last.giver)
    let state: Look.Label =
      last.taker == nil
      ? .init(look("待签收", "not yet taken"), .soon) : .init(look("已签收", "taken"), .done)
    return look.panel(
      title, note: "\(giver) · \(look.nearMoment(last.at))", tabs: tabs, chip: state,
      look.paragraph(last.note)
        + look.facts([
          (
            look("随单事项", "What went with it"),
            look.link(
              look(
                "\(look.number(items.all)) 件，还有 \(look.number(items.owed)) 件未办",
                "\(look.number(items.all)), of which \(look.number(items.owed)) still owed"),
              to: "/handover/\(Address.escaped(last.handover.text))")
          )
        ]))
  }
}
