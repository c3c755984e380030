import Foundation
import Testing
import Town

@Suite(
  "A disk on which the N-th call fails", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"),
  .enabled(if: FailingDisk.library != nil, "there is no C compiler"))
struct FailingDiskTests {
  private static let commands = 4

  @Test(
    "leaves nothing by halves and nothing acknowledged that is not there",
    arguments: FailingDisk.faults)
  func everyCall(fault: FailingDisk.Fault) async throws {
    let most = Rounds.asked("DENGHUO_FAULTS", usually: 4)
    let ground = try Ground()
    defer { ground.clear() }
    let founded = try await settled("\(ground.path)/founded", ground)
    var calls: [String: Int] = [:]
    var outcomes: [String: Int] = [:]
    // In the long form every call from the first until none fails any more; in the short form some.
    let isShort = most < Self.calls.upperBound
    let places = isShort ? Array(Self.calls.shuffled().prefix(most)) : Array(1...most)
    for at in places {
      let data = "\(ground.path)/at"
      try? FileManager.default.removeItem(atPath: data)
      try? FileManager.default.removeItem(atPath: "\(data)-failed")
      try FileManager.default.copyItem(atPath: founded, toPath: data)
      let disk = FailingDisk(fault: fault, at: at, data: data)
      let outcome = try await run(on: disk)
      outcomes[outcome, default: 0] += 1
      guard let failed = disk.failed?.split(separator: " ").first else {
        if isShort { continue }
        break
      }
      calls[String(failed), default: 0] += 1
    }
    print("\(fault.testDescription): \(calls.sorted { $0.key < $1.key }), \(outcomes)")
    #expect(calls.values.reduce(0, +) > 0)
  }

  @Test(
    "that fails when the log is put away is seen, and what stood in the log is not lost",
    .enabled(if: Rounds.asked("DENGHUO_FAULTS", usually: 0) > 0, "the long form only"))
  func whilePuttingTheLogAway() async throws {
    let ground = try Ground()
    defer { ground.clear() }
    let data = try await settled("\(ground.path)/data", ground)
    let disk = FailingDisk(
      fault: FailingDisk.Fault(error: EIO, isForEver: false), at: 200, data: data,
      file: "denghuo.sqlite")
    let server = try ServedProgram(data, environment: disk.environment)
    try await server.serving()
    let ledger = Ledger()
    let load = Load(clients: 2, on: server.socket, ledger)
    let line = try #require(OperatorLine(server.socket))
    let began = ContinuousClock.now
    var number = 0
    while disk.failed == nil, ContinuousClock.now - began < .seconds(300) {
      number += 1
      _ = line.post(Ledger.command, Self.bulk(number), key: "filling-\(number)")
    }
    try await Task.sleep(for: .seconds(1))
    #expect(line.get("/readyz")?.says("storage.broken") == true)
    await load.stop()
    await server.kill()
    print("the disk failed at putting the log away: \(disk.failed ?? "never"), \(number) bulks")
    try await check(disk, ledger, sound: ledger.acknowledged.count)
  }

  /// A district of which nothing is left in the log: putting that away is not what is to fail.
  private func settled(_ data: String, _ ground: Ground) async throws -> String {
    _ = try await ground.found(data)
    let server = try ServedProgram(data)
    try await server.serving()
    #expect(await server.stop() == 0)
    return data
  }

  /// So many visits that the log grows long soon.
  private static func bulk(_ number: Int) -> String {
    let rows = (0..<2_000).map { row in
      let person = (number * 7_919 + row * 104_729) % 1_000_003
      return #"{"person":"F\#(person)","venue":"W\#(person % 997)","from":"2022-11-28T10:00","#
        + #""to":"2022-11-28T\#(11 + number % 12):00","source":"location"}"#
    }
    return #"{"run":"bulk","rows":[\#(rows.joined(separator: ","))]}"#
  }

  /// Where a run of this test has its calls, as far as the short form looks.
  private static let calls = 1...60

  /// Serves from the disk, sends commands, and looks at what is there.
  private func run(on disk: FailingDisk) async throws -> String {
    let server = try ServedProgram(disk.data, environment: disk.environment)
    let ledger = Ledger()
    var outcome = "did not start"
    do {
      try await server.serving()
      outcome = try send(to: server, ledger, disk)
      await server.kill()
    } catch let silent as ServedProgram.Silent {
      // It may say that it cannot start, in a sentence; it may not break down.
      let status = await server.end()
      #expect(status == 1 || status == 3, "\(disk.at): \(status), \(silent)")
      #expect(!server.complaints.isEmpty)
    }
    try await check(disk, ledger)
    return outcome
  }

  private func send(
    to server: ServedProgram, _ ledger: Ledger, _ disk: FailingDisk
  ) throws -> String {
    let line = try #require(OperatorLine(server.socket))
    var isBroken = false
    for _ in 0..<Self.commands {
      let answer = try #require(ledger.send(ledger.take(), on: line), "\(disk.at)")
      if isBroken {
        #expect(answer.status == 503 && answer.says("storage.broken"), "\(disk.at): \(answer)")
      }
      isBroken = isBroken || answer.says("storage.broken")
      #expect([200, 503, 507].contains(answer.status), "\(disk.at): \(answer)")
      #expect(line.get("/healthz")?.status == 200)
    }
    let isReading = line.get("/api/queries/places.export?purpose=exchange")?.status == 200
    #expect(isReading, "\(disk.at), after \(disk.failed ?? "nothing")")
    if isBroken {
      let ready = try #require(line.get("/readyz"))
      #expect(ready.status == 503 && ready.says("storage.broken"))
      return "read only"
    }
    return ledger.refused.isEmpty ? "took everything" : "refused some"
  }

  /// Whatever happened: what was acknowledged is there, what was refused is not, nothing by halves;
  /// and on a sound disk everything is taken.
  private func check(
    _ disk: FailingDisk, _ ledger: Ledger, sound: Int = commands
  ) async throws {
    let refused = Set(ledger.refused.keys)
    try Evidence.copy(disk.data, to: "\(disk.data)-copy")
    let faults = try await Evidence.faults(
      in: "\(disk.data)-copy", Set(ledger.acknowledged.keys), refused: refused)
    #expect(faults == [], "\(disk.at), after \(disk.failed ?? "nothing")")
    let server = try ServedProgram(disk.data)
    try await server.serving()
    let line = try #require(OperatorLine(server.socket))
    for number in 0..<sound {
      #expect(ledger.send(number, on: line)?.status == 200)
    }
    #expect(await server.stop() == 0)
    let after = try await Evidence.faults(in: disk.data, Set(0..<sound))
    #expect(after == [], "\(disk.at), after \(disk.failed ?? "nothing")")
  }
}
