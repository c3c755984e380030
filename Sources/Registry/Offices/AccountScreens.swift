import Kernel
import Look

/// One account: its offices, and what an administrator can do.
struct AccountPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let account: Account
  let offices: [Office]

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    let id = try AccountID(request.parameter("account"))
    let store = OfficesStore(reading.transaction)
    offices = try store.offices(of: id, at: reading.now)
    let paths = offices.isEmpty ? [.everywhere] : offices.map(\.path)
    guard paths.contains(where: { reading.authority.may(ListAccounts.duty, at: $0) }),
      let found = try store.account(id)
    else { throw Refusal.notFound(Words("账号", "account"), id.text) }
    account = found
  }

  func body() throws -> HTML {
    let state: Look.Label =
      account.closedAt == nil
      ? (account.hasPassword
        ? .init(look("已设口令", "has a password"), .done)
        : .init(look("还没有设口令", "no password yet"), .soon))
      : .init(look("已停用", "closed"), .neutral)
    return HTML([
      look.title(account.title, look.chip(state) + look.note(account.account.text)),
      look.columns(
        [
          look.stack([try held(), try shifts(), try delegated()]),
          look.stack([try factor()] + forms),
        ], .even),
    ])
  }

  func mayManage(_ path: PlacePath) -> Bool {
    reading.authority.may(GrantOffice.duty, at: path)
  }

  private func held() throws -> HTML {
    if offices.isEmpty {
      return look.panel(look("岗位", "Offices"), look.empty(look("没有岗位", "No office")))
    }
    let rows = try offices.map { office in
      let end =
        mayManage(office.path)
        ? look.form(
          EndOffice.name, for: request,
          hidden: [
            ("account", account.account.text), ("role", office.role),
            ("place", office.place.text),
          ], buttons: look.plainButton(look("到此为止", "End now")), isInline: true) : ""
      return Look.TableRow(
        try reading.words(of: Seat(role: office.role, place: office.place)),
        cells: [
          .text(look.moment(office.from)), .text(office.until.map { look.end($0) } ?? "–"),
          .markup(end),
        ])
    }
    return look.panel(
      look("岗位", "Offices"),
      look.table(
        look("岗位", "Offices"),
        columns: [
          .init(look("岗位", "Office")), .init(look("从", "From")), .init(look("到", "Until")),
          .init(""),
        ], rows: rows))
  }

  private var forms: [HTML] {
    guard reading.authority.holds(GrantOffice.duty), account.closedAt == nil else { return [] }
    let id = ("account", account.account.text)
    let roles = ((try? reading.policy(OfficesPolicy.self).roles) ?? [:]).sorted { $0.key < $1.key }
    return [
      look.card(
        look("给一个岗位", "Give an office"),
        look.form(
          GrantOffice.name, for: request, hidden: [id],
          fields: [
            .init(
              "role", look("岗位", "Role"),
              .list(roles.map { .init($0.key, look($0.value.title)) }), required: true),
            .init(
              "place", look("地点编号", "Place (its code)"),
              hint: look(
                "区划代码或网格编号；everywhere 表示全部",
                "a division’s code or a grid’s number; everywhere for all"),
              required: true),
            .init("until", look("到（可不填）", "Until (optional)"), .moment),
          ], buttons: look.primaryButton(look("任职", "Give")))),
      look.card(
        look("一次性登录链接", "One-time sign-in link"),
        HTML([
          look.paragraph(
            look("链接只能用一次，用后自己设口令。", "It works once; the person then sets a password.")),
          """
          <form class="form" method="post" action="/links"><div class="buttons">\
          \(look.hidden("account", account.account.text))\
          \(look.plainButton(look("生成链接", "Make a link")))</div></form>
          """,
        ])),
      look.disclosure(
        look("停用账号", "Close the account"), id: "close",
        look.form(
          CloseAccount.name, for: request, hidden: [id],
          buttons: look.dangerButton(look("停用", "Close")))),
    ]
  }
}
