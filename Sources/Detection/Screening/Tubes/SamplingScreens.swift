import Gazette
import Kernel
import Look
import Registry

/// A sampling point on a phone, with or without network: the rounds that run, and the open tube.
enum SamplingScreens {
  static let all = [rounds, point]

  private static let rounds = Screen(
    path: "/sampling", title: Words("采样", "Sampling"), duty: RegisterSwab.duty,
    purpose: .fieldwork, navigation: 16
  ) { request, reading in
    // Browsers keep titles in their history, in the clear: round and point stand in the page only.
    let title = Look(reading)("采样", "Sampling")
    return Page(
      title: title, body: try SamplingRounds(request: request, reading: reading).body(),
      frame: .field)
  }

  private static let point = Screen(
    path: "/sampling/:round", title: Words("采样登记", "Sampling"), duty: RegisterSwab.duty,
    purpose: .fieldwork
  ) { request, reading in
    let title = Look(reading)("采样登记", "Sampling")
    return Page(
      title: title, body: try SamplingPage(request: request, reading: reading).body(),
      frame: .field)
  }
}

/// The rounds in which the sender may sample, each with its points.
private struct SamplingRounds {
  let reading: Reading
  let look: Look

  private static let mostRounds = 100
  private static let mostPoints = 60

  init(request: ScreenRequest, reading: Reading) {
    self.reading = reading
    look = Look(reading)
  }

  func body() throws -> HTML {
    let areas = reading.authority.areas(for: RegisterSwab.duty)
    let open = try ScreeningRoundStore(reading.transaction).latest(limit: Self.mostRounds)
      .filter { round in
        round.closedAt == nil && round.frozenAt != nil
          && areas.contains { $0.holds(round.path) || round.path.holds($0) }
      }
    let header = look.fieldHeader(look("采样", "Sampling"))
    guard !open.isEmpty else {
      return look.fieldPage(
        header: header,
        look.empty(look("现在没有进行中的检测轮次", "No round is under way"), isGood: true))
    }
    return look.fieldPage(header: header, HTML(try open.map { try card($0, areas) }))
  }

  private func card(_ round: ScreeningRound, _ areas: [PlacePath]) throws -> HTML {
    let points = try ScreeningRoundStore(reading.transaction).points(
      in: round.path, limit: Self.mostPoints
    ).filter { point in areas.contains { $0.holds(point.path) } }
    let ways = points.map { point in
      look.linkButton(
        point.name,
        to: Address(SamplingPage.path(round.id), ["point": point.id.text]).text)
    }
    return look.card(
      round.name,
      look.facts([
        (look("范围", "Area"), "\(try reading.name(of: round.area))"),
        (look("几人一管", "In a tube"), "\(round.pool)"),
        (look("完成时限", "Due"), "\(look.nearEnd(round.dueAt))"),
      ])
        + look.row(
          ways + [look.linkButton(look("不设点，逐户采", "Door to door"), to: SamplingPage.path(round.id))]
        )
    )
  }
}

/// One point: the open tube with its number, one field for every code, and the list to choose from.
/// All of it is done by the phone (`swab.js`), so that it makes no difference whether there is network.
private struct SamplingPage {
  let look: Look
  let round: ScreeningRound
  let point: SamplingPoint?
  let mayVoid: Bool
  /// How many of one household share a tube; nil where none may.
  let householdMost: Int?

  static func path(_ round: RoundID) -> String { "/sampling/\(Address.escaped(round.text))" }

  init(request: ScreenRequest, reading: Reading) throws {
    look = Look(reading)
    let store = ScreeningRoundStore(reading.transaction)
    round = try store.get(RoundID(request.parameter("round"), field: "round"))
    let asked = try request.query["point"].flatMap { $0.isEmpty ? nil : $0 }
      .map { try PointID($0, field: "point") }
    point = try asked.map { id in
      guard let found = try store.point(id) else {
        throw Refusal.notFound(Words("采样点", "point"), id.text, field: "point")
      }
      return found
    }
    let place = point?.path ?? round.path
    let areas = reading.authority.areas(for: RegisterSwab.duty)
    guard areas.contains(where: { $0.holds(place) || place.holds($0) }) else {
      throw Refusal.outsideArea(RegisterSwab.duty)
    }
    mayVoid = reading.authority.holds(VoidTube.duty)
    householdMost =
      round.householdTube ? try reading.policy(ScreeningPolicy.self).householdMost : nil
  }

  func body() -> HTML {
    look.fieldPage(header: look.fieldHeader(point?.name ?? round.name), HTML([desk, end]))
  }

  private var list: String {
    Address(
      "/api/queries/\(ListPoint.name)",
      ["purpose": Purpose.fieldwork.rawValue, "round": round.id.text, "point": point?.id.text]
    ).text
  }

  /// What the phone fills in; without its module the words lead to the desk.
  private var desk: HTML {
    let single: HTML? = point.map { " data-point=\"\($0.id.text)\"" }
    let household: HTML? = householdMost.map { " data-household=\"\($0)\"" }
    let voids: HTML? = mayVoid ? " data-void=\"\"" : nil
    return """
      <div class="stack" data-sampling="\(round.id.text)" data-pool="\(round.pool)" \
      data-place="\((point?.place ?? round.area).text)" data-list="\(list)"\(single)\(household)\(voids)>\
      <p class="note">\(look(
      "这个浏览器不能离线登记，请用下面的“联网登记”。",
      "This browser cannot register without network; use the desk below."))</p></div>
      """
  }

  private var end: HTML {
    let query = point.map { ["point": $0.id.text] } ?? [:]
    let desk = Address("/screening/\(Address.escaped(round.id.text))/point", query)
    return look.row([
      look.linkButton(look("换轮次或采样点", "Another round or point"), to: "/sampling"),
      look.linkButton(look("联网登记", "Desk with network"), to: desk.text),
    ])
  }
}
