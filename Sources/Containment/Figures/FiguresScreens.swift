import Kernel
import Look

/// The page of the public figures, open to anybody.
enum FiguresScreens {
  static let page = Screen(
    path: "/figures", title: Words("公开数字", "Public figures"), duty: nil, purpose: .supervision
  ) { _, reading in
    let look = Look(reading)
    return Page(
      title: look("公开数字", "Public figures"),
      body: FiguresPage(look: look, answer: try reading.ask(PublicFigures())).body,
      frame: .resident)
  }
}

/// Today first, then each day, then by which clause and why it ended.
private struct FiguresPage {
  let look: Look
  let answer: PublicFigures.Answer

  var body: HTML {
    HTML([
      look.answer(look("公开数字", "Public figures")),
      look.paragraph(
        look(
          "每天按规定新管控多少人、异议结果如何、到期多久解除、多少次批量决定经第二单位批准。不含任何个人信息，任何人都可以看。",
          "How many were restricted each day and by which rule, how objections ended, how long after its end a measure was taken down, and how often another organisation decided on many at once. Nothing of anybody; open to all."
        )),
      figures, days, clauses, reasons,
      look.paragraph(
        answer.since.map {
          look("自 \(look.day($0)) 起统计。", "Counted since \(look.day($0)).")
        } ?? look("还没有数字。", "Nothing has been counted yet.")),
    ])
  }

  private var figures: HTML {
    let today = answer.days.first
    return look.figures([
      .init(
        look("今天新管控", "Restricted today"), look.number(today?.started ?? 0),
        neighbour: .init(
          look("今天解除 \(today?.ended ?? 0)", "\(today?.ended ?? 0) ended today"), .neutral),
        address: nil),
      .init(
        look("异议成立", "Objections upheld"),
        answer.upheldPercent.map { "\($0)%" } ?? "–",
        neighbour: .init(
          look(
            "提出 \(total(\.objections))，已决定 \(total(\.decided))",
            "\(total(\.objections)) raised, \(total(\.decided)) decided"), .neutral),
        address: nil),
      .init(
        look("到期后多久解除（中位数）", "From end to release, median"),
        answer.medianDelayMinutes.map { look.duration(.minutes($0)) } ?? "–",
        neighbour: .init(look("到期当刻已不再有效", "it holds no longer from its end on"), .neutral),
        address: nil),
      .init(
        look("批量决定经第二单位批准", "Decisions on many, approved by another office"),
        look.number(total(\.approved)),
        neighbour: .init(
          look("不批准 \(total(\.declined))", "\(total(\.declined)) declined"), .neutral),
        address: nil),
    ])
  }

  private func total(_ what: (PublicFigures.OneDay) -> Int) -> Int {
    answer.days.map(what).reduce(0, +)
  }

  private var days: HTML {
    let rows = answer.days.map { day in
      Look.TableRow(
        look.day(day.day),
        cells: [
          .number(day.started), .number(day.ended), .number(day.objections),
          .number(day.upheld), .number(day.lapsed), .number(day.approved), .number(day.alarms),
        ])
    }
    return look.panel(
      look("每天", "Each day"),
      look.table(
        look("每天", "Each day"),
        columns: [
          .init(look("日期", "Day")), .number(look("新管控", "Restricted")),
          .number(look("解除", "Ended")), .number(look("提出异议", "Objections")),
          .number(look("异议成立", "Upheld")), .number(look("逾期先解除", "Late, lifted")),
          .number(look("批量决定", "On many")), .number(look("警报", "Alarms")),
        ], rows: rows))
  }

  private var clauses: HTML {
    counts(answer.clauses, look("按哪条规定", "By which rule"), look("规定", "Rule"))
  }

  private var reasons: HTML {
    counts(answer.reasons, look("为什么解除", "Why measures ended"), look("原因", "Reason"))
  }

  private func counts(_ counts: [PublicFigures.Count], _ title: String, _ head: String) -> HTML {
    if counts.isEmpty { return "" }
    return look.panel(
      title,
      look.table(
        title, columns: [.init(head), .number(look("人", "People"))],
        rows: counts.map { Look.TableRow(look($0.words), cells: [.number($0.count)]) }))
  }
}
