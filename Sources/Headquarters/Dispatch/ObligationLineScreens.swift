import Kernel
import Look
import Registry

/// An obligation as a row of a list, with its escalations and the buttons that fit.
struct ObligationLine {
  let entry: ObligationEntry
  let look: Look
  private let path: PlacePath
  private let authority: Authority
  private let holder: String
  private let address: String
  private let trail: [String]
  /// By whom it was closed, and when.
  private let done: String?

  init(
    entry: ObligationEntry, below place: Place? = nil, reading: Reading, look: Look
  ) throws {
    self.entry = entry
    self.look = look
    authority = reading.authority
    path = try reading.jurisdiction.path(entry.place, reading.transaction) ?? .everywhere
    holder = try reading.holder(claimedBy: entry.claimedBy, seat: entry.seat)
    address = try reading.address(of: path, below: place)
    let told =
      entry.escalatedAt == nil
      ? [] : try ObligationStore(reading.transaction).escalations(of: entry.obligation)
    var steps: [String] = []
    for step in told {
      let seat = try step.seat.map { try reading.words(of: $0) } ?? "?"
      let told = "\(seat) \(look.time(step.at))"
      steps.append(steps.isEmpty ? look("已提级：\(told)", "Escalated: \(told)") : told)
    }
    done = try entry.closedBy.map { sender in
      let who = try reading.office(ofSender: sender, at: entry.closedAt ?? reading.now)
      let verb =
        entry.state == .waived
        ? look("撤销：\(who)", "waived by \(who)") : look("办结：\(who)", "done by \(who)")
      return look.dotted([verb, entry.closedAt.map { look.moment($0) }])
    }
    // The last two say where it stands; the page of the obligation has all of them.
    trail =
      steps.count > 2 ? ["\(steps[0].prefix { $0 != " " }) …", steps[steps.count - 1]] : steps
  }

  func row(buttons: HTML?) -> Look.ObligationRow {
    let label =
      entry.closedAt.map {
        look.closed($0, deadline: entry.deadline, waived: entry.state == .waived)
      } ?? look.deadline(entry.deadline)
    return Look.ObligationRow(
      label: label, title: look.dotted([look(entry.title), address]),
      address: "/obligations/\(Address.escaped(entry.obligation.text))",
      trail: trail + (done.map { [$0] } ?? []),
      holder: holder, buttons: buttons)
  }

  /// What was brought from the door, and striking it off.
  func closed(_ request: ScreenRequest) -> HTML? {
    let proofs = look.linkButton(
      look("凭证", "Proof"), to: "/proofs/of/\(Address.escaped(entry.obligation.text))")
    return entry.state == .done ? proofs + (strikeOff(request) ?? "") : strikeOff(request)
  }

  /// Taking it on, when nobody has.
  func claim(_ request: ScreenRequest) -> HTML? {
    guard entry.claimedBy == nil, authority.may(ClaimObligation.duty, at: path) else { return nil }
    return look.form(
      ClaimObligation.name, for: request, hidden: [("obligation", entry.obligation.text)],
      buttons: look.plainButton(look("我来办", "I take it")), isInline: true)
  }

  /// Striking it off, when it was done late.
  func strikeOff(_ request: ScreenRequest) -> HTML? {
    guard entry.late, authority.may(StrikeOffObligation.duty, at: path) else { return nil }
    return look.form(
      StrikeOffObligation.name, for: request, hidden: [("obligation", entry.obligation.text)],
      buttons: look.plainButton(look("销号", "Strike off")), isInline: true)
  }
}
