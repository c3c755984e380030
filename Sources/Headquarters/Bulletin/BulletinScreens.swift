import Gazette
import Kernel
import Look
import Registry

/// The day's bulletin: its window, tables that add up in sight, the text to copy, and publishing.
enum BulletinScreens {
  static let all = [compose, rows, published]

  private static let compose = Screen(
    path: "/bulletin", title: Words("通报", "Bulletin"), duty: ComposeBulletin.duty,
    purpose: .bulletin, navigation: 60
  ) { request, reading in
    let look = Look(reading)
    return Page(
      title: look("通报", "Bulletin"),
      body: try BulletinPage(request: request, reading: reading).body())
  }

  private static let rows = Screen(
    path: "/bulletin/rows", title: Words("逐例清单", "Line list"), duty: ListBulletinRows.duty,
    purpose: .bulletin
  ) { request, reading in
    let look = Look(reading)
    return Page(
      title: look("逐例清单", "Line list"),
      body: try LineListPage(request: request, reading: reading).body())
  }

  private static let published = Screen(
    path: "/bulletin/:bulletin", title: Words("已发布通报", "Published bulletin"),
    duty: ComposeBulletin.duty, purpose: .bulletin
  ) { request, reading in
    let id = try BulletinID(request.parameter("bulletin"))
    let found = try reading.ask(ListPublishedBulletins(limit: 500)).first { $0.id == id }
    guard let found else { throw Refusal.notFound(Words("通报", "bulletin"), id.text) }
    let look = Look(reading)
    let words = try reading.ask(WordBulletin(from: found.from, to: found.to))
    return Page(
      title: look("已发布通报", "Published bulletin"),
      body: look.title(look("已发布通报", "Published bulletin"))
        + BulletinSheet(
          words: words, look: look, sources: try reading.policy(CasePolicy.self).sources
        )
        .body)
  }
}

/// A window, its numbers, and publishing.
private struct BulletinPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let from: Instant
  let to: Instant

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    // Without a window: yesterday, 0 to 24 h, as the commissions publish in the morning.
    from = try Self.instant("from", request, reading) ?? (reading.today - 1).start(in: reading.zone)
    to = try Self.instant("to", request, reading) ?? reading.today.start(in: reading.zone)
  }

  /// Nil when the sender reads the whole; otherwise the widest place that they read.
  static func place(_ reading: Reading) throws -> Place? {
    if reading.authority.may(ComposeBulletin.duty, at: .everywhere) { return nil }
    return try reading.placeInSight(nil, for: ComposeBulletin.duty)
  }

  static func instant(
    _ field: String, _ request: ScreenRequest, _ reading: Reading
  ) throws(Refusal) -> Instant? {
    guard let text = request.query[field], !text.isEmpty else { return nil }
    guard let instant = Instant(text, in: reading.zone) else {
      throw .malformed(
        field, text, expected: Words("时间，如 2022-11-29T08:30", "a time such as 2022-11-29T08:30"))
    }
    return instant
  }

  func body() throws -> HTML {
    let place = try Self.place(reading)
    let words = try reading.ask(WordBulletin(from: from, to: to, place: place?.id))
    let sources = try reading.policy(CasePolicy.self).sources
    return HTML([
      look.title(look("通报", "Bulletin"), place.map { look.note($0.name) }), window,
      BulletinSheet(words: words, look: look, sources: sources).body, try publishing(words),
      place == nil ? try list() : "",
    ])
  }

  private var window: HTML {
    look.filters(
      to: Address("/bulletin"), for: request,
      fields: [
        .init("from", look("从（含）", "From (included)"), .moment, start: local(from)),
        .init("to", look("到（不含）", "To (not included)"), .moment, start: local(to)),
      ], button: look("计算", "Count"))
  }

  private func local(_ instant: Instant) -> String {
    let clock = instant.clock(in: reading.zone)
    return "\(clock.day.text)T\(clock.time)"
  }

  private func publishing(_ words: WordBulletin.Answer) throws -> HTML {
    if let published = words.published {
      return look.notice(
        look(
          "这个时段已于 \(look.moment(published.publishedAt)) 发布",
          "Published \(look.moment(published.publishedAt))"), tone: .done,
        extra: look.link(look("看已发布的", "See it"), to: "/bulletin/\(published.id.text)"))
    }
    if !words.figures.reconciles { return "" }
    if to > reading.now {
      return look.notice(
        look("时段还没有结束", "The window is not over yet"),
        look("\(look.nearEnd(to)) 以后可以发布。", "It can be published after \(look.nearEnd(to))."),
        tone: .information)
    }
    guard reading.authority.may(PublishBulletin.duty, at: .everywhere) else { return "" }
    return look.card(
      look("发布", "Publish"),
      look.paragraph(
        look(
          "发布后永远保留；以后的更正写进记录更正那天的通报。",
          "It is kept for ever; later corrections stand in the bulletin of the day of recording."
        ))
        + look.form(
          PublishBulletin.name, for: request,
          hidden: [("from", from.text(in: look.zone)), ("to", to.text(in: look.zone))],
          fields: declared,
          buttons: look.primaryButton(look("发布", "Publish"))))
  }

  /// What the districts say by telephone or paper; nothing goes out while it differs.
  private var declared: [Look.Field] {
    [
      .init(
        "declared.total", look("区县报来的合计", "Total as the districts give it"), .number,
        hint: look("填了就核对，不一致不发布；没有就空着", "compared before it goes out; may stay empty")),
      .init("declared.confirmed", look("其中确诊", "of these, confirmed"), .number),
      .init("declared.asymptomatic", look("其中无症状", "of these, asymptomatic"), .number),
    ]
  }

  private func list() throws -> HTML {
    let all = try reading.ask(ListPublishedBulletins(limit: 30))
    if all.isEmpty {
      return look.panel(
        look("已发布", "Published"), look.empty(look("还没有发布过", "Nothing was published yet")))
    }
    return look.panel(
      look("已发布", "Published"),
      look.table(
        look("已发布", "Published"),
        columns: [
          .init(look("时段", "Window")), .number(look("新增", "New")),
          .number(look("更正", "Corrections")), .number(look("累计", "All so far")),
        ],
        rows: all.map { bulletin in
          .init(
            "\(look.moment(bulletin.from)) – \(look.end(bulletin.to))",
            to: "/bulletin/\(bulletin.id.text)",
            cells: [
              .number(bulletin.total), .number(bulletin.change), .sum(bulletin.cumulative),
            ])
        }))
  }
}
