import Kernel
import Look

/// Who was invited by slip, and the form to invite.
enum InvitationsScreens {
  static let list = Screen(
    path: "/invitations", title: Words("邀请", "Invitations"), duty: ListInvitations.duty,
    purpose: .supervision
  ) { request, reading in
    Page(
      title: Look(reading)("邀请", "Invitations"),
      body: try InvitationsPage(request: request, reading: reading).body())
  }
}

private struct InvitationsPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  let offices: OfficesPolicy

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListInvitations.duty)
    offices = try reading.policy(OfficesPolicy.self)
  }

  func body() throws -> HTML {
    let hours = try reading.policy(InvitationsPolicy.self).hours
    return HTML([
      look.title(
        look("邀请新同事", "Invite a colleague"),
        look.note(place?.name ?? look("全部", "everywhere"))),
      look.paragraph(
        look(
          "填好后打印一张邀请条，当面交给对方。扫码打开，自己设口令；只能用一次，\(hours) 小时内有效。丢了请立即撤回。",
          "Fill it in, print the slip and hand it over. The colleague scans it and sets a password; it works once, within \(hours) hours. Withdraw a lost one at once."
        )),
      look.columns([try form(), try list()], .even),
    ])
  }

  /// The roles that the sender may give at this place.
  private func roles() throws -> [Look.Field.Choice] {
    let policy = try reading.policy(InvitationsPolicy.self)
    let organisations = Set(
      reading.authority.own.offices.compactMap { offices.roles[$0.role]?.organisation })
    let depth = place?.level.depth ?? 0
    return offices.roles.sorted { $0.key < $1.key }.filter { _, role in
      guard role.level.depth >= depth else { return false }
      do {
        try InvitationsRules.check(
          role, at: place?.path ?? .everywhere, by: reading.authority,
          organisations: organisations, policy: policy)
        return true
      } catch { return false }
    }.map { .init($0.key, look($0.value.title)) }
  }

  private func form() throws -> HTML {
    let roles = try roles()
    if roles.isEmpty {
      return look.card(
        look("填写", "Fill in"),
        look.empty(
          look("您在这里没有可以邀请的岗位", "There is no office here that you may give"),
          look("请管理员邀请。", "Ask an administrator.")))
    }
    let places = try reading.placesAround(place, for: ListInvitations.duty).map {
      Look.Field.Choice(
        $0.id.text, String(repeating: "　", count: $0.depth) + $0.name)
    }
    let everywhere: [Look.Field.Choice] =
      reading.authority.may(IssueInvitation.duty, at: .everywhere)
      ? [.init(Offices.everywhere.text, look("全部", "everywhere"))] : []
    return look.card(
      look("填写", "Fill in"),
      HTML([
        look.sendForm(
          to: "/invitations/issue", for: request,
          fields: [
            .init(
              "account", look("账号名", "Account name"),
              hint: look(
                "小写字母和数字，登录时用，定了不改", "small letters and digits, typed to sign in; it never changes"),
              required: true),
            .init("title", look("姓名或称呼", "Name, as colleagues say it"), required: true),
            .init(
              "role", look("岗位", "Office"),
              .list([.init("", look("请选择", "Choose"))] + roles), required: true),
            .init(
              "place", look("负责的地点", "Area"), .list(everywhere + places), required: true,
              start: place?.id.text ?? ""),
            .init("until", look("岗位到（可不填）", "Office until (optional)"), .moment),
          ], button: look("生成邀请条", "Make the slip")),
        look.note(
          look("地点不在列表中？先点下面的地点进入。", "The place is not in the list? Open one of these first.")),
        deeper(places),
      ]))
  }

  /// The way to the places below, whose own lists go on from there.
  private func deeper(_ places: [Look.Field.Choice]) -> HTML {
    look.row(
      places.map { choice in
        look.link(
          choice.words.replacing("　", with: ""),
          to: Address("/invitations", ["place": choice.code]).text)
      })
  }

  private func list() throws -> HTML {
    var names = RepeatedNames(reading)
    let rows = try reading.ask(ListInvitations(place: place?.id)).map { one in
      Look.TableRow(
        one.title,
        cells: [
          .text(try names.words(of: Seat(role: one.role, place: one.place))),
          .text(try names.title(of: one.inviter)), .text(look.nearMoment(one.until)),
          .markup(state(of: one)),
        ])
    }
    return look.panel(
      look("发出的邀请", "Invitations out"),
      rows.isEmpty
        ? look.empty(look("还没有邀请", "Nobody was invited yet"))
        : look.table(
          look("发出的邀请", "Invitations out"),
          columns: [
            .init(look("谁", "Who")), .init(look("岗位", "Office")),
            .init(look("邀请人", "Invited by")), .init(look("有效至", "Valid until")),
            .init(look("情况", "State")),
          ], rows: rows))
  }

  private func state(of one: Invitation) -> HTML {
    if one.acceptedAt != nil { return look.chip(look("已使用", "accepted"), .done) }
    if one.withdrawnAt != nil { return look.chip(look("已撤回", "withdrawn"), .neutral) }
    if one.until <= reading.now { return look.chip(look("已过期", "expired"), .neutral) }
    return look.chip(look("等对方使用", "waiting"), .soon)
      + look.form(
        WithdrawInvitation.name, for: request, hidden: [("invitation", one.invitation.text)],
        buttons: look.dangerButton(look("撤回", "Withdraw")), isInline: true)
  }
}
