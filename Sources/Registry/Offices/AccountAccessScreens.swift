import Kernel
import Look

/// When an account may act: its shifts, its second factor, and what colleagues hand to it.
extension AccountPage {
  /// The second factor, a request to take it away, and the second person's answer.
  func factor() throws -> HTML {
    guard account.closedAt == nil else { return "" }
    let standing = try reading.ask(ShowFactor(account: account.account))
    let isEnrolled = standing.enrolledAt != nil || standing.passkeys > 0
    let state: Look.Label =
      isEnrolled
      ? .init(look("已设置", "set up"), .done)
      : standing.isRequired
        ? .init(look("岗位要求，下次登录时设置", "required, set up at the next sign-in"), .soon)
        : .init(look("没有设置", "not set up"), .neutral)
    let open = try reading.ask(ListFactorResets()).first { $0.account == account.account }
    let body: HTML
    if let open {
      body = try waiting(open)
    } else if isEnrolled, holds(AskFactorReset.duty) {
      body = asking
    } else {
      body = ""
    }
    return look.panel(
      look("验证器和通行密钥（第二因素）", "Second factor"), id: "factor",
      note: isEnrolled
        ? look(
          "\(standing.passkeys) 个通行密钥，还有 \(standing.codesLeft) 个恢复码",
          "\(standing.passkeys) passkeys, \(standing.codesLeft) recovery codes left") : nil,
      chip: state, body)
  }

  private func holds(_ duty: Duty) -> Bool {
    let paths = offices.isEmpty ? [.everywhere] : offices.map(\.path)
    return paths.allSatisfy { reading.authority.may(duty, at: $0) }
  }

  private func waiting(_ reset: FactorReset) throws -> HTML {
    let asker = try reading.title(of: reset.askedBy)
    let facts = look.facts([
      (look("申请重置", "Reset asked by"), "\(asker), \(look.nearMoment(reset.askedAt))"),
      (look("原因", "Reason"), "\(reset.reason)"),
      (look("有效至", "Until"), "\(look.nearMoment(reset.until))"),
    ])
    let sender = reading.authority.sender
    guard holds(DecideFactorReset.duty), sender != .account(reset.askedBy),
      sender != .account(reset.account)
    else {
      return facts
        + look.notice(
          look("须另一单位的人批准", "Somebody of another organisation must approve"), tone: .soon)
    }
    return facts
      + look.form(
        DecideFactorReset.name, for: request, hidden: [("reset", reset.reset.text)],
        buttons: look.approvalButtons)
  }

  private var asking: HTML {
    look.disclosure(
      look(
        "验证器、通行密钥和恢复码都丢了：申请重置",
        "Authenticator, passkeys and recovery codes are lost: ask for a reset"),
      id: "reset",
      look.form(
        AskFactorReset.name, for: request, hidden: [("account", account.account.text)],
        fields: [
          .init(
            "reason", look("怎样确认是本人", "How you know that it is them"), .long, required: true)
        ], buttons: look.dangerButton(look("申请重置（须第二人批准）", "Ask (a second person approves)"))))
  }

  /// The shifts of the account's offices, and the form to plan one.
  func shifts() throws -> HTML {
    guard account.closedAt == nil else { return "" }
    let shifts = try ShiftsStore(reading.transaction).shifts(
      of: account.account, endingAfter: reading.now - .days(1), limit: 50)
    let rows = try shifts.map { shift in
      Look.TableRow(
        try reading.words(of: Seat(role: shift.role, place: shift.place)),
        cells: [.text(look.nearMoment(shift.begins)), .text(look.nearMoment(shift.ends))])
    }
    // Nobody plans their own.
    let planned = reading.authority.sender == .account(account.account) ? [] : offices
    let planning = try planned.filter { reading.authority.may(PlanShift.duty, at: $0.path) }
      .map(plan)
    if rows.isEmpty && planning.isEmpty { return "" }
    return look.panel(
      look("班次", "Shifts"),
      (rows.isEmpty
        ? look.empty(
          look("没有排班，岗位全天有效", "No shifts: the offices are held day and night"))
        : look.table(
          look("班次", "Shifts"),
          columns: [
            .init(look("岗位", "Office")), .init(look("从", "From")), .init(look("到", "Until")),
          ], rows: rows)) + HTML(planning))
  }

  private func plan(_ office: Office) throws -> HTML {
    let title = try reading.words(of: Seat(role: office.role, place: office.place))
    let hidden = [
      ("account", account.account.text), ("role", office.role), ("place", office.place.text),
    ]
    return look.disclosure(
      look("排班：\(title)", "Plan a shift: \(title)"),
      id: "shift-\(office.role)-\(office.place.text)",
      look.form(
        PlanShift.name, for: request, hidden: hidden,
        fields: [
          .init("begins", look("从", "From"), .moment, required: true),
          .init(
            "ends", look("到", "Until"), .moment,
            hint: look(
              "排了第一班，这个岗位就只在班上有效", "with its first shift the office is held during shifts only"),
            required: true),
        ], buttons: look.primaryButton(look("排班", "Plan")))
        + look.form(
          UntieOffice.name, for: request, hidden: hidden,
          buttons: look.plainButton(look("改为全天有效", "Day and night again")), isInline: true))
  }

  /// What was handed to the account and what it handed to others.
  func delegated() throws -> HTML {
    let rows = try reading.ask(ListDelegations(account: account.account)).prefix(10).map { one in
      let giver = try reading.title(of: one.giver)
      let taker = try reading.title(of: one.taker)
      return Look.TableRow(
        try reading.words(of: Seat(role: one.role, place: one.place)),
        cells: [
          .text("\(giver) → \(taker)"),
          .text("\(look.nearMoment(one.from)) – \(look.nearMoment(one.endedAt ?? one.until))"),
          .text(one.reason),
        ])
    }
    if rows.isEmpty { return "" }
    return look.panel(
      look("代理", "Delegations"),
      look.table(
        look("代理", "Delegations"),
        columns: [
          .init(look("岗位", "Office")), .init(look("谁给谁", "From whom to whom")),
          .init(look("何时", "When")), .init(look("原因", "Reason")),
        ], rows: Array(rows)))
  }
}
