import Gazette
import Kernel
import Look
import Registry

/// A zone whole: each clause opens to its rows, the release is seen before it is pressed.
struct ZoneCardPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let shown: ShowZone.Answer

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    shown = try reading.ask(ShowZone(zone: ZoneID(request.parameter("zone"))))
  }

  private var zone: ZoneView { shown.zone }
  private var hidden: (String, String) { ("zone", zone.zone.text) }

  private func may(_ duty: Duty) throws -> Bool {
    let path = try reading.jurisdiction.path(zone.place, reading.transaction)
    return path.map { reading.authority.may(duty, at: $0) } ?? false
  }

  func body() throws -> HTML {
    HTML([
      look.title(look.dotted([look(zone.words), zone.name]), look.chip(stateLabel)),
      look.columns([
        look.stack([try answer(), clauses(), try deciding(), try ground(), try places()]),
        look.stack([try roster(), plan(), history()]),
      ]),
    ])
  }

  private var stateLabel: Look.Label {
    switch zone.state {
    case .standing:
      Look.Label(zone.day.map { look("第 \($0) 天", "day \($0)") } ?? "", .today)
    case .proposed: Look.Label(look(zone.state.words), .soon)
    case .ended: Look.Label(zone.end.map { look($0.words) } ?? "", .done)
    case .declined: Look.Label(look(zone.state.words), .neutral)
    }
  }

  private func answer() throws -> HTML {
    var lines: [(String, HTML)] = [
      (look("要求", "Asked"), "\(look(zone.asks))"),
      (look("人数", "People"), "\(look.number(zone.people))"),
      (
        look("依据", "Because of"),
        look.link(
          look("感染者 \(zone.infection.text)", "infection \(zone.infection.text)"),
          to: "/cases/\(Address.escaped(zone.infection.text))")
      ),
      (look("政策", "Edition"), "\(look.edition(zone.edition, of: reading.rules.policies))"),
      (
        look("谁提出", "Proposed by"),
        "\(try office(zone.proposedBy, at: zone.proposedAt)), \(look.nearMoment(zone.proposedAt))"
      ),
    ]
    if let opener = zone.openedBy, let opened = zone.openedAt {
      lines.append(
        (look("谁划定", "Opened by"), "\(try office(opener, at: opened)), \(look.nearMoment(opened))"))
    }
    if let earliest = zone.earliest, zone.state == .standing {
      lines.append(
        (
          look("最早解除", "Earliest end"),
          "\(look.end(earliest))\(look("；条件全部满足后无人办理也自动解除", "; when every clause is met it ends by itself though nobody presses"))"
        ))
    }
    return look.card(nil, look.facts(lines))
  }

  private func office(_ sender: String, at moment: Instant) throws -> String {
    sender == HeldZone.ruleEngine
      ? look("按政策自动提出", "by the rule in force") : try reading.office(ofSender: sender, at: moment)
  }

  private func clauses() -> HTML {
    if zone.clauses.isEmpty { return "" }
    let unmet = zone.clauses.count { !$0.isMet }
    let parts = zone.clauses.map { clause -> HTML in
      let mark = clause.isMet ? "✓" : "✗"
      let count = clause.isMet ? "" : unmetCount(clause)
      return look.disclosure(
        look.dotted(["\(mark) \(look(clause.words))", count.isEmpty ? nil : count]),
        id: "clause-\(clause.kind)", isOpen: false, rows(of: clause))
    }
    return look.panel(
      look("解除条件", "Clauses of release"),
      chip: unmet == 0
        ? .init(look("全部满足", "all met"), .done)
        : .init(look("还差 \(unmet) 项", "\(unmet) not met"), .soon),
      HTML(parts))
  }

  private func unmetCount(_ clause: ClauseFinding) -> String {
    switch clause.kind {
    case ZonesPolicy.Clause.Kind.daysWithoutNewCase.rawValue:
      clause.earliest.map { look("到 \(look.nearEnd($0))", "until \(look.nearEnd($0))") } ?? ""
    case ZonesPolicy.Clause.Kind.fullNegativeRound.rawValue:
      clause.earliest.flatMap { day in
        day > reading.now
          ? look("自 \(look.nearMoment(day))", "from \(look.nearMoment(day))") : nil
      } ?? look("还有 \(clause.total) 人", look.count(clause.total, "人", "person", "people"))
    default: look("还有 \(clause.total)", "\(clause.total) left")
    }
  }

  private func rows(of clause: ClauseFinding) -> HTML {
    let source = look.note(clause.source)
    if clause.rows.isEmpty {
      return look.paragraph(look("没有需要列出的。", "Nothing to list.")) + source
    }
    let rows = clause.rows.map { row in
      Look.TableRow(
        name(of: row), to: address(of: row),
        cells: [
          .text(row.at.map(look.nearMoment) ?? ""),
          .text(
            row.people.map {
              row.detail == ClauseFinding.met
                ? look("\($0) 人阴性", "\($0) negative")
                : look("\($0) 人未采或未出阴性", "\($0) without a negative")
            } ?? missing(row)),
        ])
    }
    let left = clause.rows.count { $0.detail != ClauseFinding.met }
    let more =
      clause.rows.contains { $0.people != nil } || left >= clause.total
      ? nil : look.note(look("另有 \(clause.total - left) 行", "\(clause.total - left) more"))
    return look.table(
      look(clause.words),
      columns: [
        .init(look("哪一个", "Which")), .init(look("时间", "When")), .init(look("缺什么", "Missing")),
      ],
      rows: rows) + HTML([more].compactMap { $0 }) + source
  }

  private func name(of row: ClauseFinding.Row) -> String {
    switch row.kind {
    case .infection: look("感染者 \(row.id)", "infection \(row.id)")
    case .contact: look("密接 \(row.id)", "contact \(row.id)")
    case .door:
      (try? reading.jurisdiction.path(PlaceID(trusted: row.id), reading.transaction))
        .flatMap { $0 }.flatMap { try? reading.address(of: $0) } ?? row.id
    case .zone: look("风险区 \(row.id)", "zone \(row.id)")
    }
  }

  private func address(of row: ClauseFinding.Row) -> String? {
    let id = Address.escaped(row.id)
    switch row.kind {
    case .infection: return "/cases/\(id)"
    case .contact: return "/contacts/\(id)"
    case .door: return "/places/\(id)"
    case .zone: return "/zones/\(id)"
    }
  }

  private func missing(_ row: ClauseFinding.Row) -> String {
    switch row.detail {
    case ClauseFinding.met: look("已满足", "nothing is missing")
    case ClauseFinding.undecided: look("密接还没有判定完", "its contacts are not all decided")
    case "days": look("天数未满", "days not complete")
    case "negative": look("没有末期阴性结果", "no negative of the last days")
    default: row.detail ?? ""
    }
  }

  private func deciding() throws -> HTML {
    switch zone.state {
    case .proposed:
      guard try may(OpenZone.duty) else { return "" }
      return look.panel(
        look("决定", "Decide"),
        note: look(
          "涉及 \(zone.people) 人；超出一人权限的须另一单位第二人在静置后批准",
          "\(zone.people) people; beyond what one may decide another organisation approves after a pause"
        ),
        look.row([
          look.form(
            OpenZone.name, for: request, hidden: [hidden],
            buttons: look.dangerButton(look("划定", "Open it")), isInline: true),
          look.form(
            DeclineZone.name, for: request, hidden: [hidden],
            buttons: look.plainButton(look("不采纳", "Decline")), isInline: true),
        ]))
    case .standing: return try releasing()
    case .ended, .declined: return ""
    }
  }

  /// What a release would do, before it is pressed.
  private func releasing() throws -> HTML {
    guard try may(ReleaseZone.duty), let held = try ZonesStore(reading.transaction).find(zone.zone),
      let policy = reading.rules.zones(of: held), let level = policy.level(held.level)
    else { return "" }
    let opened = look.duration(.minutes(policy.gateMinutes))
    let isReady = zone.clauses.allSatisfy(\.isMet)
    let restricted = try ZoneEffect(reading.transaction).restricted(by: zone.zone)
    let after =
      level.stepDownTo.flatMap { reading.rules.zones(of: held)?.level($0)?.words }
      ?? Words("不再是风险区", "no zone any more")
    let preview = look.facts([
      (look("之后", "Afterwards"), "\(look(after))"),
      (look("解除限制", "Freed"), "\(look.count(restricted, "人", "person", "people"))"),
      (
        look("围挡", "Fence"),
        "\(look("\(opened)内拆除并打开出口", "down, and the gates open, within \(opened)"))"
      ),
    ])
    let command = level.stepDownTo == nil ? ReleaseZone.name : StepDownZone.name
    let button: HTML =
      isReady
      ? look.form(
        command, for: request, hidden: [hidden],
        buttons: look.primaryButton(
          level.stepDownTo == nil ? look("解除", "Release") : look("降级", "Step down")),
        isInline: true)
      : look.paragraph(
        look("条件未全部满足，任何人都不能解除。", "Not every clause is met: nobody can release it."))
    return look.panel(look("解除", "Release"), id: "release", preview + button + partial(level))
  }

  private func partial(_ level: ZonesPolicy.Level) -> HTML {
    let standing = shown.places.filter { $0.until == nil }
    guard standing.count > 1 else { return "" }
    let goesDown = level.stepDownTo != nil
    return look.disclosure(
      goesDown
        ? look("只降级一部分（另成一区）", "Let a part step down, as a zone of its own")
        : look("只解除一部分", "Release a part"), id: "part",
      look.form(
        ReleaseZonePlaces.name, for: request, hidden: [hidden],
        fields: [
          .init(
            "places", look("地点", "Places"),
            .several(standing.map { .init($0.place.text, $0.name) }), required: true)
        ],
        buttons: look.primaryButton(
          goesDown ? look("这些降级", "Step these down") : look("解除这些", "Release these"))))
  }

  /// Where it lies among the houses around, as wide as the reader may see.
  private func ground() throws -> HTML {
    let line = try PlacesStore(reading.transaction).get(zone.place)
    let around = try PlacesStore(reading.transaction).line(to: line.path).filter {
      $0.level.depth <= PlaceLevel.estate.depth || $0.id == line.id
    }
    let seen = around.last {
      $0.level.depth <= PlaceLevel.estate.depth
        && reading.authority.may(ShowZoneGround.duty, at: $0.path)
    }
    return try ZoneGroundPart(
      (seen ?? line).id, own: zone.zone, reading: reading
    ).body(opening: Address("/zones"))
  }

  private func places() throws -> HTML {
    let rows = shown.places.map { place in
      Look.TableRow(
        place.name,
        cells: [
          .number(place.people),
          .text(
            place.until.map { look("\(look.nearMoment($0)) 解除", "released \(look.nearMoment($0))") }
              ?? (zone.state == .standing ? look("管控中", "held") : look(zone.state.words))),
        ])
    }
    return look.panel(
      look("范围", "Places"),
      look.table(
        look("范围", "Places"),
        columns: [
          .init(look("地点", "Place")), .number(look("人", "People")), .init(look("状态", "State")),
        ], rows: rows))
  }
}

extension ZoneCardPage {
  fileprivate func roster() throws -> HTML {
    guard zone.state == .standing else { return "" }
    let rows = shown.roster.map { shift in
      Look.TableRow(
        shift.title,
        cells: [
          .text(words(shift.role, shift.checkpoint)),
          .text("\(look.nearMoment(shift.from)) – \(look.nearMoment(shift.until))"),
        ])
    }
    let gaps = shown.gaps.map { gap in
      look.notice(
        look(
          "\(words(gap.role, gap.checkpoint))：\(look.nearMoment(gap.from)) – \(look.nearMoment(gap.until)) 缺 \(gap.needed - gap.present) 人",
          "\(words(gap.role, gap.checkpoint)): \(gap.needed - gap.present) missing \(look.nearMoment(gap.from)) – \(look.nearMoment(gap.until))"
        ), tone: .late)
    }
    let table =
      rows.isEmpty
      ? look.empty(look("还没有排班", "Nobody is on the roster"))
      : look.table(
        look("今后 24 小时", "The next 24 hours"),
        columns: [.init(look("谁", "Who")), .init(look("岗位", "Post")), .init(look("时间", "Time"))],
        rows: rows)
    return look.panel(
      look("值守", "On duty"),
      chip: gaps.isEmpty
        ? .init(look("没有空档", "no gap"), .done)
        : .init(look("空档 \(gaps.count)", "\(gaps.count) gaps"), .late),
      HTML(gaps.prefix(6)) + table + (try assigning()))
  }

  private func words(_ role: String, _ checkpoint: String?) -> String {
    if let checkpoint {
      let gate = shown.gates.first { $0.checkpoint == checkpoint }?.name ?? checkpoint
      return look("卡口 \(gate)", "gate \(gate)")
    }
    let policy = try? reading.policy(ZonesPolicy.self)
    let staffing = policy?.level(zone.level)?.staffing.first { $0.role == role }
    return staffing.map { look($0.words) } ?? role
  }

  private func assigning() throws -> HTML {
    guard try may(AssignZoneShift.duty) else { return "" }
    let policy = try reading.policy(ZonesPolicy.self)
    let roles = policy.level(zone.level)?.staffing ?? []
    let gates = shown.gates
    let posts =
      roles.map { Look.Field.Choice($0.role, look($0.words)) }
      + (gates.isEmpty ? [] : [.init(ZoneRoster.gateRole, look("卡口值守", "At a gate"))])
    var fields: [Look.Field] = [
      .init("role", look("岗位", "Post"), .list(posts), required: true),
      .init("account", look("账号", "Account"), required: true),
      .init("from", look("从", "From"), .moment, required: true),
      .init("until", look("到", "Until"), .moment, required: true),
      .init("days", look("连续几天", "On how many days"), .number),
    ]
    if !gates.isEmpty {
      fields.append(
        .init(
          "checkpoint", look("哪个卡口", "Which gate"),
          .list([.init("", "–")] + gates.map { .init($0.checkpoint, $0.name) })))
    }
    return look.disclosure(
      look("排班", "Put somebody on the roster"), id: "assign",
      look.form(
        AssignZoneShift.name, for: request, hidden: [hidden], fields: fields,
        buttons: look.primaryButton(look("排上", "Assign"))))
      + look.disclosure(
        look("设卡口", "Set a gate"), id: "gate",
        look.form(
          SetZoneCheckpoint.name, for: request, hidden: [hidden, ("place", zone.place.text)],
          fields: [.init("name", look("名称", "Name"), required: true)],
          buttons: look.primaryButton(look("设置", "Set"))))
  }

  fileprivate func plan() -> HTML {
    let text = shown.plan.map(look.paragraph) ?? look.empty(look("还没有方案", "No plan yet"))
    guard zone.endedAt == nil, (try? may(WriteZonePlan.duty)) == true else {
      return look.panel(look("一区一策", "Plan"), text)
    }
    return look.panel(
      look("一区一策", "Plan"),
      text
        + look.disclosure(
          look("写方案", "Write the plan"), id: "plan",
          look.form(
            WriteZonePlan.name, for: request, hidden: [hidden],
            fields: [
              .init(
                "plan", look("方案", "Plan"), .long, hint: look("不写姓名和电话", "no names, no telephones"),
                required: true, start: shown.plan ?? "")
            ], buttons: look.primaryButton(look("保存", "Save")))))
  }

  fileprivate func history() -> HTML {
    let events = shown.history.reversed().map { event in
      Look.Event(
        at: event.at, look(event.kind.words),
        note: look.dotted([
          (try? office(event.by, at: event.at)) ?? event.by,
          look.edition(event.edition, of: reading.rules.policies),
        ]),
        tone: event.kind == .opened || event.kind == .infection
          ? .late : event.kind == .released ? .done : .neutral)
    }
    return look.panel(
      look("历史", "History"), note: look("永久保存", "kept for ever"),
      look.events(Array(events), id: "history", topics: "zones"))
  }
}
