import Kernel
import Look
import Registry

/// A round of temperatures with thumbs: floor by floor from the top, room by room; the usual is one
/// press. It goes through the same queue as the grid worker's round, so it works without network.
struct SiteRoundPage {
  let request: ScreenRequest
  let look: Look
  private let reading: Reading
  private let round: SiteRound.Answer
  private let site: PlaceID

  /// The temperatures that are offered for one tap; others are typed.
  private static let usualTemperatures = [
    "36.1", "36.2", "36.3", "36.4", "36.5", "36.6", "36.7", "36.8",
  ]

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    site = try PlaceID(request.parameter("site"), field: "site")
    round = try reading.ask(SiteRound(site: site))
  }

  var body: HTML {
    let header = look.roundHeader(
      round.name, done: round.done, of: round.done + round.left, nextDue: round.next,
      chip: round.late > 0
        ? .init(look("超时 \(round.late)", "\(round.late) late"), .late) : nil)
    let floors = Dictionary(grouping: round.doors, by: \.floor).sorted { $0.key > $1.key }
    let parts = floors.map { floor, doors in
      look.floor(look("\(floor) 层", "floor \(floor)")) + HTML(doors.map(door))
    }
    let end: HTML =
      round.left == 0
      ? look.empty(look("今天都办完了", "All done for today"), isGood: true) : ""
    return look.fieldPage(
      header: header,
      HTML(parts) + end
        + look.linkButton(look("房态", "Rooms"), to: IsolationScreens.address(site)))
  }

  private func door(_ door: SiteRound.Door) -> HTML {
    let names = Set(door.items.map(\.name)).filter { !$0.isEmpty }.sorted()
    let first = names.first ?? look.count(door.people, "人", "person", "people")
    let who =
      names.count > 1
      ? look("\(first) 等 \(names.count) 人", "\(first) and \(names.count - 1) more") : first
    let label: Look.Label =
      door.items.first.map { look.deadline($0.deadline) } ?? .init(look("已办", "done"), .done)
    let needs = Set(door.items.flatMap(\.needs)).sorted()
    return look.door(
      number: door.number, id: door.room.text, who: look.masked(who), label: label,
      needs: needs.map(need), works: door.items.map { work($0, at: door) })
  }

  private func need(_ code: String) -> String {
    (try? reading.policy(RegistryPolicy.self)).map { look($0.need(code).title) } ?? code
  }

  private func work(_ item: SiteRound.Item, at door: SiteRound.Door) -> Look.DoorWork {
    let kind = SiteRound.kinds.first { $0.name == item.kind }
    let isShared = door.people > 1
    let day = item.day.map {
      look("第 \($0) 天，共 \(item.days ?? 0) 天", "day \($0) of \(item.days ?? 0)")
    }
    let calls =
      item.attempts == 0 ? nil : look("敲过 \(item.attempts) 次门", "called \(item.attempts)×")
    let text = look.dotted([
      isShared ? item.name : nil, kind.map { look($0.title) }, check(item),
      look("\(look.nearEnd(item.deadline))前", "by \(look.nearEnd(item.deadline))"), day, calls,
    ])
    return Look.DoorWork(
      text, actions: actions(item, kind, anchor: "door-\(door.room.text)"))
  }

  private func check(_ item: SiteRound.Item) -> String? {
    guard let check = item.check, let checks = item.checks else { return nil }
    return look("今天第 \(check) 次，共 \(checks) 次", "\(check) of \(checks) today")
  }

  private func actions(
    _ item: SiteRound.Item, _ kind: ObligationKind?, anchor: String
  ) -> HTML {
    let id = [("obligation", item.obligation.text)]
    let action = kind.map { look($0.action) } ?? look("已办", "Done")
    let nobody = look.valueButton(look("没人应", "No answer"), name: "outcome", value: "nobodyHome")
    let help = look.valueButton(look("求助", "Help"), name: "outcome", value: "needsHelp")
    let rest = look.doorForm(
      Kernel.NoteAttempt.name, for: request, hidden: id, anchor: anchor,
      buttons: HTML([nobody, help]))
    guard kind?.name == RestrictionDuties.health.name else {
      return look.doorForm(
        FinishObligation.name, for: request, hidden: id, anchor: anchor,
        buttons: look.primaryButton(action)) + rest
    }
    let buttons = Self.usualTemperatures.map {
      look.valueButton($0, name: "proof.temperature", value: $0)
    }
    let quick =
      look.paragraph(look("无症状，体温：", "No symptoms, temperature:"))
      + look.doorForm(
        FinishObligation.name, for: request, hidden: id + [("proof.symptom", Symptom.none)],
        anchor: anchor, buttons: HTML(buttons), isQuick: true)
    let full = look.form(
      FinishObligation.name, for: request, hidden: id,
      fields: ProofFields(look: look).fields(of: kind).map { field in
        guard case .choices(let choices) = field.entry else { return field }
        return Look.Field(
          field.name, field.label, .list(choices), hint: field.hint, required: field.isRequired)
      }, buttons: look.primaryButton(look("登记", "Record")))
    return quick
      + look.disclosure(
        look("其他体温或有症状", "Another temperature, or symptoms"),
        id: "proof-\(item.obligation.text)", full)
      + rest
  }
}
