import Gazette
import Kernel
import Look
import Registry

/// Who is held for a tube: tube by tube, each with the own tube that decides.
struct RecallBoard {
  private let reading: Reading
  private let look: Look
  private let round: ScreeningRound
  private let lines: [ListRecalls.Line]
  private let next: String?

  init(request: ScreenRequest, reading: Reading) throws {
    self.reading = reading
    look = Look(reading)
    let id = try RoundID(request.parameter("round"), field: "round")
    round = try ScreeningRoundStore(reading.transaction).get(id)
    let answer = try reading.ask(ListRecalls(round: id, after: request.query["after"]))
    lines = answer.lines
    next = answer.after
  }

  var title: String { look("追阳：\(round.name)", "Recalls: \(round.name)") }

  func body() throws -> HTML {
    let back = look.linkButton(
      round.name, to: "/screening/\(Address.escaped(round.id.text))")
    guard !lines.isEmpty else {
      return HTML([
        look.title(title),
        look.empty(look("没有异常试管", "No tube that is not negative"), isGood: true), back,
      ])
    }
    let people = try ResidentsStore(reading.transaction).current(Set(lines.map(\.person)))
    let rows = try lines.map { line in
      let resident = people[line.person]
      let address = try resident.map { try reading.address(of: $0.path) } ?? ""
      return Look.TableRow(
        title: look.masked(resident?.name.map { Mask.name($0.revealed) } ?? line.person.text),
        cells: [
          .text(address),
          .linked(line.tube.text, to: CorrectionScreens.address(of: line.tube)),
          .text(TubeResult(rawValue: line.result).map { look($0.words) } ?? line.result),
          .text(look.moment(line.heldSince)), .markup(state(line)),
          line.singleTube.map { Look.Cell.linked($0.text, to: CorrectionScreens.address(of: $0)) }
            ?? .text("—"),
          .text(line.decidedAt.map { look.moment($0) } ?? "—"),
        ])
    }
    let table = look.table(
      title,
      columns: [
        .init(look("人员", "Person")), .init(look("住址", "Address")),
        .init(look("试管", "Tube")), .init(look("结果", "Result")),
        .init(look("起", "Since")), .init(look("状态", "State")),
        .init(look("单管", "Own tube")), .init(look("决定于", "Decided")),
      ], rows: rows, id: "recalls")
    let pages = look.pages(
      after: next.map {
        Address("/screening/\(round.id.text)/recalls", ["after": $0]).text
      }, note: look("\(lines.count) 人", "\(lines.count) people"))
    return HTML([look.title(title), look.panel(look("管内人员", "In these tubes"), table)])
      + (pages ?? "") + back
  }

  private func state(_ line: ListRecalls.Line) -> HTML {
    let state = Recall.State(rawValue: line.state) ?? .held
    let tone: Look.Tone =
      switch state {
      case .held: .soon
      case .released: .done
      case .infection: .late
      }
    return look.chip(look(state.words), tone)
  }
}
