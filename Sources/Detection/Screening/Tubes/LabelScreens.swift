import Gazette
import Kernel
import Look
import Registry

/// Labels for tubes: made by the roll, printed from the browser, each code given out once for ever.
enum LabelScreens {
  static let all = [labels, sheet]

  private static let labels = Screen(
    path: "/screening/labels", title: Words("管码标签", "Labels for tubes"), duty: MakeLabels.duty,
    purpose: .supervision
  ) { request, reading in
    let look = Look(reading)
    let page = LabelRuns(request: request, reading: reading, look: look)
    return Page(title: look("管码标签", "Labels for tubes"), body: try page.body())
  }

  private static let sheet = Screen(
    path: "/screening/labels/sheet", title: Words("标签页", "Sheets of labels"),
    duty: MakeLabels.duty, purpose: .supervision
  ) { request, reading in
    guard let written = request.query["first"] else { return empty(Look(reading)) }
    let codes = try LabelsStore(reading.transaction).codes(
      from: written, count: request.query["count"] ?? "")
    return Page(
      PageFile(
        name: "labels-\(codes.first ?? "").pdf", type: "application/pdf",
        bytes: LabelSheet.pdf(of: codes)))
  }

  /// What whoever asks for no roll reads.
  private static func empty(_ look: Look) -> Page {
    let title = look("标签页", "Sheets of labels")
    return Page(
      title: title,
      body: HTML([
        look.title(title),
        look.empty(
          look("请先选一卷标签", "Choose a roll of labels first"),
          look("打开一卷就能打印。", "Open one to print it.")),
        look.linkButton(look("管码标签", "Labels for tubes"), to: "/screening/labels"),
      ]))
  }
}

extension LabelsStore {
  /// Codes that were given out in one roll, asked for in the words of an address.
  fileprivate func codes(from written: String, count: String) throws -> [String] {
    let first = Int(written) ?? 0
    let most = Int(count) ?? 0
    try MakeLabels.require(most, written: count)
    guard try isGivenOut(first, count: most) else {
      throw Refusal.notFound(Words("标签", "labels"), written, field: "first")
    }
    return (first..<first + most).map(LabelRules.code)
  }
}

/// The rolls that were made, and a form for one more.
private struct LabelRuns {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  private static let mostRuns = 50
  private static let mostRows = 200
  private static let usual = 130
  /// Ten sheets: as much as one opens and prints at a time.
  private static let atOnce = 650

  func body() throws -> HTML {
    let runs = try LabelsStore(reading.transaction).latest(limit: Self.mostRuns)
    let title = look("标签", "Labels")
    let rows = runs.flatMap { run in
      stride(from: run.first, to: run.first + run.count, by: Self.atOnce).map { first in
        let count = min(Self.atOnce, run.first + run.count - first)
        let address = Address(
          "/screening/labels/sheet", ["first": String(first), "count": String(count)])
        return Look.TableRow(
          "\(LabelRules.code(first)) – \(LabelRules.code(first + count - 1))",
          to: address.text, cells: [.number(count), .text(look.moment(run.madeAt))])
      }
    }.prefix(Self.mostRows)
    let list =
      rows.isEmpty
      ? look.empty(
        look("还没有做过标签", "No label was made yet"),
        look("也可直接用带码的成品管：任何没用过的管码都认。", "Tubes that have a code can be used as they are."))
      : look.table(
        title,
        columns: [
          .init(look("管码，点开打印", "Codes; open to print")), .number(look("张数", "How many")),
          .init(look("做于", "Made")),
        ], rows: Array(rows), id: "label-runs")
        + look.paragraph(
          look(
            "打开的是 PDF：用 A4 打印，实际大小（100 %），不缩放；不干胶 38.1 × 21.2 mm，每页 65 张。",
            "Each opens as PDF: print it on A4 at actual size (100 %), on labels of 38.1 × 21.2 mm, 65 to a sheet."
          ))
    return HTML([
      look.title(look("管码标签", "Labels for tubes")),
      look.panel(
        look("做一卷新标签", "Make new labels"),
        look.form(
          MakeLabels.name, for: request,
          fields: [
            .init(
              "count", look("多少张", "How many"), .number,
              hint: look("每页 65 张，管码永不重复", "65 to a sheet; no code is ever given out twice"),
              required: true, start: String(Self.usual))
          ], buttons: look.primaryButton(look("做标签", "Make them")))),
      look.panel(title, list),
      look.linkButton(look("检测轮次", "Rounds"), to: "/screening"),
    ])
  }
}
