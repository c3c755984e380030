import Kernel
import Simulator
import Town

/// What is done about isolation at home, rightly and wrongly: reports, requests, carers, decisions and
/// ways out for care.
extension Draw {
  mutating func home() async throws -> Letter {
    switch chance.number(1...20) {
    case 1...6: return try await report()
    case 7...8:
      return letter(
        "home.ask",
        [
          "kind": .text(chance.pick(["doctor", "medicine", "supplies", "other", "gold"])),
          "text": .text(chance.pick(["", "降压药"])),
        ], .resident(PersonID(trusted: try await kept())))
    case 9:
      return letter(
        "home.nameCarer",
        ["person": .text(try await kept()), "carer": .text(try await person())],
        try await sender("worker", "leader", "street"))
    case 10...11:
      return letter(
        "home.decideRemedy",
        [
          "household": .text(
            try await one("SELECT id FROM home_household ORDER BY unmet = 0, id") ?? "no-home"),
          "outcome": .text(chance.pick(["mended", "tolerated", "move"])), "reason": .text("已核实"),
        ], try await sender("street", "duty"))
    case 12...14: return try await askOuting()
    case 15:
      return letter(
        "home.answerOuting",
        [
          "outing": try await outing("state = 'asked'"), "approved": .flag(chance.happens(0.8)),
          "reason": .text("药品可送上门"),
        ], try await sender("street", "duty"))
    case 16:
      return letter(
        "home.cancelOuting", ["outing": try await outing("over = 0")],
        try await sender("leader", "street"))
    default: return try await moveOuting()
    }
  }

  /// Mostly somebody whom a measure keeps at home.
  private mutating func kept() async throws -> String {
    let anybody = try await person()
    if chance.happens(0.2) { return anybody }
    if let stays = try await one(
      "SELECT person FROM home_stay ORDER BY ended_at IS NOT NULL, id")
    {
      return stays
    }
    let held = try await one(
      """
      SELECT person FROM restriction WHERE ended_at IS NULL AND kind = 'home_isolation'
      ORDER BY id
      """)
    return held ?? anybody
  }

  private mutating func report() async throws -> Letter {
    let person = try await kept()
    var body: [String: Fields] = [
      "temperature": .text(chance.pick(["36.5", "36.8", "36.2", "38.4", "84"])),
      "symptom": .text(chance.pick(["none", "none", "dry_cough", "bored"])),
    ]
    if chance.happens(0.2) { body["person"] = .text(try await kept()) }
    return letter("home.reportOwn", body, .resident(PersonID(trusted: person)))
  }

  private mutating func askOuting() async throws -> Letter {
    let person = try await kept()
    var body: [String: Fields] = [
      "destination": .text("市立医院"), "reason": .text("透析"),
      "emergency": .flag(chance.happens(0.2)),
      "leaveAt": .time(town.now + .minutes(chance.number(-60...2_000))),
    ]
    if chance.happens(0.5) {
      return letter("home.askOwnOuting", body, .resident(PersonID(trusted: person)))
    }
    body["person"] = .text(person)
    return letter("home.askOuting", body, try await sender("worker", "leader", "street"))
  }

  private mutating func moveOuting() async throws -> Letter {
    let outing = try await outing("over = 0 AND state <> 'asked'")
    if chance.happens(0.1) {
      let person = try await kept()
      return letter(
        "home.confirmOwnReturn", ["outing": outing], .resident(PersonID(trusted: person)))
    }
    return letter(
      "home.moveOuting",
      [
        "outing": outing, "to": .text(chance.pick(["out", "there", "back", "home"])),
        "driver": .text(chance.pick(["张师傅", "李师傅", ""])), "vehicle": .text("鲁B12345"),
      ], try await sender("leader", "street", "duty"))
  }

  private mutating func outing(_ condition: SQL) async throws -> Fields {
    .text(
      try await one("SELECT id FROM home_outing WHERE \(condition) ORDER BY id") ?? "no-outing")
  }
}
