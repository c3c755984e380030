import Gazette
import Kernel
import Look
import Registry

/// The untested of a place, door by door, with a reason in one tap.
struct UntestedPage {
  private let request: ScreenRequest
  private let reading: Reading
  private let look: Look
  private let found: (round: ScreeningRound, place: Place, answer: ListUntested.Answer)?

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    guard let of = request.query["of"], !of.isEmpty else {
      found = nil
      return
    }
    let (round, place) = try Self.subject(of, in: reading)
    let answer = try reading.ask(
      ListUntested(round: round.id, place: place.id, after: request.query["after"]))
    found = (round, place, answer)
  }

  /// `round/place`, as what is owed for a building names it; either may have a stroke in it.
  private static func subject(
    _ text: String, in reading: Reading
  ) throws -> (ScreeningRound, Place) {
    let rounds = ScreeningRoundStore(reading.transaction)
    let places = PlacesStore(reading.transaction)
    for stroke in text.indices where text[stroke] == "/" {
      let (before, behind) = (String(text[..<stroke]), String(text[text.index(after: stroke)...]))
      guard !before.isEmpty, !behind.isEmpty,
        let round = try rounds.find(RoundID(before, field: "of"))
      else { continue }
      let name = try PlaceID(behind, field: "of")
      if let place = try places.find(name) ?? places.find(code: name.text) {
        return (round, place)
      }
    }
    throw Refusal.notFound(Words("本轮的地点", "place of a round"), text, field: "of")
  }

  var title: String {
    guard let place = found?.place else { return look("未采名单", "Untested") }
    return look("未采名单：\(place.name)", "Untested: \(place.name)")
  }

  func body() throws -> HTML {
    guard let (round, place, answer) = found else {
      return HTML([
        look.title(title),
        look.empty(look("请从一轮检测的各处进度选择地点", "Choose a place on a round’s wall")),
        look.linkButton(look("检测轮次", "Rounds"), to: "/screening"),
      ])
    }
    let header = look.title(
      title,
      look.note(
        look(
          "\(round.name)，\(answer.lines.count) 人",
          "\(round.name), \(look.count(answer.lines.count, "", "person", "people"))")
      ))
    if answer.lines.isEmpty {
      return header
        + look.empty(look("都已出结果或免采", "Everybody has a result or is exempt"), isGood: true)
    }
    let rows = answer.lines.map { line in
      Look.TableRow(
        title: look.masked(line.name ?? line.person.text),
        cells: [
          .text(
            [line.building, line.entrance, line.room].compactMap(\.self).joined(separator: " ")),
          .text(reason(line.reason)),
          .text(ListingReason(rawValue: line.listed).map { look($0.words) } ?? line.listed),
          .markup(note(line, in: round)),
        ])
    }
    let table = look.table(
      title,
      columns: [
        .init(look("人员", "Person")), .init(look("门牌", "Door")),
        .init(look("状态", "State")), .init(look("为何在名单上", "Why on the list")),
        .init(look("登记原因", "Say why")),
      ], rows: rows, id: "untested")
    let of = "\(round.id.text)/\(place.id.text)"
    let pages = look.pages(
      after: answer.after.map {
        Address("/untested", ["of": of, "after": $0]).text
      }, note: "")
    return HTML([header, look.panel(look("按门牌", "Door by door"), table)]) + (pages ?? "")
  }

  private func reason(_ code: String) -> String {
    let parts = code.split(separator: ":").map(String.init)
    let standing = Standing(rawValue: parts[0]).map { look($0.words) } ?? parts[0]
    guard parts.count > 1, let reason = StandingReason(rawValue: parts[1]) else { return standing }
    return look("\(standing)（\(look(reason.words))）", "\(standing) (\(look(reason.words)))")
  }

  /// Who has no swab yet: not at home, away, or unwilling.
  private func note(_ line: ListUntested.Line, in round: ScreeningRound) -> HTML {
    guard !line.reason.hasPrefix(Standing.sampled.rawValue) else { return "" }
    let isHomebound = line.reason.hasSuffix(StandingReason.homebound.rawValue)
    let choices: [(Standing, StandingReason)] =
      [(.away, .travelling), (.refused, .unwilling), (.exempt, .elsewhere)]
      + (isHomebound ? [] : [(.missing, .homebound)])
    return look.row(
      choices.map { standing, reason in
        look.form(
          NoteStanding.name, for: request,
          hidden: [
            ("person", line.person.text), ("round", round.id.text),
            ("standing", standing.rawValue), ("reason", reason.rawValue),
          ], buttons: look.plainButton(look(reason.words)), isInline: true)
      })
  }
}
