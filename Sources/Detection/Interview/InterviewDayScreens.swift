import Kernel
import Look
import Registry

/// One day of an interview: what was said of it, what nobody knows, and the forms to go on.
struct InterviewDay {
  let said: InterviewOfCase.Answer
  let own: Address
  let request: ScreenRequest
  let reading: Reading
  let mayAsk: Bool
  let day: InterviewOfCase.DayLine
  private var look: Look { Look(reading) }

  /// The day that the address names, otherwise the last one with a gap.
  init(
    _ said: InterviewOfCase.Answer, own: Address, request: ScreenRequest, reading: Reading,
    mayAsk: Bool
  ) throws {
    self.said = said
    self.own = own
    self.request = request
    self.reading = reading
    self.mayAsk = mayAsk
    let asked = request.query["day"].flatMap { Day($0) }
    let chosen =
      said.days.first { $0.day == asked }
      ?? said.days.first { $0.isInfectious && !$0.gaps.isEmpty } ?? said.days.first
    guard let chosen else { throw Refusal.missing("day") }
    day = chosen
  }

  private var infection: CaseID { said.infection }
  private var hidden: [(String, String)] {
    [("infection", infection.text), ("day", day.day.text)]
  }

  func html() throws -> HTML {
    let pieces = said.pieces.filter { $0.day == day.day && $0.struckAt == nil }
      .sorted {
        ($0.span?.from ?? $0.recordedAt, $0.entry) < ($1.span?.from ?? $1.recordedAt, $1.entry)
      }
    let chip = day.isInfectious ? Look.Label(look("可能传染", "may infect"), .brand) : nil
    return look.panel(
      look("5 往前一天天问：\(look.day(day.day))", "5 Day by day, backwards: \(look.day(day.day))"),
      id: "day", tabs: tabs, chip: chip,
      HTML([
        gaps, try list(pieces), mayAsk ? look.stack(forms(pieces)) : "", before,
      ]))
  }

  private var shown: [InterviewOfCase.DayLine] {
    let all = request.query["earlier"] == "true" || !day.isInfectious
    return all ? said.days : said.days.filter(\.isInfectious)
  }

  private var tabs: [Look.Tab] {
    let days = shown.map { line in
      Look.Tab(
        look.day(line.day) + (line.gaps.isEmpty ? " ✓" : " ?"),
        own.with(["day": line.day.text, "from": nil, "to": nil]).text + "#day",
        isCurrent: line.day == day.day)
    }
    if shown.count == said.days.count { return days }
    return days + [
      Look.Tab(look("更早", "Earlier"), own.with(["earlier": "true"]).text + "#day", isCurrent: false)
    ]
  }

  /// `2022-11-20 14:10–17:40 不明`, each a way to fill it in.
  private var gaps: HTML {
    if day.gaps.isEmpty {
      return look.empty(look("这一天没有空白", "Nothing is missing of this day"), isGood: true)
    }
    let lines = day.gaps.map { gap in
      look.linkButton(
        look("\(hours(gap)) 不明", "nothing known \(hours(gap))"),
        to: own.with(["day": day.day.text, "from": clock(gap.from), "to": clock(gap.to)]).text
          + "#day")
    }
    return look.row([
      look.toned(
        look(
          "\(look.day(day.day))有 \(day.gaps.count) 处不明：",
          "\(look.day(day.day)), \(look.count(day.gaps.count, "", "gap", "gaps")):"), .soon),
      HTML(lines),
    ])
  }

  private func hours(_ span: TimeSpan) -> String {
    let end = span.to == day.day.end(in: reading.zone) ? "24:00" : clock(span.to)
    return "\(clock(span.from))–\(end)"
  }

  private func clock(_ instant: Instant) -> String { look.time(instant) }

  private func list(_ pieces: [InterviewOfCase.Piece]) throws -> HTML {
    if pieces.isEmpty { return "" }
    let symptoms = try reading.policy(InterviewPolicy.self).symptoms
    let rows = try pieces.map { piece in
      Look.TableRow(
        piece.span.map(hours) ?? "–",
        cells: [
          .markup(
            try SaidPiece(
              piece: piece, symptoms: symptoms, reading: reading, request: request, mayAsk: mayAsk
            ).html())
        ])
    }
    return look.table(
      look("当天已说的", "Said of this day"),
      columns: [.init(look("时间", "Time")), .init(look("已说的", "What was said"))], rows: rows)
  }

  /// The span that the forms begin with: the gap that was pressed, otherwise the first one.
  private var start: (from: String, to: String) {
    if let from = request.query["from"], let to = request.query["to"] { return (from, to) }
    guard let gap = day.gaps.first else { return ("", "") }
    return (clock(gap.from), clock(gap.to))
  }

  private func forms(_ pieces: [InterviewOfCase.Piece]) -> [HTML] {
    let isRefused = request.posted["command"].map { $0 != NoteStay.name } ?? false
    return [
      look.disclosure(
        look("去了哪里", "Where"), id: "stay", isOpen: !isRefused, stay),
      look.disclosure(look("怎么去的", "How they got there"), id: "ride", ride),
      look.disclosure(look("见了谁", "Whom they met"), id: "meet", meeting(pieces)),
      look.disclosure(
        look("这一段不清楚、不愿说", "Not known or refused"), id: "unknown", unknown),
    ]
  }

  private var times: [Look.Field] {
    [
      .init("from", look("从", "From"), .time, required: true, start: start.from),
      .init("to", look("到", "To"), .time, required: true, start: start.to),
    ]
  }

  private var stay: HTML {
    let home = said.home.map {
      look.valueButton(look("在家", "At home"), name: "place", value: $0.text)
    }
    return look.form(
      NoteStay.name, for: request, hidden: hidden,
      fields: [
        .init(
          "venue", look("地点", "Venue"), .suggested(said.suggestions),
          hint: look(
            "照他说的写；台账里没有的会自动成为线索", "as the case says it; what the register lacks becomes a lead"))
      ] + times,
      buttons: look.primaryButton(look("记下", "Save")) + (home ?? ""), anchor: "day")
  }

  private var ride: HTML {
    look.form(
      NoteRide.name, for: request, hidden: hidden,
      fields: [
        .init(
          "transport", look("交通工具", "Means"),
          .list(InterviewTransport.allCases.map { .init($0.rawValue, look($0.words)) }),
          required: true),
        .init(
          "line", look("线路、车次或车牌", "Line, train or plate"),
          hint: look("有同乘人员的会成为线索", "those who travelled along are looked for")),
      ] + times,
      buttons: look.primaryButton(look("记下", "Save")), anchor: "day")
  }

  private func meeting(_ pieces: [InterviewOfCase.Piece]) -> HTML {
    let last = pieces.last { $0.topic == .stay }
    return look.form(
      NoteMeeting.name, for: request, hidden: hidden,
      fields: [
        .init(
          "name", look("姓名或称呼", "Name, or what they are called"),
          hint: look("电话对得上台账的直接列为接触者", "whom name and telephone find is put forward as a contact")),
        .init("phone", look("电话", "Telephone"), .phone),
        .init("person", look("人员编号（知道的话）", "Person’s number, if known")),
        .init(
          "from", look("从几点", "From"), .time, required: true,
          start: last?.span.map { clock($0.from) } ?? start.from),
        .init("minutes", look("多少分钟", "For how many minutes"), .number, required: true),
        .init(
          "masked", look("双方都戴口罩", "Both wore masks"),
          .choices([
            .init("false", look("没有", "No")), .init("true", look("都戴了", "Yes")),
            .init("", look("不清楚", "Not known")),
          ])),
        .init("venue", look("在哪里", "Where"), .suggested(said.suggestions)),
      ], buttons: look.primaryButton(look("记下", "Save")), anchor: "day")
  }

  private var unknown: HTML {
    look.form(
      NoteAnswer.name, for: request,
      hidden: [("topic", InterviewTopic.day.rawValue)] + hidden,
      fields: [
        .init(
          "from", look("从", "From"), .time,
          hint: look("都空着就是全天", "both empty: the whole day"), start: start.from),
        .init("to", look("到", "To"), .time, start: start.to),
        .init("words", look("备注", "Remark")),
      ], buttons: InterviewButtons(look: look).all, anchor: "day")
  }

  /// The way to the day before.
  private var before: HTML {
    guard let line = said.days.first(where: { $0.day < day.day }) else { return "" }
    return look.row([
      look.linkButton(
        look("前一天：\(look.day(line.day))", "The day before: \(look.day(line.day))"),
        to: own.with(["day": line.day.text, "from": nil, "to": nil]).text + "#day")
    ])
  }
}
