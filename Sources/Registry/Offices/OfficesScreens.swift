import Kernel
import Look

/// Who holds which office: teams with their vacancies, and accounts.
enum OfficesScreens {
  static let all = [offices, account]

  private static let offices = Screen(
    path: "/offices", title: Words("队伍", "Teams"), duty: ListAccounts.duty,
    purpose: .supervision, navigation: 70
  ) { request, reading in
    Page(
      title: Look(reading)("队伍", "Teams"),
      body: try OfficesPage(request: request, reading: reading).body())
  }

  private static let account = Screen(
    path: "/offices/:account", title: Words("账号", "Account"), duty: ListAccounts.duty,
    purpose: .supervision
  ) { request, reading in
    Page(
      title: Look(reading)("账号", "Account"),
      body: try AccountPage(request: request, reading: reading).body())
  }
}

/// The teams below a place, and the accounts that hold an office there.
private struct OfficesPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  let policy: OfficesPolicy

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListAccounts.duty)
    policy = try reading.policy(OfficesPolicy.self)
  }

  func body() throws -> HTML {
    HTML([
      look.title(look("队伍", "Teams"), look.note(place?.name ?? look("全部", "everywhere"))),
      look.row(ways), try waitingResets(),
      look.columns([try team(), look.stack([try accounts(), forms])], .even),
    ])
  }

  private var ways: [HTML] {
    var ways = [
      look.linkButton(
        look("班次", "Shifts"), to: Address("/shifts", ["place": place?.id.text]).text)
    ]
    if reading.authority.holds(IssueInvitation.duty) {
      ways.insert(
        look.linkButton(
          look("邀请新同事", "Invite a colleague"),
          to: Address("/invitations", ["place": place?.id.text]).text), at: 0)
    }
    return ways
  }

  /// Second factors on whose reset a second person has not decided yet.
  private func waitingResets() throws -> HTML {
    HTML(
      try reading.ask(ListFactorResets()).map { reset in
        let title = try reading.title(of: reset.account)
        return look.notice(
          look(
            "重置 \(title) 的验证器，等第二人决定",
            "A reset of \(title)’s second factor waits for a second person"),
          tone: .soon,
          extra: look.link(
            look("去看", "Look"), to: "/offices/\(Address.escaped(reset.account.text))#factor"))
      })
  }

  private func own(_ place: PlaceID?) -> String {
    Address("/offices", ["place": place?.text]).text
  }

  private func team() throws -> HTML {
    if let place, place.level == .grid { return try grid(place) }
    let entries = try reading.ask(Vacancies(place: place?.id))
    if entries.isEmpty {
      return look.panel(
        look("网格队伍", "Grid teams"),
        look.empty(
          look("这里还没有网格", "There are no grids here yet"),
          look("导入居民后，网格按台账建立。", "Grids come with the residents that are imported.")))
    }
    let rows = entries.map { entry in
      let missing = policy.gridTeam.compactMap { role in
        entry.byRole[role].flatMap { count in
          count == 0 ? nil : "\(title(of: role)) \(count)"
        }
      }.joined(separator: look("、", ", "))
      return Look.TableRow(
        entry.place.name, to: own(entry.place.id),
        cells: [
          .number(entry.grids), .number(entry.posts - entry.vacant), .number(entry.vacant),
          .text(missing),
        ])
    }
    return look.panel(
      look("网格队伍", "Grid teams"), note: look("每个网格八类人员", "eight roles in each grid"),
      look.table(
        look("网格队伍", "Grid teams"),
        columns: [
          .init(look("地点", "Place")), .number(look("网格", "Grids")), .number(look("在岗", "Held")),
          .number(look("空缺", "Vacant")), .init(look("缺谁", "Which")),
        ], rows: rows,
        total: .init(
          look("合计", "Total"),
          cells: [
            .number(entries.reduce(0) { $0 + $1.grids }),
            .number(entries.reduce(0) { $0 + $1.posts - $1.vacant }),
            .number(entries.reduce(0) { $0 + $1.vacant }), .text(""),
          ])))
  }

  private func grid(_ place: Place) throws -> HTML {
    let team = try reading.ask(GridTeam(place: place.id))
    let rows = team.posts.map { post in
      let holders = post.holders.map(\.title).joined(separator: look("、", ", "))
      let state =
        post.isVacant
        ? look.chip(look("空缺", "vacant"), .soon) : look.chip(look("在岗", "held"), .done)
      return Look.TableRow(look(post.title), cells: [.text(holders), .markup(state)])
    }
    return look.panel(
      place.name,
      chip: team.vacant == 0
        ? .init(look("满员", "complete"), .done)
        : .init(look("空缺 \(team.vacant)", "\(team.vacant) vacant"), .soon),
      look.table(
        place.name,
        columns: [
          .init(look("岗位", "Role")), .init(look("谁", "Who")), .init(look("情况", "State")),
        ], rows: rows))
  }

  private func accounts() throws -> HTML {
    let answer = try reading.ask(
      ListAccounts(place: place?.id, after: request.query["after"], limit: 50))
    let rows = try answer.accounts.map { entry in
      let offices = try entry.offices.map { office in
        try reading.words(of: Seat(role: office.role, place: office.place))
      }.joined(separator: look("；", "; "))
      return Look.TableRow(
        entry.account.title, to: "/offices/\(Address.escaped(entry.account.account.text))",
        cells: [
          .text(entry.account.account.text),
          .text(offices.isEmpty ? look("没有岗位", "no office") : offices),
        ])
    }
    let next = answer.after.map {
      Address("/offices", ["place": request.query["place"], "after": $0]).text
    }
    return look.panel(
      look("账号", "Accounts"),
      (rows.isEmpty
        ? look.empty(look("这里没有人任职", "Nobody holds an office here"))
        : look.table(
          look("账号", "Accounts"),
          columns: [
            .init(look("谁", "Who")), .init(look("账号", "Account")), .init(look("岗位", "Offices")),
          ], rows: rows, isWide: true))
        + (look.pages(after: next, note: look("每页 50 个", "50 a page")) ?? ""))
  }

  private func title(of role: String) -> String {
    policy.roles[role].map { look($0.title) } ?? role
  }

  private var forms: HTML {
    guard reading.authority.may(OpenAccount.duty, at: .everywhere) else { return "" }
    return look.disclosure(
      look("新建账号", "Open an account"), id: "open",
      look.form(
        OpenAccount.name, for: request,
        fields: [
          .init(
            "account", look("账号名", "Account name"),
            hint: look("字母和数字，定了不改", "letters and digits; it never changes"),
            required: true),
          .init("title", look("同事怎么称呼", "What colleagues call it"), required: true),
        ], buttons: look.primaryButton(look("新建", "Open"))))
  }
}
