import Kernel
import Look
import Registry

/// What applies to one person, and what an office can do about it.
struct RestrictionsOfPersonPage {
  private let request: ScreenRequest
  private let reading: Reading
  private let look: Look
  private let resident: Resident
  private let views: [RestrictionView]

  init(request: ScreenRequest, reading: Reading) throws {
    self.request = request
    self.reading = reading
    look = Look(reading)
    let person = try PersonID(request.parameter("person"))
    views = try reading.ask(RestrictionsOfPerson(person: person)).restrictions
    resident = try ResidentsStore(reading.transaction).get(person)
  }

  func body() throws -> HTML {
    let name = resident.name.map { Mask.name($0.revealed) } ?? ""
    let file = look.linkButton(
      look("看档案", "File"), to: "/residents/\(Address.escaped(resident.id.text))")
    let cards = try views.map { view in
      try RestrictionCardView(view: view, reading: reading, look: look)
        .html(isOwn: false, extra: try forms(view))
    }
    return HTML([
      look.title(
        markup: look.masked(name), look.note(try reading.address(of: resident.path)) + file),
      cards.isEmpty
        ? look.empty(look("没有任何管控措施", "Nothing restricts this person"), isGood: true)
        : look.stack(cards),
      try EntryForms(request: request, reading: reading, look: look, resident: resident).html(),
      try issuing(),
    ])
  }

  private func forms(_ view: RestrictionView) throws -> HTML {
    guard view.state != .ended else { return "" }
    var forms: [HTML] = []
    let id = ("restriction", view.restriction.text)
    if reading.authority.may(TakeObjection.duty, at: resident.path) {
      forms.append(
        look.disclosure(
          look("代录异议", "Take down an objection"), id: "take-\(view.restriction.text)",
          look.form(
            TakeObjection.name, for: request, hidden: [id],
            fields: [
              .init("ground", look("本人说的理由", "What the person says"), .long, required: true)
            ],
            buttons: look.primaryButton(look("登记异议", "Record it")))))
    }
    if let transfer = view.transfer {
      forms.append(
        try asked(
          look("外出被发现，等另一单位复核是否转集中隔离", "Met elsewhere: another office decides on a transfer"),
          nil, transfer, ApproveTransfer.name, id: id))
    } else if reading.authority.may(ReportBreach.duty, at: resident.path) {
      forms.append(try breach(view, id: id))
    }
    if let release = view.release {
      forms.append(
        try asked(
          look("有人申请提前解除，等另一单位批准", "Its early end was asked for; another office has to approve"),
          look(release.reason.words), release, ApproveEnd.name, id: id))
    } else if reading.authority.may(EndRestriction.duty, at: resident.path) {
      forms.append(
        look.disclosure(
          look("申请提前解除（须第二人批准）", "Ask for an early end (a second person decides)"),
          id: "end-\(view.restriction.text)",
          look.form(
            EndRestriction.name, for: request, hidden: [id],
            fields: [
              .init(
                "reason", look("原因", "Reason"),
                .choices(
                  [EndReason.released, .noLongerNeeded].map {
                    .init($0.rawValue, look($0.words))
                  }), required: true)
            ], buttons: look.dangerButton(look("提交复核", "Ask")))))
    }
    return HTML(forms)
  }

  /// What was asked already, and the decision for whoever may take it.
  private func asked(
    _ title: String, _ reason: String?, _ change: RestrictionView.ChangeView, _ command: String,
    id: (String, String)
  ) throws -> HTML {
    let office = try reading.office(ofSender: change.issuer, at: change.askedAt)
    let notice = look.notice(
      title, look.dotted([reason, office, look.nearMoment(change.askedAt)]), tone: .soon)
    guard reading.authority.may(ApproveRestriction.duty, at: resident.path) else { return notice }
    return notice
      + look.form(
        command, for: request, hidden: [id], buttons: look.approvalButtons, isInline: true)
  }

  /// Whoever meets the person elsewhere says where.
  private func breach(_ view: RestrictionView, id: (String, String)) throws -> HTML {
    let own = try reading.placeInSight(nil, for: ReportBreach.duty)
    let places = try reading.placesAround(own, for: ReportBreach.duty)
    return look.disclosure(
      look("报告外出（须第二人复核）", "Report that the person was met elsewhere (a second person decides)"),
      id: "breach-\(view.restriction.text)",
      look.form(
        ReportBreach.name, for: request, hidden: [id],
        fields: [
          .init(
            "place", look("在哪里遇到", "Where"),
            .list(
              places.map {
                .init($0.id.text, String(repeating: "\u{3000}", count: $0.depth) + $0.name)
              }), required: true)
        ], buttons: look.primaryButton(look("提交", "Report"))))
  }

  private func issuing() throws -> HTML {
    guard reading.authority.may(IssueRestriction.duty, at: resident.path) else { return "" }
    guard let policy = try? reading.policy(RestrictionsPolicy.self), !policy.clauses.isEmpty else {
      return look.notice(
        look("现行政策没有管控条款", "The policy in force has no clause"),
        look("现在不能采取任何管控措施。", "Nothing may be restricted now."), tone: .information)
    }
    let standing = try reading.ask(EvidenceOfPerson(person: resident.id)).evidence
    return look.disclosure(
      look("申请管控（须第二人复核）", "Ask for a restriction (a second person decides)"), id: "issue",
      evidence(standing)
        + look.form(
          IssueRestriction.name, for: request, hidden: [("person", resident.id.text)],
          fields: [
            .init(
              "clause", look("按哪一条", "Clause"),
              .list(policy.clauses.map { .init($0.id, look($0.words)) }), required: true),
            .init(
              "evidence.kind", look("依据", "Evidence"),
              .list(EvidenceKind.allCases.map { .init($0.rawValue, look($0.words)) }),
              required: true),
            .init(
              "evidence.reference", look("依据的编号", "Its number"),
              hint: look(
                "病例、密接、风险区、试管、来返登记或症状报告的编号",
                "of the case, contact, zone, tube, entry record or report of symptoms"),
              required: true),
          ], buttons: look.primaryButton(look("提交复核", "Ask"))))
  }

  /// What is known of the person and may be cited, with its number.
  private func evidence(_ standing: [EvidenceOfPerson.Piece]) -> HTML {
    if standing.isEmpty {
      return look.note(look("目前没有关于此人的依据", "There is no evidence about this person now"))
    }
    return look.facts(
      standing.map { noted in
        (
          look(noted.kind.words),
          "\(look.dotted([noted.reference, look.nearMoment(noted.countedFrom)]))"
        )
      })
  }
}
