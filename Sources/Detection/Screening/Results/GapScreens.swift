import Gazette
import Kernel
import Look

/// The lists that are missing, each with what somebody can say became of it.
struct GapsPanel {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  func html() throws -> HTML {
    let gaps = try reading.ask(ListGaps())
    if gaps.isEmpty { return "" }
    let title = look("缺批：批号跳过、结果未到", "Missing lists: numbers that were passed over")
    let rows = gaps.map { gap in
      Look.TableRow(
        gap.laboratory.text,
        cells: [
          .text(Self.numbers(gap.missing, look)), .text(look.moment(gap.notedAt)),
          .markup(reasons(gap)),
        ])
    }
    return look.panel(
      title, id: "gaps",
      note: look(
        "请机构按原批号补报，补到即消；确实没有的，说明原因",
        "the laboratory sends them under their own numbers, and they are gone; of what never comes say why"
      ),
      chip: .init(look.number(gaps.count), .soon),
      look.table(
        title,
        columns: [
          .init(look("检测机构", "Laboratory")), .init(look("缺哪几批", "Which lists")),
          .init(look("发现于", "Noted")), .init(look("说明", "What became of it")),
        ], rows: rows, id: "gap-list"))
  }

  /// `4、6–9`: runs of numbers as one reads them.
  static func numbers(_ numbers: [Int], _ look: Look) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, number == last.upperBound + 1 {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { run in
      run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound)–\(run.upperBound)"
    }.joined(separator: look("、", ", "))
  }

  private func reasons(_ gap: ListGap) -> HTML {
    look.row(
      GapReason.allCases.map { reason in
        look.form(
          ExplainGap.name, for: request,
          hidden: [
            ("laboratory", gap.laboratory.text), ("first", String(gap.first)),
            ("reason", reason.rawValue),
          ], buttons: look.plainButton(look(reason.words)), isInline: true)
      })
  }
}
