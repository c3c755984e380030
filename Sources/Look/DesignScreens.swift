import Kernel

/// The parts of pages on a page, so that a change is seen everywhere at once. The people and places
/// on it are made up.
package enum Design {
  package static let slice = Slice(
    name: "design",
    screens: [
      Screen(
        path: "/design", title: Words("界面规范", "Design"), duty: nil, purpose: .audit
      ) { request, reading in
        let look = Look(reading)
        return Page(
          title: look("界面规范", "Design"), body: DesignSheet(look: look, request: request).body)
      }
    ])
}

/// One of each part, with the states that a page may be in.
struct DesignSheet {
  let look: Look
  let request: ScreenRequest

  var body: HTML {
    HTML([
      look.places([
        (look("青岛市", "Qingdao"), "#"), (look("市北区", "Shibei"), "#"),
        (look("延安路", "Yan'an Rd"), nil),
      ]),
      look.title(look("界面规范", "Design")), chips, listParts,
      look.panel(look("数字", "Figures"), figures),
      look.columns([board, obligations, table, events]),
      look.panel(look("行踪", "Trajectory"), trajectory),
      look.panel(look("传播链", "Transmission"), tree),
      look.panel(look("接触者", "Contacts"), graph), chosen, map, ground,
      look.columns([look.stack([contact, restriction]), look.stack([form, states])]), days, round,
      resident,
    ])
  }

  private var now: Instant { look.now }

  private var chips: HTML {
    let spans: [Duration] = [
      .minutes(-1_500), .minutes(-42), .zero, .minutes(25), .minutes(190), .hours(20), .days(3),
    ]
    let chips = spans.map { look.chip(deadline: now + $0) }
    let closed = [
      look.closed(now, deadline: now), look.closed(now, deadline: now - .hours(1)),
      look.closed(now, deadline: now, waived: true),
    ].map { look.chip($0) }
    return look.panel(look("期限", "Deadlines"), look.row(chips + closed))
  }

  private var listParts: HTML {
    look.panel(
      look("名单的筛选与导出", "Filters of a list, and taking it away"),
      look.filters(
        to: Address("/design"), for: request,
        fields: [
          .init(
            "kind", look("种类", "Kind"),
            .list([.init("", look("所有种类", "every kind")), .init("a", look("转运", "Move"))])),
          .init("words", look("包含", "Containing")),
        ]) + look.takeAway("obligations"))
  }

  private var figures: HTML {
    look.figures([
      Look.Figure(
        look("今日新增（0–14 时）", "New today (0–14 h)"), "17",
        neighbour: .init(look("昨日同时 11 ↑6", "yesterday 11 ↑6"), .late),
        drawing: .spark([2, 1, 3, 5, 4, 8, 6, 11, 9, 13, 10, 17]),
        note: look("确诊 5 · 无症状 12", "5 confirmed · 12 asymptomatic"), address: "#"),
      Look.Figure(
        look("超时事项", "Late"), "9", neighbour: .init("↓4", .done), tone: .late,
        drawing: .bar(value: 122, of: 131, label: look("按时", "on time")),
        note: look("1 小时内到期 31", "31 due within an hour"), address: "#"),
    ])
  }

  private var board: HTML {
    let tiles = [
      Look.Tile(
        look("延安路", "Yan'an Rd"), address: "#", note: look("剩 29", "29 left"), late: 3, done: 71,
        of: 100),
      Look.Tile(
        look("大港", "Dagang"), address: "#", note: look("剩 16", "16 left"), late: 1, done: 84,
        of: 100),
      Look.Tile(
        look("台东", "Taidong"), address: "#", note: look("全部完成", "all done"), late: 0, done: 40,
        of: 40, isChosen: true),
    ]
    return look.panel(
      look("街道", "Streets"), note: look("点开看社区", "open for communities"),
      tabs: [
        .init(look("事项", "Obligations"), "#", isCurrent: true),
        .init(look("病例", "Cases"), "#", isCurrent: false),
      ], look.board(tiles, barLabel: look("已办", "done")))
  }

  private var obligations: HTML {
    let late = Look.ObligationRow(
      label: look.deadline(now - .minutes(42)), title: look("转运密接 3 人", "Move 3 contacts"),
      address: "#", trail: [look("已提级：街道", "Escalated: street"), look("区专班", "district")],
      holder: look("街道值班", "Street duty"), buttons: look.primaryButton(look("已办", "Done")))
    let soon = Look.ObligationRow(
      label: look.deadline(now + .minutes(25)), title: look("透析车辆未定", "No car for dialysis"),
      address: nil, holder: look("社区卫生站", "Health station"))
    return look.panel(
      look("超时与将到期", "Late and due soon"), look.obligations([late, soon]))
  }

  private var table: HTML {
    look.panel(
      look("会平的表", "A table that adds up"),
      look.table(
        look("来源", "Sources"),
        columns: [
          .init(look("街道", "Street")), .number(look("隔离发现", "In isolation")),
          .number(look("合计", "Total")),
        ],
        rows: [
          .init(
            look("水清沟", "Shuiqinggou"), to: "#", cells: [.number(5, to: "#"), .sum(8, to: "#")])
        ], total: .init(look("合计", "Total"), cells: [.number(5), .differs(9, to: "#")])))
  }

  private var events: HTML {
    look.panel(
      look("事件", "Events"),
      look.events([
        .init(at: now, look("转运超时，提级区专班", "Transfer late, escalated"), tone: .late),
        .init(
          at: now - .minutes(20), look("采样过 85%", "Past 85%"), note: look("每小时 2.1 万", "21,000/h")),
        .init(at: now - .days(1), look("3 个单元可解封", "3 may open"), tone: .done),
      ]))
  }

  private var trajectory: HTML {
    let start = look.today - 2
    func at(_ hours: Int) -> Instant { start.start(in: look.zone) + .hours(hours) }
    return look.trajectory(
      Trajectory(
        days: start...look.today,
        lanes: [
          .init(
            look("本人说", "Interview"),
            [
              .init(look("家", "Home"), from: at(0), until: at(18), tone: .neutral),
              .init(look("市场", "Market"), from: at(26), until: at(36), tone: .information),
            ]),
          .init(
            look("场所码", "Venue code"),
            [.init(look("饭店", "Restaurant"), from: at(42), until: at(44), tone: .late)]),
        ], window: .init(from: at(24), until: at(60), look("可能传染期", "may infect")),
        marks: [.init(at: at(48), look("发病", "onset"))],
        gaps: [.init(from: at(46), until: at(68), look("22 小时不明", "22 h unknown"))],
        conflicts: [.init(from: at(42), until: at(44), look("说法不一", "they differ"))],
        leaps: [.init(from: at(20), until: at(21), look("来不及", "no time for it"))]),
      title: look("三天的行踪", "Three days"))
  }

  private var tree: HTML {
    func point(_ id: String, _ day: Int, _ tone: Look.Tone, from infector: String? = nil)
      -> TreePicture.Point
    {
      .init(
        id: id, label: id, about: look.day(look.today + day), day: look.today + day, tone: tone,
        address: "#", infector: infector, isConfirmed: tone == .done)
    }
    return look.treePicture(
      TreePicture(points: [
        point("A", -6, .soon), point("B", -3, .done, from: "A"),
        point("C", -1, .information, from: "B"), point("D", -3, .information, from: "A"),
      ]), title: look("谁传染了谁", "Who infected whom"))
  }

  private var graph: HTML {
    func person(_ name: String, _ shape: ContactGraph.Shape, _ tone: Look.Tone, _ isDecided: Bool)
      -> ContactGraph.Person
    {
      .init(name, shape: shape, tone: tone, isDecided: isDecided, title: name, address: "#")
    }
    let close = look("密切接触者", "close contact")
    return look.contactGraph(
      ContactGraph(
        center: "A",
        venues: [
          .init(
            look("市场", "Market"), address: "#",
            people: [
              person("赵＊＊", .circle, .late, true), person("孙＊", .square, .information, false),
            ], rest: 3),
          .init(
            look("茶馆", "Tea house"), address: "#", people: [person("钱＊", .diamond, .soon, false)],
            rest: 0, isIndirect: true),
        ], key: [(.circle, .late, close)]), title: look("谁在附近", "Who was near"))
  }

  private var chosen: HTML {
    look.panel(
      look("勾选", "Choosing rows"),
      look.choosingForm(
        to: Address("/design"),
        look.table(
          look("名单", "List"), columns: [.init(look("人", "Person")), .init(look("状态", "State"))],
          rows: ["赵＊＊", "孙＊"].map { name in
            Look.TableRow(
              title: look.chooser("chosen", value: name, label: name) + "\(name)",
              cells: [.text(look("待判定", "to be decided"))])
          }), buttons: look.plainButton(look("看会怎样…", "See what it means…"))))
  }

  private var map: HTML {
    func square(_ x: Double, _ y: Double) -> [Boundary.Point] {
      [(0, 0), (1, 0), (1, 0.8), (0, 0.8)].map { .init(x: x + $0.0, y: y + $0.1) }
    }
    let districts = [(0.0, 36.0, 9), (1, 36, 0), (0, 36.8, 3), (1, 36.8, 6)].enumerated().map {
      index, part in
      Look.MapDistrict(
        Boundary(code: "\(index)", name: "", rings: [square(part.0, part.1)]),
        name: look("第 \(index + 1) 区", "District \(index + 1)"), count: part.2, address: "#")
    }
    return look.panel(
      look("地图（有边界数据时）", "Map (with boundary data)"),
      look.map(districts, label: look("超时事项", "Late"), tone: .late))
  }

  private var ground: HTML {
    func stair(_ number: Int, _ label: Look.Label?, own: Bool = false) -> Look.Stair {
      Look.Stair(
        look("\(number)单元", "Entrance \(number)"), note: look("24 人", "24 people"), label: label,
        address: "#", isOwn: own)
    }
    let held = Look.Label(look("封控区", "Sealed"), .late)
    return look.panel(
      look("楼栋平面", "Ground plan"),
      look.ground(
        [
          Look.Block(
            Look.Stair(look("1号楼", "Building 1"), note: look("48 人", "48 people")),
            stairs: [stair(1, held, own: true), stair(2, nil)]),
          Look.Block(
            Look.Stair(
              look("2号楼", "Building 2"), note: look("最快还有 2 天 3 小时", "2 d 3 h at least"),
              label: Look.Label(look("管控区", "Controlled"), .soon)),
            stairs: [stair(1, nil), stair(2, nil)]),
        ], label: look("小区", "Estate"), id: "design-ground"))
  }

  private var contact: HTML {
    look.contactCard(
      who: look.masked("赵＊＊", reveal: "#", purposes: [.investigation], id: "design"),
      about: look("女 · 34 岁", "F · 34"), label: look.deadline(now + .minutes(190)),
      verdict: look("建议判为密接：同桌 55 分", "Suggested: close contact, one table for 55 min"),
      evidence: [
        .init(
          look("场所码：同一饭店", "Venue code: same place"), .strong, note: look("重叠 55 分", "55 min")),
        .init(look("本人说：同事", "Interview: colleague"), .medium, note: ""),
        .init(look("位置：800 米内", "Location: within 800 m"), .weak, note: ""),
      ], buttons: HTML([look.primaryButton(look("判为密接", "Close contact"))]))
  }

  private var restriction: HTML {
    look.restriction(
      .init(
        title: look("居家隔离", "Home isolation"), label: .init(look("第 3 天", "day 3"), .today),
        reason: look("密切接触者", "Close contact"), clause: "\(look("第 4 条", "item 4"))",
        evidence: "\(look("场所码", "venue code"))", decidedBy: look("流调员", "investigator"),
        until: look.end(look.today.end(in: look.zone)),
        objection: look.link(look("提出异议", "Object"), to: "#")))
  }

  private var form: HTML {
    look.card(
      look("表单", "Form"),
      look.form(
        "design.example", for: request,
        fields: [
          .init("name", look("名称", "Name"), hint: look("写全称", "in full"), required: true),
          .init("left", look("离开日期", "Left on"), .day),
          .init("at", look("几点", "At"), .time),
          .init("venue", look("地点", "Venue"), .suggested([look("市场", "Market")])),
          .init(
            "symptoms", look("症状", "Symptoms"),
            .several([.init("fever", look("发热", "Fever")), .init("cough", look("咳嗽", "Cough"))])),
          .init(
            "home", look("住在哪里", "Where"),
            .choices([
              .init("present", look("现住址", "present")), .init("other", look("别处", "other")),
            ])),
        ], buttons: look.primaryButton(look("保存", "Save"))))
  }

  private var states: HTML {
    look.card(
      look("状态", "States"),
      HTML([
        look.empty(
          look("没有超时事项", "Nothing is late"), look("最近 15:10 到期", "next 15:10"), isGood: true),
        look.notice(
          look("不平，不能发布：17 ≠ 18", "Does not add up: 17 ≠ 18"), tone: .late),
        look.notice(look("已保存", "Saved"), tone: .done), look.offline(waiting: 7),
        look.stale(since: now - .minutes(8)), look.skeleton,
      ]))
  }

  private var days: HTML {
    look.card(
      look("日子与时钟", "Days and clocks"),
      look.dayStrip([
        .init("1", look("阴", "neg."), .done), .init("2", look("漏", "missed"), .late),
        .init("3", look("今天", "today"), .now), .init("4", "", .blank),
        .init("5", look("采", "swab"), .plan),
      ])
        + look.stepStrip([
          .init(look("2 时", "2 h"), look("报告", "reported"), .done),
          .init(look("8 时", "8 h"), look("转运", "move"), .now),
          .init(look("24 时", "24 h"), look("报告", "report"), .plan),
        ]))
  }

  private var round: HTML {
    let forms = look.doorForm(
      "obligations.finish", for: request, hidden: [], anchor: "door-602",
      buttons: HTML([
        look.primaryButton(look("已办", "Done")),
        look.otherButton(look("没人", "Nobody"), command: "x", name: "outcome", value: "nobody"),
        look.otherButton(look("求助", "Help"), command: "x", name: "outcome", value: "help"),
      ]))
    return HTML([
      look.floor(look("1 单元 · 6 层", "Entrance 1 · floor 6")),
      look.door(
        number: "602", id: "602", who: look.masked("赵＊＊"), label: look.deadline(now - .minutes(12)),
        works: [.init(look("每日测温", "Daily temperature"), actions: forms)]),
      look.door(
        number: "503", id: "503", who: look.masked("孙＊"), label: look.closed(now, deadline: now),
        works: []),
    ])
  }

  private var resident: HTML {
    look.actions([
      .init(look("我要看病", "I need care"), look("急症打 120", "call 120"), to: "#", isUrgent: true),
      .init(look("我有异议", "I object"), look("24 小时内复核", "within 24 h"), to: "#"),
    ])
      + look.looks([
        .init(at: now, who: look("网格员", "Grid worker"), what: look("上门采样", "swab at home"))
      ])
  }
}
