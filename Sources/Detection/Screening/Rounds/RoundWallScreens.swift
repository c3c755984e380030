import Gazette
import Kernel
import Look
import Registry

/// A round on the wall: how full the list is, how fast it goes, when it will be done, tubes on their way,
/// laboratories, and who is held.
struct RoundWall {
  private let request: ScreenRequest
  private let reading: Reading
  private let look: Look
  private let watch: WatchRound.Answer
  private let round: ScreeningRound
  private let points: PointsPanel
  private let level: PlaceLevel

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    watch = try reading.ask(WatchRound(round: RoundID(request.parameter("round"), field: "round")))
    round = try ScreeningRoundStore(reading.transaction).get(watch.round.round)
    points = try PointsPanel(request: request, reading: reading, look: look, round: round)
    level =
      try request.query["by"].flatMap(PlaceLevel.init)
      ?? Self.usualLevel(PlacesStore(reading.transaction).get(round.area).level)
  }

  /// The parts of the round's area, as far as parts are shown.
  private static func usualLevel(_ area: PlaceLevel) -> PlaceLevel {
    if area.depth < PlaceLevel.street.depth { return .street }
    if area.depth < PlaceLevel.community.depth { return .community }
    return area.depth < PlaceLevel.grid.depth ? .grid : .building
  }

  var title: String { watch.round.name }
  private var base: String { "/screening/\(Address.escaped(watch.round.round.text))" }

  func body() throws -> HTML {
    HTML([
      look.title(
        watch.round.name,
        look.note(
          look(
            "\(watch.round.areaName)，\(watch.round.pool) 混 1，\(look.end(watch.round.dueAt))前完成",
            "\(watch.round.areaName), \(watch.round.pool) in a tube, due \(look.end(watch.round.dueAt))"
          ))),
      actions, figures,
      RoundSteps(
        reading: reading, look: look, round: round, watch: watch, points: points.points.count
      ).html(), pace, try areas(), try conflicts(), try points.html(),
    ])
  }

  /// How many were sampled in each hour, beside what an hour needs; nothing before the first swab.
  private var pace: HTML {
    guard let first = watch.pace.first?.at.milliseconds else { return "" }
    let hour: Int64 = 3_600_000
    let last = look.now.milliseconds / hour
    let hours = Array((first / hour...max(first / hour, last)).suffix(Self.mostHours))
    let counts = Dictionary(grouping: watch.pace) { $0.at.milliseconds / hour }
      .mapValues { $0.reduce(0) { $0 + $1.swabs } }
    let title = look("每小时采样", "Swabs an hour")
    let columns = hours.map { number in
      Look.PaceHour(
        String(look.time(Instant(milliseconds: number * hour)).prefix(2)), counts[number] ?? 0)
    }
    let isOpen = round.closedAt == nil && watch.coverage.missing + watch.coverage.reswab > 0
    return look.panel(
      title, id: "pace-panel", note: isOpen ? forecast : nil,
      look.pace(columns, needed: isOpen ? watch.neededPerHour : nil, label: title, id: "pace"))
  }

  private static let mostHours = 24

  private var forecast: String {
    let left = watch.coverage.missing + watch.coverage.reswab
    if left == 0 { return look("都已采样或有原因", "everybody is sampled or has a reason") }
    guard let end = watch.forecast else { return look("近一小时无采样", "nobody in the last hour") }
    return end <= watch.round.dueAt
      ? look("预计\(look.nearMoment(end))采完", "done about \(look.nearMoment(end))")
      : look("照此速度要到\(look.nearMoment(end))，晚于时限", "at this rate \(look.nearMoment(end)): too late")
  }

  private var figures: HTML {
    let coverage = watch.coverage
    let due = coverage.listed - coverage.exempt
    let swabbed = coverage.sampled + coverage.tested
    return look.figures([
      .init(
        look("已采样", "Sampled"), look.number(swabbed),
        neighbour: .init(look("应检 \(look.number(due))", "of \(look.number(due))"), .neutral),
        drawing: .bar(value: swabbed, of: max(1, due), label: look("已采样", "sampled")),
        note: look.percent(swabbed, of: max(1, due)), address: "#areas"),
      .init(
        look("覆盖率", "Coverage"), look.percent(coverage.tested, of: max(1, due)),
        neighbour: .init(
          look(
            "已出结果 \(look.number(coverage.tested))", "\(look.number(coverage.tested)) with a result"),
          .neutral),
        note: look(
          "名单外另采 \(look.number(coverage.unlistedSwabbed)) 人，已出结果 \(look.number(coverage.unlistedTested))",
          "\(look.number(coverage.unlistedSwabbed)) unlisted besides, \(look.number(coverage.unlistedTested)) with a result"
        ), address: "#areas"),
      .init(
        look("每小时", "An hour"), look.number(watch.perHour),
        neighbour: .init(
          look(
            "需要 \(look.number(watch.neededPerHour))", "\(look.number(watch.neededPerHour)) needed"),
          watch.perHour < watch.neededPerHour && round.closedAt == nil ? .soon : .done),
        note: forecast, address: "#pace-panel"),
      .init(
        look("在途试管", "Tubes on their way"), look.number(watch.tubes.inTransit),
        neighbour: .init(
          look("共 \(look.number(watch.tubes.all))", "of \(look.number(watch.tubes.all))"), .neutral),
        note: turnaround, address: "\(base)/boxes"),
      .init(
        look("待复核", "Held"), look.number(watch.held),
        neighbour: .init(
          look(
            "解除 \(watch.released)，病例 \(watch.cases)",
            "\(watch.released) released, \(watch.cases) cases"),
          .neutral), tone: watch.held > 0 ? .late : .neutral,
        note: look(
          "异常管 \(watch.tubes.holding)",
          "\(look.count(watch.tubes.holding, "", "tube", "tubes")) not negative"),
        address: "\(base)/recalls"),
    ])
  }

  private var turnaround: String {
    guard let middle = watch.turnaroundMedian, let slow = watch.turnaroundSlow else {
      return look("还没有结果", "no result yet")
    }
    return look(
      "出结果中位 \(look.duration(.minutes(middle)))，最慢一成 \(look.duration(.minutes(slow)))",
      "result after \(look.duration(.minutes(middle))), slowest tenth \(look.duration(.minutes(slow)))"
    )
  }

  /// Who is left out, and what somebody can do about it.
  private var withoutHome: String? {
    let count = watch.coverage.withoutHome
    if count == 0 { return nil }
    return look(
      "另有 \(look.number(count)) 人只在以前采样时登记过、没有住址，不列入名单；补登住址后列入以后的轮次",
      "\(look.count(count, "", "person", "people")) swabbed here before have no home and are on no list; register where they live"
    )
  }

  private func areas() throws -> HTML {
    // The wall has counted by street already.
    let answer =
      level == .street
      ? watch.coverage : try reading.ask(CountRound(round: watch.round.round, by: level))
    let title = look("各处进度", "Where it stands")
    let levels: [PlaceLevel] = [.street, .community, .grid, .building]
    let most = 200
    let tiles = try answer.by.prefix(most).map { line in
      let due = line.listed - line.exempt
      return Look.Tile(
        try name(of: line),
        address: Address(
          "/untested", ["of": "\(watch.round.round.text)/\(line.code ?? "")"]
        ).text,
        note: look(
          "已检 \(look.percent(line.tested, of: max(1, due)))；未采 \(look.number(max(0, due - line.swabbed)))，未出结果 \(look.number(line.untested))",
          "\(look.percent(line.tested, of: max(1, due))) tested; \(look.number(max(0, due - line.swabbed))) to swab, \(look.number(line.untested)) without a result"
        ),
        late: 0, done: line.swabbed, of: max(1, due),
        fill: due == 0 ? 100 : line.tested * 100 / due)
    }
    let cut =
      answer.by.count > most
      ? look("前 \(most) 处，共 \(answer.by.count)", "the first \(most) of \(answer.by.count)") : nil
    let note = look.dotted([
      look("颜色自下而上填满：已出结果的比例", "each fills up from below by the share that is tested"), cut,
      withoutHome,
    ])
    return look.panel(
      title, id: "areas", note: note,
      tabs: levels.map { level in
        .init(
          look(level.words), Address(base, ["by": level.rawValue]).text,
          isCurrent: level == self.level)
      },
      tiles.isEmpty
        ? look.empty(look("名单为空", "The list is empty"))
        : look.board(Array(tiles), barLabel: look("已采样", "sampled"), id: "tiles"))
  }

  /// Below the community a name says too little: every estate has a building 1.
  private func name(of line: CountRound.Line) throws -> String {
    guard level.depth > PlaceLevel.community.depth, let code = line.code,
      let place = try PlacesStore(reading.transaction).find(PlaceID(trusted: code))
    else { return line.name }
    return try reading.address(of: place.path)
  }

  private func conflicts() throws -> HTML {
    guard watch.conflicts > 0, reading.authority.may(ListConflicts.duty, at: round.path) else {
      return ""
    }
    return try ConflictsPanel(request: request, reading: reading, look: look, round: round)
      .html(count: watch.conflicts)
  }

  private var actions: HTML {
    let round = [("round", watch.round.round.text)]
    return look.row([
      reading.authority.holds(RegisterSwab.duty)
        ? look.linkButton(
          look("采样", "Sampling"), to: "/sampling/\(Address.escaped(watch.round.round.text))") : "",
      reading.authority.holds(ListRecalls.duty)
        ? look.linkButton(look("追阳", "Recalls"), to: "\(base)/recalls") : "",
      look.linkButton(look("样本转运", "Boxes"), to: "\(base)/boxes"),
      look.linkButton(look("分时采样", "Slots"), to: "\(base)/slots"),
      reading.authority.holds(PlanHomeVisits.duty)
        ? look.linkButton(look("上门采样", "Home visits"), to: "\(base)/homes") : "",
      reading.authority.holds(OpenRound.duty) && watch.round.closedAt == nil
        ? look.form(
          OweUntested.name, for: request, hidden: round,
          buttons: look.plainButton(look("未采名单下发网格", "Give the untested to the grids")),
          isInline: true)
        : "",
    ])
  }
}
