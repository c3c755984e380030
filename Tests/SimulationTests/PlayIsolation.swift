import Kernel
import Simulator
import Town

/// What is done at isolation sites, rightly and wrongly.
extension Draw {
  private static let site = Town.Spot.otherBuilding

  /// What makes the site ready, so that days are spent on who comes and goes.
  func readySite() -> [Letter] {
    let site = Fields.text(Self.site.rawValue)
    func by(_ account: String) -> Sender { .account(AccountID(trusted: account)) }
    let steps = ["emptied", "cleaned", "zoned", "handed_over"].flatMap { step in
      [("isolation.giveStep", "leader"), ("isolation.confirmStep", "street")].map {
        letter($0.0, ["site": site, "step": .text(step)], by($0.1))
      }
    }
    return [
      letter("isolation.setUp", ["site": site], by("street")),
      letter(
        "isolation.addRooms",
        [
          "site": site, "floor": .integer(3), "first": .integer(301), "last": .integer(303),
          "beds": .integer(2),
        ], by("street")),
    ] + steps
  }

  mutating func isolation() async throws -> Letter {
    let usual = try await sender("street", "duty")
    switch chance.number(1...32) {
    case 1...4: return try await ask()
    case 5...7: return try await answer(usual)
    case 8...10:
      let coming = try await stay("accepted_at IS NOT NULL AND departed_at IS NULL AND over = 0")
      return letter("isolation.depart", ["stay": coming], try await sender("leader", "street"))
    case 11...13:
      let coming = try await stay("departed_at IS NOT NULL AND arrived_at IS NULL")
      return letter("isolation.arrive", ["stay": coming], try await sender("duty", "street"))
    case 14...15:
      return letter(
        chance.pick(["isolation.release", "isolation.letGo", "isolation.toHospital"]),
        ["stay": try await present()], usual)
    case 16:
      return letter(
        "isolation.result",
        [
          "stay": try await present(), "sampledAt": .time(past(0...600)),
          "negative": .flag(chance.happens(0.9)),
        ], usual)
    case 17:
      return letter(
        "isolation.moveRoom", ["stay": try await present(), "room": try await room()], usual)
    case 18: return try await disinfect()
    case 23...26: return try await meal(usual)
    case 27...32: return try await staff(usual)
    default: return try await waste(usual)
    }
  }

  private mutating func ask() async throws -> Letter {
    let held = try await one(
      """
      SELECT person FROM restriction WHERE ended_at IS NULL AND kind = 'central_isolation'
      ORDER BY id
      """)
    let anybody = try await person()
    let companion =
      chance.happens(0.2) ? try await one("SELECT person FROM isolation_stay ORDER BY id") : nil
    var body: [String: Fields] = [
      "person": .text(chance.happens(0.8) ? held ?? anybody : anybody),
      "site": .text(Self.site.rawValue),
    ]
    if let companion { body["companionOf"] = .text(companion) }
    return letter("isolation.ask", body, try await sender("leader", "street", "duty"))
  }

  private mutating func answer(_ usual: Sender) async throws -> Letter {
    var body: [String: Fields] = [
      "stay": try await stay("accepted_at IS NULL AND over = 0"),
      "accepted": .flag(chance.happens(0.9)), "room": try await room(),
    ]
    if chance.happens(0.4) { body["sharing"] = .text(chance.pick(["household", "carer"])) }
    return letter("isolation.answer", body, usual)
  }

  private mutating func disinfect() async throws -> Letter {
    let owed = try await one(
      """
      SELECT id FROM obligation WHERE kind = 'isolation.disinfect' AND closed_at IS NULL
      ORDER BY id
      """)
    return letter(
      "obligations.finish",
      [
        "obligation": .text(owed ?? "nothing"),
        "proof": .object([
          "milligrams": .text(chance.pick(["1000", "1000", "500"])), "minutes": .text("30"),
        ]),
      ], try await sender("street", "duty"))
  }

  private mutating func waste(_ usual: Sender) async throws -> Letter {
    let given = try await one(
      "SELECT id FROM isolation_handover ORDER BY taken_at IS NOT NULL, id")
    switch chance.number(1...5) {
    case 5:
      var body: [String: Fields] = ["site": .text(Self.site.rawValue)]
      if chance.happens(0.5) { body["written"] = .flag(chance.happens(0.5)) }
      return letter("isolation.labelBags", body, usual)
    case 1...2:
      return letter(
        "isolation.weighBag",
        [
          "site": .text(Self.site.rawValue), "kind": .text(chance.pick(["infectious", "sharp"])),
          "kilograms": .integer(Int64(chance.number(1...26))),
        ], usual)
    case 3:
      var body: [String: Fields] = ["site": .text(Self.site.rawValue)]
      if chance.happens(0.3) { body["written"] = .flag(true) }
      return letter("isolation.giveWaste", body, usual)
    default:
      let bags = try await town.rows(
        "SELECT bags, grams FROM isolation_handover WHERE id = \(given ?? "nothing")"
      ).first
      return letter(
        "isolation.takeWaste",
        [
          "handover": .text(given ?? "nothing"),
          "bags": .integer(Int64(bags?.integer(0) ?? 1)),
          "kilograms": .integer(Int64((bags?.integer(1) ?? 1_000) / 1_000)),
          "returned": .flag(chance.happens(0.2)),
        ], try await sender("duty"))
    }
  }

  private mutating func stay(_ condition: SQL) async throws -> Fields {
    .text(
      try await one("SELECT id FROM isolation_stay WHERE \(condition) ORDER BY id") ?? "no-stay")
  }

  private mutating func present() async throws -> Fields {
    try await stay("arrived_at IS NOT NULL AND over = 0")
  }

  private mutating func room() async throws -> Fields {
    .text(try await one("SELECT id FROM isolation_room ORDER BY id") ?? "no-room")
  }
}
