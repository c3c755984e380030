import Kernel
import Simulator
import Town

/// What is done with codes, and who shows whose.
extension Draw {
  mutating func pass() async throws -> Letter {
    let usual = try await sender("worker", "leader", "duty")
    switch chance.number(1...10) {
    case 1...3:
      return letter(
        "passes.revoke",
        [
          "person": .text(try await person()),
          "reason": .text(chance.pick(["lost", "mistaken", "lost", "changed"])),
        ], usual)
    case 4...6:
      return letter(
        "passes.entrust",
        [
          "person": .text(try await person()), "carer": .text(try await person()),
          "consent": .flag(chance.happens(0.7)),
        ], usual)
    case 7:
      let pair = try await one(
        "SELECT person || ' ' || carer FROM pass_care WHERE ended_at IS NULL ORDER BY person, carer"
      )
      let parts = (pair ?? "stranger-1 stranger-2").split(separator: " ").map(String.init)
      return letter(
        "passes.endCare", ["person": .text(parts[0]), "carer": .text(parts.last ?? "")], usual)
    default:
      return letter(
        "venues.makeCode",
        [
          "place": spot(.building, .otherBuilding, .estate),
          "title": .text("店\(chance.number(1...9))"),
          "kind": .text(chance.pick(["shop", "park", "warehouse", "palace"])),
        ], try await sender("leader", "street"))
    }
  }
}
