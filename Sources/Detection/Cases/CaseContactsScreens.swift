import Gazette
import Kernel
import Look
import Registry

/// The contacts of a case: those to decide on as cards with their evidence, then those decided.
struct CaseContacts {
  let infection: CaseID
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  /// How many cards one page shows.
  private static let page = 6
  private static let decidedShown = 12

  init(infection: CaseID, page: CasePage) {
    self.infection = infection
    request = page.request
    reading = page.reading
    look = page.look
  }

  private var own: Address { Address("/cases/\(Address.escaped(infection.text))") }

  func html() throws -> HTML {
    func ask(from start: Int) throws -> ContactsOfCase.Answer {
      try reading.ask(
        ContactsOfCase(
          infection: infection,
          part: .init(skip: start, waiting: Self.page, decided: Self.decidedShown)))
    }
    var start = max(Int(request.query["from"] ?? "") ?? 0, 0)
    var answer = try ask(from: start)
    if start > 0 && start >= answer.waiting {
      start = max(answer.waiting - 1, 0)
      answer = try ask(from: start)
    }
    let shown = answer.lines.filter { $0.state == .proposed }
    let (waiting, decided) = (answer.waiting, answer.decided)
    let note = look(
      "已判定 \(decided)：密接 \(answer.close)", "\(decided) decided: \(answer.close) close")
    let after = start + Self.page < waiting ? start + Self.page : nil
    let before = start > 0 ? max(0, start - Self.page) : nil
    return look.stack([
      look.subtitle(
        look("待判定 \(waiting) 人", "\(waiting) to decide"),
        look.note(note)
          + look.link(look("筛选和成批判定", "filter, decide on many"), to: own.text + "/contacts")),
      HTML(answer.requests.map(asked)), try bulk(shown, all: waiting),
      waiting == 0
        ? look.empty(look("没有待判定的接触者", "No contact is waiting"), isGood: true) : "",
      try HTML(shown.map(card)),
      look.pages(
        before: before.map { own.with(["from": String($0)]).text },
        after: after.map { own.with(["from": String($0)]).text },
        note: look(
          "第 \(start + 1)–\(start + shown.count)，共 \(waiting)",
          "\(start + 1)–\(start + shown.count) of \(waiting)")) ?? "",
      try table(answer.lines.filter { $0.state != .proposed }, of: decided), adding,
    ])
  }

  /// That a second person has been asked, and where that person decides.
  private func asked(_ asked: ContactsOfCase.Request) -> HTML {
    let page = "/contact-requests#request-\(Address.escaped(asked.request.text))"
    return look.notice(
      look(
        "\(asked.contacts) 人已提交判定，等第二人复核",
        "\(asked.contacts) were put forward and wait for a second person"),
      look(
        "人数超过一人可独自判定的上限；另一单位的人批准后才生效。",
        "More than one person may confirm alone: it holds once another organisation agrees."),
      tone: .soon, extra: look.linkButton(look("去复核", "Go to the decision"), to: page))
  }

  /// All shown at once: first what it would mean, then the button.
  private func bulk(_ shown: [ContactsOfCase.Line], all: Int) throws -> HTML {
    if shown.count < 2 { return "" }
    if request.query["preview"] != "true" {
      return look.row([
        look.linkButton(
          look("一次判定 \(all) 人…", "Decide all \(all)…"), to: own.with(["preview": "true"]).text)
      ])
    }
    let preview = try reading.ask(PreviewContacts(infection: infection))
    let kinds = preview.byKind.sorted { $0.key < $1.key }.map { code, count in
      "\(ContactKind(rawValue: code).map { look($0.words) } ?? code) \(count)"
    }.joined(separator: look("，", ", "))
    let homes = try preview.byHome.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8)
      .map { "\(try reading.name(of: PlaceID(trusted: $0.key))) \($0.value)" }
      .joined(separator: look("，", ", "))
    let unknown = look(
      "其中 \(preview.unknownToRegistry) 人没有档案，会各建一份待补全的。",
      "\(preview.unknownToRegistry) have no file yet; one is opened for each.")
    return look.notice(
      look(
        "将判定 \(preview.contacts.count) 人：\(kinds)",
        "\(preview.contacts.count) will be confirmed: \(kinds)"),
      look("住在：\(homes)。\(unknown)", "They live in: \(homes). \(unknown)")
        + secondWords(preview), tone: .information,
      extra: preview.contacts.isEmpty ? nil : confirmAll(preview.contacts))
  }

  private func confirmAll(_ contacts: [ContactID]) -> HTML {
    look.form(
      ConfirmContacts.name, for: request, hidden: contacts.map { ("contacts", $0.text) },
      buttons: look.primaryButton(look("全部判定", "Confirm all \(contacts.count)"))
        + look.linkButton(look("不，逐个看", "No, one by one"), to: own.text), isInline: true)
  }

  /// Who else has to decide, where one person may not.
  private func secondWords(_ preview: PreviewContacts.Answer) -> String {
    var words = ""
    if preview.needsSecondPerson {
      words += look(
        "您一人还可判定 \(preview.leftAlone) 人，超出的须由另一单位的人复核后才生效。",
        " Alone you may still confirm \(preview.leftAlone); so many wait for another organisation.")
    }
    if preview.needAnother > 0 {
      words += look(
        "另有 \(preview.needAnother) 人依据的是您本人补录的接触，须由另一人判定。",
        " \(preview.needAnother) more rest on what you entered yourself; another person confirms those."
      )
    }
    return words
  }

  private func card(_ line: ContactsOfCase.Line) throws -> HTML {
    let card = try reading.ask(ContactCard(contact: line.contact))
    let home =
      try reading.jurisdiction.path(card.line.home, reading.transaction)
      .map { try reading.shortAddress(of: $0) } ?? ""
    let person = "/residents/\(Address.escaped(line.person.text))"
    let who = look.masked(
      Mask.name(card.name ?? ""), reveal: person, purposes: [.investigation],
      id: line.contact.text, hidden: [("reveal", "true")])
    let length = look.duration(.seconds(line.overlapSeconds))
    let together = line.overlapSeconds == 0 ? "" : look("，共处 \(length)", ", together \(length)")
    return look.contactCard(
      who: who, about: home, label: waitingLabel(card),
      verdict: look(
        "建议：\(look(line.kind.words))\(together)", "Suggested: \(look(line.kind.words))\(together)"),
      evidence: try card.links.filter { $0.infection == infection }.prefix(5).map(evidence),
      buttons: buttons(line, needsAnother: card.needsAnother))
  }

  private func waitingLabel(_ card: ContactCard.Answer) -> Look.Label {
    let waited = look.duration(reading.now - card.proposedAt)
    return Look.Label(look("等了 \(waited)", "waiting \(waited)"), .soon)
  }

  private func evidence(_ link: ContactCard.Link) throws -> Look.Evidence {
    let basis =
      switch link.basis {
      case .household: look("同住一户", "Same household")
      case .venue: look("同一场所", "Same venue")
      case .encounter: look("近距离相遇", "Seen close together")
      case .interview: look("本人或他人所说", "Told in an interview")
      }
    let venue = try link.venue.map { venue in
      try PlacesStore(reading.transaction).find(PlaceID(trusted: venue.text))?.name ?? venue.text
    }
    let sources = link.sources.map { code in
      VisitSource(rawValue: code).map { look($0.words) } ?? code
    }.joined(separator: look("、", ", "))
    let span = "\(look.moment(link.span.from)) – \(look.moment(link.span.to))"
    let length = link.seconds == 0 ? nil : look.duration(.seconds(link.seconds))
    return Look.Evidence(
      look.dotted([basis, venue, length]), weight(of: link), note: look.dotted([span, sources]))
  }

  private func weight(of link: ContactCard.Link) -> Look.Weight {
    switch link.basis {
    case .household: .strong
    case .venue:
      link.sources.contains(VisitSource.venueCode.rawValue)
        ? .strong : link.sources == [VisitSource.location.rawValue] ? .weak : .medium
    case .encounter: .strong
    case .interview: .medium
    }
  }

  private func buttons(_ line: ContactsOfCase.Line, needsAnother: Bool) -> HTML {
    let id = [("contacts", line.contact.text)]
    let reasons = RejectionReason.allCases.map { reason in
      look.valueButton(look(reason.words), name: "reason", value: reason.rawValue)
    }
    let confirming =
      needsAnother
      ? look.paragraph(
        look("由您本人补录，须由另一人判定。", "You entered this yourself; another person confirms it."))
      : look.form(
        ConfirmContacts.name, for: request, hidden: id,
        buttons: look.primaryButton(
          look("判为\(look(line.kind.words))", "Confirm: \(look(line.kind.words))")),
        isInline: true)
    return confirming
      + look.link(
        look("更正、经过", "correct, history"), to: "/contacts/\(Address.escaped(line.contact.text))")
      + look.disclosure(
        look("不是", "Not a contact"), id: "reject-\(line.contact.text)",
        look.form(
          RejectContacts.name, for: request, hidden: id, buttons: HTML(reasons), isInline: true))
  }

  private func table(_ decided: [ContactsOfCase.Line], of all: Int) throws -> HTML {
    if decided.isEmpty { return "" }
    let more = decided.count < all ? own.text + "/contacts" : nil
    let referrals = Dictionary(
      try reading.ask(
        ReferralsOfCase(infection: infection, contacts: decided.map(\.contact))
      ).referrals.map { ($0.contact, $0) }
    ) { first, _ in first }
    let files = try ResidentsStore(reading.transaction).current(Set(decided.map(\.person)))
    let rows = decided.map { line in
      let resident = files[line.person]
      let name = resident?.name.map { Mask.name($0.revealed) } ?? look("姓名未知", "name unknown")
      return Look.TableRow(
        name, to: "/contacts/\(Address.escaped(line.contact.text))",
        cells: [
          .text(look(line.kind.words)), .text(look(line.state.words)),
          handedOver(referrals[line.contact]),
          .text(look.duration(.seconds(line.overlapSeconds))), .text(look.moment(line.lastAt)),
        ])
    }
    return look.panel(
      look("已判定", "Decided"),
      look.table(
        look("已判定", "Decided"),
        columns: [
          .init(look("人", "Person")), .init(look("类别", "Kind")), .init(look("状态", "State")),
          .init(look("推送", "Hand-over")), .init(look("共处", "Together")),
          .init(look("最后接触", "Last")),
        ], rows: rows)
        + (more.map {
          look.linkButton(look("看全部 \(all) 人", "See all \(all)"), to: $0)
        } ?? ""))
  }

  private func handedOver(_ referral: ReferralEntry?) -> Look.Cell {
    guard let referral else { return .text("") }
    let moved = referral.movedAt != nil ? look("已转运", "moved") : nil
    let told = referral.toldAt != nil ? look("已告知", "told") : nil
    return .linked(
      moved ?? told ?? look(referral.state.words),
      to: "/referrals/\(Address.escaped(referral.referral.text))")
  }

  private var adding: HTML {
    HTML([
      look.disclosure(
        look("补录密接", "Add a contact"), id: "add",
        look.form(
          AddContact.name, for: request, hidden: [("infection", infection.text)],
          fields: [
            .init("person", look("人员编号", "Person’s number"), required: true),
            .init(
              "kind", look("类别", "Kind"),
              .list([ContactKind.close, .general].map { .init($0.rawValue, look($0.words)) }),
              required: true),
            .init("venue", look("场所", "Venue")),
            .init("from", look("从", "From"), .moment, required: true),
            .init("to", look("到", "To"), .moment, required: true),
          ], buttons: look.primaryButton(look("补录", "Add")))),
      look.disclosure(
        look("隔离时间、重新计算", "Isolation, compute again"), id: "compute",
        look.form(
          SetIsolation.name, for: request, hidden: [("infection", infection.text)],
          fields: [.init("isolated_at", look("从何时起隔离", "Isolated since"), .moment, required: true)],
          buttons: look.primaryButton(look("登记", "Record")))
          + look.form(
            ComputeContacts.name, for: request, hidden: [("infection", infection.text)],
            buttons: look.plainButton(look("重新计算密接", "Compute contacts again")),
            isInline: true)),
    ])
  }
}
