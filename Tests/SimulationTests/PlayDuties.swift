import Kernel
import Simulator
import Town

/// What is owed, what restricts, who is in office, and what is published.
extension Draw {
  mutating func obligation() async throws -> Letter {
    let mostly = chance.happens(0.85)
    let owed =
      mostly
      ? try await one("SELECT id FROM obligation WHERE closed_at IS NULL ORDER BY id")
      : try await one("SELECT id FROM obligation ORDER BY id")
    let id = Fields.text(owed ?? "nothing")
    let who = try await sender("worker", "otherWorker", "leader", "investigator", "duty", "street")
    switch chance.number(1...20) {
    case 1...4: return letter("obligations.claim", ["obligation": id], who)
    case 5...13: return letter("obligations.finish", ["obligation": id, "proof": proof()], who)
    case 14...15:
      return letter("obligations.waive", ["obligation": id, "reason": .text("已另行处理")], who)
    case 16...17: return letter("obligations.strikeOff", ["obligation": id], who)
    default:
      return letter(
        "obligations.attempt",
        ["obligation": id, "outcome": .text(chance.pick(["nobodyHome", "needsHelp"]))], who)
    }
  }

  private mutating func proof() -> Fields {
    let temperature = chance.pick(["36.5", "36.8", "36.2", "38.4", "84"])
    return .object([
      "temperature": .text(temperature),
      "symptom": .text(chance.pick(["none", "none", "none", "dry_cough"])),
      "hospital": .text("市立医院"),
      "outcome": .text(chance.pick(["done", "not", "well", "help"])),
      "room": sixth(), "air": sixth(), "visitors": sixth(), "household": sixth(),
      "door": sixth(), "rubbish": sixth(),
    ])
  }

  /// Whether one of the six rules at home is met.
  private mutating func sixth() -> Fields { .text(chance.happens(0.9) ? "yes" : "no") }

  mutating func restriction() async throws -> Letter {
    let held = try await one("SELECT id FROM restriction ORDER BY ended_at IS NULL, id")
    let id = Fields.text(held ?? "nothing")
    let limiters = try await sender("leader", "street", "investigator", "duty")
    switch chance.number(1...24) {
    case 1...6: return try await issue(limiters)
    case 7...11:
      let asked = try await one("SELECT id FROM restriction_request ORDER BY id")
      return letter(
        "restrictions.approve",
        ["request": .text(asked ?? "nothing"), "approved": .flag(chance.happens(0.8))],
        try await sender("investigator", "duty", "street"))
    case 12:
      let reason = chance.pick(["released", "no_longer_needed", "expired"])
      return letter(
        "restrictions.end", ["restriction": id, "reason": .text(reason)], limiters)
    case 13:
      let asked = try await one(
        "SELECT restriction FROM restriction_change ORDER BY decided_at IS NOT NULL, restriction")
      return letter(
        chance.pick(["restrictions.approveEnd", "restrictions.approveTransfer"]),
        ["restriction": asked.map { .text($0) } ?? id, "approved": .flag(chance.happens(0.8))],
        try await sender("investigator", "duty", "street"))
    case 14...15:
      return letter(
        "restrictions.reportBreach",
        ["restriction": id, "place": spot(.grid, .community, .otherCommunity)],
        try await sender("worker", "leader", "duty"))
    case 16...18:
      let person = try await one("SELECT person FROM restriction ORDER BY id") ?? "nobody"
      return letter(
        "objections.raise", ["restriction": id, "ground": .text("我当天不在")],
        .resident(PersonID(trusted: person)))
    case 19...20:
      return letter(
        "objections.take", ["restriction": id, "ground": .text("电话提出")],
        try await sender("worker", "leader", "duty"))
    default:
      let raised = try await one("SELECT id FROM objection ORDER BY decided_at IS NULL, id")
      return letter(
        "objections.decide",
        [
          "objection": .text(raised ?? "nothing"), "upheld": .flag(chance.happens(0.4)),
          "reason": .text("已核对行程"),
        ], try await sender("reviewer", "duty"))
    }
  }

  private mutating func issue(_ sender: Sender) async throws -> Letter {
    let evidence: [String: Fields]
    switch chance.number(1...4) {
    case 1:
      let contact = try await one("SELECT id FROM contact ORDER BY id")
      evidence = ["kind": .text("contact"), "reference": .text(contact ?? "none")]
    case 2: evidence = ["kind": .text("case"), "reference": .text(try await caseNumber())]
    default:
      let zone = try await one("SELECT id FROM zone ORDER BY id")
      evidence = [
        "kind": .text("zone_residence"),
        "reference": zone.map(Fields.text) ?? spot(.building, .grid, .otherCommunity),
      ]
    }
    return letter(
      "restrictions.issue",
      [
        "person": .text(try await person()), "evidence": .object(evidence),
        "clause": .text(
          chance.pick(["close", "zone_high", "zone_high", "zone_middle", "case", "none"])),
      ], sender)
  }

  /// Publishes the day before, or a window that somebody else would not choose.
  mutating func bulletin() async throws -> Letter {
    let today = Day(of: town.now, in: .china)
    let start = chance.happens(0.8) ? today - 1 : today - chance.number(0...4)
    let days = chance.happens(0.9) ? 1 : chance.number(0...3)
    return letter(
      "bulletin.publish",
      ["from": .time(start.start(in: .china)), "to": .time((start + days).start(in: .china))],
      try await sender("duty"))
  }

  mutating func office() async throws -> Letter {
    let extra = "extra-\(chance.number(1...4))"
    let role = chance.pick([
      "grid_worker", "community_leader", "investigator", "command_duty", "volunteer", "mayor",
    ])
    let place = spot(.grid, .otherGrid, .community, .district, .otherDistrict)
    let admin = try await sender("admin")
    switch chance.number(1...10) {
    case 1...3:
      return letter("accounts.open", ["account": .text(extra), "title": .text(extra)], admin)
    case 4...7:
      var body: [String: Fields] = ["account": .text(extra), "role": .text(role), "place": place]
      if chance.happens(0.3) { body["from"] = .time(past(0...3_000)) }
      if chance.happens(0.3) {
        body["until"] = .time(town.now + .minutes(chance.number(1...5_000)))
      }
      return letter("offices.grant", body, admin)
    case 8...9:
      return letter(
        "offices.end", ["account": .text(extra), "role": .text(role), "place": place], admin)
    default: return letter("accounts.close", ["account": .text(extra)], admin)
    }
  }

  /// Something that the sender has no business doing, whatever the state of the town.
  mutating func trespass() async throws -> Letter {
    let person = try await person()
    let outside = Sender.account(AccountID(trusted: "otherLeader"))
    switch chance.number(1...8) {
    case 1:
      return letter("cases.report", ["case": .text("X")], .account(AccountID(trusted: "worker")))
    case 2:
      return letter(
        "residents.enrol", ["home": spot(.door101, .grid), "name": .text("某人")], outside)
    case 3:
      // Whoever is registered in the first community only is none of the other leader's business.
      let inside = try await one(
        "SELECT id FROM person WHERE path LIKE '1.1.1.1%' AND merged_into IS NULL ORDER BY id")
      return letter(
        "residents.move", ["person": .text(inside ?? person), "away": .flag(true)], outside)
    case 4:
      return letter(
        "offices.grant",
        [
          "account": .text("worker"), "role": .text("command_duty"), "place": spot(.district),
        ], .account(AccountID(trusted: "duty")))
    case 5:
      let held = try await one("SELECT id FROM restriction ORDER BY id")
      return letter(
        "restrictions.end", ["restriction": .text(held ?? "none"), "reason": .text("released")],
        .account(AccountID(trusted: "worker")))
    case 6:
      return letter(
        "bulletin.publish", ["from": .time(town.now - .days(1)), "to": .time(town.now)],
        .account(AccountID(trusted: "investigator")))
    case 7: return letter("restrictions.tend", [:], .account(AccountID(trusted: "duty")))
    default:
      return letter("residents.move", ["person": .text(person), "away": .flag(true)], .nobody)
    }
  }
}
