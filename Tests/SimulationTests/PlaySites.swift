import Kernel
import Simulator
import Town

/// What is done at an isolation site day by day, rightly and wrongly: meals, diets, and who works there.
extension Draw {
  private static let site = Fields.text(Town.Spot.otherBuilding.rawValue)
  private static let workers = ["worker", "otherWorker", "leader", "otherLeader", "auditor"]

  mutating func meal(_ usual: Sender) async throws -> Letter {
    if chance.happens(0.3) {
      let stay = try await one(
        "SELECT id FROM isolation_stay WHERE over = 0 AND accepted_at IS NOT NULL ORDER BY id")
      var body: [String: Fields] = [
        "stay": .text(stay ?? "no-stay"),
        "diet": .text(chance.pick(["regular", "halal", "none", "steak"])),
      ]
      if chance.happens(0.3) { body["medicine"] = .text(chance.pick(["胰岛素", ""])) }
      return letter("isolation.setDiet", body, usual)
    }
    let people = try await town.rows(
      "SELECT COUNT(*) FROM isolation_stay WHERE over = 0 AND arrived_at IS NOT NULL"
    ).first?.integer(0)
    let owed = try await town.rows(
      """
      SELECT meal, day FROM isolation_meal WHERE served_at IS NULL
      ORDER BY deadline LIMIT 4
      """)
    let chosen = owed.isEmpty ? nil : chance.pick(owed)
    var body: [String: Fields] = [
      "site": Self.site, "meal": .text(chosen?.text(0) ?? "lunch"),
      "portions": .integer(Int64(max(0, (people ?? 0) - (chance.happens(0.3) ? 1 : 0)))),
    ]
    if let chosen, chance.happens(0.7) { body["day"] = .text(chosen.text(1)) }
    if chance.happens(0.3) {
      body["doors"] = .text(chance.pick(["301", "302", "303", "301 302", "999"]))
      body["reason"] = .text(chance.pick(["no_answer", "late", "nothing"]))
    }
    return letter("isolation.serveMeal", body, usual)
  }

  mutating func staff(_ usual: Sender) async throws -> Letter {
    let account = Fields.text(chance.pick(Self.workers))
    switch chance.number(1...6) {
    case 1...2:
      return letter(
        "isolation.enterLoop",
        ["site": Self.site, "account": account, "testedAt": .time(past(0...3_200))], usual)
    case 3:
      let loop = try await one("SELECT id FROM isolation_loop ORDER BY left_at IS NOT NULL, id")
      return letter("isolation.leaveLoop", ["loop": .text(loop ?? "no-loop")], usual)
    case 4:
      let turn = try await one("SELECT id FROM isolation_turn WHERE removed_at IS NULL ORDER BY id")
      return letter("isolation.unassignTurn", ["turn": .text(turn ?? "no-turn")], usual)
    default:
      let from = town.now + .hours(chance.number(-2...20))
      var body: [String: Fields] = [
        "site": Self.site,
        "post": .text(chance.pick(["site_leader", "medical", "gate", "gate", "cook"])),
        "account": account, "from": .time(from),
        "until": .time(from + .hours(chance.number(1...13))),
      ]
      if chance.happens(0.2) { body["days"] = .integer(Int64(chance.number(1...3))) }
      return letter("isolation.assignTurn", body, usual)
    }
  }
}
