import Kernel
import Look
import Registry

/// A site as a board of rooms: what is free, who is where, who comes, what is weighed.
struct SitePage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let shown: ShowSite.Answer
  private let path: PlacePath

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    let id = try PlaceID(request.parameter("site"), field: "site")
    shown = try reading.ask(ShowSite(site: id))
    path = try reading.jurisdiction.path(id, reading.transaction) ?? .everywhere
  }

  private var site: SiteView { shown.site }
  private var own: (String, String) { ("site", site.site.text) }
  private func may(_ duty: Duty) -> Bool { reading.authority.may(duty, at: path) }

  func body() throws -> HTML {
    HTML([
      look.title(
        site.name,
        look.chip(
          look(site.state.words),
          site.state == .ready ? .done : site.state == .preparing ? .soon : .neutral)),
      look.figures(figures, topics: "isolation"),
      look.columns([
        look.stack([try chosen(), rooms(), addingRooms()]),
        look.stack([
          try readiness(), coming(), try meals(), try staff(), try waste(), closing(),
        ]),
      ]),
    ])
  }

  private var figures: [Look.Figure] {
    let counts = site.counts
    let moves = site.movements
    let address = IsolationScreens.address(site.site)
    return [
      Look.Figure(
        look("空房", "Free rooms"), look.number(counts.free),
        neighbour: .init(look("共 \(counts.rooms)", "of \(counts.rooms)"), .neutral),
        tone: counts.free == 0 && counts.rooms > 0 ? .late : .neutral,
        drawing: .bar(
          value: counts.rooms - counts.free, of: counts.rooms, label: look("已用", "taken")),
        note: look("待消毒 \(counts.dirty)", "\(counts.dirty) to disinfect"), address: "/capacity"),
      Look.Figure(
        look("在住", "Present"), look.number(counts.present),
        neighbour: .init(look("将到 \(counts.coming)", "\(counts.coming) coming"), .neutral),
        note: look(
          "= 收 \(moves.admitted) + 转入 \(moves.transferredIn) − 解除 \(moves.released) − 转出 \(moves.transferredOut) − 送医 \(moves.hospital)",
          "= \(moves.admitted) admitted + \(moves.transferredIn) in − \(moves.released) released − \(moves.transferredOut) out − \(moves.hospital) to hospital"
        ), address: address),
      Look.Figure(
        look("巡诊", "The round"), look("开始", "go"), neighbour: .init("", .neutral),
        note: look("测温问症、采样、送告知书", "temperature, samples, notices"),
        address: address + "/round"),
      Look.Figure(
        look("今天医疗废物", "Medical waste today"), SiteWords.kilograms(site.wasteGramsToday),
        neighbour: .init(
          look("待交接 \(site.wasteBags) 袋", "\(site.wasteBags) bags waiting"), .neutral),
        address: address + "#waste"),
    ]
  }

  private func rooms() -> HTML {
    if shown.rooms.isEmpty {
      return look.panel(
        look("房间", "Rooms"), look.empty(look("还没有登记房间", "No room was entered yet")))
    }
    let floors = Dictionary(grouping: shown.rooms, by: \.floor).sorted { $0.key > $1.key }
    let boards = floors.map { floor, rooms in
      look.floor(look("\(floor) 层", "floor \(floor)"))
        + look.board(
          rooms.map(tile), barLabel: look("隔离天数", "days of isolation"), id: "floor-\(floor)")
    }
    return look.panel(
      look("房间", "Rooms"), note: look("高层在前", "from the top down"), HTML(boards))
  }

  private func tile(_ room: RoomView) -> Look.Tile {
    let first = room.guests.first
    let free = room.guests.count { $0.freeFrom != nil }
    let address = Address(
      IsolationScreens.address(site.site), ["room": room.room.text]
    ).text
    return Look.Tile(
      room.number, address: address + "#room", note: note(room), late: free,
      done: first?.day.map { max($0, 0) } ?? 0, of: first?.days.map { max($0, 0) } ?? 0,
      isChosen: request.query["room"] == room.room.text)
  }

  private func note(_ room: RoomView) -> String {
    if room.isDirty { return look("待消毒", "to disinfect") }
    if room.guests.isEmpty {
      return look.dotted([
        look("空", "free"), room.beds > 1 ? look("\(room.beds) 人间", "for \(room.beds)") : nil,
        room.isBarrierFree ? look("无障碍", "barrier-free") : nil,
      ])
    }
    return look.dotted(
      room.guests.map { guest in
        guest.state == .present
          ? look.dotted([
            guest.name, guest.day.map { day in look("第 \(day) 天", "day \(day)") },
          ]) : look("\(guest.name) 将到", "\(guest.name) coming")
      })
  }

  /// The room that was pressed.
  private func chosen() throws -> HTML {
    guard let asked = request.query["room"],
      let room = shown.rooms.first(where: { $0.room.text == asked })
    else { return "" }
    let guests = room.guests.map { guest in
      Look.ObligationRow(
        label: SiteWords.label(guest, look), title: guest.name,
        address: IsolationScreens.address(guest.stay), trail: guest.needs.map(need),
        holder: look.dotted([
          guest.day.map {
            look("第 \($0) 天，共 \(guest.days ?? 0) 天", "day \($0) of \(guest.days ?? 0)")
          },
          guest.sharing.map { look($0.words) },
        ]))
    }
    let body: HTML =
      guests.isEmpty
      ? look.paragraph(
        room.isDirty
          ? look("有人离开，消毒后才能再用。", "Somebody left; it is used again after disinfection.")
          : look("空房。", "Free."))
      : look.obligations(guests, id: "guests", topics: "isolation")
    let cleaning: HTML? = room.disinfection.map { obligation in
      look.form(
        FinishObligation.name, for: request, hidden: [("obligation", obligation.text)],
        fields: ProofFields(look: look).fields(of: IsolationDuties.disinfect),
        buttons: look.primaryButton(look("已消毒", "Disinfected")))
    }
    return look.panel(
      look("房间 \(room.number)", "Room \(room.number)"), id: "room", HTML([body, cleaning ?? ""]))
  }

  private func need(_ code: String) -> String {
    (try? reading.policy(RegistryPolicy.self)).map { look($0.need(code).title) } ?? code
  }

  private func addingRooms() -> HTML {
    guard may(AddRooms.duty), site.state != .closed else { return "" }
    return look.disclosure(
      look("登记房间", "Enter rooms"), id: "add-rooms",
      look.form(
        AddRooms.name, for: request, hidden: [own],
        fields: [
          .init("floor", look("楼层", "Floor"), .number, required: true),
          .init("first", look("首个房号", "First number"), .number, required: true),
          .init("last", look("末个房号", "Last number"), .number, required: true),
          .init(
            "beds", look("最多几人", "For how many at most"), .number,
            hint: look("单人单间；多于一人的只供同户或陪护", "one, unless of one household or with a carer"),
            required: true, start: "1"),
        ], buttons: look.primaryButton(look("登记", "Enter"))))
  }

  private func readiness() throws -> HTML {
    guard site.state == .preparing else { return "" }
    let steps = try reading.policy(IsolationPolicy.self).steps
    let next = steps.first { step in !shown.steps.contains { $0.step == step.code } }
    let rows = steps.map { step in
      let said = shown.steps.first { $0.step == step.code }
      let fields = [own, ("step", step.code)]
      let buttons: HTML? =
        if said == nil {
          may(GiveSiteStep.duty) && step.code == next?.code
            ? look.form(
              GiveSiteStep.name, for: request, hidden: fields,
              buttons: look.plainButton(look("报告完成", "Report done")), isInline: true) : nil
        } else if said?.confirmedAt == nil {
          may(ConfirmSiteStep.duty)
            ? look.form(
              ConfirmSiteStep.name, for: request, hidden: fields,
              buttons: look.primaryButton(look("确认", "Confirm")), isInline: true) : nil
        } else {
          nil
        }
      return Look.ObligationRow(
        label: label(said), title: look(step.words), address: nil,
        trail: [
          said.map { look("\(look.time($0.givenAt)) 报告", "reported \(look.time($0.givenAt))") },
          said?.confirmedAt.map { look("\(look.time($0)) 确认", "confirmed \(look.time($0))") },
        ].compactMap { $0 }, holder: "", buttons: buttons)
    }
    return look.panel(
      look("准备", "Readiness"), note: look("双方逐项确认", "each step by both sides"),
      chip: site.readyBy.map { look.deadline($0) },
      look.obligations(rows, id: "steps", topics: "isolation"))
  }

  private func label(_ step: SiteStep?) -> Look.Label {
    guard let step else { return .init(look("未报告", "not reported"), .neutral) }
    return step.confirmedAt == nil
      ? .init(look("待确认", "to be confirmed"), .soon) : .init(look("双方已确认", "both sides"), .done)
  }

  private func coming() -> HTML {
    if shown.coming.isEmpty { return "" }
    let rows = shown.coming.map { guest in
      Look.ObligationRow(
        label: SiteWords.label(guest, look), title: guest.name,
        address: IsolationScreens.address(guest.stay), trail: guest.needs.map(need),
        holder: guest.isCompanion ? look("陪护", "companion") : "")
    }
    return look.panel(
      look("将到", "Coming"), look.obligations(rows, id: "coming", topics: "isolation"))
  }

  private func closing() -> HTML {
    guard may(CloseSite.duty), site.state != .closed, site.counts.present == 0 else { return "" }
    return look.disclosure(
      look("关闭隔离点", "Close the site"), id: "close",
      look.form(
        CloseSite.name, for: request, hidden: [own],
        buttons: look.dangerButton(look("关闭", "Close"))))
  }

  private func meals() throws -> HTML {
    try SiteMealsPart(
      request: request, reading: reading, shown: shown, mayServe: may(ServeMeal.duty)
    ).body()
  }

  private func staff() throws -> HTML {
    if site.state == .closed { return "" }
    return try SiteStaffPart(reading: reading, site: site.site).body()
  }

  private func waste() throws -> HTML {
    try SiteWastePart(
      request: request, reading: reading, shown: shown, mayWeigh: may(WeighBag.duty),
      mayTake: may(TakeWaste.duty)
    ).body()
  }
}

extension SiteWords {
  /// Where somebody stands, by what comes next.
  static func label(_ guest: GuestView, _ look: Look) -> Look.Label {
    switch guest.state {
    case .asked, .accepted: Look.Label(look(guest.state.words), .soon)
    case .travelling: Look.Label(look(guest.state.words), .today)
    case .left, .declined: Look.Label(look(guest.leaving?.words ?? guest.state.words), .neutral)
    case .present:
      if guest.freeFrom != nil {
        Look.Label(look("可以离开", "may leave"), .late)
      } else if let until = guest.until {
        Look.Label(look("至 \(look.nearEnd(until))", "until \(look.nearEnd(until))"), .today)
      } else {
        Look.Label(look("自愿陪护", "of their own will"), .neutral)
      }
    }
  }
}
