import Kernel
import Look
import Registry

/// What one account has caused beyond its limit, as the second person looks at it and decides.
enum HeldRestrictionsScreens {
  static let one = Screen(
    path: "/restrictions/held/:account", title: Words("批量措施复核", "Decide on many at once"),
    duty: HeldRestrictions.duty, purpose: .containment
  ) { request, reading in
    let look = Look(reading)
    let account = AccountID(trusted: request.parameter("account"))
    return Page(
      title: look("批量措施复核", "Decide on many at once"),
      body: try HeldRestrictionsPage(
        request: request, reading: reading, look: look,
        shown: reading.ask(HeldRestrictions(account: account))
      ).body(), isLive: true)
  }

  /// The page of what waits of an account.
  static func address(of account: AccountID) -> String {
    "/restrictions/held/\(Address.escaped(account.text))"
  }
}

/// Who, why, how many, where and until when; ten of them; and the decision.
private struct HeldRestrictionsPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let shown: HeldRestrictions.Answer

  func body() throws -> HTML {
    let title = look.title(
      look("批量措施复核", "Decide on many at once"),
      look.note(try reading.title(of: shown.account)))
    guard shown.last != nil else {
      return title
        + look.empty(look("没有等复核的批量措施", "Nothing waits for a second person"), isGood: true)
    }
    return HTML([
      title,
      look.notice(
        look("一个账号所致的措施超过了上限", "One account has caused more than one may"),
        look(
          "请核对是否属实。另一单位的人批准之前，下列人员不受任何管控。",
          "Look whether it is true. Until another organisation approves, nobody below is restricted."
        ),
        tone: .soon),
      look.columns([
        look.stack([try facts(), clauses(), areas()]), look.stack([sample(), decision()]),
      ]),
    ])
  }

  private func facts() throws -> HTML {
    let office = try reading.office(ofSender: shown.account.text, at: shown.last ?? reading.now)
    return look.card(
      nil,
      look.facts([
        (look("谁所致", "Caused by"), "\(try reading.title(of: shown.account)), \(office)"),
        (look("共多少人", "How many"), "\(look.count(shown.people, "人", "person", "people"))"),
        (
          look("批准后管控", "Restricted if approved"),
          "\(look.count(shown.restricted, "人", "person", "people"))"
        ),
        (
          look("何时报入", "Told"),
          "\(shown.first.map(look.nearMoment) ?? "") – \(shown.last.map(look.nearMoment) ?? "")"
        ),
      ]))
  }

  private func clauses() -> HTML {
    look.panel(
      look("按哪一条、到何时", "By which clause, until when"), id: "clauses",
      look.table(
        look("按条款", "By clause"),
        columns: [
          .init(look("条款", "Clause")), .number(look("人数", "People")),
          .init(look("最晚到", "Until, at the latest")),
        ],
        rows: shown.clauses.map { count in
          Look.TableRow(
            look(count.words), cells: [.number(count.people), .text(outcome(of: count))])
        }))
  }

  /// Until when, and of how many nothing is asked any more.
  private func outcome(of count: HeldPreview.Count) -> String {
    let rest = count.people - count.restricted
    if count.isGone {
      return look(
        "现行政策已无此条款，批准后也不管控", "The policy has no such clause any more: nobody is restricted")
    }
    guard let end = count.latestEnd else {
      return look("期限已满，批准后也不管控", "The time is over already: nobody is restricted")
    }
    guard rest > 0 else { return look.end(end) }
    return look.dotted([
      look.end(end),
      look("其中 \(rest) 人期限已满，不管控", "of \(rest) the time is over: they are not restricted"),
    ])
  }

  private func areas() -> HTML {
    look.panel(
      look("在哪里", "Where"), id: "areas",
      look.table(
        look("按社区", "By community"),
        columns: [.init(look("社区", "Community")), .number(look("人数", "People"))],
        rows: shown.areas.map { Look.TableRow($0.name, cells: [.number($0.people)]) }))
  }

  private func sample() -> HTML {
    let rows = shown.sample.map { one in
      Look.TableRow(
        one.name.isEmpty ? look("姓名未知", "name unknown") : one.name,
        to: "/residents/\(Address.escaped(one.person.text))",
        cells: [
          .text(one.address), .text("\(look(one.evidence.kind.words)) \(one.evidence.reference)"),
          .text(look.nearMoment(one.at)),
        ])
    }
    return look.panel(
      look("抽样 \(rows.count) 人", "A sample of \(rows.count)"), id: "sample",
      note: look("按名单等距抽取，没有人能挑选", "drawn evenly over the whole list; nobody chooses it"),
      look.table(
        look("抽样", "Sample"),
        columns: [
          .init(look("人", "Person")), .init(look("住处", "Home")), .init(look("依据", "Evidence")),
          .init(look("报入", "Told")),
        ], rows: rows))
  }

  private func decision() -> HTML {
    let from = shown.approvableFrom ?? reading.now
    let mayApprove = reading.now >= from || shown.people == 0
    let decline = look.valueButton(look("不批准", "Decline"), name: "approved", value: "false")
    let wait = look.note(
      look(
        "\(look.nearMoment(from)) 起可以批准：请先核对",
        "May be approved from \(look.nearMoment(from)): look first"))
    return look.panel(
      look("决定", "Decision"), id: "decide",
      note: look("须由另一单位的人决定", "somebody of another organisation decides"),
      look.form(
        ApproveHeld.name, for: request,
        hidden: [
          ("account", shown.account.text), ("expected", String(shown.people)),
          ("preview", shown.preview),
        ],
        buttons: mayApprove ? look.approvalButtons : wait + decline))
  }
}
