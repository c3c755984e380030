import Foundation
import Testing
import Town

@Suite(
  "A server that is killed at any moment", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct KilledProgramTests {
  /// After so many kills a new folder is taken, so that looking at it does not take longer and longer.
  private static let killsPerFolder = 25
  private static let clients = 4
  private static let receiptsAskedAgain = 3

  @Test("keeps everything that it acknowledged, once and whole, and serves again")
  func kills() async throws {
    let kills = Rounds.asked("DENGHUO_KILLS", usually: 10)
    var starts = Times()
    var cycles = Times()
    var counts = (acknowledged: 0, left: 0)
    var done = 0
    while done < kills {
      let ground = try Ground()
      defer { ground.clear() }
      let data = try await ground.found("\(ground.path)/data")
      let ledger = Ledger()
      for round in 0..<min(Self.killsPerFolder, kills - done) {
        let began = ContinuousClock.now
        starts.add(try await cycle(data, ledger, killedAtStart: round % 4 == 3, counts: &counts))
        try Evidence.copy(data, to: "\(ground.path)/copy")
        let faults = try await Evidence.faults(
          in: "\(ground.path)/copy", Set(ledger.acknowledged.keys))
        #expect(faults == [], "after \(done) kills")
        cycles.add(ContinuousClock.now - began)
        done += 1
      }
      counts.acknowledged += ledger.acknowledged.count
      let server = try ServedProgram(data)
      try await server.serving()
      #expect(await server.stop() == 0)
      #expect(try await ground.violated(data) == nil)
    }
    print(
      "kills: \(done), acknowledged \(counts.acknowledged), left open \(counts.left), "
        + "start to first answer \(starts.text), cycle \(cycles.text)")
    #expect(counts.acknowledged > done)
  }

  /// Starts it, lets clients send, kills it; gives how long it took to serve.
  private func cycle(
    _ data: String, _ ledger: Ledger, killedAtStart: Bool,
    counts: inout (acknowledged: Int, left: Int)
  ) async throws -> Duration {
    if killedAtStart {
      // While it puts itself right after the kill before.
      let server = try ServedProgram(data)
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...800)))
      await server.kill()
    }
    let server = try ServedProgram(data)
    let took = try await server.serving()
    try askAgain(server, ledger)
    let load = Load(clients: Self.clients, on: server.socket, ledger)
    try await Task.sleep(for: .milliseconds(Int.random(in: 20...500)))
    await server.kill()
    await load.stop()
    counts.left += ledger.openCount
    ledger.sendOpenAgain()
    return took
  }

  /// The same identifier gets the same receipt, whatever happened since.
  private func askAgain(_ server: ServedProgram, _ ledger: Ledger) throws {
    let line = try #require(OperatorLine(server.socket))
    for (number, receipt) in ledger.acknowledged.shuffled().prefix(Self.receiptsAskedAgain) {
      let answer = try #require(
        line.post(Ledger.command, Ledger.body(number), key: Ledger.key(number)))
      #expect(answer.status == 200 && answer.isRepeat && answer.body == receipt)
    }
  }
}
