import Testing

@testable import Kernel

@Suite("The pump") struct PumpTests {
  @Test("performs an errand after its transaction, once, when it is due")
  func due() async throws {
    let town = try await ToyTown()
    try await town.submit(SendMark(mark: "later", due: town.now + .minutes(10)))
    try await town.turn()
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 0)
    town.pass(.minutes(10) - .milliseconds(1))
    try await town.turn()
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 0)
    town.pass(.milliseconds(1))
    try await town.turn()
    try await town.turn()
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 1)
    #expect(try await town.number("SELECT COUNT(*) FROM outbox") == 0)
    #expect(try await town.faults() == [])
  }

  @Test("an errand that was performed before the power went is not applied again")
  func atLeastOnce() async throws {
    let town = try await ToyTown()
    try await town.submit(SendMark(mark: "once"))
    let errand = try #require(
      await town.rows("SELECT command, name, body FROM outbox").first)
    _ = try await town.desk.submit(
      Envelope(
        id: errand.id(0), name: errand.text(1), body: errand.text(2).fields, sender: .clock))
    try await town.turn()
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 1)
    #expect(try await town.number("SELECT COUNT(*) FROM outbox") == 0)
  }

  @Test("gives up an errand that is refused, and goes on with the others")
  func refused() async throws {
    let town = try await ToyTown()
    try await town.submit(SendMark(mark: "a", end: .refused))
    try await town.submit(SendMark(mark: "b"))
    try await town.turn()
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 1)
    let counts = try await town.storage.read { try OutboxStore(transaction: $0).counts() }
    #expect(counts.waiting == 0 && counts.failed == 1)
    #expect(
      try await town.rows("SELECT failure FROM outbox").map { $0.text(0) } == ["toy.refused"])
  }

  @Test("tries an errand that failed again, ever later, and gives it up after eight times")
  func retried() async throws {
    let town = try await ToyTown()
    try await town.submit(SendMark(mark: "a", end: .foreignError))
    var pauses: [Int64] = []
    for attempt in 1...8 {
      try await town.turn()
      let row = try #require(
        await town.rows("SELECT attempts, due_at, failed_at FROM outbox").first)
      if attempt == 8 {
        #expect(row.optionalInstant(2) == town.now)
        break
      }
      #expect(row.integer(0) == attempt)
      let pause = row.instant(1) - town.now
      pauses.append(pause.inSeconds)
      town.pass(pause)
    }
    #expect(pauses == [5, 10, 20, 40, 80, 160, 320])
  }

  @Test("a tick that fails keeps neither the other ticks nor the errands from being done")
  func failingTick() async throws {
    let town = try await ToyTown()
    try await town.submit(SendMark(mark: "a"))
    let refusal = await #expect(throws: Refusal.self) { try await town.pump.turn() }
    #expect(refusal?.code == "toy.never")
    #expect(try await town.number("SELECT COUNT(*) FROM run") == 1)
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 1)
  }

  @Test("a tick is sent when its time has come, not before")
  func ticks() async throws {
    let town = try await ToyTown()
    for (seconds, runs) in [(0, 1), (29, 1), (1, 2), (29, 2), (1, 3), (600, 4)] {
      town.pass(.seconds(seconds))
      try await town.turn()
      #expect(try await town.number("SELECT COUNT(*) FROM run") == runs)
    }
  }

  @Test("the most urgent errand comes first, however many others have waited longer")
  func urgent() async throws {
    let town = try await ToyTown()
    for number in 0..<205 { try await town.submit(SendMark(mark: "m\(number)")) }
    town.pass(.seconds(1))
    try await town.submit(SendMark(mark: "alarm", isUrgent: true))
    try await town.turn()
    #expect(try await town.marked().first == "alarm")
    #expect(try await town.marked().count == 206)
  }

  @Test("an urgent errand that comes meanwhile does not wait for those that are under way")
  func meanwhile() async throws {
    let town = try await ToyTown()
    for number in 0..<5 {
      try await town.submit(SendMark(mark: "m\(number)", end: number == 1 ? .alarming : nil))
      town.pass(.seconds(1))
    }
    _ = try? await Pump(desk: town.desk, looksAgain: .zero).turn()
    #expect(try await town.marked() == ["m0", "m1", "m1-alarm", "m2", "m3", "m4"])
  }

  @Test("a turn of the clock that changed nothing leaves neither receipt nor fact")
  func quiet() async throws {
    let town = try await ToyTown()
    try await town.turn()
    #expect(try await town.number("SELECT COUNT(*) FROM receipt") == 0)
    #expect(try await town.number("SELECT COUNT(*) FROM journal") == 0)
  }
}
