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
    let look = Look(reading)
    let page = LabelSheets(request: request, reading: reading, look: look)
    return Page(title: look("标签页", "Sheets of labels"), body: try page.body())
  }
}

/// The rolls that were made, and a form for one more.
private struct LabelRuns {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  private static let mostRuns = 50
  private static let usual = 130

  func body() throws -> HTML {
    let runs = try LabelsStore(reading.transaction).latest(limit: Self.mostRuns)
    let title = look("标签", "Labels")
    let rows = runs.map { run in
      let address = Address(
        "/screening/labels/sheet", ["first": String(run.first), "count": String(run.count)])
      return Look.TableRow(
        "\(LabelRules.code(run.first)) – \(LabelRules.code(run.first + run.count - 1))",
        to: address.text, cells: [.number(run.count), .text(look.moment(run.madeAt))])
    }
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
        ], rows: rows, id: "label-runs")
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

/// Labels as they are printed, thirteen rows of five on A4.
private struct LabelSheets {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  /// Ten sheets are as many as a browser prints without complaint.
  private static let mostLabels = 650

  func body() throws -> HTML {
    guard request.query["first"] != nil else {
      return HTML([
        look.title(look("标签页", "Sheets of labels")),
        look.empty(
          look("请先选一卷标签", "Choose a roll of labels first"),
          look("打开一卷就能打印。", "Open one to print it.")),
        look.linkButton(look("管码标签", "Labels for tubes"), to: "/screening/labels"),
      ])
    }
    let first = request.query["first"].flatMap { Int($0) } ?? 0
    let written = request.query["count"] ?? ""
    let count = Int(written) ?? 0
    try MakeLabels.require(count, written: written)
    guard try LabelsStore(reading.transaction).isGivenOut(first, count: count) else {
      throw Refusal.notFound(Words("标签", "labels"), "\(first)", field: "first")
    }
    let shown = min(count, Self.mostLabels)
    let next: HTML? =
      count > shown
      ? look.linkButton(
        look("后面 \(count - shown) 张", "the other \(count - shown)"),
        to: Address(
          "/screening/labels/sheet",
          ["first": String(first + shown), "count": String(count - shown)]
        ).text) : nil
    let codes = (first..<first + shown).map(LabelRules.code)
    return HTML([
      look.title(look("\(shown) 张标签", "\(shown) labels")),
      """
      <p class="no-print"><span class="note">\(look(
        "用浏览器打印（Ctrl-P），A4，无边距、不缩放；不干胶 38.1 × 21.2 mm，每页 65 张。",
        "Print it (Ctrl-P) on A4 without margins, at 100 %: labels of 38.1 × 21.2 mm, 65 to a sheet."))</span></p>
      """,
      "<ol class=\"labels\">\(codes.map(label))</ol>",
      look.row(
        [look.linkButton(look("管码标签", "Labels for tubes"), to: "/screening/labels")]
          + [next].compactMap(\.self)),
    ])
  }

  private func label(_ code: String) -> HTML {
    "<li>\(square(code))<span><b>\(code)</b>\(bars(code))</span></li>"
  }

  private func square(_ code: String) -> HTML {
    guard let square = QRCode(code) else { return "" }
    var path = ""
    for row in 0..<square.size {
      for column in 0..<square.size where square.isDark(column, row) {
        path += "M\(column) \(row)h1v1h-1z"
      }
    }
    return
      "<svg viewBox=\"-1 -1 \(square.size + 2) \(square.size + 2)\" aria-hidden=\"true\"><path d=\"\(path)\"/></svg>"
  }

  private func bars(_ code: String) -> HTML {
    guard let bars = BarCode(code) else { return "" }
    var path = ""
    var at = 0
    for (place, width) in bars.widths.enumerated() {
      if place % 2 == 0 { path += "M\(at) 0h\(width)v20h-\(width)z" }
      at += width
    }
    return """
      <svg class="bars" viewBox="0 0 \(bars.width) 20" preserveAspectRatio="none" aria-hidden="true">\
      <path d="\(path)"/></svg>
      """
  }
}
