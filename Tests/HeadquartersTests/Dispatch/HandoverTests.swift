import Registry
import Testing
import Town

@testable import Headquarters
@testable import Kernel

/// Makes things owed at a door, as other slices would.
private struct Owe: Command {
  static let name = "test.owe"
  static let duty: Duty = .clockOnly
  /// Minutes from now, negative for what is late.
  let deadlines: [Int]

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    guard let kind = work.assembly.obligationKinds["restrictions.health"] else { return Done() }
    for (index, minutes) in deadlines.enumerated() {
      try work.oblige(
        kind, about: "s\(index)", at: Town.Spot.door101.id, by: work.now + .minutes(minutes))
    }
    return Done()
  }
}

@Suite("A change of shift") struct HandoverTests {
  private static let street = Town.Spot.street.id

  private static func owed(in town: Town) async throws -> [ObligationEntry] {
    try await town.ask(ListObligations(place: street)).obligations
  }

  @Test("takes what is late and what was promised along, and is signed by two")
  func twoSign() async throws {
    let town = try await Town()
    try await town.submit(Owe(deadlines: [-10, 30, 60]), from: .clock)
    let owed = try await Self.owed(in: town)
    try await town.submit(ClaimObligation(obligation: owed[1].obligation), as: "worker")
    let id = try await town.submit(
      GiveHandover(place: Self.street, note: " 盯住 1 号楼 "), as: "street")
    var shown = try await town.ask(ShowHandover(handover: id), as: "street")
    #expect(shown.note.note == "盯住 1 号楼")
    #expect((shown.note.owed, shown.note.late, shown.note.promised) == (3, 1, 1))
    #expect(shown.obligations == [owed[0].obligation, owed[1].obligation])
    await #expect(throws: Refusal.self, "the giver cannot take it") {
      try await town.submit(TakeHandover(handover: id), as: "street")
    }
    try await town.submit(TakeHandover(handover: id), as: "duty")
    try await town.submit(TakeHandover(handover: id), as: "duty")
    await #expect(throws: Refusal.self, "nobody takes it a second time") {
      try await town.submit(TakeHandover(handover: id), as: "admin")
    }
    shown = try await town.ask(ShowHandover(handover: id), as: "street")
    #expect(shown.note.taker == AccountID(trusted: "duty"))
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "what was promised goes along without a limit, what is late longest first, and says of how many"
  )
  func many() async throws {
    let town = try await Town()
    try await town.submit(
      Owe(deadlines: (0..<350).map { 100 + $0 } + (0..<330).map { -400 + $0 }), from: .clock)
    _ = try await town.desk.storage.write { [now = town.now] transaction in
      try transaction.execute(
        """
        UPDATE obligation SET claimed_by = 'worker', claimed_at = \(now)
        WHERE deadline > \(now)
        """)
    }
    let id = try await town.submit(GiveHandover(place: Self.street, note: "x"), as: "street")
    var (items, after): ([ObligationID], String?) = ([], nil)
    repeat {
      let shown = try await town.ask(ShowHandover(handover: id, after: after), as: "street")
      #expect((shown.note.owed, shown.note.late, shown.note.promised) == (680, 330, 350))
      #expect((shown.all, shown.owed) == (650, 650))
      items += shown.obligations
      after = shown.after
    } while after != nil
    #expect(Set(items).count == 650)
    let late = try await town.rows(
      "SELECT id FROM obligation WHERE closed_at IS NULL ORDER BY deadline, id LIMIT 300")
    #expect(Array(items.prefix(300)) == late.map { $0.id(0) })
  }

  @Test(
    "refuses a note that is empty, too long, or holds somebody's number",
    arguments: [
      ("  ", "field.missing"), (String(repeating: "长", count: 2_001), "handover.long"),
      ("打 13800138000", "text.personalNumber"),
    ])
  func notes(note: String, code: String) async throws {
    let town = try await Town()
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(GiveHandover(place: Self.street, note: note), as: "street")
    }
    #expect(refusal?.code == code)
  }

  @Test("is no business of another area")
  func area() async throws {
    let town = try await Town()
    await #expect(throws: Refusal.self) {
      try await town.submit(GiveHandover(place: Self.street, note: "x"), as: "leader")
    }
    let id = try await town.submit(GiveHandover(place: Self.street, note: "x"), as: "street")
    await #expect(throws: Refusal.self) {
      try await town.ask(ShowHandover(handover: id), as: "leader")
    }
  }

  @Test("what was promised before today is told from what was promised today")
  func promised() async throws {
    let town = try await Town()
    try await town.submit(Owe(deadlines: [3_000, 3_001]), from: .clock)
    let owed = try await Self.owed(in: town)
    try await town.submit(ClaimObligation(obligation: owed[0].obligation), as: "worker")
    func promised() async throws -> [ObligationID] {
      try await town.read { reading in
        try reading.ask(
          ObligationsShow.promised.question(
            place: Self.street, kind: nil, limit: 10, in: reading)
        ).obligations.map(\.obligation)
      }
    }
    #expect(try await promised().isEmpty)
    town.stall(.days(1))
    try await town.submit(ClaimObligation(obligation: owed[1].obligation), as: "worker")
    #expect(try await promised() == [owed[0].obligation])
    try await town.submit(
      FinishObligation(
        obligation: owed[0].obligation, proof: ["temperature": "36.5", "symptom": "none"]),
      as: "worker")
    #expect(try await promised().isEmpty)
  }
}
