import Kernel
import Look

/// Who is on shift, until when, and who comes next.
enum ShiftsScreens {
  static let list = Screen(
    path: "/shifts", title: Words("班次", "Shifts"), duty: ListShifts.duty, purpose: .supervision
  ) { request, reading in
    Page(
      title: Look(reading)("班次", "Shifts"),
      body: try ShiftsPage(request: request, reading: reading).body())
  }
}

/// The shifts of an area on a day.
private struct ShiftsPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?
  let day: Day
  let policy: ShiftsPolicy

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListShifts.duty)
    day = try request.askedDay("day") ?? reading.today
    policy = try reading.policy(ShiftsPolicy.self)
  }

  func body() throws -> HTML {
    let shifts = try reading.ask(ListShifts(place: place?.id, day: day))
    var names = RepeatedNames(reading)
    let rows = try shifts.map { try row($0, &names) }
    return HTML([
      look.title(
        look("班次", "Shifts"),
        look.note("\(place?.name ?? look("全部", "everywhere")) · \(look.nearDay(day))")),
      look.paragraph(
        look(
          "按班次上岗的人，下班 \(policy.graceMinutes) 分钟后不能再办理；班上离线做的内容 \(policy.takeHours) 小时内仍会收下。排班请到“队伍”里的账号页。",
          "Whoever holds an office by shifts does nothing by it \(policy.graceMinutes) minutes after the shift; what was done offline in it is taken for \(policy.takeHours) hours. Shifts are planned on the account’s page under Teams."
        )),
      look.filters(
        to: Address("/shifts", ["place": request.query["place"]]), for: request,
        fields: [.init("day", look("日期", "Day"), .day, start: day.text)]),
      look.panel(
        look("班次", "Shifts"),
        rows.isEmpty
          ? look.empty(
            look("这一天没有排班", "No shift is planned on this day"),
            look("没有排班的岗位全天有效。", "Offices without shifts are held day and night."))
          : look.table(
            look("班次", "Shifts"),
            columns: [
              .init(look("谁", "Who")), .init(look("岗位", "Office")), .init(look("从", "From")),
              .init(look("到", "Until")), .init(look("情况", "State")), .init(""),
            ], rows: rows)),
    ])
  }

  private func row(_ shift: Shift, _ names: inout RepeatedNames) throws -> Look.TableRow {
    Look.TableRow(
      try names.title(of: shift.account),
      to: "/offices/\(Address.escaped(shift.account.text))",
      cells: [
        .text(try names.words(of: Seat(role: shift.role, place: shift.place))),
        .text(look.nearMoment(shift.begins)), .text(look.nearMoment(shift.ends)),
        .markup(look.chip(Self.state(of: shift, policy, look))), .markup(try actions(shift)),
      ])
  }

  /// How a shift stands at the moment of a page.
  static func state(of shift: Shift, _ policy: ShiftsPolicy, _ look: Look) -> Look.Label {
    if shift.isCancelled { return .init(look("已取消", "cancelled"), .neutral) }
    if look.now < shift.begins { return .init(look("未开始", "to come"), .neutral) }
    if look.now < shift.ends { return .init(look("在班", "on shift"), .done) }
    if shift.endedBy == nil, look.now < shift.ends + .minutes(policy.graceMinutes) {
      return .init(look("交接中", "handing over"), .soon)
    }
    return .init(look("已下班", "over"), .neutral)
  }

  private func actions(_ shift: Shift) throws -> HTML {
    let path =
      try reading.jurisdiction.path(shift.place, reading.transaction) ?? .everywhere
    guard reading.authority.may(PlanShift.duty, at: path),
      reading.authority.sender != .account(shift.account)
    else { return "" }
    let hidden = [("shift", shift.shift.text)]
    let hour: HTML = look.valueButton(look("延长 1 小时", "1 h more"), name: "hours", value: "1")
    let extend =
      ShiftsRules.isExtendable(shift, at: look.now, policy: policy)
      ? look.form(ExtendShift.name, for: request, hidden: hidden, buttons: hour, isInline: true)
      : ""
    let grace = Duration.minutes(shift.endedBy == nil ? policy.graceMinutes : 0)
    guard look.now < shift.ends + grace, !shift.isCancelled else { return extend }
    return look.row([
      extend,
      look.form(
        EndShift.name, for: request, hidden: hidden,
        buttons: look.plainButton(look("现在下班", "End now")), isInline: true),
    ])
  }
}
