import Kernel
import Look

/// One person's file: masked until a purpose is given; what it lacks, who looked, the slip.
struct ResidentPage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let answer: ShowResident.Answer
  private let place: Place

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    let person = try PersonID(request.parameter("person"))
    let isRevealed = request.query["reveal"] == "true"
    answer =
      try isRevealed
      ? reading.ask(RevealResident(person: person)) : reading.ask(ShowResident(person: person))
    place = try PlacesStore(reading.transaction).get(answer.card.home)
  }

  private var card: ResidentCard { answer.card }
  private var own: String { "/residents/\(Address.escaped(card.person.text))" }

  func body() throws -> HTML {
    HTML([
      look.title(
        markup: who, reveal + look.note(look.dotted([card.sex.map { look($0.words) }, age]))),
      missing,
      look.columns([
        look.stack([look.card(nil, facts), former]), look.stack([actions, try looks()]),
      ]),
    ])
  }

  private var age: String? { card.age.map { look("\($0) 岁", "\($0)") } }

  private var who: HTML {
    let name = card.name ?? ""
    if !card.isRevealed { return look.masked(name) }
    return "\(name.isEmpty ? look("姓名未知", "name unknown") : name)"
  }

  private var reveal: HTML {
    let may = reading.authority.may(RevealResident.duty, at: place.path)
    if card.isRevealed || !may { return "" }
    return look.reveal(
      at: own, purposes: RevealResident.purposes, id: "person", hidden: [("reveal", "true")])
  }

  private var missing: HTML {
    if let survivor = card.mergedInto {
      return look.notice(
        look("此档案已合并", "This file was merged"), tone: .soon,
        extra: look.link(
          look("看现在的档案", "See the file"), to: "/residents/\(Address.escaped(survivor.text))"))
    }
    if card.missing.isEmpty { return "" }
    let words = card.missing.map { look($0.words) }.joined(separator: look("、", ", "))
    return look.notice(look("档案不全，缺：\(words)", "The file lacks: \(words)"), tone: .soon)
  }

  private var facts: HTML {
    var lines: [(String, HTML)] = [
      (look("编号", "Number"), "\(card.person)"),
      (look("住处", "Home"), "\(card.address.joined(separator: " "))"),
    ]
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { lines.append((name, "\(value)")) }
    }
    add(look("出生", "Born"), card.birthDay.map { look.day($0) })
    add(look("证件", "Document"), card.identityNumber)
    if let phone = card.phone, card.isRevealed {
      lines.append((look("电话", "Telephone"), "<a href=\"tel:\(phone)\">\(phone)</a>"))
    } else {
      add(look("电话", "Telephone"), card.phone)
    }
    add(look("单位", "Works at"), card.workPlace)
    add(look("户籍", "Registered in"), card.registeredCode)
    add(
      look("需求", "Needs"), card.tags.map { look($0.title) }.joined(separator: look("、", ", ")))
    add(
      look("外出", "Away"),
      card.awaySince.map { look("自 \(look.moment($0))", "since \(look.moment($0))") })
    add(look("保存到", "Kept until"), look.day(answer.keepUntil))
    return look.facts(lines)
  }

  private var former: HTML {
    if answer.former.isEmpty { return "" }
    let rows = answer.former.map { span in
      Look.TableRow(
        words(span.kind),
        cells: [
          .text(span.value ?? "＊＊＊"), .text(look.moment(span.from)), .text(look.moment(span.until)),
        ])
    }
    return look.disclosure(
      look("以前", "Before"), id: "former",
      look.table(
        look("以前", "Before"),
        columns: [
          .init(look("什么", "What")), .init(look("哪里", "Where")), .init(look("从", "From")),
          .init(look("到", "Until")),
        ], rows: rows))
  }

  private func words(_ kind: FormerResidence.Kind) -> String {
    switch kind {
    case .home: look("住处", "Home")
    case .registered: look("户籍", "Registered in")
    case .work: look("单位", "Worked at")
    case .away: look("外出", "Away")
    }
  }

  private var actions: HTML {
    var parts: [HTML] = []
    let id = Address.escaped(card.person.text)
    var links: [HTML] = []
    if reading.authority.may("restrictions.read", at: place.path) {
      links.append(look.linkButton(look("管控措施", "Restrictions"), to: "/restrictions/of/\(id)"))
    }
    if reading.authority.may("passes.read", at: place.path) {
      links.append(look.linkButton(look("健康码", "Pass code"), to: "/passes/of/\(id)"))
    }
    if reading.authority.may("screening.read", at: place.path) {
      links.append(look.linkButton(look("核酸检测", "Tests"), to: "/screening/of/\(id)"))
    }
    if reading.authority.may(IssueSlip.duty, at: place.path) {
      links.append(look.linkButton(look("签发凭条", "Issue a slip"), to: "\(own)/slip"))
    }
    if !links.isEmpty { parts.append(look.row(links)) }
    if reading.authority.may(MoveResident.duty, at: place.path) {
      parts.append(presence)
      parts.append(completion)
    }
    return look.card(look("可以做", "What can be done"), HTML(parts))
  }

  private var presence: HTML {
    let isAway = card.awaySince != nil
    return look.form(
      MoveResident.name, for: request,
      hidden: [("person", card.person.text), ("away", isAway ? "false" : "true")],
      buttons: look.plainButton(isAway ? look("回来了", "Came back") : look("外出了", "Went away")),
      isInline: true)
  }

  private var completion: HTML {
    look.disclosure(
      look("补全或更正", "Complete or correct"), id: "complete",
      look.form(
        UpdateResident.name, for: request, hidden: [("person", card.person.text)],
        fields: [
          .init("name", look("姓名", "Name"), hint: look("空着的不改", "what is left empty stays")),
          .init(
            "sex", look("性别", "Sex"),
            .list(
              [.init("", "–")] + Sex.allCases.map { .init($0.rawValue, look($0.words)) })),
          .init("birth_date", look("出生日期", "Date of birth"), .day),
          .init("phone", look("电话", "Telephone"), .phone),
        ], buttons: look.primaryButton(look("保存", "Save"))))
  }

  private func looks() throws -> HTML {
    guard reading.authority.may(ListDisclosures.duty, at: place.path),
      ListDisclosures.purposes.contains(reading.purpose)
    else {
      let address = Address(own, ["purpose": Purpose.supervision.rawValue]).text
      guard reading.authority.may(ListDisclosures.duty, at: place.path) else { return "" }
      return look.card(
        look("谁看过", "Who looked"),
        look.link(look("为督办查看", "See it, for supervision"), to: address))
    }
    let lines = try reading.ask(ListDisclosures(person: card.person)).disclosures
    let looks = lines.map { line in
      let office = line.offices.first.map { look.dotted([look($0.title), $0.place]) }
      return Look.Looking(
        at: line.at, who: office ?? look("系统或本人", "the system or the person"),
        what: look.dotted([look(line.purpose.words), line.isList ? look("名单", "a list") : nil]))
    }
    return look.card(look("谁看过", "Who looked"), look.looks(looks))
  }
}

extension ResidentPage {
  /// The page on which a slip is issued; the secret on it is made by the server and shown once.
  func slip() -> HTML {
    HTML([
      look.title(look("签发凭条", "Issue a slip")),
      look.card(
        look.dotted([card.name, card.address.suffix(3).joined(separator: " ")]),
        HTML([
          look.paragraph(
            look(
              "凭条上的地址只打开本人的页面。新凭条一签发，旧的立即作废。",
              "The address on the slip opens only this person’s page. A new slip ends the old ones."
            )),
          """
          <form class="form" method="post" action="/slips"><div class="buttons">\
          \(look.hidden("person", card.person.text))\
          \(look.primaryButton(look("签发并打印", "Issue and print")))</div></form>
          """,
        ])),
      look.link(look("回到档案", "Back to the file"), to: own),
    ])
  }
}
