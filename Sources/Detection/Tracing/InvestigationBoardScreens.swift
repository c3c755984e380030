import Gazette
import Kernel
import Look
import Registry

/// The investigation desk: every open case, what is due next, and who is not yet found, told, moved.
enum InvestigationBoardScreens {
  static let board = Screen(
    path: "/investigations", title: Words("流调", "Tracing"), duty: InvestigationBoard.duty,
    purpose: .investigation, navigation: 22
  ) { request, reading in
    let page = try InvestigationBoardPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }
}

/// The board of an area.
private struct InvestigationBoardPage {
  let reading: Reading
  let look: Look
  let place: Place?
  let answer: InvestigationBoard.Answer

  init(request: ScreenRequest, reading: Reading) throws {
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: InvestigationBoard.duty)
    answer = try reading.ask(InvestigationBoard(place: place?.id))
  }

  var title: String { look("流调", "Tracing") }

  func body() throws -> HTML {
    HTML([
      look.title(title, look.note(place?.name ?? look("全部", "everywhere"))), figures,
      look.panel(
        look("没有结束的流调", "Open investigations"), id: "open",
        note: look("先到期的在前；每个数字点开是名单", "due first; each number opens to its rows"),
        answer.lines.isEmpty
          ? look.empty(look("没有进行中的流调", "No investigation is open"), isGood: true)
          : table()),
    ])
  }

  private var figures: HTML {
    let referrals = Address("/referrals", ["place": place?.id.text])
    func figure(_ name: String, _ show: ReferralShow) -> Look.Figure {
      Look.Figure(
        name, look.number(answer.total[show]),
        neighbour: .init(
          look("共 \(look.number(answer.total.all))", "of \(look.number(answer.total.all))"),
          .neutral),
        drawing: .bar(
          value: answer.total.all - answer.total[show], of: answer.total.all,
          label: look("已过这一步", "past this step")),
        address: referrals.with(["show": show.rawValue]).text)
    }
    return look.figures([
      Look.Figure(
        look("进行中", "Open"), look.number(answer.open),
        neighbour: .init(
          look("其中超时 \(look.number(answer.late))", "\(look.number(answer.late)) of them late"),
          answer.late > 0 ? .late : .neutral), tone: answer.late > 0 ? .late : .neutral,
        address: "#open"),
      Look.Figure(
        look("密接待判定", "Contacts to decide"), look.number(answer.proposed),
        neighbour: .init(look("人", "people"), .neutral),
        tone: answer.proposed > 0 ? .soon : .neutral, address: "#open"),
      figure(look("未落地", "Not found"), .unfound), figure(look("未告知", "Not told"), .untold),
      figure(look("待转运", "To be moved"), .unmoved),
    ])
  }

  private func table() -> HTML {
    let shown: [ReferralShow] = [.unfound, .untold, .unmoved]
    let rows = answer.lines.map { line -> Look.TableRow in
      let own = "/cases/\(Address.escaped(line.infection.text))"
      let contacts = Address("\(own)/contacts")
      let due = line.nextDue.map { look.chip(look.deadline($0)) } ?? look.note("–")
      let step = line.next.map { kind in
        (TracingObligations.short(kind) ?? reading.assembly.obligationKinds[kind]?.title)
          .map { look($0) } ?? kind
      }
      return Look.TableRow(
        title: due,
        cells: [
          .markup(
            "<span class=\"nowrap\">\(look.link(line.infection.text, to: own))</span> "
              + "<span class=\"nowrap\">\(look.note(line.name ?? ""))</span>"),
          .markup("<span class=\"nowrap\">\(step ?? "–")</span>"),
          .markup(line.dueAt.map { look.chip(look.deadline($0)) } ?? ""),
          .number(line.proposed, to: contacts.with(["state": "proposed"]).text),
        ]
          + shown.map {
            .number(line.counts[$0], to: contacts.with(["step": $0.rawValue]).text)
          } + [.number(line.counts.all, to: contacts.with(["step": "all"]).text)])
    }
    let left = answer.open - answer.lines.count
    return look.table(
      look("没有结束的流调", "Open investigations"),
      columns: [
        .init(look("最近期限", "Next due")), .init(look("病例", "Case")),
        .init(look("下一步", "Next step")), .init(look("24 小时", "24 hours")),
        .number(look("待判定", "To decide")),
      ] + shown.map { .number(look($0.words)) } + [.number(look("已推送", "Handed over"))],
      rows: rows,
      total: Look.TableRow(
        title: "\(look("合计", "Total"))",
        cells: [.text(""), .text(""), .text(""), .number(answer.proposed)]
          + shown.map { .number(answer.total[$0]) } + [.number(answer.total.all)]), id: "board")
      + (left > 0
        ? look.paragraph(
          look("另有 \(left) 例期限更晚，没有列出。", "\(left) more are due later and not listed.")) : "")
  }
}
