import Testing

@testable import Kernel

@Suite("Work that comes in late") struct LateWorkTests {
  /// Marks a path of which it asks only once it has written.
  private struct Visit: Command {
    static let name = "late.visit"
    static let duty: Duty = "toy.work"
    let path: String

    func area(in work: Work) -> Area { .eachChecked }

    func perform(in work: Work) throws -> Done {
      try work.transaction.execute(
        "INSERT INTO mark (id, text, turn) VALUES (\(path), \(path), \(work.now))")
      try work.record(Marked(mark: path, endless: false))
      try work.require(Self.duty, at: PlacePath(path))
      return Done()
    }
  }

  /// The same at a desk.
  private struct Sit: Command {
    static let name = "late.sit"
    static let duty: Duty = "toy.work"
    let path: String

    func area(in work: Work) -> Area { .path(PlacePath(path)) }
    func perform(in work: Work) -> Done { Done() }
  }

  /// Holds 1.2, and 1.3 until an hour ago.
  private static let jurisdiction = Jurisdiction(
    authority: { sender, _, _, _ in
      Authority(
        sender: sender, offices: [office("1.2")],
        resting: [
          RestingOffice(path: PlacePath("1.3"), duties: ["toy.work"]) { Words("下班", "Over") }
        ])
    }, path: Jurisdiction.toy.path, seat: Jurisdiction.toy.seat,
    lateAuthority: { late, _, _ in
      late.doneAt < late.now - .hours(1)
        ? Authority(sender: late.sender, offices: [office("1.2"), office("1.3")]) : nil
    })

  private static func office(_ path: String) -> HeldOffice {
    HeldOffice(
      role: "worker", place: "p:\(path)".place, path: PlacePath(path), duties: ["toy.work"])
  }

  private func desk(_ town: ToyTown) -> Desk {
    let slice = Slice(
      name: "late",
      commands: [CommandKind(Visit.self, ofTheField: true), CommandKind(Sit.self)])
    return Desk(
      storage: town.storage, assembly: Assembly([Toy.slice, slice]),
      jurisdiction: Self.jurisdiction, rules: town.desk.rules, vault: town.desk.vault,
      clock: town.desk.clock)
  }

  @Test(
    "is taken by the authority of then where that of now does not reach, and leaves one trace",
    arguments: [
      ("late.visit", "1.3", 2, nil as String?, 1), ("late.visit", "1.3", 1, "shift.ended", 0),
      ("late.visit", "1.3", nil, "shift.ended", 0), ("late.visit", "1.2", 2, nil, 0),
      ("late.visit", "1.4", 2, "duty.outsideArea", 0), ("late.sit", "1.3", 2, "shift.ended", 0),
      ("late.sit", "1.2", 2, nil, 0),
    ] as [(String, String, Int?, String?, Int)])
  func taken(
    command: String, path: String, hours: Int?, code: String?, late: Int
  ) async throws {
    let town = try await ToyTown()
    var found: String?
    do {
      _ = try await desk(town).submit(
        Envelope(
          id: "one".command, name: command, body: .object(["path": .text(path)]),
          sender: .account("worker".account), doneAt: hours.map { town.now - .hours($0) }))
    } catch { found = (error as? Refusal)?.code ?? "\(error)" }
    #expect(found == code)
    let marks = command == "late.visit" && code == nil ? 1 : 0
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == marks)
    #expect(
      try await town.number("SELECT COUNT(*) FROM journal WHERE name = 'work.takenAfterShift'")
        == late)
    #expect(
      try await town.number("SELECT COUNT(*) FROM journal WHERE name = 'toy.marked'") == marks)
    #expect(try await town.faults().isEmpty)
  }
}
