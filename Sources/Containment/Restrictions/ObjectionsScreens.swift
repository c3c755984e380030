import Kernel
import Look
import Registry

/// The objections that wait, and one of them to be decided.
enum ObjectionsScreens {
  static let list = Screen(
    path: "/objections", title: Words("异议", "Objections"), duty: DecideObjection.duty,
    purpose: .objection, navigation: 44
  ) { request, reading in
    let look = Look(reading)
    let place = try reading.placeInSight(request.query["place"], for: DecideObjection.duty)
    let answer = try reading.ask(
      ListObligations(
        place: place?.id, kind: RestrictionDuties.decideObjection.name,
        after: request.query["after"], limit: 50))
    let rows = try answer.obligations.map { entry in
      Look.ObligationRow(
        label: look.deadline(entry.deadline),
        title: look.dotted([
          look("居民异议", "A resident’s objection"),
          try reading.jurisdiction.path(entry.place, reading.transaction)
            .map { try reading.shortAddress(of: $0) },
        ]), address: "/objections/\(Address.escaped(entry.about))",
        trail: [
          look("提出于 \(look.nearMoment(entry.openedAt))", "made \(look.nearMoment(entry.openedAt))")
        ],
        holder: try reading.holder(claimedBy: entry.claimedBy, seat: entry.seat))
    }
    let next = answer.after.map { Address("/objections", request.query).with(["after": $0]).text }
    return Page(
      title: look("异议", "Objections"),
      body: look.title(look("异议", "Objections"))
        + look.panel(
          look("等答复", "Waiting"), note: look("超时先解除", "if late, the measure is lifted first"),
          rows.isEmpty
            ? look.empty(look("没有等答复的异议", "No objection is waiting"), isGood: true)
            : look.obligations(rows))
        + (look.pages(after: next, note: look("每页 50 件", "50 a page")) ?? ""), isLive: true)
  }

  static let one = Screen(
    path: "/objections/:objection", title: Words("异议复核", "Decide an objection"),
    duty: DecideObjection.duty, purpose: .objection
  ) { request, reading in
    let look = Look(reading)
    let id = try ObjectionID(request.parameter("objection"))
    let shown = try reading.ask(ShowObjection(objection: id))
    let view = shown.restriction
    let isDecided = view.objection.map { $0.objection == id && $0.decidedAt != nil } ?? false
    let label = view.objection.map { objection in
      objection.decidedAt.map { look.closed($0, deadline: objection.due) }
        ?? look.deadline(objection.due)
    }
    let form = look.form(
      DecideObjection.name, for: request, hidden: [("objection", id.text)],
      fields: [
        .init(
          "upheld", look("决定", "Decision"),
          .choices([
            .init("true", look("成立，立即解除", "Upheld: it ends at once")),
            .init("false", look("不成立，继续执行", "Not upheld: it goes on")),
          ]), required: true),
        .init(
          "reason", look("理由（本人会看到）", "Reason (the person reads it)"), .long, required: true),
      ], buttons: look.primaryButton(look("作出决定", "Decide")))
    return Page(
      title: look("异议复核", "Decide an objection"),
      body: HTML([
        look.title(look("异议复核", "Decide an objection"), label.map { look.chip($0) }),
        look.columns([
          look.stack([
            look.card(look("本人说", "The person says"), said(shown.ground, look)),
            isDecided
              ? look.notice(look("已有决定", "It is decided"), tone: .done)
              : look.card(look("决定", "Decision"), form),
          ]),
          try RestrictionCardView(view: view, reading: reading, look: look).html(isOwn: false),
        ]),
      ]))
  }

  /// What was said, each time a paragraph.
  private static func said(_ ground: String, _ look: Look) -> HTML {
    HTML(ground.split(separator: "\n").map { look.paragraph(String($0)) })
  }
}
