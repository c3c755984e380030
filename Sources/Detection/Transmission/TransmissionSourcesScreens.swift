import Kernel
import Look
import Registry

/// The sources of one case: what is confirmed, what is likely with its grounds, and how to decide.
struct TransmissionSources {
  let answer: SourcesOfCase.Answer
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  func html() throws -> HTML {
    let path = try CasesStore(reading.transaction).get(answer.infection).path
    let mayDecide = reading.authority.may(LinkSource.duty, at: path)
    let cards = try answer.live.enumerated().map { try card($1, number: $0, mayDecide) }
    let nothing = look.empty(
      look("还没有传染源线索", "Nothing is known of the source yet"),
      look("接触者转为病例后会自动提出；也可手工登记。", "Contacts who become cases are proposed; enter others by hand.")
    )
    return look.panel(
      look("传染源", "Source"), id: "sources",
      note: look("最可能的在前；比例只在已知线索之间", "likeliest first; shares are among what is known"),
      (cards.isEmpty ? nothing : look.stack(cards)) + (mayDecide ? entry : "") + (try history()))
  }

  private func card(
    _ line: SourcesOfCase.Line, number: Int, _ mayDecide: Bool
  ) throws -> HTML {
    let source = line.source
    let words = TransmissionWords(look: look)
    let who: HTML =
      source.infector.map {
        look.link($0.text, to: "/transmission/\(Address.escaped($0.text))")
      } ?? "\(words.origin(source))"
    let label: Look.Label =
      source.state == .confirmed
      ? .init(look(source.state.words), .done) : .init(look(source.state.words), .soon)
    var evidence = [
      Look.Evidence(
        look.dotted([
          source.basis.map { look($0.words) }, try venue(source),
          line.seconds > 0 ? look.duration(.seconds(line.seconds)) : nil,
        ]), weight(of: source), note: span(source))
    ]
    evidence += line.contradictions.map {
      Look.Evidence(look($0), .weak, note: look("矛盾，请核对", "contradiction; check it"))
    }
    return look.contactCard(
      who: who, about: line.link == nil ? look("由接触推出", "follows from exposures") : "",
      label: label, verdict: words.said(source), evidence: evidence,
      buttons: mayDecide ? buttons(line, number: number) : "")
  }

  private func venue(_ source: TransmissionTreeOf.Source) throws -> String? {
    try source.venue.map {
      try PlacesStore(reading.transaction).find(PlaceID(trusted: $0.text))?.name ?? $0.text
    }
  }

  private func span(_ source: TransmissionTreeOf.Source) -> String {
    guard let from = source.exposedFrom else { return "" }
    guard let to = source.exposedTo else { return look.moment(from) }
    return "\(look.moment(from)) – \(look.end(to))"
  }

  private func weight(of source: TransmissionTreeOf.Source) -> Look.Weight {
    guard let share = source.share else { return .strong }
    return share >= 0.5 ? .strong : share >= 0.2 ? .medium : .weak
  }

  private func buttons(_ line: SourcesOfCase.Line, number: Int) -> HTML {
    if line.source.state == .confirmed, let link = line.link {
      return HTML([correcting(link, line), withdrawing(link)])
    }
    let same = values(of: line.source)
    let reason = Look.Field("reason", look("为什么", "Why"), required: true)
    return look.form(
      LinkSource.name, for: request, hidden: same,
      buttons: look.primaryButton(look("确认是传染源", "Confirm the source")), isInline: true)
      + look.disclosure(
        look("不是", "Not the source"), id: "reject-\(number)",
        look.form(
          RejectSource.name, for: request,
          hidden: same.filter { ["case", "infector", "venue"].contains($0.0) }, fields: [reason],
          buttons: look.plainButton(look("排除", "Reject"))))
  }

  /// The columns of a source, for a form that sends it unseen.
  private func values(of source: TransmissionTreeOf.Source) -> [(String, String)] {
    let all: [(String, String?)] = [
      // The source first: it tells the forms of one case from each other.
      ("infector", source.infector?.text ?? source.origin), ("case", answer.infection.text),
      ("basis", source.basis?.rawValue), ("venue", source.venue?.text),
      ("exposed_from", source.exposedFrom?.text(in: reading.zone)),
      ("exposed_to", source.exposedTo?.text(in: reading.zone)),
    ]
    return all.compactMap { name, value in value.map { (name, $0) } }
  }

  private func correcting(_ link: TransmissionLinkID, _ line: SourcesOfCase.Line) -> HTML {
    let source = line.source
    return look.disclosure(
      look("更正", "Correct"), id: "correct",
      look.form(
        CorrectSource.name, for: request, hidden: [("link", link.text)],
        fields: fields(
          infector: source.infector?.text ?? source.origin, basis: source.basis?.rawValue ?? "",
          venue: source.venue?.text ?? "", from: source.exposedFrom, to: source.exposedTo) + [
            .init("reason", look("更正原因", "Reason"), required: true)
          ], buttons: look.primaryButton(look("更正", "Correct"))))
  }

  private func withdrawing(_ link: TransmissionLinkID) -> HTML {
    look.disclosure(
      look("撤销", "Withdraw"), id: "withdraw",
      look.form(
        WithdrawSource.name, for: request, hidden: [("link", link.text)],
        fields: [.init("reason", look("撤销原因", "Reason"), required: true)],
        buttons: look.dangerButton(look("撤销", "Withdraw"))))
  }

  private var entry: HTML {
    look.disclosure(
      look("登记传染源", "Enter a source"), id: "enter",
      look.form(
        LinkSource.name, for: request, hidden: [("case", answer.infection.text)],
        fields: fields(infector: "", basis: "", venue: "", from: nil, to: nil),
        buttons: look.primaryButton(look("登记并确认", "Enter and confirm"))))
  }

  private func fields(
    infector: String, basis: String, venue: String, from: Instant?, to: Instant?
  ) -> [Look.Field] {
    let bases = TransmissionBasis.allCases.map { Look.Field.Choice($0.rawValue, look($0.words)) }
    return [
      .init(
        "infector", look("传染源", "Source"),
        hint: look("病例编号；或 输入、不明、场所", "a case’s number; or imported, unknown, venue"),
        required: true, start: infector),
      .init(
        "basis", look("依据", "Basis"), .list([.init("", look("–", "–"))] + bases), start: basis),
      .init("venue", look("场所", "Venue"), start: venue),
      .init("exposed_from", look("接触从", "Exposed from"), .moment, start: written(from)),
      .init("exposed_to", look("到", "To"), .moment, start: written(to)),
    ]
  }

  private func written(_ instant: Instant?) -> String {
    guard let clock = instant?.clock(in: reading.zone) else { return "" }
    return "\(clock.day.text)T\(clock.time)"
  }

  private func history() throws -> HTML {
    if answer.closed.isEmpty { return "" }
    let words = TransmissionWords(look: look)
    let rows = answer.closed.map { line in
      Look.TableRow(words.said(line.source), cells: [.text(line.reason ?? "")])
    }
    return look.disclosure(
      look("已排除或撤销 \(rows.count)", "\(rows.count) rejected or withdrawn"), id: "closed",
      look.table(
        look("已排除或撤销", "Rejected or withdrawn"),
        columns: [.init(look("传染源", "Source")), .init(look("原因", "Reason"))], rows: rows))
  }
}
