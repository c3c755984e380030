import Kernel
import Look
import Registry

/// Who did what: the journal in people's words, the youngest first.
struct JournalPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  /// How many entries one page shows.
  private static let page = 40

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    // The journal knows no areas: whoever reads it reads all of it.
    guard !reading.authority.areas(for: "journal.read").isEmpty else {
      throw Refusal.outsideArea("journal.read")
    }
  }

  func body() throws -> HTML {
    let subject = request.asked("subject")
    let kind = request.asked("kind")
    let asked = [kind.map { reading.assembly.facts[$0].map { look($0.words) } ?? $0 }, subject]
      .compactMap { $0 }
    let answer = try reading.ask(
      ListDeeds(
        subject: subject, kind: kind, account: try request.askedID("account"),
        role: request.asked("role"), from: try request.askedDay("from"),
        until: try request.askedDay("until"),
        after: try request.asked("after", as: Words("序号", "a number")) { Int($0) },
        limit: Self.page))
    let own = Address("/audit", request.query.mapValues(Optional.some))
    var deeds = DeedScreens(reading, own: own)
    let rows = try answer.deeds.map { try deeds.row($0) }
    let table = look.table(
      look("留痕", "Journal"),
      columns: [
        .init(look("何时", "When")), .init(look("什么", "What")), .init(look("关于", "About")),
        .init(look("谁", "Who")), .init(look("内容", "Content")),
      ], rows: rows, isWide: true)
    return HTML([
      look.title(look("留痕", "Journal")), look.auditTabs(reading, at: "/audit"),
      look.filters(
        to: Address("/audit"), for: request,
        fields: [
          .init("kind", look("什么", "What"), .list(kinds(besides: kind))),
          .init("subject", look("关于（编号）", "About (its number)")),
        ] + (try look.auditFilters(reading)), button: look("查看", "Show")),
      look.panel(
        asked.isEmpty
          ? look("最近 \(Self.page) 条", "The last \(Self.page)") : asked.joined(separator: " · "),
        note: look("哈希链由 denghuo verify 核对", "the chain is checked by denghuo verify"),
        (rows.isEmpty ? look.empty(look("没有记录", "Nothing is recorded")) : table)
          + (look.pages(
            after: answer.after.map { own.with(["after": "\($0)"]).text },
            note: look("每页 \(Self.page) 条", "\(Self.page) a page")) ?? "")),
    ])
  }

  /// Everything that can happen, slice by slice, and what was asked for under a name that nothing has
  /// any more.
  private func kinds(besides asked: String?) -> [Look.Field.Choice] {
    let known = reading.assembly.slices.flatMap(\.facts).map {
      Look.Field.Choice($0.name, look($0.words))
    }
    let old = asked.flatMap { reading.assembly.facts[$0] == nil ? $0 : nil }
    return [.init("", look("全部", "all"))] + (old.map { [.init($0, $0)] } ?? []) + known
  }
}
