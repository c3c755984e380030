import Gazette
import Kernel
import Look
import Registry

/// The day's infections on the wall: the figure with yesterday's at the same hour, and the table of
/// where they live and how they were found. Empty where the sender may not read the bulletin, and
/// below the district, since a case is counted by its district.
struct WallCases {
  private let look: Look
  private let place: Place?
  private let from: Instant
  private let to: Instant
  /// Nil where there is nothing to show.
  private let groups: [LineGroup]?
  private let before: Int
  private let days: [Int]
  private let sources: [CasePolicy.Source]
  private let names: [PlaceID: String]

  /// How many days the small columns of the figure show.
  private static let shownDays = 12

  init(place: Place?, reading: Reading, look: Look) throws {
    self.look = look
    self.place = place
    from = reading.today.start(in: reading.zone)
    to = max(reading.now, from + .minutes(1))
    let path = place?.path ?? .everywhere
    let isCounted = place.map { $0.level.depth <= PlaceLevel.district.depth } ?? true
    guard isCounted, reading.authority.may(ComposeBulletin.duty, at: path) else {
      (groups, before, days, sources, names) = (nil, 0, [], [], [:])
      return
    }
    let store = LineListStore(reading.transaction)
    let (start, end) = (from, to)
    func total(_ back: Int, until: Instant) throws -> Int {
      let window = try BulletinWindow(from: start - .days(back), to: until)
      return try store.groups(window, in: path).reduce(0) { $0 + $1.count }
    }
    groups = try store.groups(BulletinWindow(from: from, to: to), in: path)
    before = try total(1, until: end - .days(1))
    days = try (0..<Self.shownDays).reversed().map { back in
      try total(back, until: back == 0 ? end : start - .days(back - 1))
    }
    sources = try reading.policy(CasePolicy.self).sources
    let districts = Set(groups?.map(\.district) ?? [])
    names = try Dictionary(uniqueKeysWithValues: districts.map { ($0, try reading.name(of: $0)) })
  }

  var figures: [Look.Figure] {
    guard let groups else { return [] }
    let total = groups.reduce(0) { $0 + $1.count }
    let confirmed = groups.filter { $0.kind != .asymptomatic }.reduce(0) { $0 + $1.count }
    return [
      Look.Figure(
        look("今日新增", "New today"), look.number(total),
        neighbour: Self.compared(total, before, isBadNews: true, look), drawing: .spark(days),
        note: look(
          "确诊 \(confirmed) · 无症状 \(total - confirmed)",
          "\(confirmed) confirmed · \(total - confirmed) asymptomatic"),
        address: rows())
    ]
  }

  /// The table of today's infections by district and source; its total stands under a heavy rule.
  func table() throws -> HTML? {
    guard let groups else { return nil }
    let title = look("今日新增怎么来的", "Where today’s new cases came from")
    if groups.isEmpty {
      return look.panel(title, look.empty(look("今天没有新增", "No new case today"), isGood: true))
    }
    let columns = columns(of: groups)
    let districts = Set(groups.map(\.district)).sorted {
      (count(groups, $1, nil), $0) < (count(groups, $0, nil), $1)
    }
    let table = look.table(
      title,
      columns: [Look.Column(look("区县", "District"))] + columns.map { .number($0.words) } + [
        .number(look("合计", "Total"))
      ],
      rows: districts.map { row(groups, columns, $0) },
      total: row(groups, columns, nil), id: "sources")
    return look.panel(
      title, note: look("每个数都能点到人；不平则不发布", "every number opens to people"), table)
  }

  private struct SourceColumn {
    /// Nil for those whose source is not known.
    let code: String?
    let words: String
  }

  private func columns(of groups: [LineGroup]) -> [SourceColumn] {
    let known = Set(groups.compactMap(\.source))
    let named = sources.filter { known.contains($0.code) }
      .map { SourceColumn(code: $0.code, words: look($0.words)) }
    let isOpen = groups.contains { $0.source == nil }
    return named + (isOpen ? [SourceColumn(code: nil, words: look("待查", "Not yet known"))] : [])
  }

  private func row(
    _ groups: [LineGroup], _ columns: [SourceColumn], _ district: PlaceID?
  ) -> Look.TableRow {
    let cells = columns.map { column -> Look.Cell in
      let address = rows(district, source: column.code ?? "none")
      return .number(count(groups, district, column), to: address)
    }
    let name = district.map { names[$0] ?? $0.text } ?? look("合计", "Total")
    let sum = Look.Cell.sum(count(groups, district, nil), to: rows(district))
    return Look.TableRow(
      name, to: district.map { "/places/\(Address.escaped($0.text))" }, cells: cells + [sum])
  }

  private func count(
    _ groups: [LineGroup], _ district: PlaceID?, _ column: SourceColumn?
  ) -> Int {
    groups.filter { group in
      (district.map { $0 == group.district } ?? true)
        && (column.map { $0.code == group.source } ?? true)
    }.reduce(0) { $0 + $1.count }
  }

  /// The rows behind a number.
  private func rows(_ district: PlaceID? = nil, source: String? = nil) -> String {
    Address(
      "/bulletin/rows",
      [
        "from": from.text(in: look.zone), "to": to.text(in: look.zone), "source": source,
        "district": district?.text, "place": place?.id.text,
      ]
    ).text
  }

  /// How a number stands beside yesterday's at the same hour.
  static func compared(_ now: Int, _ before: Int, isBadNews: Bool, _ look: Look) -> Look.Label {
    let change = look.change(from: before, to: now)
    let text = look(
      "昨日同时 \(look.number(before)) \(change)", "yesterday \(look.number(before)) \(change)")
    if now == before || !isBadNews { return Look.Label(text, .neutral) }
    return Look.Label(text, now > before ? .late : .done)
  }
}
