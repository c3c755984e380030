import Gazette
import Kernel
import Look
import Registry

/// The transmission tree of an area, and the page of one case's sources.
enum TransmissionScreens {
  static let all = [tree, one]

  private static let tree = Screen(
    path: "/transmission", title: Words("传播链", "Transmission"),
    duty: TransmissionTreeOf.duty, purpose: .investigation, navigation: 25
  ) { request, reading in
    let look = Look(reading)
    let place = try reading.placeInSight(request.query["place"], for: TransmissionTreeOf.duty)
    let answer = try reading.ask(
      TransmissionTreeOf(
        place: place?.id, from: try moment("from", of: request, reading),
        to: try moment("to", of: request, reading)))
    let page = TransmissionPage(answer: answer, request: request, reading: reading, look: look)
    return Page(
      title: look("传播链", "Transmission"),
      body: HTML([
        look.title(
          look("传播链", "Transmission"),
          look.note(place?.name ?? look("全部", "everywhere"))),
        page.window(place), try page.body(),
      ]))
  }

  private static let one = Screen(
    path: "/transmission/:case", title: Words("传染源", "Source of a case"),
    duty: TransmissionTreeOf.duty, purpose: .investigation
  ) { request, reading in
    let look = Look(reading)
    let infection = try CaseID(request.parameter("case"))
    let answer = try reading.ask(TransmissionTreeOf(infection: infection))
    let page = TransmissionPage(
      answer: answer, request: request, reading: reading, look: look, focus: infection)
    let sources = TransmissionSources(
      answer: try reading.ask(SourcesOfCase(infection: infection)), request: request,
      reading: reading, look: look)
    let title = look("病例 \(infection) 的传染源", "Source of case \(infection)")
    return Page(
      title: title,
      body: HTML([
        look.title(
          title,
          look.link(
            look("病例页", "the case"), to: "/cases/\(Address.escaped(infection.text))")),
        try sources.html(), try page.body(),
      ]))
  }

  private static func moment(
    _ field: String, of request: ScreenRequest, _ reading: Reading
  ) throws(Refusal) -> Instant? {
    guard let text = request.query[field], !text.isEmpty else { return nil }
    guard let day = Day(text) else {
      throw .malformed(
        field, text, expected: Words("日期，如 2022-11-29", "a day such as 2022-11-29"))
    }
    return field == "to" ? day.end(in: reading.zone) : day.start(in: reading.zone)
  }
}

/// A tree as figures, contradictions, picture, and tables.
struct TransmissionPage {
  let answer: TransmissionTreeOf.Answer
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  var focus: CaseID?

  /// How many cases are drawn; the table has all.
  private static let mostDrawn = 60
  /// How many cases the table shows before somebody asks for all.
  private static let mostListed = 40

  /// The question by days.
  func window(_ place: Place?) -> HTML {
    look.disclosure(
      look("按报告日期看", "By day of report"), id: "window",
      look.questionForm(
        to: "/transmission", for: request,
        fields: [
          .init("from", look("从", "From"), .day), .init("to", look("到", "To"), .day),
        ], button: look("看", "Show")))
  }

  func body() throws -> HTML {
    if answer.cases.isEmpty {
      return look.panel(
        look("传播图", "Picture"), look.empty(look("没有病例", "No case"), isGood: true))
    }
    return HTML([figures, faults, try picture(), try columns(), try table()])
  }

  private var figures: HTML {
    let linked = answer.confirmed + answer.proposed
    let biggest = answer.chains.first
    let own = request.address
    return look.figures([
      .init(
        look("有传染源的病例", "Cases with a source"), look.number(linked),
        neighbour: .init(
          look("共 \(answer.cases.count) 例", "of \(answer.cases.count)"), .neutral),
        drawing: .bar(
          value: linked, of: answer.cases.count, label: look("有传染源", "with a source")),
        note: look(
          "已确认 \(answer.confirmed)，待确认 \(answer.proposed)",
          "\(answer.confirmed) confirmed, \(answer.proposed) proposed"), address: "\(own)#table"),
      .init(
        look("毫无线索", "Nothing known"), look.number(answer.open),
        neighbour: .init(look("例", "cases"), .neutral), tone: answer.open > 0 ? .soon : .neutral,
        address: "\(own)#table"),
      .init(
        look("最大的链", "Biggest chain"), look.number(biggest?.size ?? 0),
        neighbour: .init(
          biggest?.depth.map { look("\($0) 代", "\($0) generations") } ?? look("成环", "a circle"),
          .neutral), note: biggest?.root.text ?? "", address: "\(own)#chains"),
      .init(
        look("矛盾", "Contradictions"), look.number(answer.contradictions.count),
        neighbour: .init(look("条", "found"), .neutral),
        tone: answer.contradictions.isEmpty ? .neutral : .late, address: "\(own)#faults"),
    ])
  }

  private var faults: HTML {
    if answer.contradictions.isEmpty { return "" }
    let rows = answer.contradictions.map { fault in
      Look.TableRow(
        look(fault.words),
        to: fault.cases.first.map { "/transmission/\(Address.escaped($0.text))" },
        cells: [.text(look(fault.state.words))])
    }
    return look.panel(
      look("矛盾与环", "Contradictions and circles"), id: "faults",
      note: look("都保留着，没有自动删改", "all are kept; nothing was left out"),
      look.table(
        look("矛盾与环", "Contradictions and circles"),
        columns: [.init(look("什么不符", "What does not fit")), .init(look("链接", "Link"))],
        rows: rows))
  }

  private func picture() throws -> HTML {
    // Cases that hang together first; single ones stand in the table.
    let together = answer.cases.filter { $0.source?.infector != nil || !$0.infected.isEmpty }
    let near = focus.map(kin)
    let drawn =
      near.map { near in answer.cases.filter { near.contains($0.infection) } }
      ?? (together.isEmpty ? answer.cases : together)
    let shown = Array(drawn.prefix(Self.mostDrawn))
    let numbers = Set(shown.map(\.infection))
    let points = shown.map { line in
      TreePicture.Point(
        id: line.infection.text, label: label(line), about: about(line), day: line.day,
        tone: tone(of: line), address: "/transmission/\(Address.escaped(line.infection.text))",
        infector: line.source?.infector.flatMap { numbers.contains($0) ? $0.text : nil },
        link: line.source.map(said) ?? "", isConfirmed: line.source?.state == .confirmed,
        isMarked: line.infection == focus)
    }
    let cut =
      shown.count < answer.cases.count
      ? look(
        "画出 \(shown.count) 例，全部 \(answer.cases.count) 例在表中",
        "\(shown.count) drawn; all \(answer.cases.count) are in the table") : nil
    return look.panel(
      look("传播图", "Picture"), id: "picture",
      note: look.dotted([
        look("按发病日", "by day of onset"),
        focus == nil ? nil : look("只画上游、同源和下游", "from whom, with whom, to whom"), cut,
      ]),
      look.treePicture(
        TreePicture(points: points), title: look("谁传染了谁", "Who infected whom")))
  }

  /// From whom a case has it, all the way up, who has it from the same, and who has it from them.
  private func kin(of focus: CaseID) -> Set<CaseID> {
    let lines = Dictionary(answer.cases.map { ($0.infection, $0) }) { first, _ in first }
    let above = TransmissionLoopsRules.chain(above: focus) { lines[$0]?.source?.infector }
    var kin = Set([focus] + above)
    var waiting = [focus]
    while let next = waiting.popLast() {
      for id in lines[next]?.infected ?? [] where kin.insert(id).inserted { waiting.append(id) }
    }
    kin.formUnion(above.first.flatMap { lines[$0]?.infected } ?? [])
    return kin
  }

  private func label(_ line: TransmissionTreeOf.Line) -> String {
    look.dotted([line.infection.text, generation(line)])
  }

  private func generation(_ line: TransmissionTreeOf.Line) -> String {
    line.generation.map { look("第 \($0) 代", "gen. \($0)") } ?? look("环", "circle")
  }

  private func about(_ line: TransmissionTreeOf.Line) -> String {
    look.dotted([
      look(line.kind.words), day(line), line.outside ? look("范围外", "outside") : nil,
      line.infected.isEmpty
        ? nil : look("传染 \(line.infected.count) 例", "infected \(line.infected.count)"),
    ])
  }

  private func day(_ line: TransmissionTreeOf.Line) -> String {
    let day = look.day(line.day)
    if line.onsetOn != nil { return look("\(day) 发病", "onset \(day)") }
    let isReport = line.day == Day(of: line.reportedAt, in: reading.zone)
    return isReport ? look("\(day) 报告", "reported \(day)") : look("\(day) 采样", "sample \(day)")
  }

  private func tone(of line: TransmissionTreeOf.Line) -> Look.Tone {
    guard let source = line.source else { return .soon }
    return source.state == .confirmed ? .done : .information
  }

  /// A source in words: what it is, on what ground, and how sure.
  private func said(_ source: TransmissionTreeOf.Source) -> String {
    TransmissionWords(look: look).said(source)
  }

  private func columns() throws -> HTML {
    let chains = answer.chains.filter { $0.size > 1 }
    let chainRows = chains.prefix(20).map { chain in
      Look.TableRow(
        chain.root.text, to: "/transmission/\(Address.escaped(chain.root.text))",
        cells: [
          .number(chain.size), .text(chain.depth.map(String.init) ?? look("环", "circle")),
        ])
    }
    let venueRows = try answer.venues.prefix(20).map { cluster in
      Look.TableRow(
        try name(of: cluster.venue),
        cells: [
          .number(cluster.cases.count),
          .text(
            cluster.cases.prefix(8).map(\.text).joined(separator: ", ")
              + (cluster.cases.count > 8 ? "…" : "")),
        ])
    }
    let none = look.empty(look("没有", "None"), isGood: true)
    return look.columns(
      [
        look.panel(
          look("链", "Chains"), id: "chains", note: look("最大的在前", "the biggest first"),
          chainRows.isEmpty
            ? none
            : look.table(
              look("链", "Chains"),
              columns: [
                .init(look("第一例", "First case")), .number(look("例数", "Cases")),
                .init(look("代数", "Generations")),
              ], rows: chainRows)),
        look.panel(
          look("场所聚集", "Venues"), id: "venues",
          venueRows.isEmpty
            ? none
            : look.table(
              look("场所聚集", "Venues"),
              columns: [
                .init(look("场所", "Venue")), .number(look("例数", "Cases")),
                .init(look("病例", "Who")),
              ], rows: venueRows)),
      ], .even)
  }

  private func name(of venue: VenueID) throws -> String {
    try PlacesStore(reading.transaction).find(PlaceID(trusted: venue.text))?.name ?? venue.text
  }

  private func table() throws -> HTML {
    let isAll = request.query["cases"] == "all" || answer.cases.count <= Self.mostListed
    let shown = isAll ? answer.cases[...] : answer.cases.prefix(Self.mostListed)
    let rows = try shown.map { line in
      Look.TableRow(
        line.infection.text, to: "/transmission/\(Address.escaped(line.infection.text))",
        cells: [
          .text(look(line.kind.words)), .text(day(line)), .text(generation(line)),
          .text(line.source.map(said) ?? look("没有线索", "nothing known")),
          .text(try line.source?.venue.map(name) ?? ""), .number(line.infected.count),
          .text(line.chain.text),
        ])
    }
    return look.panel(
      look("病例", "Cases"), id: "table",
      look.table(
        look("病例与传染源", "Cases and their sources"),
        columns: [
          .init(look("病例", "Case")), .init(look("类型", "Kind")), .init(look("日期", "Day")),
          .init(look("代", "Generation")), .init(look("传染源", "Source")),
          .init(look("场所", "Venue")), .number(look("传染", "Infected")),
          .init(look("链", "Chain")),
        ], rows: rows)
        + (isAll
          ? ""
          : look.linkButton(
            look("看全部 \(answer.cases.count) 例", "See all \(answer.cases.count)"),
            to: Address(address, request.query).with(["cases": "all"]).text + "#table")))
  }

  private var address: String { String(request.address.prefix { $0 != "?" }) }
}

/// What is said of a source, in the reader's language.
struct TransmissionWords {
  let look: Look

  /// What it is, on what ground, and how sure.
  func said(_ source: TransmissionTreeOf.Source) -> String {
    let share =
      source.share.map { share in
        source.infector == nil || share == 0 || share == 1
          ? nil : look.percent(Int((share * 1_000).rounded()), of: 1_000)
      } ?? nil
    return look.dotted([
      origin(source), source.basis.map { look($0.words) }, look(source.state.words), share,
    ])
  }

  /// What it is.
  func origin(_ source: TransmissionTreeOf.Source) -> String {
    switch source.origin {
    case "case": source.infector?.text ?? ""
    case "venue": look("场所聚集", "venue cluster")
    case "imported": look("输入", "imported")
    default: look("来源不明", "unknown")
    }
  }
}
