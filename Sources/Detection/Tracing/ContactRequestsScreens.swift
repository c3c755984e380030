import Gazette
import Kernel
import Look
import Registry

/// Contacts that one account may not confirm alone, as a second person decides on them.
enum ContactRequestsScreens {
  static let list = Screen(
    path: "/contact-requests", title: Words("判定复核", "Second look"),
    duty: ListContactRequests.duty, purpose: .investigation, navigation: 35
  ) { request, reading in
    let look = Look(reading)
    let place = try reading.placeInSight(request.query["place"], for: ListContactRequests.duty)
    let waiting = try reading.ask(ListContactRequests(place: place?.id)).requests
    let cards = try waiting.map {
      try ContactRequestCard(entry: $0, request: request, reading: reading, look: look).html()
    }
    let nothing = look.empty(
      look("没有等复核的批量判定", "No bulk decision waits for a second person"), isGood: true)
    return Page(
      title: look("判定复核", "Second look"),
      body: look.title(
        look("判定复核", "Second look"),
        look.note(
          look(
            "一次判定的人多，须由另一单位的人复核；申请人自己不能批准",
            "so many at once need a second person, of another organisation than who asked")))
        + (cards.isEmpty ? nothing : look.stack(cards)), isLive: true)
  }
}

/// One request: who asked, what it would mean, whom it concerns, and the decision.
private struct ContactRequestCard {
  let entry: ListContactRequests.Entry
  let request: ScreenRequest
  let reading: Reading
  let look: Look

  func html() throws -> HTML {
    let count = entry.contacts.count
    let title =
      entry.reason == nil
      ? look("判定 \(count) 人", "Confirm \(count)") : look("排除 \(count) 人", "Reject \(count)")
    return look.panel(
      title, id: "request-\(entry.request.text)",
      look.facts([
        (
          look("谁申请", "Asked by"),
          "\(try reading.office(ofSender: entry.issuer, at: entry.askedAt)), \(look.nearMoment(entry.askedAt))"
        ),
        (look("地点", "Where"), "\(try reading.name(of: entry.place))"), meaning,
      ]) + (try people()) + decision)
  }

  /// What approving would do.
  private var meaning: (String, HTML) {
    guard let reason = entry.reason else { return (look("将判为", "They become"), "\(kinds)") }
    return (
      look("将排除", "No contacts any more"),
      "\(look("\(kinds)；原因：\(look(reason.words))。按密接管控的立即解除，除非另有依据", "\(kinds); reason: \(look(reason.words)). What restricts them as contacts ends at once, unless something else holds it"))"
    )
  }

  private var kinds: String {
    entry.byKind.sorted { $0.key < $1.key }.map { code, count in
      "\(ContactKind(rawValue: code).map { look($0.words) } ?? code) \(count)"
    }.joined(separator: look("，", ", "))
  }

  private func people() throws -> HTML {
    let rows = try entry.contacts.map { line in
      let resident = try ResidentsStore(reading.transaction).find(line.person)
      let name = resident?.name.map { Mask.name($0.revealed) } ?? look("姓名未知", "name unknown")
      return Look.TableRow(
        name, to: "/residents/\(Address.escaped(line.person.text))",
        cells: [
          .text(look(line.kind.words)), .text(try reading.name(of: line.home)),
          .text(look.moment(line.lastAt)),
        ])
    }
    return look.disclosure(
      look("看名单", "See who they are"), id: "people-\(entry.request.text)",
      look.table(
        look("名单", "People"),
        columns: [
          .init(look("人", "Person")), .init(look("类别", "Kind")), .init(look("住处", "Home")),
          .init(look("最后接触", "Last")),
        ], rows: rows))
  }

  private var decision: HTML {
    look.form(
      ApproveContacts.name, for: request, hidden: [("request", entry.request.text)],
      buttons: look.approvalButtons, isInline: true)
  }
}
