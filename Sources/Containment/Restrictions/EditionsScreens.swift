import Kernel
import Look
import Registry

/// The editions of the policy, and what the next one changes for whom.
enum EditionsScreens {
  static let list = Screen(
    path: "/editions", title: Words("政策版本", "Policy editions"), duty: PreviewEdition.duty,
    purpose: .containment, navigation: 45
  ) { request, reading in
    Page(
      title: Look(reading)("政策版本", "Policy editions"),
      body: try EditionsPage(request: request, reading: reading).body())
  }
}

/// First which edition holds, then what another one would change: how many are free on that day, clause by
/// clause, level by level, place by place.
private struct EditionsPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let calendar: EditionCalendar
  let place: Place?
  let from: PolicyEdition?
  let to: PolicyEdition?

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    calendar = EditionCalendar(reading)
    place = try reading.placeInSight(request.query["place"], for: PreviewEdition.duty)
    let inForce = calendar.inForce?.reference
    from = try reading.edition(request.query["from"], "from") ?? calendar.inForce
    // Without one to come the last step is shown, so that the page says something on any day.
    to =
      try reading.edition(request.query["to"], "to") ?? calendar.next
      ?? calendar.all.last { $0.reference != inForce }
  }

  private var own: Address {
    Address(
      "/editions", ["place": request.query["place"], "from": from?.reference, "to": to?.reference])
  }

  func body() throws -> HTML {
    let title = look.title(
      look("政策版本", "Policy editions"), look.note(place?.spoken ?? look("全部", "everywhere")))
    guard let from, let to else { return title + list }
    let shown = try reading.ask(
      PreviewEdition(from: from.reference, to: to.reference, place: place?.id))
    return HTML([
      title, figures(shown, to),
      look.columns([
        look.stack([clauses(shown, from, to), levels(shown, from, to), list]),
        look.stack([choosing, try parts(shown)]),
      ]),
    ])
  }

  private func figures(_ shown: PreviewEdition.Answer, _ to: PolicyEdition) -> HTML {
    let day = look.end(shown.changesAt)
    let all = look.number(shown.ending + shown.staying)
    return look.figures([
      Look.Figure(
        look("换版时解除", "Free at the change"), look.number(shown.ending),
        neighbour: .init(
          look("共 \(all) 人次", "of \(all) measures"),
          .neutral),
        note: look("\(day) 起《\(look(to.head.title))》", "“\(look(to.head.title))” from \(day)"),
        address: "#clauses"),
      Look.Figure(
        look("按原决定执行到期", "Go on as decided"), look.number(shown.staying),
        neighbour: .init(look("天数不变长", "never longer"), .neutral),
        note: look("决定适用作出时的版本", "a decision keeps its edition"), address: "#clauses"),
      Look.Figure(
        look("风险区", "Zones"),
        look.number(shown.comparison.levels.reduce(0) { $0 + ($1.standing ?? 0) }),
        neighbour: .init(
          look(
            "其中即时解除 \(endingZones(shown))", "\(endingZones(shown)) of them over at once"),
          endingZones(shown) == 0 ? .neutral : .soon), address: "#levels"),
    ])
  }

  private func endingZones(_ shown: PreviewEdition.Answer) -> Int {
    shown.comparison.levels.filter { $0.goesOnAs == nil }.reduce(0) { $0 + ($1.standing ?? 0) }
  }

  private func clauses(
    _ shown: PreviewEdition.Answer, _ from: PolicyEdition, _ to: PolicyEdition
  ) -> HTML {
    let old = from.sections[RestrictionsPolicy.key] as? RestrictionsPolicy
    let new = to.sections[RestrictionsPolicy.key] as? RestrictionsPolicy
    let rows = shown.comparison.clauses.sorted { $0.isChanged && !$1.isChanged }.map { change in
      Look.TableRow(
        look(change.words),
        cells: [
          .number(
            change.running ?? 0,
            to: Address("/restrictions", ["clause": change.clause, "place": place?.id.text]).text),
          .markup(look.chip(outcome(change))),
          .text(old?.clause(change.clause).map(asked) ?? look("不要求", "nothing")),
          .text(new?.clause(change.clause).map(asked) ?? look("不要求", "nothing")),
        ])
    }
    return look.panel(
      look("对人的措施", "Measures on people"), id: "clauses",
      note: look("点开人数看名单", "a number opens to its list"),
      look.table(
        look("对人的措施", "Measures on people"),
        columns: [
          .init(look("对谁", "For whom")), .number(look("届时在管", "Running then")),
          .init(look("会怎样", "What becomes of them")), .init(look(from.head.title)),
          .init(look(to.head.title)),
        ], rows: rows))
  }

  private func outcome(_ change: EditionComparison.ClauseChange) -> Look.Label {
    if change.isEnding { return Look.Label(look("即时解除", "free at once"), .done) }
    if change.before == nil { return Look.Label(look("新设", "new"), .soon) }
    return change.isChanged
      ? Look.Label(look("新决定按新版", "new decisions only"), .today)
      : Look.Label(look("不变", "the same"), .neutral)
  }

  /// What a clause asks, in words: `集中隔离 5 天（第 1、2、3、5 天采样）`.
  private func asked(_ clause: RestrictionsPolicy.Clause) -> String {
    clause.phases.map { phase in
      let days = phase.testDays.map(String.init)
      let chinese = days.joined(separator: "、")
      let english = days.joined(separator: ", ")
      let tests =
        days.isEmpty
        ? ""
        : look("（第 \(chinese) 天采样）", " (test on day \(english))")
      return look(phase.kind.words) + look(" \(phase.days) 天", " \(phase.days) d") + tests
    }.joined(separator: " + ")
  }

  private func levels(
    _ shown: PreviewEdition.Answer, _ from: PolicyEdition, _ to: PolicyEdition
  ) -> HTML {
    if shown.comparison.levels.isEmpty { return "" }
    let old = from.sections[ZonesPolicy.key] as? ZonesPolicy
    let new = to.sections[ZonesPolicy.key] as? ZonesPolicy
    let rows = shown.comparison.levels.map { change -> Look.TableRow in
      let level = ZoneLevel(rawValue: change.level)
      let before = level.flatMap { old?.level($0) }
      let after = level.flatMap { new?.level($0) }
      let next = change.goesOnAs.flatMap(ZoneLevel.init(rawValue:)).flatMap { new?.level($0) }
      let becomes: Look.Label =
        if before == nil {
          Look.Label(look("新设", "new"), .soon)
        } else if let next {
          Look.Label(look("转为\(next.words.chinese)", "goes on: \(next.words.english)"), .today)
        } else {
          Look.Label(look("即时解除", "over at once"), .done)
        }
      return Look.TableRow(
        (before ?? after).map { look($0.words) } ?? change.level,
        cells: [
          .number(change.standing ?? 0, to: Address("/zones", ["place": place?.id.text]).text),
          .markup(look.chip(becomes)),
          .text(before.map(released) ?? "–"), .text(after.map(released) ?? "–"),
        ])
    }
    return look.panel(
      look("风险区", "Zones"), id: "levels",
      look.table(
        look("风险区", "Zones"),
        columns: [
          .init(look("等级", "Level")), .number(look("现有", "Standing")),
          .init(look("会怎样", "What becomes of them")),
          .init(look("旧版解除条件", "Released before when")),
          .init(look("新版解除条件", "Released after when")),
        ], rows: rows))
  }

  private func released(_ level: ZonesPolicy.Level) -> String {
    look.dotted(level.release.map { look($0.words) })
  }

  private func parts(_ shown: PreviewEdition.Answer) throws -> HTML {
    let touched = shown.parts.filter { $0.ending + $0.staying > 0 }
    if touched.isEmpty {
      return look.panel(
        look("在哪里", "Where"), id: "parts",
        look.empty(look("届时没有在管人员", "Nobody is restricted then"), isGood: true))
    }
    let rows = touched.map { part in
      Look.TableRow(
        part.name, to: own.with(["place": part.place.text]).text,
        cells: [.number(part.ending), .number(part.staying)])
    }
    return look.panel(
      look("在哪里", "Where"), id: "parts",
      look.table(
        look("在哪里", "Where"),
        columns: [
          .init(look("地方", "Place")), .number(look("解除", "Free")),
          .number(look("按原决定", "Go on")),
        ], rows: rows,
        total: Look.TableRow(
          look("合计", "Total"),
          cells: [
            .number(touched.reduce(0) { $0 + $1.ending }),
            .number(touched.reduce(0) { $0 + $1.staying }),
          ])))
  }

  private var choosing: HTML {
    let editions = calendar.all.map {
      Look.Field.Choice($0.reference, "\(look($0.head.title)) (\($0.reference))")
    }
    return look.panel(
      look("比较", "Compare"), id: "compare",
      look.filters(
        to: own, for: request,
        fields: [
          .init("from", look("旧版", "From"), .list(editions), start: from?.reference ?? ""),
          .init("to", look("新版", "To"), .list(editions), start: to?.reference ?? ""),
        ], button: look("比较", "Compare")))
  }

  private var list: HTML {
    let rows = calendar.all.map { edition in
      let isNow = edition.reference == calendar.inForce?.reference
      let isComing = edition.head.effectiveFrom > reading.today
      return Look.TableRow(
        look(edition.head.title),
        cells: [
          .text(look.day(edition.head.effectiveFrom)),
          .text(edition.head.effectiveTo.map { look.day($0) } ?? look("未定", "open")),
          .markup(
            look.chip(
              isNow
                ? Look.Label(look("现行", "in force"), .today)
                : isComing
                  ? Look.Label(look("将生效", "to come"), .soon)
                  : edition.isInForce(on: reading.today)
                    ? Look.Label(look("已被取代", "superseded"), .neutral)
                    : Look.Label(look("已失效", "past"), .neutral))),
        ])
    }
    return look.panel(
      look("全部版本", "All editions"), id: "all",
      look.table(
        look("全部版本", "All editions"),
        columns: [
          .init(look("版本", "Edition")), .init(look("生效", "From")), .init(look("至", "To")),
          .init(look("状态", "State")),
        ], rows: rows))
  }
}
