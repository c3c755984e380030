import Kernel
import Look
import Registry

/// Who looked at whom, what for, and when.
struct ReadingsPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  /// How many lines one page shows.
  private static let page = 100

  init(request: ScreenRequest, reading: Reading) {
    self.request = request
    self.reading = reading
    look = Look(reading)
  }

  func body() throws -> HTML {
    let answer = try reading.ask(
      ListReadings(
        person: try request.askedID("person"), account: try request.askedID("account"),
        reason: try request.asked("reason", as: Words("用途", "a purpose")) {
          Purpose(rawValue: $0)
        }, role: request.asked("role"), from: try request.askedDay("from"),
        until: try request.askedDay("until"), after: request.asked("after"), limit: Self.page))
    var names = RepeatedNames(reading)
    let rows = try answer.readings.map { try row($0, &names) }
    let own = Address("/audit/readings", request.query.mapValues(Optional.some))
    let purposes: [Look.Field.Choice] =
      [.init("", look("全部（不含审计）", "all but audits"))]
      + Purpose.allCases.map { .init($0.rawValue, look($0.words)) }
    return HTML([
      look.title(look("谁看过谁", "Who looked at whom")),
      look.auditTabs(reading, at: "/audit/readings"),
      look.filters(
        to: Address("/audit/readings"), for: request,
        fields: [
          .init("person", look("看了谁（人员编号）", "At whom (the person’s number)")),
          .init("reason", look("用途", "What for"), .list(purposes)),
        ] + (try look.auditFilters(reading)), button: look("查看", "Show")),
      look.notice(
        look("您的查看也会记录，本人能看到", "Your own look is recorded, and the people see it"),
        tone: .information),
      look.panel(
        look("查看记录", "Readings"),
        (rows.isEmpty
          ? look.empty(look("没有人看过", "Nobody looked"))
          : look.table(
            look("查看记录", "Readings"),
            columns: [
              .init(look("何时", "When")), .init(look("谁", "Who")),
              .init(look("用途", "What for")), .init(look("页面或查询", "Page or question")),
              .init(look("看了谁", "At whom")),
            ], rows: rows))
          + (look.pages(
            after: answer.after.map { own.with(["after": $0]).text },
            note: look("每页 \(Self.page) 条", "\(Self.page) a page")) ?? "")),
      look.takeAway("readings", request.query.mapValues(Optional.some)),
    ])
  }

  private func row(
    _ one: AuditedReading, _ names: inout RepeatedNames
  ) throws -> Look.TableRow {
    let whom: Look.Cell =
      if let person = one.person {
        .linked(person.text, to: Address("/audit/readings", ["person": person.text]).text)
      } else {
        .text(try everybody(one.area ?? .everywhere))
      }
    return Look.TableRow(
      look.moment(one.at),
      cells: [
        .text(try names.auditedSender(one.sender, look)), .text(look(one.purpose.words)),
        .text(one.question), whom,
      ])
  }

  private func everybody(_ area: PlacePath) throws -> String {
    if area == .everywhere { return look("所有人", "everybody") }
    let name = try PlacesStore(reading.transaction).find(path: area)?.name ?? area.text
    return look("\(name)的所有人", "everybody in \(name)")
  }
}
