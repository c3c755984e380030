import Kernel
import Look
import Registry

/// A person's code as an office handles it: printed, revoked, shown by somebody else.
enum PassCareScreens {
  static let ofPerson = Screen(
    path: "/passes/of/:person", title: Words("健康码", "Pass code"), duty: IssuePass.duty,
    purpose: .fieldwork
  ) { request, reading in
    let person = PersonID(trusted: request.parameter("person"))
    let page = PassCarePage(
      request: request, reading: reading, look: Look(reading), person: person,
      pass: try reading.ask(IssuePass(person: person)),
      care: try reading.ask(ShowPassCare(person: person)))
    return Page(title: Look(reading)("健康码", "Pass code"), body: try page.body())
  }
}

/// The colour and why, then paper, then who shows it, then what to do when it is lost.
private struct PassCarePage {
  let request: ScreenRequest
  let reading: Reading
  let look: Look
  let person: PersonID
  let pass: PassView
  let care: ShowPassCare.Answer

  func body() throws -> HTML {
    let label = Look.Label("\(pass.colour.shape) \(look(pass.words))", pass.colour.tone)
    let home = Address.escaped(care.home.text)
    let ways = look.row([
      look.linkButton(
        look("打印这一户的纸质码", "Print the codes of this home"), to: "/passes/sheet/\(home)"),
      look.linkButton(
        look("档案", "The file"), to: "/residents/\(Address.escaped(person.text))"),
      look.linkButton(
        look("管控措施", "Restrictions"), to: "/restrictions/of/\(Address.escaped(person.text))"),
    ])
    return look.title(
      markup: "\(look("健康码", "Pass code")) \(look.masked(pass.name ?? "–"))", look.chip(label))
      + look.card(nil, look.facts(facts) + ways) + (try shown) + (try lost)
  }

  private var facts: [(String, HTML)] {
    var lines: [(String, HTML)] = [(look("含义", "Means"), "\(look(pass.asks))")]
    if let until = pass.until {
      lines.append((look("现在签发，有效至", "Issued now, valid until"), "\(look.end(until))"))
    }
    if let why = pass.why {
      lines.append(
        (
          look("依据", "Rule"),
          "\(look(why.clause)) · \(look.edition(why.edition, of: reading.rules.policies))"
        ))
      lines.append((look("证据", "Evidence"), "\(look(why.reason))"))
      lines.append((look("到何时", "Until"), "\(look.end(why.end))"))
    }
    lines.append(
      (look("证件尾号", "Document ends in"), "\(pass.document ?? look("没有登记", "none on file"))"))
    return lines
  }

  private var shown: HTML {
    get throws {
      let mayEntrust = reading.authority.holds(EntrustPass.duty)
      let shows = care.shows.map { line($0, person: $0.person, carer: person, mayEntrust) }
      let by = care.shownBy.map { line($0, person: person, carer: $0.person, mayEntrust) }
      let nobody = look.paragraph(look("没有。", "Nobody."))
      let form = look.disclosure(
        look("请别人代为出示", "Let somebody else show it"), id: "entrust",
        look.form(
          EntrustPass.name, for: request, hidden: [("person", person.text)],
          fields: [
            Look.Field(
              "carer", look("由谁出示（人员编号）", "Who shows it, by identifier"), .line, required: true),
            Look.Field(
              "consent", look("本人同意", "The person agreed"),
              .choices([
                .init("true", look("已当面同意", "asked, and agreed")),
                .init("false", look("同住的儿童，不需要", "a child of the same home: not needed")),
              ]), required: true),
          ], buttons: look.primaryButton(look("登记", "Enter it"))))
      return look.card(
        look("代为出示", "Shown by somebody else"),
        "<h3>\(look("代谁出示", "Shows the codes of"))</h3>\(shows.isEmpty ? [nobody] : shows)"
          + "<h3>\(look("由谁代为出示", "Is shown by"))</h3>\(by.isEmpty ? [nobody] : by)"
          + (mayEntrust ? form : HTML()))
    }
  }

  private func line(
    _ other: ShowPassCare.Person, person: PersonID, carer: PersonID, _ mayEnd: Bool
  ) -> HTML {
    let consent = other.consent ? look("本人同意", "agreed") : look("儿童", "a child")
    let end = look.form(
      EndPassCare.name, for: request, hidden: [("person", person.text), ("carer", carer.text)],
      fields: [], buttons: look.plainButton(look("不再代为出示", "No longer")))
    return look.row([
      look.masked(other.name ?? "–"),
      look.note(look.dotted([consent, look.moment(other.since)])), mayEnd ? end : HTML(),
    ])
  }

  private var lost: HTML {
    get throws {
      guard reading.authority.holds(RevokePasses.duty) else { return HTML() }
      return look.card(
        look("遗失或被冒用", "Lost, or shown by somebody else"),
        look.paragraph(
          look(
            "作废后，之前发出的码在核验端下次更新名单时失效；本人重新打开页面即得新码。",
            "What was issued before is worth nothing once verifiers have their next list; the person opens the page and has a new one."
          ))
          + look.form(
            RevokePasses.name, for: request, hidden: [("person", person.text)],
            fields: [
              Look.Field(
                "reason", look("原因", "Reason"),
                .choices([
                  .init("lost", look(PassRevocation.lost.words)),
                  .init("mistaken", look(PassRevocation.mistaken.words)),
                ]), required: true)
            ], buttons: look.dangerButton(look("作废", "Revoke"))))
    }
  }
}
