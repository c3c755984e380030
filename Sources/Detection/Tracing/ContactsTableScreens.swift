import Gazette
import Kernel
import Look
import Registry

/// The contacts of a case as a table to filter and to decide on, and as a picture.
enum ContactsTableScreens {
  static let ofCase = Screen(
    path: "/cases/:case/contacts", title: Words("接触者", "Contacts"),
    duty: ContactsTable.duty, purpose: .investigation
  ) { request, reading in
    let page = try ContactsTablePage(request: request, reading: reading)
    return Page(title: page.title, body: try page.body(), isLive: true)
  }
}

/// The page: tabs by state, filters, then table, picture, or what a decision would mean.
private struct ContactsTablePage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let infection: CaseID
  let filter: ContactFilter
  let answer: ContactsTable.Answer
  let skip: Int
  let isGraph: Bool
  let mayDecide: Bool

  private static let page = 50

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    infection = try CaseID(request.parameter("case"))
    let query = request.query
    filter = ContactFilter(
      state: query["state"].flatMap(Contact.State.init),
      kind: query["kind"].flatMap(ContactKind.init), degree: query["degree"].flatMap { Int($0) },
      venue: query["venue"].flatMap { $0.isEmpty ? nil : VenueID(trusted: $0) },
      community: query["community"].flatMap { $0.isEmpty ? nil : PlaceID(trusted: $0) },
      step: query["step"].flatMap(ReferralShow.init), review: query["review"] == "true")
    skip = max(query["skip"].flatMap { Int($0) } ?? 0, 0)
    isGraph = query["view"] == "graph" && query["preview"] == nil
    answer = try reading.ask(
      ContactsTable(
        infection: infection, filter: filter, skip: skip, limit: Self.page, byVenue: isGraph))
    let path = try InvestigationStore(reading.transaction).find(infection)?.path
    mayDecide = path.map { reading.authority.may(ConfirmContacts.duty, at: $0) } ?? false
  }

  var title: String { look("病例 \(infection) 的接触者", "Contacts of case \(infection)") }

  /// What the address says, without what only one view of it needs.
  private var own: Address {
    Address("/cases/\(Address.escaped(infection.text))/contacts", request.query)
      .with(["skip": nil, "preview": nil, "chosen": nil])
  }

  func body() throws -> HTML {
    let decision = request.query["preview"].flatMap(ContactDecision.init)
    let main: HTML =
      if let decision {
        try DecisionPreview(
          decision: decision, contacts: chosen, back: own, request: request, reading: reading
        ).html()
      } else if isGraph {
        CaseContactGraph(infection: infection, answer: answer, own: own, reading: reading).html()
      } else {
        table
      }
    return HTML([
      look.title(
        title,
        look.link(
          look("病例 \(infection)", "Case \(infection)"),
          to: "/cases/\(Address.escaped(infection.text))") + views),
      states, filters, main,
    ])
  }

  /// Those whose boxes were ticked, or all that fit the filter.
  private var chosen: [ContactID] {
    let ticked = (request.query["chosen"] ?? "").split(separator: ",").map {
      ContactID(trusted: String($0))
    }
    return ticked.isEmpty ? answer.contacts : ticked
  }

  private var states: HTML {
    let shown: [Contact.State] = [.proposed, .confirmed, .rejected, .becameCase]
    let all = answer.states.filter { $0.key != Contact.State.rejected.rawValue }
      .reduce(0) { $0 + $1.value }
    let tabs = shown.map { state in
      Look.Tab(
        "\(look(state.words)) \(answer.states[state.rawValue] ?? 0)",
        own.with(["state": state.rawValue]).text, isCurrent: filter.state == state)
    }
    return look.tabs(
      [
        Look.Tab(
          look("全部 \(all)", "All \(all)"), own.with(["state": nil]).text,
          isCurrent: filter.state == nil)
      ] + tabs, label: look("状态", "State"))
  }

  private var views: HTML {
    let isGraph = request.query["view"] == "graph"
    return look.tabs(
      [
        .init(look("表", "Table"), own.with(["view": nil]).text, isCurrent: !isGraph),
        .init(look("关系图", "Picture"), own.with(["view": "graph"]).text, isCurrent: isGraph),
      ], label: look("怎么看", "View"))
  }

  private var filters: HTML {
    typealias Choice = Look.Field.Choice
    let all = Choice("", look("全部", "All"))
    func counted(_ code: String, _ name: String, _ count: Int?) -> Choice {
      Choice(code, "\(name) \(count ?? 0)")
    }
    let active = chosenFilters.joined(separator: " · ")
    let isFiltered = !active.isEmpty
    return look.disclosure(
      isFiltered ? look("筛选：\(active)", "Filter: \(active)") : look("筛选", "Filter"), id: "filter",
      look.questionForm(
        to: own.path, for: request,
        fields: [
          .init(
            "kind", look("类别", "Kind"),
            .list(
              [all]
                + ContactKind.allCases.map {
                  counted($0.rawValue, look($0.words), answer.kinds[$0.rawValue])
                })),
          .init(
            "degree", look("第几层", "Degree"),
            .list(
              [all]
                + ["1", "2"].map {
                  counted($0, look("第 \($0) 层", "degree \($0)"), answer.degrees[$0])
                })),
          .init(
            "venue", look("场所", "Venue"),
            .list([all] + answer.venues.map { counted($0.code, $0.name, $0.count) })),
          .init(
            "community", look("住在", "Community"),
            .list([all] + answer.communities.map { counted($0.code, $0.name, $0.count) })),
          .init(
            "step", look("推送", "Hand-over"),
            .list(
              [all]
                + ReferralShow.allCases.filter { $0 != .all }.map {
                  counted($0.rawValue, look($0.words), answer.total[$0])
                })),
          .init(
            "state", look("状态", "State"),
            .list(
              [all]
                + Contact.State.allCases.map {
                  counted($0.rawValue, look($0.words), answer.states[$0.rawValue])
                })),
        ], button: look("筛选", "Filter"))
        + (isFiltered ? look.linkButton(look("清除筛选", "Clear"), to: own.path) : ""))
  }

  /// What is filtered by, in words.
  private var chosenFilters: [String] {
    let venue = filter.venue.map { code in
      answer.venues.first { $0.code == code.text }?.name ?? code.text
    }
    let community = filter.community.map { code in
      answer.communities.first { $0.code == code.text }?.name ?? code.text
    }
    return [
      filter.kind.map { look($0.words) }, filter.degree.map { look("第 \($0) 层", "degree \($0)") },
      venue, community, filter.step.map { look($0.words) },
      filter.review == true ? look("须重新判定", "decide again") : nil,
    ].compactMap(\.self)
  }

  // MARK: The table

  private var table: HTML {
    if answer.lines.isEmpty {
      return look.empty(look("没有这样的接触者", "There is no such contact"), isGood: true)
    }
    let names = Dictionary(answer.communities.map { ($0.code, $0.name) }) { first, _ in first }
    let venues = Dictionary(answer.venues.map { ($0.code, $0.name) }) { first, _ in first }
    let rows = answer.lines.map { row($0, names, venues) }
    let body = look.table(
      look("接触者", "Contacts"),
      columns: [
        .init(look("人", "Person")), .init(look("判定", "Decision")),
        .init(look("在哪里接触", "Where and when")), .init(look("住在", "Lives in")),
        .init(look("推送", "Hand-over")),
      ], rows: rows, id: "contacts")
    let after = skip + answer.lines.count < answer.matched ? skip + Self.page : nil
    let pages =
      look.pages(
        before: skip > 0 ? own.with(["skip": String(max(0, skip - Self.page))]).text : nil,
        after: after.map { own.with(["skip": String($0)]).text },
        note: look(
          "第 \(skip + 1)–\(skip + answer.lines.count)，共 \(answer.matched)",
          "\(skip + 1)–\(skip + answer.lines.count) of \(answer.matched)")) ?? ""
    guard mayDecide else { return look.panel(look("名单", "List"), id: "list", body + pages) }
    let note = look.note(
      look(
        "不勾选就是筛选出的全部 \(answer.contacts.count) 人；先看结果，再确定。",
        "Tick none for all \(answer.contacts.count) of the filter; you see what it means before it is done."
      ))
    return look.panel(
      look("名单", "List"), id: "list",
      look.choosingForm(
        to: own, body + pages,
        buttons: look.valueButton(
          look("判定…", "Confirm…"), name: "preview", value: ContactDecision.confirm.rawValue)
          + look.valueButton(
            look("排除…", "Reject…"), name: "preview", value: ContactDecision.reject.rawValue)
          + note))
  }

  private func row(
    _ line: ContactsTable.Line, _ communities: [String: String], _ venues: [String: String]
  ) -> Look.TableRow {
    let name = line.name ?? look("姓名未知", "name unknown")
    let address = "/contacts/\(Address.escaped(line.contact.text))"
    let box =
      mayDecide && line.state.isLive
      ? look.chooser("chosen", value: line.contact.text, label: name) : ""
    return Look.TableRow(
      title: "<span class=\"nowrap\">\(box)\(look.link(name, to: address))</span>",
      cells: [
        .markup(state(line) + " " + kind(line)), .markup(contact(line, venues)),
        .text(communities[line.community.text] ?? ""), handOver(line),
      ])
  }

  private func contact(_ line: ContactsTable.Line, _ venues: [String: String]) -> HTML {
    let names = line.venues.map { venues[$0.text] ?? $0.text }
    let place =
      names.isEmpty
      ? look("同住或当面", "at home or in person") : names.joined(separator: look("、", ", "))
    let length = line.seconds == 0 ? nil : look.duration(.seconds(line.seconds))
    return "\(place) " + look.note(look.dotted([length, look.moment(line.lastAt)]))
  }

  private func kind(_ line: ContactsTable.Line) -> HTML {
    let degree = line.degree == 2 ? look(" · 第 2 层", " · degree 2") : ""
    let was = line.confirmedKind.flatMap { $0 == line.kind || !line.needsReview ? nil : $0 }
    let before = was.map { look("原判 \(look($0.words))", "was \(look($0.words))") }
    return "\(look(line.kind.words))\(degree)" + (before.map { " " + look.note($0) } ?? "")
  }

  private func state(_ line: ContactsTable.Line) -> HTML {
    if line.needsReview {
      return look.chip(look("须重新判定", "decide again"), .late)
    }
    let reason = line.state == .rejected ? line.reason.flatMap(RejectionReason.init) : nil
    return look.chip(
      look(line.state.words),
      line.state == .proposed ? .soon : line.state == .confirmed ? .done : .neutral
    ) + (reason.map { look.note(look($0.words)) } ?? "")
  }

  private func handOver(_ line: ContactsTable.Line) -> Look.Cell {
    guard let referral = line.referral, let step = line.step else { return .text("") }
    let words =
      line.movedAt != nil
      ? look("已转运", "moved") : line.toldAt != nil ? look("已告知", "told") : look(step.words)
    return .linked(words, to: "/referrals/\(Address.escaped(referral.text))")
  }
}
