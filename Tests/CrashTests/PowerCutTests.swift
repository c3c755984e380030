import Foundation
import Testing
import Town

@Suite(
  "A machine whose current is cut", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"),
  .enabled(if: LoopDisk.obstacle == nil, "disks in files cannot be mounted (root is needed)"))
struct PowerCutTests {
  /// After so many cuts a new disk is taken, so that copying it does not take longer and longer.
  private static let cutsPerDisk = 15
  private static let clients = 4
  private static let megabytes = 512

  @Test("has everything on the disk that it acknowledged before")
  func cuts() async throws {
    let cuts = Rounds.asked("DENGHUO_POWER_CUTS", usually: 5)
    var cycles = Times()
    var sure = 0
    var done = 0
    while done < cuts {
      let ground = try Ground()
      defer { ground.clear() }
      let disk = try LoopDisk(megabytes: Self.megabytes)
      defer { disk.eject() }
      let data = try await ground.found("\(disk.folder)/data")
      let server = try ServedProgram(data)
      try await server.serving()
      let ledger = Ledger()
      let load = Load(clients: Self.clients, on: server.socket, ledger)
      for _ in 0..<min(Self.cutsPerDisk, cuts - done) {
        let began = ContinuousClock.now
        try await Task.sleep(for: .milliseconds(Int.random(in: 20...400)))
        let (cut, acknowledged) = try self.cut(disk, server, ledger)
        defer { cut.eject() }
        try cut.mount()
        let faults = try await Evidence.faults(in: "\(cut.folder)/data", acknowledged)
        #expect(faults == [], "cut \(done), \(acknowledged.count) acknowledged before")
        sure += acknowledged.count
        cycles.add(ContinuousClock.now - began)
        done += 1
      }
      await load.stop()
      #expect(await server.stop() == 0)
      #expect(try await ground.violated(data) == nil)
    }
    print("power cuts: \(done), acknowledged before them \(sure), cycle \(cycles.text)")
    #expect(sure > done)
  }

  /// Copies the disk in the middle of the work.
  ///
  /// A copy takes a while, and a current is gone at once: the program stands still meanwhile, so that
  /// the copy is of one moment.
  private func cut(
    _ disk: LoopDisk, _ server: ServedProgram, _ ledger: Ledger
  ) throws -> (LoopDisk, Set<Int>) {
    let acknowledged = Set(ledger.acknowledged.keys)
    server.pause()
    defer { server.proceed() }
    return (try LoopDisk(cutFrom: disk), acknowledged)
  }

  @Test("is found with all its data when it is started again from what is on the disk")
  func startsAgain() async throws {
    let ground = try Ground()
    defer { ground.clear() }
    let disk = try LoopDisk(megabytes: Self.megabytes)
    defer { disk.eject() }
    let data = try await ground.found("\(disk.folder)/data")
    let server = try ServedProgram(data)
    try await server.serving()
    let ledger = Ledger()
    let load = Load(clients: Self.clients, on: server.socket, ledger)
    try await Task.sleep(for: .milliseconds(400))
    let (cut, acknowledged) = try self.cut(disk, server, ledger)
    defer { cut.eject() }
    await load.stop()
    await server.kill()
    try cut.mount()
    let again = try ServedProgram("\(cut.folder)/data")
    try await again.serving()
    let line = try #require(OperatorLine(again.socket))
    let repeated = acknowledged.filter { number in
      let answer = line.post(Ledger.command, Ledger.body(number), key: Ledger.key(number))
      return answer?.status == 200 && answer?.isRepeat == true
    }
    #expect(!acknowledged.isEmpty && repeated == acknowledged)
    #expect(await again.stop() == 0)
    #expect(try await ground.violated("\(cut.folder)/data") == nil)
  }
}
