import Kernel
import Look

/// What a supervisor sees of the field: what did not go in, and the phones it comes from.
enum FromTheFieldScreens {
  static let field = Screen(
    path: "/field", title: Words("现场", "From the field"), duty: ListDevices.duty,
    purpose: .supervision, navigation: 45
  ) { request, reading in
    Page(
      title: Look(reading)("现场", "From the field"),
      body: try FromTheFieldPage(request: request, reading: reading).body(), isLive: true)
  }
}

private struct FromTheFieldPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  private let lines: [ListUnsent.Line]
  private let devices: [RegisteredDevice]
  private let holders: [AccountID: String]

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    let asked = request.query["place"].flatMap { $0.isEmpty ? nil : $0 }
    let place = try asked.map { try PlaceID($0, field: "place") }
    lines = try reading.ask(ListUnsent(place: place))
    devices = try reading.ask(ListDevices(place: place))
    let store = OfficesStore(reading.transaction)
    let accounts = Set(lines.map(\.entry.account) + devices.map(\.account))
    holders = Dictionary(
      uniqueKeysWithValues: try accounts.sorted().map { account in
        (account, try store.title(of: account) ?? account.text)
      })
  }

  func body() throws -> HTML {
    let waiting = devices.filter { $0.revokedAt == nil }.map(\.waiting).reduce(0, +)
    return HTML([
      look.title(look("现场", "From the field"), look.note(headline(waiting))), try unsent(),
      look.panel(
        look("手机", "Phones"),
        note: look("有待传内容的在前", "those with work waiting first"),
        DeviceTable(
          look: look, request: request, silent: try DeviceTable.silence(in: reading),
          holders: holders
        ).html(devices)),
    ])
  }

  private func headline(_ waiting: Int) -> String {
    look(
      "没有录进去 \(lines.count) 条 · 手机上待传 \(look.number(waiting)) 条",
      "\(lines.count) did not go in · \(look.number(waiting)) waiting on phones")
  }

  private func unsent() throws -> HTML {
    let title = look("没有录进去的", "What did not go in")
    if lines.isEmpty {
      return look.panel(
        title,
        look.empty(
          look("现场做的都录进来了", "Everything done in the field has gone in"), isGood: true))
    }
    return look.panel(
      title,
      note: look(
        "现场已经做了，系统没有收下：看原因，补录、再去一次，或不用处理",
        "Done in the field and not taken: see why, then enter it, go again, or let it be"),
      look.stack(try lines.map(card)))
  }

  private func card(_ line: ListUnsent.Line) throws -> HTML {
    let entry = line.entry
    let done = entry.doneAt.map { look.moment($0) } ?? look("时间不明", "time not known")
    return look.card(
      line.words ?? look("内容无法读出", "The content cannot be read"),
      look.facts([
        (look("谁做的", "Done by"), "\(holders[entry.account] ?? entry.account.text)"),
        (look("何时", "When"), "\(look("\(done)（手机时间）", "\(done) (the phone’s clock)"))"),
        (look("哪里", "Where"), "\(try reading.shortAddress(of: entry.path))"),
        (look("为什么", "Why"), "\(why(line))"),
        (look("填的内容", "What was filled in"), "\(values(line.values))"),
      ])
        + look.form(
          SettleUnsent.name, for: request, hidden: [("entry", entry.id.text)],
          buttons: HTML([
            look.valueButton(look("已补录", "Entered"), name: "outcome", value: "entered"),
            look.valueButton(look("再去一次", "Going again"), name: "outcome", value: "again"),
            look.valueButton(look("不用处理", "Not needed"), name: "outcome", value: "dropped"),
          ]), isInline: true))
  }

  private func why(_ line: ListUnsent.Line) -> String {
    switch line.entry.cause {
    case .revoked:
      look(
        "手机在传出之前被撤销；内容来自那部手机，请核实",
        "The phone was revoked before it could send this; it comes from that phone, so check it")
    case .unreadable:
      look(
        "撤销的手机交回的内容打不开", "What the revoked phone handed over does not open")
    case .refused:
      line.why ?? look("系统没有接受", "It was refused")
    }
  }

  /// Fields whose values are identifiers, or stand above already.
  private static let identifiers: Set<String> = [
    "obligation", "place", "home", "fingerprint", "proof.done_at",
  ]

  /// The fields that were filled in.
  private func values(_ fields: Fields) -> String {
    guard case .object(let members) = fields else { return "–" }
    let said = members.sorted { $0.key < $1.key }.compactMap { name, value -> String? in
      guard case .text(let text) = value, !text.isEmpty,
        !Self.identifiers.contains(name)
      else { return nil }
      return "\(name.split(separator: ".").last ?? ""): \(text)"
    }
    return said.isEmpty ? "–" : said.joined(separator: look("；", "; "))
  }
}
