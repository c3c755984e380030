import Kernel
import Simulator
import Town

/// What is said of cases.
extension Draw {
  private static let sources = [
    "isolation", "community_screening", "contact_screening", "key_group", "clinic", "checkpoint",
  ]

  mutating func infection() async throws -> Letter {
    switch chance.number(1...20) {
    case 1...8: return letter("cases.report", try await caseRow(), try await reporter())
    case 9...10:
      var rows: [Fields] = []
      for _ in 1...chance.number(1...3) { rows.append(.object(try await caseRow())) }
      return letter("cases.import", ["rows": .list(rows)], try await reporter())
    case 11...13:
      return letter(
        "cases.convert",
        [
          "case": .text(try await caseNumber(asymptomatic: true)),
          "at": .time(past(0...2_000)),
        ], try await reporter())
    case 14...18: return try await correct()
    default:
      return letter(
        "cases.withdraw",
        ["case": .text(try await caseNumber()), "reason": .text("复核为阴性")], try await reporter())
    }
  }

  /// Six and twenty cases in one file, of people whom nobody knew before.
  mutating func crowd() -> Letter {
    let rows = (0..<26).map { _ -> Fields in
      let number = nextNumber()
      return .object([
        "case": .text("C-\(number)"), "person": .text("crowd-\(number)"),
        "kind": .text("confirmed"), "district": .text(Town.Spot.district.rawValue),
        "reported_at": .time(town.now), "source": .text("community_screening"),
      ])
    }
    return letter(
      "cases.import", ["rows": .list(rows)], .account(AccountID(trusted: "investigator")))
  }

  private mutating func reporter() async throws -> Sender {
    try await sender("duty", "investigator", "duty")
  }

  mutating func caseNumber(asymptomatic: Bool = false) async throws -> String {
    let found =
      asymptomatic
      ? try await one("SELECT id FROM infection WHERE kind = 'asymptomatic' ORDER BY id")
      : try await one("SELECT id FROM infection ORDER BY id")
    return found ?? "no-case"
  }

  private mutating func caseRow() async throws -> [String: Fields] {
    let isKnown = chance.happens(0.12)
    let number = isKnown ? try await caseNumber() : "C-\(nextNumber())"
    // Some are reported into days that were published before, a few weeks late.
    let late = chance.happens(0.08) ? 30_000 : 4_000
    let reported = past(0...(chance.happens(0.7) ? 300 : late))
    var row: [String: Fields] = [
      "case": .text(number),
      "kind": .text(chance.pick(["confirmed", "asymptomatic", "asymptomatic", "converted"])),
      "district": spot(.district, .district, .district, .otherDistrict),
      "reported_at": .time(reported),
    ]
    if chance.happens(0.9) { row["person"] = .text(try await person()) }
    row["source"] = .text(chance.happens(0.03) ? "gossip" : chance.pick(Self.sources))
    if chance.happens(0.03) { row["source"] = nil }
    if chance.happens(0.5) {
      row["sampled_at"] = .time(reported - .minutes(chance.number(-60...1_500)))
    }
    if chance.happens(0.4) {
      row["onset_on"] = .text((Day(of: reported, in: .china) - chance.number(0...4)).text)
    }
    return row
  }

  private mutating func correct() async throws -> Letter {
    let field = chance.pick([
      "kind", "source", "source", "district", "reported_at", "reported_at", "onset_on",
      "sampled_at", "converted_at", "age",
    ])
    let value: Fields
    switch field {
    case "kind": value = .text(chance.pick(["confirmed", "asymptomatic", "converted"]))
    case "source": value = .text(chance.pick(Self.sources))
    case "district": value = spot(.district, .otherDistrict)
    case "onset_on":
      value = .text((Day(of: town.now, in: .china) - chance.number(-1...6)).text)
    case "age": value = .text("\(chance.number(0...140))")
    default:
      value = chance.happens(0.2) ? .null : .time(past(0...6_000))
    }
    // A case without a source holds up every bulletin until somebody names one.
    let lacking = try await one(
      "SELECT id FROM infection WHERE source IS NULL AND withdrawn_at IS NULL ORDER BY id")
    let number = try await caseNumber()
    return letter(
      "cases.correct",
      [
        "case": .text(field == "source" ? lacking ?? number : number), "field": .text(field),
        "value": value, "reason": .text("核对后更正"),
      ], try await reporter())
  }
}
