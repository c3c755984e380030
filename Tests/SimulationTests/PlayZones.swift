import Kernel
import Simulator
import Town

/// What is done with zones, rightly and wrongly.
extension Draw {
  mutating func zone() async throws -> Letter {
    switch chance.number(1...10) {
    case 1...4:
      return letter(
        chance.happens(0.9) ? "zones.open" : "zones.decline",
        ["zone": .text(try await zoneNumber("proposed"))],
        try await sender("street", "duty", "investigator", "street"))
    case 5...6: return try await propose()
    case 7...8:
      return letter(
        chance.pick(["zones.release", "zones.stepDown"]),
        ["zone": .text(try await zoneNumber("standing"))], try await sender("street", "duty"))
    case 9:
      return letter(
        "zones.releasePlaces",
        [
          "zone": .text(try await zoneNumber("standing")),
          "places": .list([spot(.entrance, .building, .otherBuilding)]),
        ], try await sender("street", "duty"))
    default: return try await assign()
    }
  }

  private mutating func zoneNumber(_ state: String) async throws -> String {
    try await one("SELECT id FROM zone WHERE state = \(state) ORDER BY id") ?? "no-zone"
  }

  private mutating func propose() async throws -> Letter {
    letter(
      "zones.propose",
      [
        "places": .list([
          spot(.entrance, .building, .otherBuilding, .estate, .community, .door101)
        ]), "level": .text(chance.pick(["high", "high", "medium", "low", "sealed", "controlled"])),
        "infection": .text(try await caseNumber()),
      ], try await sender("leader", "street", "duty"))
  }

  private mutating func assign() async throws -> Letter {
    let from = town.now + .hours(chance.number(-2...20))
    return letter(
      "zones.assign",
      [
        "zone": .text(try await zoneNumber("standing")),
        "role": .text(chance.pick(["point_leader", "group_leader", "member", "guard"])),
        "account": .text(chance.pick(["worker", "leader", "otherWorker", "nobody-known"])),
        "from": .time(from), "until": .time(from + .hours(chance.number(1...13))),
      ], try await sender("street", "leader"))
  }
}
