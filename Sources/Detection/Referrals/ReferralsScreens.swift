import Gazette
import Kernel
import Look
import Registry

/// Who is not yet found, told and moved; and one hand-over.
enum ReferralsScreens {
  static let board = Screen(
    path: "/referrals", title: Words("推送落地", "Hand-overs"), duty: ListReferrals.duty,
    purpose: .investigation, navigation: 36
  ) { request, reading in
    let page = try ReferralsPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }

  static let one = Screen(
    path: "/referrals/:referral", title: Words("推送", "Hand-over"), duty: ShowReferral.duty,
    purpose: .investigation
  ) { request, reading in
    let page = try ReferralPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }
}

/// The board of an area: figures that open to their rows, the areas below, and the list.
private struct ReferralsPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  let direction: ReferralDirection
  let show: ReferralShow
  let kind: ContactKind?
  let own: Address

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListReferrals.duty)
    direction = request.query["direction"].flatMap(ReferralDirection.init) ?? .incoming
    show = request.query["show"].flatMap(ReferralShow.init) ?? .unfound
    kind = request.query["kind"].flatMap(ContactKind.init)
    own = Address(
      "/referrals",
      [
        "place": request.query["place"], "direction": request.query["direction"],
        "show": request.query["show"], "kind": kind?.rawValue, "sort": request.query["sort"],
      ])
  }

  var title: String { look("推送落地", "Hand-overs") }

  func body() throws -> HTML {
    let board = try reading.ask(ReferralBoard(place: place?.id))
    let isOut = direction == .outgoing
    return HTML([
      look.title(title, look.note(place?.name ?? look("全部", "everywhere"))),
      look.figures(figures(isOut ? board.outgoing : board.total)),
      look.columns([
        look.stack([try list(), try acceptAll()]),
        look.stack([below(board), elsewhere(board)]),
      ]),
    ])
  }

  private func figures(_ counts: ReferralCounts) -> [Look.Figure] {
    let shown: [ReferralShow] = [.unanswered, .returned, .unfound, .untold, .unmoved, .moving]
    return shown.map { show in
      let count = counts[show]
      let isLate = show == .unanswered && counts.silent > 0
      return Look.Figure(
        look(show.words), look.number(count),
        neighbour: .init(
          isLate
            ? look("其中超时 \(counts.silent)", "\(counts.silent) of them silent")
            : look("共 \(look.number(counts.all))", "of \(look.number(counts.all))"),
          isLate ? .late : .neutral),
        tone: isLate ? .late : .neutral,
        drawing: .bar(
          value: counts.all - count, of: counts.all, label: look("已过这一步", "past this step")),
        address: own.with(["show": show.rawValue]).text)
    }
  }

  private func list() throws -> HTML {
    let answer = try reading.ask(
      ListReferrals(
        place: place?.id, direction: direction, show: show, kind: kind,
        newest: request.query["sort"] == "newest",
        after: request.query["after"].map { ReferralID(trusted: $0) }))
    let rows = try answer.referrals.map { entry in
      try ReferralLine(entry: entry, reading: reading, look: look).row()
    }
    let tabs = ReferralShow.allCases.map {
      Look.Tab(look($0.words), own.with(["show": $0.rawValue]).text, isCurrent: $0 == show)
    }
    let next = answer.after.map { own.with(["after": $0]).text }
    let nothing = look.empty(look("这里没有人", "Nobody here"), isGood: show != .all)
    return look.panel(
      look("名单", "List"), tabs: tabs,
      try filters()
        + (rows.isEmpty ? nothing : look.obligations(rows, id: "referrals", topics: "referrals"))
        + (look.pages(
          before: request.query["after"] == nil ? nil : own.text, after: next,
          note: look("每页 50 人", "50 a page")) ?? "")
        + look.takeAway(
          "referrals",
          [
            "place": place?.id.text, "direction": direction.rawValue, "show": show.rawValue,
            "kind": kind?.rawValue,
          ]))
  }

  private func filters() throws -> HTML {
    let places = try reading.placesAround(place, for: ListReferrals.duty)
    let everywhere: [Look.Field.Choice] =
      reading.authority.may(ListReferrals.duty, at: .everywhere)
      ? [.init("", look("全部", "everywhere"))] : []
    return look.filters(
      to: own, for: request,
      fields: [
        .init(
          "kind", look("哪一类", "Kind"),
          .list(
            [.init("", look("所有接触者", "every contact"))]
              + ContactKind.allCases.map { .init($0.rawValue, look($0.words)) })),
        .init(
          "place", look("地点", "Place"),
          .list(
            everywhere
              + places.map {
                .init($0.id.text, String(repeating: "\u{3000}", count: $0.depth) + $0.name)
              }), start: place?.id.text ?? ""),
        .init(
          "sort", look("顺序", "Order"),
          .list([
            .init("", look("先推送的在前", "first sent first")),
            .init("newest", look("后推送的在前", "last sent first")),
          ])),
      ])
  }

  /// Taking on at once all that wait for an answer, where the reader may.
  private func acceptAll() throws -> HTML {
    guard direction == .incoming, show == .unanswered || show == .silent else { return "" }
    let waiting = try reading.ask(
      ListReferrals(place: place?.id, show: show, limit: 200)
    ).referrals
    let may = try waiting.filter { entry in
      let path = try reading.jurisdiction.path(entry.to, reading.transaction)
      return path.map { reading.authority.may(AcceptReferrals.duty, at: $0) } ?? false
    }
    if may.count < 2 { return "" }
    return look.card(
      look("一次接收", "Accept at once"),
      look.form(
        AcceptReferrals.name, for: request,
        hidden: may.map { ("referrals", $0.referral.text) },
        buttons: look.primaryButton(look("接收这 \(may.count) 人", "Accept these \(may.count)")),
        isInline: true))
  }

  private func below(_ board: ReferralBoard.Answer) -> HTML {
    if direction == .outgoing || board.parts.isEmpty { return "" }
    let shown: [ReferralShow] = [.unanswered, .unfound, .untold, .unmoved]
    func cells(_ counts: ReferralCounts, _ place: String?) -> [Look.Cell] {
      shown.map { show in
        .number(counts[show], to: own.with(["place": place, "show": show.rawValue]).text)
      } + [.number(counts.all, to: own.with(["place": place, "show": "all"]).text)]
    }
    return look.panel(
      look("各辖区", "By area"),
      look.table(
        look("各辖区", "By area"),
        columns: [.init(look("辖区", "Area"))] + shown.map { .number(look($0.words)) }
          + [.number(look("共", "All"))],
        rows: board.parts.map { part in
          Look.TableRow(
            part.name, to: own.with(["place": part.place.text]).text,
            cells: cells(part.counts, part.place.text))
        },
        total: Look.TableRow(look("合计", "Total"), cells: cells(board.total, place?.id.text))))
  }

  private func elsewhere(_ board: ReferralBoard.Answer) -> HTML {
    let isOut = direction == .outgoing
    return look.card(
      look("外地协查", "Help letters"),
      look.paragraph(
        look(
          "从这里发往其他区市：\(board.outgoing.all) 人，\(board.outgoing.unfound) 人未落地。",
          "From here to other areas: \(board.outgoing.all), of whom \(board.outgoing.unfound) not found."
        ))
        + look.linkButton(
          isOut ? look("看推送到这里的", "What comes here") : look("看发往外地的", "What goes elsewhere"),
          to: own.with(["direction": isOut ? nil : ReferralDirection.outgoing.rawValue]).text))
  }
}

/// A hand-over as a row: deadline first, then who, then where it is.
struct ReferralLine {
  let entry: ReferralEntry
  let reading: Reading
  let look: Look

  func row() throws -> Look.ObligationRow {
    let resident = try ResidentsStore(reading.transaction).find(entry.person)
    let name = resident?.name.map { Mask.name($0.revealed) } ?? look("姓名未知", "name unknown")
    let path = try reading.jurisdiction.path(entry.to, reading.transaction)
    return Look.ObligationRow(
      label: label, title: look.dotted([name, look(entry.kind.words)]),
      address: "/referrals/\(Address.escaped(entry.referral.text))", trail: trail,
      holder: try path.map { try reading.shortAddress(of: $0) } ?? entry.to.text)
  }

  private var label: Look.Label {
    guard let due = entry.due else { return Look.Label(look("已办", "done"), .done) }
    return look.deadline(due)
  }

  /// What has been done of it, in the order in which it is done.
  private var trail: [String] {
    let steps = [
      entry.letter.map { look("协查函 \($0)", "letter \($0)") }, look(entry.state.words),
      entry.state == .returned ? entry.returned.map { look($0.words) } : nil,
      entry.toldAt.map { look("已告知 \(look.time($0))", "told \(look.time($0))") },
      entry.needsMove
        ? entry.movedAt.map { look("已转运 \(look.time($0))", "moved \(look.time($0))") }
          ?? look("待转运", "to be moved") : nil,
    ]
    return [look.dotted(steps)]
  }
}
