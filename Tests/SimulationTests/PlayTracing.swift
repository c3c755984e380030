import Kernel
import Simulator
import Town

/// Who was where, and who is a contact.
extension Draw {
  private static let venues = ["超市", "餐馆", "bus-1", "town-door-101", "town-door-102", "town-grid"]

  mutating func visit() async throws -> Letter {
    switch chance.number(1...20) {
    case 1...9: return letter("visits.record", try await visitRow(), try await recorder())
    case 10...13:
      var rows: [Fields] = []
      for _ in 1...chance.number(2...6) { rows.append(.object(try await visitRow())) }
      return letter("visits.import", ["rows": .list(rows)], try await recorder())
    case 14...17: return try await encounters()
    case 18:
      return letter(
        "venues.classify",
        [
          "venue": .text(chance.pick(Self.venues)),
          "kind": .text(chance.pick(["enclosed", "transport", "open_air", "encounter"])),
        ], try await sender("investigator", "duty"))
    case 19:
      return letter(
        "tracing.setIsolation",
        ["infection": .text(try await caseNumber()), "isolated_at": .time(past(0...4_000))],
        try await sender("investigator", "duty"))
    default:
      return letter(
        "tracing.compute", ["infection": .text(try await caseNumber())],
        try await sender("investigator", "duty"))
    }
  }

  private mutating func recorder() async throws -> Sender {
    try await sender("duty", "investigator", "leader", "worker")
  }

  private mutating func visitRow() async throws -> [String: Fields] {
    let from = past(10...6_000)
    let minutes = chance.happens(0.05) ? -chance.number(1...30) : chance.number(0...240)
    return [
      "person": .text(try await person()), "venue": .text(chance.pick(Self.venues)),
      "from": .time(from), "to": .time(from + .minutes(minutes)),
      "source": .text(chance.pick(["interview", "venue_code", "location", "work"])),
    ]
  }

  private mutating func encounters() async throws -> Letter {
    var rows: [Fields] = []
    for _ in 1...chance.number(1...3) {
      rows.append(
        .object([
          "person_a": .text(try await person()), "person_b": .text(try await person()),
          "at": .time(past(0...5_000)), "seconds": .integer(Int64(chance.number(-5...7_200))),
        ]))
    }
    return letter("encounters.import", ["rows": .list(rows)], try await recorder())
  }

  mutating func contact() async throws -> Letter {
    switch chance.number(1...10) {
    case 1...6:
      let chosen = try await several(
        6, "SELECT id FROM contact WHERE state <> 'withdrawn' ORDER BY id")
      return letter(
        "contacts.confirm", ["contacts": .texts(chosen)],
        try await sender("investigator", "duty"))
    case 7...8:
      let chosen = try await several(3, "SELECT id FROM contact ORDER BY id")
      return letter(
        "contacts.reject",
        [
          "contacts": .texts(chosen),
          "reason": .text(chance.pick(["protected", "not_there", "mistaken_identity"])),
        ], try await sender("investigator", "duty"))
    default:
      return try await add()
    }
  }

  private mutating func add() async throws -> Letter {
    let from = past(0...3_500)
    return letter(
      "contacts.add",
      [
        "infection": .text(try await caseNumber()), "person": .text(try await person()),
        "kind": .text(chance.pick(["close", "close", "general", "secondary"])),
        "from": .time(from), "to": .time(from + .minutes(chance.number(-5...600))),
      ], try await sender("investigator", "duty"))
  }
}
