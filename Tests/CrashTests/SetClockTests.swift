import Foundation
import Testing
import Town

@Suite(
  "A machine whose clock is set while the program runs", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"),
  .enabled(if: Preloaded.setClock != nil, "there is no C compiler"))
struct SetClockTests {
  /// A server on a machine whose clock this test sets.
  private struct Machine {
    let shift: String
    let server: ServedProgram

    init(_ data: String, shift: String) throws {
      self.shift = shift
      server = try ServedProgram(
        data,
        environment: ["LD_PRELOAD": Preloaded.setClock ?? "", "DENGHUO_CLOCK_FILE": shift])
    }

    func set(_ seconds: Int) throws {
      try "\(seconds)".write(toFile: shift, atomically: true, encoding: .utf8)
    }
  }

  @Test("issues nothing by it, reads on, and goes on when it is right again or accepted")
  func jumps() async throws {
    let ground = try Ground()
    defer { ground.clear() }
    let data = try await ground.found("\(ground.path)/data")
    let machine = try Machine(data, shift: "\(ground.path)/shift")
    try await machine.server.serving()
    let line = try #require(OperatorLine(machine.server.socket))
    let ledger = Ledger()
    func status() throws -> Int? { ledger.send(ledger.take(), on: line)?.status }
    #expect(try status() == 200)
    for jump in [-3_600, 7_200, 400 * 86_400, -86_400] {
      try machine.set(jump)
      for word in ["时钟异常", "clock jumped"] {
        let language = word == "时钟异常" ? "zh-CN" : "en"
        let ready = line.get("/readyz", language: language)
        #expect(ready?.status == 503 && ready?.body.contains(word) == true)
      }
      #expect(try status() == 503)
      #expect(line.get("/api/queries/places.export?purpose=exchange")?.status == 200)
      let shown = try await run("clock", data, in: ground)
      #expect(shown.status == 1 && shown.output.contains("not believed"))
      try machine.set(0)
      #expect(try status() == 200)
    }
    // Nobody accepts it who is not there, or does not answer for the journal; nor is that taken in silence.
    let nobody = try await run("clock", data, "--accept", "--account", "nobody", in: ground)
    #expect(nobody.status == 1 && nobody.complaints.contains("account"), "\(nobody.complaints)")
    try machine.set(7_200)
    let again = try await run("clock", data, "--accept", "--account", "nobody", in: ground)
    #expect(again.status == 1)
    #expect(try status() == 503)
    #expect(try await run("clock", data, "--accept", in: ground).status == 0)
    #expect(try status() == 200)
    #expect(line.get("/metrics")?.body.contains("denghuo_clock_trusted 1") == true)
    #expect(await machine.server.stop() == 0)
    let faults = try await Evidence.faults(
      in: data, Set(ledger.acknowledged.keys), refused: Set(ledger.refused.keys))
    #expect(faults == [])
    let journal = try await BuiltProgram.run(
      ["journal", "export", "one.jsonl", "--data", data], in: ground.path)
    #expect(journal.status == 0, "\(journal.complaints)")
    let lines = try String(contentsOfFile: "\(ground.path)/one.jsonl", encoding: .utf8).split(
      separator: "\n")
    let accepted = lines.filter { $0.contains("machine.clockAccepted") }
    #expect(accepted.count == 1 && accepted.allSatisfy { $0.contains("\"admin\"") })
    try await behind(data, ground)
  }

  /// Started again on a machine that is two hours behind what was written last.
  private func behind(_ data: String, _ ground: Ground) async throws {
    let machine = try Machine(data, shift: "\(ground.path)/none")
    try await machine.server.serving()
    #expect(OperatorLine(machine.server.socket)?.get("/readyz")?.says("clock.jumped") == true)
    #expect(try await run("clock", data, "--accept", in: ground).status == 0)
    #expect(OperatorLine(machine.server.socket)?.get("/readyz")?.status == 200)
    #expect(await machine.server.stop() == 0)
  }

  private func run(
    _ command: String, _ data: String, _ more: String..., in ground: Ground
  ) async throws -> BuiltProgram.Outcome {
    try await BuiltProgram.run([command, "--data", data] + more, in: ground.path)
  }
}
