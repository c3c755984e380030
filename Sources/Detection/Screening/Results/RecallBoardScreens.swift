import Gazette
import Kernel
import Look
import Registry

/// Who is held for a tube: how many wait for what, then person by person, each with the next step.
struct RecallBoard {
  private let reading: Reading
  private let look: Look
  private let round: ScreeningRound
  private let lines: [ListRecalls.Line]
  private let next: String?
  private let counts: RecallsStore.Counts

  init(request: ScreenRequest, reading: Reading) throws {
    self.reading = reading
    look = Look(reading)
    let id = try RoundID(request.parameter("round"), field: "round")
    round = try ScreeningRoundStore(reading.transaction).get(id)
    let answer = try reading.ask(ListRecalls(round: id, after: request.query["after"]))
    lines = answer.lines
    next = answer.after
    counts = try RecallsStore(reading.transaction).counts(of: id)
  }

  var title: String { look("追阳：\(round.name)", "Recalls: \(round.name)") }
  private var base: String { "/screening/\(Address.escaped(round.id.text))" }

  func body() throws -> HTML {
    let back = look.linkButton(round.name, to: base)
    guard !lines.isEmpty else {
      return HTML([
        look.title(title),
        look.empty(
          look("没有异常试管", "No tube that is not negative"),
          look(
            "一有阳性、灰区或单靶标的管，管内每个人都会列在这里。",
            "As soon as a tube is positive, grey or has a single target, everybody in it stands here."
          ),
          isGood: true), back,
      ])
    }
    let table = look.table(
      title,
      columns: [
        .init(look("人员", "Person")), .init(look("状态", "State")),
        .init(look("下一步", "Next")), .init(look("住址", "Address")),
        .init(look("混管", "Tube")), .init(look("结果", "Result")),
        .init(look("起", "Since")),
      ], rows: try rows(), id: "recalls")
    let pages = look.pages(
      after: next.map { Address("\(base)/recalls", ["after": $0]).text },
      note: look.count(lines.count, "人", "person", "people"))
    return HTML([
      look.title(title), figures, look.panel(look("管内人员", "In these tubes"), id: "people", table),
    ]) + (pages ?? "") + back
  }

  private var figures: HTML {
    let all = counts.held + counts.released + counts.cases
    return look.figures([
      .init(
        look("待复核", "Held"), look.number(counts.held),
        neighbour: .init(look("共 \(all)", "of \(all)"), .neutral),
        tone: counts.held > 0 ? .late : .neutral,
        drawing: .bar(
          value: all - counts.held, of: max(1, all), label: look("已有结论", "decided")),
        note: counts.held > 0
          ? look("单管阴性即自动解除", "free by itself when the own tube is negative")
          : look("每人都有结论", "everybody is decided"), address: "#people"),
      .init(
        look("待采单管", "Owe a swab"), look.number(counts.unswabbed),
        neighbour: .init(look("每人单独一管", "a tube of their own each"), .neutral),
        address: sampling ?? "#people"),
      .init(
        look("单管待出结果", "Own tube at the laboratory"),
        look.number(counts.held - counts.unswabbed),
        neighbour: .init("", .neutral), address: "\(base)/boxes"),
      .init(
        look("已解除", "Released"), look.number(counts.released),
        neighbour: .init(
          look("病例 \(counts.cases)", look.count(counts.cases, "", "case", "cases")),
          counts.cases > 0 ? .late : .neutral), address: "#people"),
    ])
  }

  private var sampling: String? {
    reading.authority.holds(RegisterSwab.duty)
      ? "/sampling/\(Address.escaped(round.id.text))" : nil
  }

  private func rows() throws -> [Look.TableRow] {
    let people = try ResidentsStore(reading.transaction).current(Set(lines.map(\.person)))
    // Whoever still has to do something comes first.
    let sorted = lines.enumerated().sorted {
      (Self.order($0.element), $0.offset) < (Self.order($1.element), $1.offset)
    }
    return try sorted.map { _, line in
      let resident = people[line.person]
      let address = try resident.map { try reading.address(of: $0.path) } ?? ""
      return Look.TableRow(
        title: look.masked(resident?.name.map { Mask.name($0.revealed) } ?? line.person.text),
        cells: [
          .markup(state(line)), step(line), .text(address),
          .linked(line.tube.text, to: CorrectionScreens.address(of: line.tube)),
          .text(TubeResult(rawValue: line.result).map { look($0.words) } ?? line.result),
          .text(look.moment(line.heldSince)),
        ])
    }
  }

  private static func order(_ line: ListRecalls.Line) -> Int {
    if line.state != Recall.State.held.rawValue { return 2 }
    return line.singleTube == nil ? 0 : 1
  }

  private func step(_ line: ListRecalls.Line) -> Look.Cell {
    let single = line.singleTube
    if let decided = line.decidedAt {
      let text = look("\(look.moment(decided)) 定", "decided \(look.moment(decided))")
      return single.map { .linked(text, to: CorrectionScreens.address(of: $0)) } ?? .text(text)
    }
    if let single {
      return .linked(
        look("等单管 \(single.text) 的结果", "result of \(single.text) is awaited"),
        to: CorrectionScreens.address(of: single))
    }
    let text = look("去采一支单管", "take a single swab")
    return sampling.map { .linked(text, to: $0) } ?? .text(text)
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
