import Kernel
import Look

/// What I may do, until when, and what of it I hand to a colleague.
enum OwnOfficesScreens {
  static let own = Screen(
    path: "/my-offices", title: Words("我的岗位", "My offices"), duty: .ownAccount,
    purpose: .supervision
  ) { request, reading in
    Page(
      title: Look(reading)("我的岗位", "My offices"),
      body: try OwnOfficesPage(request: request, reading: reading).body())
  }
}

private struct OwnOfficesPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let account: AccountID

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    account = try reading.authority.account()
  }

  func body() throws -> HTML {
    let delegations = try reading.ask(ListDelegations(account: nil))
    return HTML([
      look.title(look("我的岗位", "My offices"), look.note(try reading.title(of: account))),
      resting(),
      look.columns([try held(), try handing(delegations)], .even),
    ])
  }

  /// Why nothing can be done by an office at the moment.
  private func resting() -> HTML {
    HTML(
      reading.authority.resting.map { office in
        look.notice(look(office.words()), tone: .soon)
      })
  }

  private func held() throws -> HTML {
    let standing = try HeldOfficesStore(reading.transaction)
      .standing(of: account, at: reading.now).filter { $0.endedAt(reading.now) == nil }
    let rows = try standing.map { office in
      let until: String
      if office.isByShift {
        until =
          office.shift.map {
            look("班次到 \(look.nearMoment($0.ends))", "shift until \(look.nearMoment($0.ends))")
          }
          ?? look("班次未开始", "shift to come")
      } else {
        until = look("全天", "day and night")
      }
      return Look.TableRow(
        try reading.words(of: Seat(role: office.role, place: office.place)),
        cells: [
          .text(until),
          .text(
            try office.giver.map { giver in
              let name = try reading.title(of: giver)
              return look("代理 \(name)", "for \(name)")
            } ?? look("本人", "own")),
        ])
    }
    return look.panel(
      look("岗位", "Offices"),
      rows.isEmpty
        ? look.empty(look("没有岗位", "No office"))
        : look.table(
          look("岗位", "Offices"),
          columns: [
            .init(look("岗位", "Office")), .init(look("何时有效", "When")),
            .init(look("谁的", "Whose")),
          ], rows: rows))
  }

  private func handing(_ delegations: [Delegation]) throws -> HTML {
    let own = try OfficesStore(reading.transaction).offices(of: account, at: reading.now)
    return look.stack([try record(delegations)] + (try own.map(form)))
  }

  private func record(_ delegations: [Delegation]) throws -> HTML {
    let rows = try delegations.map { one in
      let isMine = one.giver == account
      let who = try reading.title(of: isMine ? one.taker : one.giver)
      return Look.TableRow(
        try reading.words(of: Seat(role: one.role, place: one.place)),
        cells: [
          .text(isMine ? look("交给 \(who)", "to \(who)") : look("来自 \(who)", "from \(who)")),
          .text("\(look.nearMoment(one.from)) – \(look.nearMoment(one.until))"),
          .text(one.reason), .markup(state(of: one)),
        ])
    }
    return look.panel(
      look("代理", "Delegations"),
      note: look("审批、任命和邀请不能代理", "approving, appointing and inviting stay with the holder"),
      rows.isEmpty
        ? look.empty(look("没有代理", "Nothing is delegated"))
        : look.table(
          look("代理", "Delegations"),
          columns: [
            .init(look("岗位", "Office")), .init(look("谁", "Who")), .init(look("何时", "When")),
            .init(look("原因", "Reason")), .init(look("情况", "State")),
          ], rows: rows))
  }

  private func state(of one: Delegation) -> HTML {
    guard one.endedAt == nil, one.until > reading.now else {
      return look.chip(look("已结束", "ended"), .neutral)
    }
    let chip =
      one.from > reading.now
      ? look.chip(look("未开始", "to come"), .neutral) : look.chip(look("代理中", "running"), .soon)
    return chip
      + look.form(
        EndDelegation.name, for: request, hidden: [("delegation", one.delegation.text)],
        buttons: look.plainButton(look("结束", "End")), isInline: true)
  }

  private func form(_ office: Office) throws -> HTML {
    let title = try reading.words(of: Seat(role: office.role, place: office.place))
    return look.disclosure(
      look("请同事代理：\(title)", "Hand to a colleague: \(title)"),
      id: "delegate-\(office.role)-\(office.place.text)",
      look.form(
        DelegateOffice.name, for: request,
        hidden: [("role", office.role), ("place", office.place.text)],
        fields: [
          .init(
            "to", look("同事的账号", "The colleague’s account"), .suggested(try colleagues(office)),
            required: true),
          .init("until", look("到", "Until"), .moment, required: true),
          .init(
            "reason", look("原因", "Reason"), .long,
            hint: look(
              "两人和审计都能看到；不写证件和电话",
              "you both read it, and the audit; no identity or telephone numbers"),
            required: true),
        ], buttons: look.primaryButton(look("交给同事代理", "Hand over for that time"))))
  }

  /// The accounts that hold an office in the same area.
  private func colleagues(_ office: Office) throws -> [String] {
    try OfficesStore(reading.transaction).accounts(
      holdingIn: office.path, at: reading.now, after: "", limit: 50
    ).map(\.account.text).filter { $0 != account.text }
  }
}
