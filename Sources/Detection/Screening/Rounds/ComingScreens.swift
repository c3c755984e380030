import Gazette
import Kernel
import Look
import Registry

/// Who comes when, and to whom somebody goes: slots by building, and the walks of the home teams.
enum ComingScreens {
  static let all = [slots, homes]

  private static let slots = Screen(
    path: "/screening/:round/slots", title: Words("分时采样", "Slots"), duty: PlanSlots.duty,
    purpose: .supervision
  ) { request, reading in
    let page = try SlotsPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body())
  }

  private static let homes = Screen(
    path: "/screening/:round/homes", title: Words("上门采样", "Home visits"),
    duty: PlanHomeVisits.duty, purpose: .fieldwork
  ) { request, reading in
    let page = try HomesPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body())
  }
}

/// What both plans are about: a part of the round's area in which the sender may look.
private struct PlanArea {
  let round: ScreeningRound
  let place: Place
  let choices: [Look.Field.Choice]
  private static let mostPlaces = 200

  init(request: ScreenRequest, reading: Reading, duty: Duty) throws {
    round = try ScreeningRoundStore(reading.transaction).get(
      RoundID(request.parameter("round"), field: "round"))
    let store = PlacesStore(reading.transaction)
    let asked = request.query["place"].flatMap { $0.isEmpty ? nil : $0 }
    if let asked {
      let found = try store.get(PlaceID(asked, field: "place"))
      guard reading.authority.may(duty, at: found.path) else { throw Refusal.outsideArea(duty) }
      place = found
    } else {
      // The widest part of the area for which the sender answers.
      let whole = round.path
      let widest = reading.authority.areas(for: duty).compactMap { area -> PlacePath? in
        area.holds(whole) ? whole : whole.holds(area) ? area : nil
      }.min { $0.text.utf8.count < $1.text.utf8.count }
      guard let widest, let found = try store.find(path: widest) else {
        throw Refusal.outsideArea(duty)
      }
      place = found
    }
    choices = try reading.choices(
      of: place,
      and: store.children(of: place.id, limit: Self.mostPlaces)
        .filter { $0.level.depth < PlaceLevel.building.depth })
  }
}

/// Each building's time at its point, to be printed and put up at the entrance.
private struct SlotsPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let area: PlanArea

  private static let usualSamplers = 2
  private static let mostPoints = 500

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    area = try PlanArea(request: request, reading: reading, duty: PlanSlots.duty)
  }

  var title: String { look("分时采样：\(area.round.name)", "Slots: \(area.round.name)") }
  private var base: String { "/screening/\(Address.escaped(area.round.id.text))" }

  /// As a browser's field for a moment writes it.
  private var nextHour: String {
    let hour = Instant(milliseconds: (look.now.milliseconds / 3_600_000 + 1) * 3_600_000)
    return String(hour.text(in: look.zone).prefix(16))
  }

  /// The points to which people of the area can come.
  private func points() throws -> [SamplingPoint] {
    try ScreeningRoundStore(reading.transaction).points(in: area.round.path, limit: Self.mostPoints)
      .filter {
        $0.kind != .home && ($0.path.holds(area.place.path) || area.place.path.holds($0.path))
      }
  }

  func body() throws -> HTML {
    let points = try points()
    let asked = request.query["point"]
    let point =
      asked == nil ? points.first : points.first { $0.id.text == asked }
    let samplers =
      request.query["samplers"].flatMap { Int($0) } ?? point?.samplers ?? Self.usualSamplers
    let written = request.query["from"].flatMap { $0.isEmpty ? nil : $0 } ?? nextHour
    guard let from = Instant(written.utf8.count == 16 ? written + ":00" : written, in: look.zone)
    else {
      throw Refusal.malformed(
        "from", written, expected: Words("日期和时刻", "a day and a time"))
    }
    let answer = try reading.ask(
      PlanSlots(
        round: area.round.id, place: area.place.id, from: from, samplers: samplers,
        point: point?.id))
    let question = look.filters(
      to: Address("\(base)/slots"), for: request,
      fields: [
        .init("place", look("范围", "Area"), .list(area.choices), start: area.place.id.text),
        .init(
          "point", look("采样点", "Point"),
          .list(
            [.init("", look("不设时间", "no hours"))]
              + points.map {
                .init($0.id.text, look.dotted([$0.name, hours($0.opens, $0.closes)]))
              }),
          start: point?.id.text ?? ""),
        .init("from", look("从", "From"), .moment, start: written),
        .init("samplers", look("采样员", "Samplers"), .number, start: String(samplers)),
      ], button: look("排时段", "Work it out"))
    return HTML([
      look.title(title, look.note(try reading.shortAddress(of: area.place.path))), question,
      queue(answer, samplers), try table(answer),
      look.linkButton(area.round.name, to: base),
    ])
  }

  private func hours(_ opens: String?, _ closes: String?) -> String? {
    if opens == nil, closes == nil { return nil }
    return "\(opens ?? "00:00")–\(closes ?? "24:00")"
  }

  /// Whether everybody gets a time, and what it takes where somebody does not.
  private func queue(_ answer: PlanSlots.Answer, _ samplers: Int) -> HTML {
    guard answer.left > 0 else { return "" }
    let until = look.nearMoment(answer.until)
    let remedy =
      answer.neededSamplers.map {
        look(
          "要 \($0) 名采样员（现 \(samplers) 名）才排得下；或延长开放时间、加设采样点。",
          "It takes \($0) samplers (now \(samplers)); or open longer, or set up another point.")
      }
      ?? look(
        "到时限前采样点不再开放；请改开放时间或时限。",
        "The point is not open any more before the round is due; change its hours or the time.")
    return look.notice(
      look(
        "\(look.number(answer.left)) 人在 \(until) 前的开放时间内排不下，会排队",
        "\(look.count(answer.left, "人", "person gets", "people get")) no time within the hours until \(until) and would queue"
      ), remedy, tone: .late)
  }

  private func table(_ answer: PlanSlots.Answer) throws -> HTML {
    let lines = answer.lines
    let title = look("哪栋楼什么时候来", "When each building comes")
    guard answer.people > 0 else {
      return look.panel(
        title, look.empty(look("这个范围内没有楼栋在名单上", "No building of this area is on the list")))
    }
    let store = PlacesStore(reading.transaction)
    let rows = try lines.map { line in
      let name =
        try store.find(line.place).map { try reading.address(of: $0.path) } ?? line.name
      return Look.TableRow(
        name,
        cells: [
          .number(line.people), .text(look.nearMoment(line.from)),
          .text(look.nearMoment(line.until)),
        ])
    }
    let last = lines.map(\.until).max()
    return look.panel(
      title,
      note: look.dotted([
        hours(answer.opens, answer.closes).map { look("只在开放时间 \($0) 内", "within the hours \($0)") },
        last.map {
          look("最后一批到 \(look.nearMoment($0))", "the last until \(look.nearMoment($0))")
        },
      ]),
      look.table(
        title,
        columns: [
          .init(look("楼栋", "Building")), .number(look("人数", "People")),
          .init(look("从", "From")), .init(look("到", "Until")),
        ], rows: rows,
        total: .init(
          look("合计", "Total"),
          cells: [.sum(lines.reduce(0) { $0 + $1.people }), .text(""), .text("")]), id: "slots")
        + look.paragraph(look("打印后贴在单元门口。", "Print it and put it up at the entrances.")))
  }
}

/// Each team's walk through the doors of those who cannot come.
private struct HomesPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let area: PlanArea

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    area = try PlanArea(request: request, reading: reading, duty: PlanHomeVisits.duty)
  }

  var title: String { look("上门采样：\(area.round.name)", "Home visits: \(area.round.name)") }
  private var base: String { "/screening/\(Address.escaped(area.round.id.text))" }

  func body() throws -> HTML {
    let teams = request.query["teams"].flatMap { Int($0) } ?? 1
    let lines = try reading.ask(
      PlanHomeVisits(round: area.round.id, place: area.place.id, teams: teams))
    let question = look.filters(
      to: Address("\(base)/homes"), for: request,
      fields: [
        .init("place", look("范围", "Area"), .list(area.choices), start: area.place.id.text),
        .init("teams", look("几个上门组", "Teams"), .number, start: String(teams)),
      ], button: look("排路线", "Work it out"))
    let residents = try ResidentsStore(reading.transaction).current(Set(lines.map(\.person)))
    let walks = Dictionary(grouping: lines) { $0.team }.sorted { $0.key < $1.key }
    let back = look.row([
      look.linkButton(look("去采样登记", "To the sampling page"), to: "/sampling"),
      look.linkButton(area.round.name, to: base),
    ])
    if walks.isEmpty {
      return HTML([
        look.title(title), question,
        look.empty(
          look("没有待上门的人", "Nobody waits for a visit"),
          look(
            "台账登记为卧床、或本轮登记为不能出门且还没采样的人会列在这里。",
            "Whoever is registered as bedridden, or was noted in this round as unable to come, and owes a swab, stands here."
          ), isGood: true),
        back,
      ])
    }
    return HTML(
      [look.title(title, look.note(try reading.shortAddress(of: area.place.path))), question]
        + (try walks.map { team, lines in try walk(team, lines, residents) }) + [back])
  }

  private func walk(
    _ team: Int, _ lines: [PlanHomeVisits.Line], _ residents: [PersonID: Resident]
  ) throws -> HTML {
    let title = look("第 \(team) 组", "Team \(team)")
    let rows = try lines.enumerated().map { step, line in
      let resident = residents[line.person]
      return Look.TableRow(
        String(step + 1),
        cells: [
          .text(try resident.map { try reading.address(of: $0.path) } ?? ""),
          .markup(look.masked(resident?.name.map { Mask.name($0.revealed) } ?? "—")),
          .text(line.person.text),
          .text(
            look.dotted([
              line.noted
                ? look("本轮登记不能出门", "noted in this round")
                : look("台账登记卧床", "registered as bedridden"),
              line.single ? look("须单管", "a tube of their own") : nil,
            ])),
        ])
    }
    return look.panel(
      title, id: "team-\(team)", note: look("\(lines.count) 户次", "\(lines.count) doors"),
      look.table(
        title,
        columns: [
          .init(look("次序", "Step")), .init(look("门牌", "Door")),
          .init(look("人员", "Person")), .init(look("编号", "Number")), .init(look("为何", "Why")),
        ], rows: rows, id: "walk-\(team)"))
  }
}
