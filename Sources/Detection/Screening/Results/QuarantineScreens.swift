import Gazette
import Kernel
import Look
import Registry

/// The lists of results that were put aside: why, and the words of two people.
enum QuarantineScreens {
  static let quarantine = Screen(
    path: "/screening/quarantine", title: Words("待审结果", "Results put aside"),
    duty: ListQuarantined.duty, purpose: .supervision
  ) { request, reading in
    let look = Look(reading)
    let page = QuarantinePage(request: request, reading: reading, look: look)
    return Page(
      title: look("待审结果", "Results put aside"), body: try page.body(), isLive: true)
  }
}

private struct QuarantinePage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  private static let most = 200

  func body() throws -> HTML {
    let lines = try reading.ask(ListQuarantined())
    let keys = try KeyRequestsStore(reading.transaction).all(limit: Self.most)
    let keyCard = KeyRequestCard(request: request, reading: reading, look: look)
    let gaps =
      try GapsPanel(request: request, reading: reading, look: look).html()
      + HTML(keys.map { try keyCard.html($0) })
    let header = look.title(
      look("待审结果", "Results put aside"),
      look.note(
        look(
          "两个单位的两人意见一致才放行或退回；意见不同，先前的一票作废",
          "two people of two organisations have to say the same; a contrary word strikes the first out"
        )
      ))
    let back = look.linkButton(look("检测轮次", "Rounds"), to: "/screening")
    if lines.isEmpty {
      return HTML([
        header, look.empty(look("没有待审的结果", "Nothing is put aside"), isGood: true), gaps,
        back,
      ])
    }
    let store = ResultsStore(reading.transaction)
    return HTML([header] + (try lines.map { try card($0, store.batch($0.batch)) }) + [gaps, back])
  }

  private func card(_ line: ListQuarantined.Line, _ batch: ResultBatch?) throws -> HTML {
    let faults = line.reasons.map { code in
      ResultFault(rawValue: code).map { look($0.words) } ?? code
    }
    let barring = line.reasons.contains { code in
      ResultFault(rawValue: code).map { !ResultsRules.releasable.contains($0) } ?? false
    }
    let said = try batch?.said.map { word in
      let what = word.release ? look("放行", "release") : look("退回", "discard")
      let who = try reading.office(ofSender: word.by, at: word.at)
      return "\(what) · \(who) · \(look.moment(word.at))"
    }
    let title =
      line.tube.map {
        look(
          "\(line.laboratory.text) 手工录入：管 \($0.text)",
          "\(line.laboratory.text), by hand: tube \($0.text)")
      }
      ?? look(
        "\(line.laboratory.text) 第 \(line.sequence) 批",
        "\(line.laboratory.text), list \(line.sequence)")
    let entered: String? = try batch?.enteredBy.map {
      "\(try reading.office(ofSender: $0, at: line.cameAt))（\($0)）"
    }
    var facts: [(String, HTML)] = [
      (look("为何隔离", "Why"), "\(faults.joined(separator: look("；", "; ")))"),
      (look("已有意见", "First word"), "\(said ?? look("还没有", "nobody yet"))"),
    ]
    if let entered { facts.append((look("录入人", "Entered by"), "\(entered)")) }
    return look.panel(
      title,
      id: "batch-\(line.batch.text)",
      note: look("到达 \(look.moment(line.cameAt))", "came \(look.moment(line.cameAt))"),
      chip: .init(
        look(
          "\(line.rows) 条，未生效",
          line.rows == 1 ? "1 result, does not count" : "\(line.rows) results, none counts"),
        .soon),
      HTML([
        look.facts(facts), try content(batch),
        barring
          ? look.notice(
            look("内容有误，只能退回", "Something in it is wrong: it can only be discarded"),
            look("检测机构核实后重新上报。", "The laboratory corrects it and sends it anew."), tone: .soon)
          : "",
        look.row([
          barring ? "" : word(line, release: true, look.primaryButton(look("放行", "Release"))),
          word(line, release: false, look.dangerButton(look("退回", "Discard"))),
        ]),
      ]))
  }

  /// What would count: how many say what, and the first rows, those that are not negative before the others.
  private func content(_ batch: ResultBatch?) throws -> HTML {
    guard let batch else { return "" }
    let rows: [ResultRow] = try Fields.json(Array(batch.body.utf8)).decoded()
    if rows.isEmpty { return "" }
    let counts = TubeResult.allCases.compactMap { result -> String? in
      let count = rows.count { $0.result == result }
      return count == 0 ? nil : "\(look(result.words)) \(count)"
    }
    let first = rows.enumerated().sorted {
      ($0.element.result.holds ? 0 : 1, $0.offset) < ($1.element.result.holds ? 0 : 1, $1.offset)
    }.prefix(Self.shown).map(\.element)
    let title = look("清单内容", "What it says")
    let rest = rows.count - first.count
    return look.paragraph(look.dotted(counts))
      + look.table(
        title,
        columns: [
          .init(look("试管", "Tube")), .init(look("结果", "Result")),
          .init(look("报告", "Reported")),
        ],
        rows: first.map { row in
          Look.TableRow(
            row.tube.text,
            cells: [.text(look(row.result.words)), .text(look.moment(row.reportedAt))]
          )
        }, id: "rows-\(batch.id.text)")
      + (rest > 0 ? look.paragraph(look("另有 \(rest) 条", "and \(rest) more")) : "")
  }

  private static let shown = 20

  private func word(_ line: ListQuarantined.Line, release: Bool, _ button: HTML) -> HTML {
    look.form(
      DecideBatch.name, for: request,
      hidden: [("batch", line.batch.text), ("release", release ? "true" : "false")],
      buttons: button, isInline: true)
  }
}
