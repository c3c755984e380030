import Gazette
import Kernel
import Look
import Registry

/// Boxes of tubes on their way: what waits to be packed, where each box is, and a box's hand-overs.
enum BoxScreens {
  static let all = [boxes, box]

  private static let boxes = Screen(
    path: "/screening/:round/boxes", title: Words("样本转运", "Boxes"), duty: ListRounds.duty,
    purpose: .supervision
  ) { request, reading in
    let page = try BoxesPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }

  private static let box = Screen(
    path: "/screening/box", title: Words("样本箱", "Box"), duty: ListRounds.duty,
    purpose: .supervision
  ) { request, reading in
    guard request.query["of"].map({ !$0.isEmpty }) == true else {
      return ChoosePage(look: Look(reading)).page(Words("样本箱", "Box"))
    }
    let page = try BoxPage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }

  static func address(of box: BoxID) -> String {
    Address("/screening/box", ["of": box.text]).text
  }
}

/// What stands where an address names nothing: the way to the rounds, where one chooses.
struct ChoosePage {
  let look: Look

  func page(_ title: Words) -> Page {
    Page(
      title: look(title),
      body: HTML([
        look.title(look(title)),
        look.empty(look("请从一轮检测中选择", "Choose one in a round")),
        look.linkButton(look("检测轮次", "Rounds"), to: "/screening"),
      ]))
  }
}

/// How a leg of a box's way stands, in words and colour.
struct LegState {
  let look: Look
  let clocks: ScreeningPolicy.Clocks
  private var minutes: Int { clocks.handOverMinutes }

  func label(_ box: TubeBox, _ leg: BoxLeg?) -> Look.Label {
    waiting(box, leg) ?? label(leg)
  }

  /// How a box stands that is not given on in time; nil for any other.
  private func waiting(_ box: TubeBox, _ leg: BoxLeg?) -> Look.Label? {
    guard let since = box.waitsSince else { return nil }
    let most = leg == nil ? clocks.packedMinutes : clocks.carriedMinutes
    let span = look.now - since
    guard span > .minutes(most) else { return nil }
    let text = look.duration(span)
    return leg == nil
      ? Look.Label(look("断点：装箱已\(text)，无人交出", "gap: packed and not given for \(text)"), .late)
      : Look.Label(look("断点：接收已\(text)，未再交出", "gap: taken and not given on for \(text)"), .late)
  }

  func label(_ leg: BoxLeg?) -> Look.Label {
    guard let leg else { return Look.Label(look("已装箱，未交出", "packed, not given yet"), .soon) }
    guard let taken = leg.takenTubes else {
      let isLate = look.now - leg.givenAt > .minutes(minutes)
      let since = look.duration(look.now - leg.givenAt)
      return isLate
        ? Look.Label(look("断点：\(since)无人确认接收", "gap: nobody confirmed for \(since)"), .late)
        : Look.Label(look("等对方确认，已 \(since)", "waits for the other side, \(since)"), .soon)
    }
    if taken != leg.givenTubes {
      let difference = taken - leg.givenTubes
      return Look.Label(look("数目不符：\(difference)", "counts differ: \(difference)"), .late)
    }
    return leg.to.kind == .laboratory
      ? Look.Label(look("检测机构已收", "received by the laboratory"), .done)
      : Look.Label(look("已接收", "taken"), .today)
  }

  func holder(_ holder: Holder) -> String { "\(look(holder.kind.words)) \(holder.id)" }
}

/// The boxes of a round, and the sealed tubes that wait for one, point by point.
private struct BoxesPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let round: ScreeningRound

  private static let mostBoxes = 300
  private static let mostTubes = 2_000

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    round = try ScreeningRoundStore(reading.transaction).get(
      RoundID(request.parameter("round"), field: "round"))
    let areas = reading.authority.areas(for: ListRounds.duty)
    guard areas.contains(where: { $0.holds(round.path) || round.path.holds($0) }) else {
      throw Refusal.outsideArea(ListRounds.duty)
    }
  }

  var title: String { look("样本转运：\(round.name)", "Boxes: \(round.name)") }

  func body() throws -> HTML {
    HTML([
      look.title(title), try list(), try waiting(),
      try ControlsPanel(request: request, reading: reading, look: look, round: round).html(),
      look.row([
        look.linkButton(round.name, to: "/screening/\(Address.escaped(round.id.text))")
      ]),
    ])
  }

  private func list() throws -> HTML {
    let title = look("样本箱", "Boxes")
    let found = try CustodyStore(reading.transaction).boxes(of: round.id, limit: Self.mostBoxes)
    if found.isEmpty {
      return look.panel(title, look.empty(look("还没有装箱", "Nothing is packed yet")))
    }
    let state = LegState(
      look: look,
      clocks: try reading.policy(ScreeningPolicy.self).clocks)
    let rows = found.map { box, last in
      Look.TableRow(
        box.id.text, to: BoxScreens.address(of: box.id),
        cells: [
          .number(box.tubes), .text(look.moment(box.packedAt)),
          .text(last.map { state.holder($0.to) } ?? "—"),
          .markup(look.chip(state.label(box, last))),
        ])
    }
    return look.panel(
      title,
      look.table(
        title,
        columns: [
          .init(look("箱号", "Box")), .number(look("管数", "Tubes")),
          .init(look("装箱", "Packed")), .init(look("去向", "Given to")),
          .init(look("状态", "State")),
        ], rows: rows, id: "boxes"))
  }

  /// A form for each point: a box holds the tubes of one.
  private func waiting() throws -> HTML {
    let tubes = try CustodyStore(reading.transaction).unpacked(
      in: round.id, limit: Self.mostTubes)
    let title = look("待装箱的试管", "Tubes to be packed")
    if tubes.isEmpty {
      return look.panel(
        title, look.empty(look("没有待装箱的试管", "No sealed tube waits"), isGood: true))
    }
    let groups = Dictionary(grouping: tubes) { $0.point }
    let store = ScreeningRoundStore(reading.transaction)
    let forms = try groups.sorted { ($0.key?.text ?? "") < ($1.key?.text ?? "") }
      .map { id, tubes -> HTML in
        let point = try id.flatMap { try store.point($0) }
        let name = point?.name ?? look("不设点", "no point")
        let count = look("\(tubes.count) 管待装", tubes.count == 1 ? "1 waits" : "\(tubes.count) wait")
        guard reading.authority.may(PackBox.duty, at: point?.path ?? round.path) else {
          return look.paragraph(look.dotted([name, count]))
        }
        return look.disclosure(
          look.dotted([name, count]), id: "pack-\(id?.text ?? "none")",
          pack(id, tubes.map(\.tube)))
      }
    return look.panel(title, HTML(forms))
  }

  private func pack(_ point: PointID?, _ tubes: [TubeCode]) -> HTML {
    look.form(
      PackBox.name, for: request,
      hidden: [("round", round.id.text)] + (point.map { [("point", $0.text)] } ?? []),
      fields: [
        .init("box", look("箱号（扫码或输入）", "Box (scan or type)"), required: true),
        .init(
          "tubes", look("装哪些管", "Which tubes"),
          .several(tubes.map { .init($0.text, $0.text) }), required: true,
          start: tubes.map(\.text).joined(separator: ",")),
      ], buttons: look.primaryButton(look("装箱", "Pack")))
  }
}

/// One box: who has it, each hand-over with both sides, and the next word.
private struct BoxPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let box: TubeBox
  let round: ScreeningRound
  let legs: [BoxLeg]
  let path: PlacePath

  /// More check boxes than that help nobody.
  private static let mostNamed = 400

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    let store = CustodyStore(reading.transaction)
    let written = request.query["of"] ?? ""
    // What is owed about a hand-over names the box and the leg.
    let whole = try written.isEmpty ? nil : BoxID(written, field: "of")
    let slash = written.lastIndex(of: "/")
    let named = try slash.map { String(written[..<$0]) }
      .flatMap { $0.isEmpty ? nil : $0 }.map { try BoxID($0, field: "of") }
    let direct = try whole.flatMap { try store.find($0) }
    guard let found = try direct ?? named.flatMap({ try store.find($0) }) else {
      throw Refusal.notFound(Words("样本箱", "box"), written, field: "of")
    }
    box = found
    let rounds = ScreeningRoundStore(reading.transaction)
    round = try rounds.get(found.round)
    path = try found.point.flatMap { try rounds.point($0)?.path } ?? round.path
    legs = try store.legs(of: found.id)
    let areas = reading.authority.areas(for: ListRounds.duty)
    guard areas.contains(where: { $0.holds(path) || path.holds($0) }) else {
      throw Refusal.outsideArea(ListRounds.duty)
    }
  }

  var title: String { look("样本箱 \(box.id.text)", "Box \(box.id.text)") }

  func body() throws -> HTML {
    let state = LegState(look: look, clocks: try reading.policy(ScreeningPolicy.self).clocks)
    let point = try box.point.flatMap { try ScreeningRoundStore(reading.transaction).point($0) }
    return HTML([
      look.title(title, look.chip(state.label(box, legs.last))),
      look.facts([
        (look("轮次", "Round"), "\(round.name)"),
        (look("采样点", "Point"), "\(point?.name ?? "—")"),
        (look("装箱管数", "Tubes packed"), "\(box.tubes)"),
        (look("现在", "Now with"), "\(now(state))"),
      ]),
      look.panel(
        look("交接", "Hand-overs"),
        look.events(try events(state), id: "legs")),
      try next(), try inside(),
      look.row([
        look.linkButton(
          look("本轮样本箱", "Boxes of the round"),
          to: "/screening/\(Address.escaped(round.id.text))/boxes")
      ]),
    ])
  }

  private func inside() throws -> HTML {
    let tubes = try CustodyStore(reading.transaction).tubes(in: box.id, limit: Self.mostNamed)
    return look.disclosure(
      look("箱内试管 \(tubes.count)", "Tubes in it: \(tubes.count)"), id: "inside",
      look.row(
        tubes.map { look.linkButton($0.text, to: CorrectionScreens.address(of: $0)) }))
  }

  private func now(_ state: LegState) -> String {
    guard let taken = legs.last(where: { $0.takenAt != nil }) else {
      return look("采样点", "the point")
    }
    return state.holder(taken.to)
  }

  /// In English, as many tubes.
  private func tubes(_ count: Int) -> String { count == 1 ? "1 tube" : "\(count) tubes" }

  private func events(_ state: LegState) throws -> [Look.Event] {
    var events = [
      Look.Event(
        at: box.packedAt, look("装箱 \(box.tubes) 管", "\(tubes(box.tubes)) packed"), tone: .done)
    ]
    for leg in legs {
      let giver = try reading.office(ofSender: leg.givenBy, at: leg.givenAt)
      events.append(
        Look.Event(
          at: leg.givenAt,
          look(
            "交给\(state.holder(leg.to))：\(leg.givenTubes) 管",
            "given to \(state.holder(leg.to)): \(self.tubes(leg.givenTubes))"), note: giver,
          tone: leg.takenAt == nil ? state.label(leg).tone : .done))
      guard let takenAt = leg.takenAt, let tubes = leg.takenTubes else { continue }
      let taker = try leg.takenBy.map { try reading.office(ofSender: $0, at: takenAt) }
      let isSame = tubes == leg.givenTubes
      events.append(
        Look.Event(
          at: takenAt,
          isSame
            ? look("接收 \(tubes) 管", "\(self.tubes(tubes)) taken")
            : look(
              "接收 \(tubes) 管，交出 \(leg.givenTubes) 管，数目不符",
              "\(self.tubes(tubes)) taken, \(leg.givenTubes) given: the counts differ"),
          note: taker, tone: isSame ? .done : .late))
    }
    return events.reversed()
  }

  private var sides: CustodySides {
    CustodySides(transaction: reading.transaction, authority: reading.authority, path: path)
  }

  /// The word that is missing next: the other side's, or a new hand-over.
  private func next() throws -> HTML {
    guard let last = legs.last else { return try give() }
    guard last.takenAt != nil else { return try take(last) }
    return last.to.kind == .laboratory ? "" : try give()
  }

  /// To a laboratory that is known, chosen and not typed: a wrong name would make its results strangers'.
  private func give() throws -> HTML {
    guard reading.authority.may(GiveBox.duty, at: path), sides.holds(after: legs.last) else {
      return ""
    }
    let laboratories = try CustodyStore(reading.transaction).laboratories()
    let choices = laboratories.map { Look.Field.Choice($0.id.text, $0.name) }
    let onward = giving(
      [.vehicle, .store], look("交给转运车或中转点", "Give it to a vehicle or a store"),
      look("车牌或中转点", "Plate or store"))
    if choices.isEmpty { return onward }
    let direct = look.panel(
      look("交给检测机构", "Give it to a laboratory"),
      giveForm(
        kind: .laboratory,
        .init("to.id", look("检测机构", "Laboratory"), .list(choices), required: true)))
    return direct + onward
  }

  private func giving(_ kinds: [Holder.Kind], _ title: String, _ name: String) -> HTML {
    look.panel(
      title,
      giveForm(
        kind: nil,
        .init(
          "to.kind", look("交给", "To"), .choices(kinds.map { .init($0.rawValue, look($0.words)) }),
          required: true),
        .init("to.id", name, required: true)))
  }

  private func giveForm(kind: Holder.Kind?, _ fields: Look.Field...) -> HTML {
    look.form(
      GiveBox.name, for: request,
      // The first names the form: each has fields of its own.
      hidden: (kind.map { [("to.kind", $0.rawValue)] } ?? []) + [("box", box.id.text)],
      fields: fields + [
        .init("count", look("清点管数", "Tubes counted"), .number, required: true, start: "")
      ], buttons: look.primaryButton(look("确认交出", "I gave it")))
  }

  /// A laboratory scans what came, one tube a line, instead of naming what did not.
  private func scanning(_ leg: BoxLeg) -> [Look.Field] {
    guard leg.to.kind == .laboratory else { return [] }
    return [
      .init(
        "scanned", look("或扫收到的管，一行一管", "Or scan the tubes that came, one a line"), .long,
        hint: look(
          "扫了就以扫到的为准；与清点数须一致", "then these are those that came, as many as were counted"))
    ]
  }

  private func take(_ leg: BoxLeg) throws -> HTML {
    guard reading.authority.may(TakeBox.duty, at: path), try sides.takes(for: leg.to) else {
      return ""
    }
    let tubes = try CustodyStore(reading.transaction).tubes(in: box.id, limit: Self.mostNamed)
    return look.panel(
      look("接收", "Take it"),
      note: look("交出人不能代收", "who gave it cannot take it"),
      look.form(
        TakeBox.name, for: request, hidden: [("box", box.id.text)],
        fields: [
          .init("count", look("清点管数", "Tubes counted"), .number, required: true),
          .init(
            "missing", look("缺了哪些管（没有就不选）", "Which are missing (none: leave it)"),
            .several(tubes.map { .init($0.text, $0.text) })),
        ] + scanning(leg), buttons: look.primaryButton(look("确认接收", "I took it"))))
  }
}
