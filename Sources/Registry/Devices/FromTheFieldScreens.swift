import Kernel
import Look

/// What a supervisor sees of the field: what did not go in, and the phones it comes from.
enum FromTheFieldScreens {
  static let field = Screen(
    path: "/field", title: Words("现场", "From the field"), duty: ListDevices.duty,
    purpose: .supervision, navigation: 46
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
  private let addresses: [PlacePath: String]
  private let place: PlaceID?
  /// How many entries wait, also those that this page has no room for.
  private let waiting: Int

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    let asked = request.query["place"].flatMap { $0.isEmpty ? nil : $0 }
    place = try asked.map { try PlaceID($0, field: "place") }
    lines = try reading.ask(ListUnsent(place: place))
    devices = try reading.ask(ListDevices(place: place))
    let accounts = Set(lines.map(\.entry.account) + devices.map(\.account))
    let titles = try OfficesStore(reading.transaction).titles(of: accounts)
    holders = Dictionary(
      uniqueKeysWithValues: accounts.map { ($0, titles[$0] ?? $0.text) })
    let paths = Set(lines.map(\.entry.path))
    addresses = Dictionary(
      uniqueKeysWithValues: try paths.map { ($0, try reading.shortAddress(of: $0)) })
    let store = UnsentStore(reading.transaction)
    waiting = try reading.supervised(place).map { try store.count(inside: $0) }.reduce(0, +)
  }

  func body() throws -> HTML {
    let onPhones = devices.filter { $0.revokedAt == nil }.map(\.waiting).reduce(0, +)
    return HTML([
      look.title(look("现场", "From the field"), look.note(headline(onPhones))), unsent(),
      look.panel(
        look("手机", "Phones"),
        note: look("有待传内容的在前", "those with work waiting first"),
        DeviceTable(
          look: look, request: request, silent: try DeviceTable.silence(in: reading),
          holders: holders
        ).html(devices)),
    ])
  }

  private func headline(_ onPhones: Int) -> String {
    look(
      "没有录进去 \(look.number(waiting)) 条 · 手机上待传 \(look.number(onPhones)) 条",
      "\(look.number(waiting)) did not go in · \(look.number(onPhones)) waiting on phones")
  }

  private func unsent() -> HTML {
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
      HTML([cut, uncovering, look.stack(lines.map(card))]))
  }

  private var cut: HTML {
    waiting > lines.count
      ? look.notice(
        look(
          "最早的 \(look.number(lines.count)) 条在此，处理后出现后面的",
          "The oldest \(look.number(lines.count)) stand here; settle some to see the next"),
        tone: .soon)
      : ""
  }

  /// The way to what is covered, for those who may see it: it states what for.
  private var uncovering: HTML {
    guard lines.contains(where: \.isCovered), reading.authority.holds(RevealResident.duty),
      !RevealResident.purposes.contains(reading.purpose)
    else { return "" }
    let whole = Address(
      "/field", ["place": place?.text, "purpose": Purpose.fieldwork.rawValue])
    return look.linkButton(
      look("显示姓名和号码，以便补录（本人能看到）", "Show names and numbers to enter them (the person sees it)"),
      to: whole.text)
  }

  private func card(_ line: ListUnsent.Line) -> HTML {
    let entry = line.entry
    let done = entry.doneAt.map { look.moment($0) } ?? look("时间不明", "time not known")
    return look.card(
      line.words ?? look("内容无法读出", "The content cannot be read"),
      look.facts([
        (look("谁做的", "Done by"), "\(holders[entry.account] ?? entry.account.text)"),
        (look("何时", "When"), "\(look("\(done)（手机时间）", "\(done) (the phone’s clock)"))"),
        (look("哪里", "Where"), "\(addresses[entry.path] ?? "")"),
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
