import Testing

@testable import Kernel

@Suite("The bell for errands") struct ErrandBellTests {
  private static let long = Duration.seconds(60)

  @Test("what was rung before anybody waited is heard once")
  func before() async {
    let bell = ErrandBell()
    bell.ring()
    bell.ring()
    #expect(await bell.wait(atMost: Self.long))
    #expect(await !bell.wait(atMost: .milliseconds(5)))
  }

  @Test("whoever waits is woken, and a later wait is another one", .timeLimit(.minutes(1)))
  func during() async {
    let bell = ErrandBell()
    for _ in 0..<200 {
      async let isRung = bell.wait(atMost: Self.long)
      await Task.yield()
      bell.ring()
      #expect(await isRung)
    }
    #expect(await !bell.wait(atMost: .milliseconds(5)))
  }

  @Test("a task that is cancelled waits no longer", .timeLimit(.minutes(1)))
  func cancelled() async {
    let bell = ErrandBell()
    let waiting = Task { await bell.wait(atMost: .seconds(600)) }
    await Task.yield()
    waiting.cancel()
    #expect(await !waiting.value)
  }

  @Test("rings for an errand of now, and not for one of later or for none")
  func errands() async throws {
    let town = try await ToyTown()
    func isRung() async -> Bool { await town.desk.errandBell.wait(atMost: .milliseconds(5)) }
    _ = await isRung()
    try await town.submit(SendMark(mark: "later", due: town.now + .minutes(10)))
    #expect(await !isRung())
    try await town.submit(SendMark(mark: "now"))
    #expect(await isRung())
    // Nothing is left behind by what was done before.
    try await town.turn()
    #expect(await !isRung())
  }
}
