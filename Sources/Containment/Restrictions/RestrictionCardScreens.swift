import Kernel
import Look
import Registry

/// A restriction as everybody reads it: all six lines, and its days.
struct RestrictionCardView {
  let view: RestrictionView
  let reading: Reading
  let look: Look

  /// - Parameter isOwn: whether the person themself reads it.
  func html(isOwn: Bool, extra: HTML? = nil) throws -> HTML {
    look.restriction(
      Look.RestrictionCard(
        title: look(view.kindWords), label: label, reason: look(view.evidenceWords),
        clause: clause, evidence: evidence(isOwn: isOwn), decidedBy: try decidedBy(),
        until: until, objection: objection(isOwn: isOwn)),
      extra: (isOwn ? "" : days) + (extra ?? ""))
  }

  var label: Look.Label {
    switch view.state {
    case .effective:
      Look.Label(
        look("第 \(view.day) 天，共 \(view.days) 天", "day \(view.day) of \(view.days)"), .today)
    case .suspended: Look.Label(look("已先行解除", "lifted for now"), .done)
    case .ended: Look.Label(view.endReason.map { look($0.words) } ?? look("已结束", "ended"), .neutral)
    }
  }

  var until: String {
    switch view.state {
    case .effective:
      look("\(look.end(view.end))，到期自动解除", "\(look.end(view.end)), it ends by itself")
    case .suspended:
      look("异议没有按时答复，已先行解除", "The objection was not answered in time: lifted for now")
    case .ended:
      view.endedAt.map { look("已于 \(look.end($0)) 结束", "ended \(look.end($0))") }
        ?? look("已结束", "ended")
    }
  }

  private var clause: HTML {
    let quote: HTML? =
      view.quote.isEmpty
      ? nil
      : look.disclosure(
        look("看原文", "Read it"), id: "clause-\(view.restriction.text)",
        "<blockquote lang=\"zh-CN\">\(view.quote)</blockquote><p class=\"note\">\(view.source)</p>")
    let edition = look.edition(view.edition, of: reading.rules.policies)
    return "\(look(view.clauseWords)) <span class=\"note\">\(edition)</span>\(quote)"
  }

  private func evidence(isOwn: Bool) -> HTML {
    let lines = view.evidence.map { evidence -> HTML in
      let words = look(evidence.kind.words)
      // Who the case is, is nobody's to read; an office that may, follows the link.
      guard !isOwn else { return "\(words)" }
      let reference = Address.escaped(evidence.reference)
      switch evidence.kind {
      case .infection: return look.link(words, to: "/cases/\(reference)")
      case .contact where mayOpen("/contacts/:contact"):
        return look.link(words, to: "/contacts/\(reference)")
      case .zoneResidence where mayOpen("/zones/:zone"):
        return look.link(words, to: "/zones/\(reference)")
      case .contact, .zoneResidence: return "\(words)"
      default: return "\(words) <span class=\"note\">\(evidence.reference)</span>"
      }
    }
    return HTML(lines.enumerated().map { index, line in index == 0 ? line : " · " + line })
  }

  private func mayOpen(_ path: String) -> Bool {
    reading.assembly.screens.contains { screen in
      screen.path == path && (screen.duty.map { reading.authority.holds($0) } ?? true)
    }
  }

  private func decidedBy() throws -> String {
    let issuer =
      view.issuer == Restriction.ruleEngine
      ? look("按政策规定自动判定", "by the rule in force")
      : try reading.office(ofSender: view.issuer, at: view.start)
    let second = try view.approver.map { try reading.office(ofSender: $0, at: view.start) }
    let who = look.dotted([issuer, second.map { look("复核：\($0)", "approved: \($0)") }])
    return look.dotted([who, look.moment(view.start)])
  }

  private func objection(isOwn: Bool) -> HTML {
    if let objection = view.objection {
      switch objection.state {
      case .waiting:
        let due = look.nearEnd(objection.due)
        let words = look(
          "异议已提出，\(due) 前由别的单位答复；超时先解除",
          "Objection made; another office answers by \(due), if late it is lifted first")
        return "\(words)"
      case .lapsed: return "\(look("没有按时答复，已先行解除", "Not answered in time: lifted for now"))"
      case .upheld: return "\(look("异议成立", "The objection was upheld"))"
      case .rejected: return "\(look("异议未成立，可再提新的理由", "Not upheld; new grounds may be given"))"
      }
    }
    if view.state != .effective { return "–" }
    let words = look(
      "提出异议：由别的单位复核，超时先解除", "Object: another office reviews it; if late, it is lifted first")
    return isOwn ? look.link(words, to: "#object") : "\(words)"
  }

  /// The days with what was to be done on each.
  var days: HTML {
    if view.dayStates.isEmpty { return "" }
    let days = view.dayStates.map { day -> Look.StripDay in
      let isToday = day.day == reading.today
      let isPast = day.day < reading.today
      let hasTest = day.steps.contains { $0.kind == "test" }
      let isLate = day.steps.contains { $0.state == .late }
      let word = hasTest ? look("采样", "test") : day.steps.isEmpty ? "" : look("测温", "temp.")
      let kind: Look.StripDay.Kind =
        isToday ? .now : isLate ? .late : isPast ? .done : hasTest ? .plan : .blank
      let said = isToday ? look("今天", "today") : isLate ? look("漏", "missed") : word
      return Look.StripDay("\(day.number)", said, kind)
    }
    return look.dayStrip(days)
  }
}
