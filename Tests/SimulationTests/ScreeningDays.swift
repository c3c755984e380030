import Detection
import Gazette
import Kernel
import Simulator
import Testing
import Town

/// Rounds of mass testing in which desks, phones without network, carriers and laboratories do what
/// they like, rightly and wrongly, and every day everything is checked.
@Suite("Screening as it comes") struct ScreeningDays {
  private static let towns: ClosedRange<UInt64> = 1...4
  private static let days = 4

  @Test("Whatever desks, phones, carriers and laboratories do, I-21 to I-30 hold each day")
  func invariantsHold() async throws {
    var swabs = 0
    var holds = 0
    var refused = 0
    for seed in Self.towns {
      var play = try await ScreeningPlay(seed: seed)
      let faults = try await play.days(Self.days)
      #expect(faults == [], "seed \(seed)")
      swabs += try await play.count("SELECT COUNT(*) FROM swab")
      holds += try await play.count("SELECT COUNT(*) FROM recall")
      refused += play.refused
    }
    // Rounds in which nobody was swabbed, held or refused would prove nothing.
    #expect(swabs > 40 && holds > 5 && refused > 25, "\(swabs) \(holds) \(refused)")
  }
}

/// Some days of one town.
private struct ScreeningPlay {
  let town: Town
  private(set) var refused = 0
  private var draw: Draw
  private var sequence = 0
  private var rounds: [String] = []
  private static let stepsPerDay = 45...65

  init(seed: UInt64) async throws {
    town = try await Town(on: "2022-11-14")
    draw = Draw(seed: seed &* 0x2545_f491_4f6c_dd1d, town: town)
    let courier = Fields.text("courier")
    try await send("accounts.open", ["account": courier, "title": courier], "admin")
    try await send(
      "offices.grant",
      ["account": courier, "role": courier, "place": .text(Town.Spot.district.rawValue)], "admin")
    for _ in 1...16 {
      let letter = try await draw.enrol(
        at: draw.chance.pick([.door101, .door102, .door201, .otherDoor]), by: "street")
      guard case .account(let account) = letter.sender else { continue }
      try await send(letter.name, letter.body, account.text)
    }
    refused = 0
  }

  func count(_ statement: SQL) async throws -> Int {
    try await town.rows(statement).first?.integer(0) ?? 0
  }

  /// Plays so many days; says what is wrong.
  mutating func days(_ count: Int) async throws -> [String] {
    for _ in 0..<count {
      try await send("screening.open", opening(), "duty")
      for _ in 0..<draw.chance.number(Self.stepsPerDay) {
        try await step()
        town.stall(.minutes(draw.chance.number(1...30)))
      }
      try await town.pass(.minutes(2))
      let violated = try await town.violations().sorted { $0.key < $1.key }
      if !violated.isEmpty { return violated.map { "\($0.key): \($0.value)" } }
    }
    return []
  }

  private mutating func opening() -> [String: Fields] {
    let name = "round-\(rounds.count + 1)"
    rounds.append(name)
    return [
      "areas": .list([draw.spot(.community, .street, .district)]), "name": .text(name),
      "pool": .integer(Int64(draw.chance.pick([1, 5, 5, 10]))), "round": .text(name),
    ]
  }

  private mutating func send(
    _ name: String, _ body: [String: Fields], _ account: String
  ) async throws {
    let envelope = Envelope(
      id: CommandID(trusted: "screening-\(draw.nextNumber())"), name: name,
      body: .object(body), sender: .account(AccountID(trusted: account)))
    do {
      _ = try await town.desk.submit(envelope)
      // A lost answer: the same comes again.
      if draw.chance.happens(0.1) { _ = try await town.desk.submit(envelope) }
    } catch is Refusal {
      refused += 1
    }
  }

  private mutating func step() async throws {
    switch draw.chance.number(1...100) {
    case 1...38: try await swab()
    case 39...46: try await seal()
    case 47...50: try await void()
    case 51...58: try await carry()
    case 59...78: try await result()
    case 79...84: try await correct()
    case 85...90: try await note()
    case 91...95: try await settle()
    case 96...97: try await move()
    case 98:
      try await send(
        "screening.close",
        ["round": .text(someRound()), "confirmed": .flag(draw.chance.happens(0.5))],
        "duty")
    default: try await send("screening.oweUntested", ["round": .text(someRound())], "duty")
    }
  }

  /// Mostly the latest round.
  private mutating func someRound() -> String {
    draw.chance.happens(0.8) ? rounds[rounds.count - 1] : draw.chance.pick(rounds)
  }

  /// One of a few tubes of a round; now and then one of another.
  private mutating func tube(_ round: String) -> String {
    "\(draw.chance.happens(0.05) ? draw.chance.pick(rounds) : round)-T\(draw.chance.number(1...9))"
  }

  private mutating func swab() async throws {
    let round = someRound()
    var body: [String: Fields] = [
      "round": .text(round), "person": .text(try await draw.person()),
      "tube": .text(tube(round)),
    ]
    // Who is held is mostly given a tube of their own.
    let held = try await draw.one(
      "SELECT person FROM recall WHERE state = 'held' AND single IS NULL AND round = \(round)")
    if let held, draw.chance.happens(0.4) {
      body["person"] = .text(held)
      body["tube"] = .text("\(round)-S\(draw.nextNumber())")
    }
    if draw.chance.happens(0.5) {
      body["device"] = .text("phone-\(draw.chance.number(1...3))")
      body["sampled_at"] = .time(draw.past(0...700))
    }
    try await send("screening.register", body, draw.chance.pick(["duty", "street", "worker"]))
  }

  private mutating func seal() async throws {
    let round = someRound()
    var body: [String: Fields] = ["round": .text(round), "tube": .text(tube(round))]
    if draw.chance.happens(0.5) {
      body["device"] = .text("phone-\(draw.chance.number(1...3))")
      body["at"] = .time(draw.past(0...300))
    }
    try await send("screening.seal", body, draw.chance.pick(["duty", "street"]))
  }

  private mutating func void() async throws {
    let round = someRound()
    try await send(
      "screening.void",
      [
        "round": .text(round), "tube": .text(tube(round)),
        "reason": .text(draw.chance.pick(["leaking", "unreadable", "lost", "damaged"])),
      ], "duty")
  }

  private mutating func carry() async throws {
    let account = draw.chance.pick(["duty", "investigator", "duty"])
    let box = try await draw.one("SELECT id FROM tube_box ORDER BY id")
    switch draw.chance.number(1...3) {
    case 1:
      let round = someRound()
      let sealed = try await draw.several(
        3, "SELECT code FROM tube WHERE sealed_at IS NOT NULL AND box IS NULL ORDER BY code")
      try await send(
        "screening.pack",
        [
          "box": .text("box-\(draw.nextNumber())"), "round": .text(round),
          "tubes": .texts(sealed),
        ], "duty")
    case 2:
      let tubes = try await draw.one(
        "SELECT CAST(tubes AS TEXT) FROM tube_box WHERE id = \(box ?? "")")
      try await send(
        "screening.give",
        [
          "box": .text(box ?? "none"),
          "to": .object([
            "kind": .text(draw.chance.pick(["vehicle", "laboratory"])), "id": .text("lab"),
          ]),
          "count": .integer(Int64(tubes ?? "1") ?? 1),
        ], account)
    default:
      try await send(
        "screening.take",
        ["box": .text(box ?? "none"), "count": .integer(Int64(draw.chance.number(0...3)))],
        draw.chance.pick(["courier", "duty"]))
    }
  }

  private mutating func result() async throws {
    let waiting = try await draw.several(
      3,
      """
      SELECT code FROM tube WHERE result IS NULL AND voided_at IS NULL AND opened_at IS NOT NULL
      ORDER BY code
      """)
    var rows: [Fields] = []
    for code in waiting {
      sequence += 1
      let result = draw.chance.pick([
        "negative", "negative", "negative", "negative", "positive", "grey", "single_target",
        "invalid",
      ])
      rows.append(
        .object([
          "tube": .text(code), "result": .text(result), "reported_at": .time(town.now),
          "laboratory": .text("lab"), "sequence": .integer(Int64(sequence)),
        ]))
    }
    try await send("screening.importResults", ["rows": .list(rows)], "duty")
  }

  private mutating func correct() async throws {
    let asked = try await draw.one(
      "SELECT id FROM result_correction WHERE decided_at IS NULL ORDER BY id")
    if let asked, draw.chance.happens(0.7) {
      try await send(
        "screening.approveCorrection",
        ["correction": .text(asked), "approved": .flag(draw.chance.happens(0.7))],
        draw.chance.pick(["duty", "investigator"]))
      return
    }
    let holding = try await draw.one(
      "SELECT code FROM tube WHERE result IN ('positive', 'grey', 'single_target') ORDER BY code")
    try await send(
      "screening.askCorrection",
      [
        "tube": .text(holding ?? "none"),
        "result": .text(draw.chance.pick(["negative", "invalid"])), "reason": .text("复核曲线"),
      ], draw.chance.pick(["duty", "investigator"]))
  }

  private mutating func note() async throws {
    let (standing, reason) = draw.chance.pick([
      ("away", "travelling"), ("refused", "unwilling"), ("exempt", "health"), ("missing", "none"),
    ])
    try await send(
      "screening.note",
      [
        "round": .text(someRound()), "person": .text(try await draw.person()),
        "standing": .text(standing), "reason": .text(reason),
      ], draw.chance.pick(["duty", "leader"]))
  }

  private mutating func settle() async throws {
    let conflict = try await town.rows(
      "SELECT id, about FROM swab_conflict WHERE settled_at IS NULL ORDER BY id LIMIT 5")
    guard !conflict.isEmpty else { return }
    let found = draw.chance.pick(conflict)
    var body: [String: Fields] = ["conflict": .text(found.text(0))]
    if draw.chance.happens(0.5) {
      let decision = draw.chance.pick(["keep", "device", "reswab", "void", "stands"])
      body["decision"] = .text(decision)
      let claims = try await town.rows(
        """
        SELECT tube, device FROM swab
        WHERE (person = \(found.text(1)) OR tube = \(found.text(1))) AND device IS NOT NULL
        ORDER BY tube, device LIMIT 10
        """)
      if !claims.isEmpty {
        let claim = draw.chance.pick(claims)
        body["tube"] = .text(claim.text(0))
        body["device"] = .text(claim.text(1))
      }
    } else if draw.chance.happens(0.6) {
      let swabs = try await town.rows(
        """
        SELECT tube, person FROM swab
        WHERE person = \(found.text(1)) OR tube = \(found.text(1))
        ORDER BY tube, person LIMIT 10
        """)
      if !swabs.isEmpty {
        let struck = draw.chance.pick(swabs)
        body["tube"] = .text(struck.text(0))
        body["person"] = .text(struck.text(1))
      }
    }
    try await send("screening.settleConflict", body, "duty")
  }

  /// The register changes meanwhile: somebody moves, two files become one.
  private mutating func move() async throws {
    let letter = try await draw.resident()
    guard case .account(let account) = letter.sender else { return }
    try await send(letter.name, letter.body, account.text)
  }
}
