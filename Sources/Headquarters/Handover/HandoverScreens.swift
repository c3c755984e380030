import Kernel
import Look
import Registry

/// Handing a shift over, and the paper that both sign.
enum HandoverScreens {
  static let all = [list, one]

  private static let list = Screen(
    path: "/handover", title: Words("交接班", "Change of shift"), duty: ListHandovers.duty,
    purpose: .supervision
  ) { request, reading in
    let page = try HandoversPage(request: request, reading: reading)
    return Page(title: Look(reading)("交接班", "Change of shift"), body: try page.body())
  }

  private static let one = Screen(
    path: "/handover/:handover", title: Words("交接单", "Hand-over"), duty: ShowHandover.duty,
    purpose: .supervision
  ) { request, reading in
    let page = try HandoverPage(request: request, reading: reading)
    return Page(title: Look(reading)("交接单", "Hand-over"), body: try page.body())
  }
}

/// The form to hand over, what waits to be taken over, and what was before.
private struct HandoversPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let place: Place?

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    place = try reading.placeInSight(request.query["place"], for: ListHandovers.duty)
  }

  func body() throws -> HTML {
    let handovers = try reading.ask(ListHandovers(place: place?.id)).handovers
    return HTML([
      look.title(
        look("交接班", "Change of shift"), look.note(place?.name ?? look("全部", "everywhere"))),
      HTML(try handovers.filter { $0.taker == nil }.map(waiting)),
      look.columns([try past(handovers), try giving()], .wide),
    ])
  }

  private func waiting(_ note: HandoverNote) throws -> HTML {
    guard case .account(let account) = reading.authority.sender, account != note.giver else {
      return look.notice(
        look("等接班的人签收", "Waits for whoever comes to sign"), tone: .soon,
        extra: look.link(
          look("看交接单", "See the note"), to: "/handover/\(Address.escaped(note.handover.text))"))
    }
    let giver = try reading.title(of: note.giver)
    return look.notice(
      look("\(giver) 已交班，等您签收", "\(giver) has handed over; it waits for you"), tone: .soon,
      extra: look.linkButton(
        look("看交接单并签收", "Read and sign"),
        to: "/handover/\(Address.escaped(note.handover.text))"))
  }

  private func past(_ handovers: [HandoverNote]) throws -> HTML {
    var names = RepeatedNames(reading)
    let rows = try handovers.map { note in
      Look.TableRow(
        look.nearMoment(note.at), to: "/handover/\(Address.escaped(note.handover.text))",
        cells: [
          .text(try names.title(of: note.giver)),
          .text(try note.taker.map { try names.title(of: $0) } ?? look("待签收", "not yet taken")),
          .number(note.owed), .number(note.late), .number(note.promised),
        ])
    }
    return look.panel(
      look("交接记录", "Record"),
      rows.isEmpty
        ? look.empty(look("还没有交接", "Nothing has been handed over yet"))
        : look.table(
          look("交接记录", "Record"),
          columns: [
            .init(look("何时", "When")), .init(look("交班", "Given by")),
            .init(look("接班", "Taken by")), .number(look("未办", "Owed")),
            .number(look("超时", "Late")), .number(look("已认领", "Promised")),
          ], rows: rows))
  }

  private func giving() throws -> HTML {
    let path = place?.path ?? .everywhere
    guard reading.authority.may(GiveHandover.duty, at: path) else { return "" }
    let counts = try ObligationStore(reading.transaction).standing(in: path, at: reading.now)
    return look.card(
      look("我要交班", "Hand over"),
      look.paragraph(
        look(
          "现在未办 \(look.number(counts.owed))，其中超时 \(look.number(counts.late))。已认领的全部随单交出，超时的最久的 \(GiveHandover.mostLate) 件随单交出。",
          "\(look.number(counts.owed)) are owed now, \(look.number(counts.late)) of them late. All that was promised goes along, and the \(GiveHandover.mostLate) that are late longest."
        ))
        + look.form(
          GiveHandover.name, for: request,
          hidden: place.map { [("place", $0.id.text)] } ?? [],
          fields: [
            .init(
              "note", look("交代什么", "What the next shift must know"), .long,
              hint: look(
                "答应了谁、等谁回话、哪里要盯。写编号，不写证件和电话。",
                "What was promised to whom, whose answer is awaited, what to watch. Numbers of cases and people, no identity or telephone numbers."
              ), required: true)
          ], buttons: look.primaryButton(look("签字交班", "Sign and hand over"))))
  }
}

/// One hand-over as a paper.
private struct HandoverPage {
  /// How many of what went with it stand on one page.
  private static let shown = 100

  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let answer: ShowHandover.Answer

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    answer = try reading.ask(
      ShowHandover(
        handover: HandoverID(request.parameter("handover")), after: request.query["after"],
        limit: Self.shown))
  }

  func body() throws -> HTML {
    let note = answer.note
    let place = try note.place.map { try reading.name(of: $0) } ?? look("全部", "everywhere")
    return HTML([
      look.title(look("交接单", "Hand-over"), look.note("\(place) · \(look.moment(note.at))")),
      try look.columns(
        [
          look.stack([
            look.card(look("交代", "The note"), look.paragraph(note.note)), items(),
          ]), look.stack([signatures(), taking()]),
        ], .wide),
    ])
  }

  private func signatures() throws -> HTML {
    let note = answer.note
    let taken = try note.taker.map { taker in
      "\(try reading.title(of: taker)), \(look.moment(note.takenAt ?? note.at))"
    }
    return look.card(
      look("签字", "Signed"),
      look.facts([
        (
          look("交班", "Given by"),
          "\(try reading.title(of: note.giver)), \(look.moment(note.at))"
        ),
        (look("接班", "Taken by"), "\(taken ?? look("待签收", "not yet taken"))"),
        (look("未办", "Owed"), "\(look.number(note.owed))"),
        (look("超时", "Late"), "\(look.number(note.late))"),
        (look("已认领未办", "Promised"), "\(look.number(note.promised))"),
      ]))
  }

  private func taking() throws -> HTML {
    let note = answer.note
    let path = try HandoverStore(reading.transaction).get(note.handover).path
    guard note.taker == nil, reading.authority.may(TakeHandover.duty, at: path),
      reading.authority.sender != .account(note.giver)
    else { return "" }
    return look.card(
      look("接班", "Take over"),
      look.form(
        TakeHandover.name, for: request, hidden: [("handover", note.handover.text)],
        buttons: look.primaryButton(look("已看过，签字接班", "I have read it and take over"))))
  }

  /// What went with it, as it stands now.
  private func items() throws -> HTML {
    let found = try ObligationStore(reading.transaction).find(answer.obligations)
    var names = RepeatedNames(reading)
    let rows = try answer.obligations.compactMap { found[$0] }.map { obligation in
      let label =
        obligation.closedAt.map {
          look.closed(
            $0, deadline: obligation.deadline, waived: obligation.state == .waived)
        } ?? look.deadline(obligation.deadline)
      let kind = reading.assembly.obligationKinds[obligation.kind]
      return Look.TableRow(
        kind.map { look($0.title) } ?? obligation.kind,
        to: "/obligations/\(Address.escaped(obligation.id.text))",
        cells: [
          .markup(look.chip(label)), .text(try names.address(of: obligation.path)),
          .text(
            try names.holder(
              claimedBy: obligation.claimedBy, seat: obligation.seat.description)),
        ])
    }
    return look.panel(
      look("随单交出的事项", "What went with it"),
      note: look(
        "\(look.number(answer.all)) 件，现在的情况", "\(look.number(answer.all)), as they stand now"),
      rows.isEmpty
        ? look.empty(look("没有超时，也没有已认领未办的", "Nothing was late or promised"), isGood: true)
        : look.table(
          look("随单交出的事项", "What went with it"),
          columns: [
            .init(look("事项", "What")), .init(look("情况", "State")), .init(look("地点", "Where")),
            .init(look("谁负责", "Who has it")),
          ], rows: rows) + (pages ?? ""))
  }

  private var pages: HTML? {
    let own = Address("/handover/\(Address.escaped(answer.note.handover.text))")
    return look.pages(
      before: request.query["after"] == nil ? nil : own.text,
      after: answer.after.map { own.with(["after": $0]).text },
      note: look("每页 \(Self.shown) 件", "\(Self.shown) a page"))
  }
}
