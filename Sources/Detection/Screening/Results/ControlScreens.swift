import Gazette
import Kernel
import Look

/// The tubes of known content of a round, and a form for another one; for whoever decides on results that
/// were put aside.
struct ControlsPanel {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let round: ScreeningRound

  func html() throws -> HTML {
    guard reading.authority.may(AddControl.duty, at: round.path) else { return "" }
    let lines = try reading.ask(ListControls(round: round.id))
    let points = try ScreeningRoundStore(reading.transaction).points(
      in: round.path, limit: ListControls.most)
    let title = look("质控管", "Controls")
    let rows = lines.map { line in
      Look.TableRow(
        line.tube.text, to: CorrectionScreens.address(of: line.tube),
        cells: [
          .text(look(line.kind.words)), .text(line.laboratory?.text ?? "—"), .markup(state(line)),
        ])
    }
    let list =
      rows.isEmpty
      ? look.paragraph(
        look(
          "把内容已知的管混在其中送检：结果不符的批次整批不算。",
          "Send tubes of known content among the others: a list that is wrong about one counts for nothing."
        ))
      : look.table(
        title,
        columns: [
          .init(look("管码", "Tube")), .init(look("内容", "Content")),
          .init(look("检测机构", "Laboratory")), .init(look("结果", "Result")),
        ], rows: rows, id: "controls")
    let form = look.form(
      AddControl.name, for: request, hidden: [("round", round.id.text)],
      fields: [
        .init("tube", look("管码（扫码或输入）", "Tube (scan or type)"), required: true),
        .init(
          "kind", look("内容", "Content"),
          .choices(ControlKind.allCases.map { .init($0.rawValue, look($0.words)) }),
          required: true),
        .init(
          "point", look("从哪个采样点送出", "From which point it goes"),
          .list(
            [.init("", look("不限", "any"))] + points.map { .init($0.id.text, $0.name) })),
      ], buttons: look.primaryButton(look("加质控管", "Add the control")))
    return look.panel(
      title, id: "controls-panel",
      note: look("检测机构看不出哪管是质控", "no laboratory sees which tube it is"),
      list + look.disclosure(look("加一支质控管", "Add a control"), id: "add-control", form))
  }

  private func state(_ line: ListControls.Line) -> HTML {
    if line.isWrong {
      return look.chip(look("不符，该批已隔离", "wrong: the list was put aside"), .late)
    }
    guard line.result != nil else { return look.chip(look("还没有结果", "no result yet"), .soon) }
    return look.chip(look("相符", "as it should be"), .done)
  }
}
