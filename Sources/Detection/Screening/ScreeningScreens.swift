import Gazette
import Kernel
import Look
import Registry

/// The pages of mass testing: the rounds with the advisor, a round's wall, who is held, who is left, and
/// a point's desk.
enum ScreeningScreens {
  static let all =
    [
      rounds, wall, recalls, untested, point, CertificateScreens.own,
      QuarantineScreens.quarantine, PersonRoundsScreens.person,
    ] + SamplingScreens.all + BoxScreens.all + CorrectionScreens.all + ComingScreens.all
    + LabelScreens.all + ListedRoundScreens.all + LaboratoryScreens.all

  private static let rounds = Screen(
    path: "/screening", title: Words("全员核酸", "Mass testing"), duty: ListRounds.duty,
    purpose: .supervision, navigation: 34
  ) { request, reading in
    Page(
      title: Look(reading)("全员核酸", "Mass testing"),
      body: try RoundsPage(request: request, reading: reading).body(), isLive: true)
  }

  private static let wall = Screen(
    path: "/screening/:round", title: Words("检测轮次", "Round"), duty: WatchRound.duty,
    purpose: .supervision
  ) { request, reading in
    let page = try RoundWall(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }

  private static let recalls = Screen(
    path: "/screening/:round/recalls", title: Words("追阳", "Recalls"), duty: ListRecalls.duty,
    purpose: .containment
  ) { request, reading in
    let page = try RecallBoard(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }

  private static let untested = Screen(
    path: "/untested", title: Words("未采名单", "Untested"), duty: ListUntested.duty,
    purpose: .fieldwork
  ) { request, reading in
    let page = try UntestedPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }

  private static let point = Screen(
    path: "/screening/:round/point", title: Words("采样登记", "Sampling"),
    duty: RegisterSwab.duty, purpose: .fieldwork
  ) { request, reading in
    let page = try PointPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body())
  }
}

/// The rounds that run and ran, and what a new one would need.
private struct RoundsPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListRounds.duty)
  }

  func body() throws -> HTML {
    let rounds = try reading.ask(ListRounds())
    return HTML([
      look.title(
        look("全员核酸", "Mass testing"), look.note(place?.name ?? look("全部", "everywhere"))),
      list(rounds), try ways(), try advisor(), try choice(),
    ])
  }

  /// What waits for somebody's decision, over all rounds.
  private func ways() throws -> HTML {
    let own = try LaboratoriesStore(reading.transaction)
      .laboratory(of: reading.authority.sender.text)
    return look.row([
      own.map { look.linkButton($0.name, to: "/laboratory") } ?? "",
      reading.authority.holds(RegisterSwab.duty)
        ? look.linkButton(look("采样", "Sampling"), to: "/sampling") : "",
      reading.authority.holds(OpenListedRound.duty)
        ? look.linkButton(look("按名单开轮", "A round over a list"), to: ListedRoundScreens.path) : "",
      reading.authority.holds(MakeLabels.duty)
        ? look.linkButton(look("管码标签", "Labels for tubes"), to: "/screening/labels") : "",
      reading.authority.holds(AppointLaboratory.duty)
        ? look.linkButton(look("检测机构", "Laboratories"), to: "/screening/laboratories") : "",
      reading.authority.holds(ListQuarantined.duty)
        ? look.linkButton(look("待审结果", "Results put aside"), to: "/screening/quarantine") : "",
      reading.authority.holds(ApproveCorrection.duty)
        ? look.linkButton(look("结果更正", "Corrections"), to: "/screening/corrections") : "",
    ])
  }

  /// Where else a round may be opened: the places inside.
  private func choice() throws -> HTML {
    let inside = try PlacesStore(reading.transaction).children(
      of: place?.id, limit: Self.mostPlaces)
    let own = inside.filter { reading.authority.may(ListRounds.duty, at: $0.path) }
    if own.isEmpty || (place?.level.depth ?? 0) >= PlaceLevel.community.depth { return "" }
    let title = look("为其中一处测算", "Work it out for a part")
    return look.panel(
      title,
      look.row(
        own.map {
          look.linkButton($0.name, to: Address("/screening", ["place": $0.id.text]).text)
        }))
  }

  private static let mostPlaces = 60

  private func list(_ rounds: [ListRounds.Line]) -> HTML {
    let title = look("检测轮次", "Rounds")
    if rounds.isEmpty {
      return look.panel(
        title,
        look.empty(
          look("还没有开过轮次", "No round was opened yet"),
          place == nil || !reading.authority.holds(OpenRound.duty)
            ? look("由区或街道开一轮。", "The district or a street opens one.")
            : look("在下面测算并开一轮。", "Work out what it takes below, and open one.")))
    }
    let rows = rounds.map { round in
      Look.TableRow(
        round.name, to: "/screening/\(Address.escaped(round.round.text))",
        cells: [
          .text(state(round)), .number(round.listed), .text(round.areaName),
          .number(round.pool), .text(look.moment(round.openedAt)),
        ])
    }
    return look.panel(
      title,
      look.table(
        title,
        columns: [
          .init(look("名称", "Name")), .init(look("状态", "State")),
          .number(look("应检", "Listed")), .init(look("范围", "Area")),
          .number(look("几混一", "In a tube")), .init(look("开始", "Opened")),
        ], rows: rows, id: "rounds"))
  }

  private func state(_ round: ListRounds.Line) -> String {
    if round.erasedAt != nil { return look("已结束，名单已删除", "over, list deleted") }
    if round.closedAt != nil { return look("已结束", "over") }
    if !round.frozen { return look("名单生成中", "list being frozen") }
    return look("进行中，\(look.end(round.dueAt))前完成", "under way, due \(look.end(round.dueAt))")
  }

  /// First what it would need, then the form that opens it.
  private func advisor() throws -> HTML {
    guard let place, reading.authority.may(OpenRound.duty, at: place.path) else { return "" }
    let plan = try reading.ask(
      PlanRound(
        areas: [place.id], hours: request.query["hours"].flatMap { Int($0) },
        pool: request.query["pool"].flatMap { Int($0) }))
    let needs = look.table(
      look("测算", "What it takes"),
      columns: [
        .init(look("项目", "What")), .number(look("数量", "How many")),
        .init(look("公式", "Formula")),
      ],
      rows: plan.items.map { item in
        Look.TableRow(
          look(item.words), cells: [.number(item.value), .text(look(item.formula))])
      })
    let pools = try reading.policy(ScreeningPolicy.self).pools.map {
      Look.Field.Choice(String($0), look("\($0) 混 1", "\($0) in a tube"))
    }
    let question = look.questionForm(
      to: "/screening", for: request,
      fields: [
        .init("hours", look("几小时完成", "Hours"), .number, start: String(plan.hours)),
        .init("pool", look("按几人一管测算", "Worked out for"), .list(pools), start: String(plan.pool)),
      ], button: look("重新测算", "Work it out again"))
    let due = look.now + .hours(plan.hours)
    let open = look.form(
      OpenRound.name, for: request,
      hidden: [
        ("areas", place.id.text), ("due_at", due.text(in: look.zone)),
      ],
      fields: [
        .init(
          "name", look("轮次名称", "Name of the round"),
          hint: look(
            "\(look.end(due))前完成；开始时的居民即应检名单",
            "Due \(look.end(due)); whoever lives here now is on the list"),
          required: true, start: try usualName(place)),
        .init("pool", look("几人一管", "In a tube"), .list(pools), start: String(plan.pool)),
      ] + householdField(plan),
      buttons: look.primaryButton(
        look("开始并冻结应检名单", "Open it and freeze the list")))
    let title = look("\(place.name)新开一轮", "A new round in \(place.name)")
    return look.panel(
      title, id: "open",
      note: look(
        "\(look.number(plan.people)) 人，其中上门 \(look.number(plan.homebound)) 人",
        "\(look.number(plan.people)) people, \(look.number(plan.homebound)) of them at home"),
      HTML([question, needs, pooling(plan), try modes(plan), open]))
  }

  /// One household, one tube, where a mode of the policy lets it.
  private func householdField(_ plan: PlanRound.Answer) -> [Look.Field] {
    let allowed = plan.modes.filter(\.householdTube)
    if allowed.isEmpty { return [] }
    let modes = allowed.map {
      look("\(look($0.words))（\($0.pool) 人一管时）", "\(look($0.words)), with \($0.pool) in a tube")
    }
    return [
      .init(
        "household_tube", look("一户一管", "One household, one tube"),
        .several([.init("true", look("同一户可共用一支管", "a household may share one tube"))]),
        hint: look("用于：\(modes.joined(separator: "、"))", "for: \(modes.joined(separator: ", "))"))
    ]
  }

  /// The place, the day, and which round of the day it is.
  private func usualName(_ place: Place) throws -> String {
    let today = Day(of: look.now, in: look.zone)
    let before = try ScreeningRoundStore(reading.transaction).latest(limit: 100).count {
      $0.area == place.id && Day(of: $0.openedAt, in: look.zone) == today
    }
    return look(
      "\(place.name)\(look.day(today))第 \(before + 1) 轮",
      "\(place.name), \(look.day(today)), round \(before + 1)")
  }

  /// How many share a tube where, and how often the area is tested from now on.
  private func modes(_ plan: PlanRound.Answer) throws -> HTML {
    let frequency = try reading.policy(ScreeningPolicy.self).frequency
    let title = look("在哪里几人一管，隔几天一轮", "How many share a tube where, and how often")
    let often =
      plan.everyDays.map {
        look("按已有轮次和病例，下一轮在 \($0) 天后", "by its rounds and cases so far, the next in \($0) days")
      }
      ?? look(
        "前 \(frequency.firstRounds) 轮连续进行",
        "the first \(frequency.firstRounds) rounds follow one another")
    let rows = plan.modes.map { mode in
      Look.TableRow(
        look(mode.words),
        cells: [
          .number(mode.pool),
          .text(mode.householdTube ? look("可一户一管", "one household may share one") : ""),
        ])
    }
    return look.disclosure(
      title, id: "modes",
      look.paragraph(often)
        + look.table(
          title,
          columns: [
            .init(look("哪里", "Where")), .number(look("几人一管", "In a tube")),
            .init(look("说明", "Note")),
          ], rows: rows))
  }

  private func pooling(_ plan: PlanRound.Answer) -> HTML {
    let pools = Set(plan.pooling.map(\.pool)).sorted().filter { $0 > 1 }
    let shares = Set(plan.pooling.map(\.prevalence)).sorted()
    let rows = shares.map { share in
      Look.TableRow(
        "\(share * 100) %",
        cells: pools.map { pool in
          let tests = plan.pooling.first { $0.prevalence == share && $0.pool == pool }
          let rounded = ((tests?.testsPerPerson ?? 0) * 1_000).rounded() / 1_000
          return .text(String(rounded))
        })
    }
    let title = look("混管与检测量", "Pools and tests")
    return look.disclosure(
      title, id: "pooling",
      look.table(
        title,
        columns: [.init(look("感染率", "Infected"))]
          + pools.map { .init(look("\($0) 混 1：每人次数", "\($0) in a tube: tests a person")) },
        rows: rows))
  }
}
