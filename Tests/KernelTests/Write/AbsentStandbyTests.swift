import Engines
import Foundation
import Storage
import Testing

@testable import Kernel

@Suite("A database whose standby is away", .serialized) struct AbsentStandbyTests {
  /// Waits for less, so that the tests are short.
  private static var patience: PostgresPatience {
    var patience = PostgresPatience()
    patience.commit = .milliseconds(500)
    patience.lock = .milliseconds(500)
    return patience
  }

  private static func standby(_ name: String, on server: PostgresServer) async throws {
    try await server.run("ALTER SYSTEM SET synchronous_standby_names = '\(name)'")
    try await server.run("SELECT pg_reload_conf()")
    try await Task.sleep(for: .milliseconds(200))
  }

  @Test("does not hold a command for ever: nobody knows, until the same command is sent again")
  func settled() async throws {
    let server = PostgresServer.doomed()
    let address = try await server.address(server.database())
    let storage = try await PostgresStorage(address, patience: Self.patience)
    let town = try await ToyTown(storage: storage)
    try await town.submit(Mark(mark: "before"), id: "before")
    try await storage.requireWriting()
    try await Self.standby("nobody", on: server)
    let start = ContinuousClock.now
    let failure = await #expect(throws: StorageFailure.self) {
      try await town.submit(Mark(mark: "a"), id: "a")
    }
    #expect(failure?.kind == .unknown)
    #expect(ContinuousClock.now - start < .seconds(60))
    // What no standby has is shown to nobody: it may yet be lost.
    #expect(try await town.rows("SELECT id FROM mark").map { $0.text(0) } == ["before"])
    let unready = await #expect(throws: StorageFailure.self) { try await storage.requireWriting() }
    #expect(unready?.kind == .unknown)
    // Another command finds the district's lock taken, and nothing of it is done.
    let other = await #expect(throws: StorageFailure.self) {
      try await town.submit(Mark(mark: "b"), id: "b")
    }
    #expect(other?.kind == .unavailable)

    try await Self.standby("", on: server)
    let receipt = try await town.submit(Mark(mark: "a"), id: "a")
    #expect(receipt.isRepeat)
    try await town.submit(Mark(mark: "b"), id: "b")
    #expect(try await town.rows("SELECT id FROM mark ORDER BY id").count == 3)
    #expect(try await town.faults() == [])
    try await storage.requireWriting()
    await storage.close()
  }

  @Test("and is found out to be well again without anybody writing")
  func recovers() async throws {
    let server = PostgresServer.doomed()
    let address = try await server.address(server.database())
    let storage = try await PostgresStorage(address, patience: Self.patience)
    let town = try await ToyTown(storage: storage)
    try await Self.standby("nobody", on: server)
    await #expect(throws: StorageFailure.self) {
      try await town.submit(Mark(mark: "a"), id: "a")
    }
    try await Self.standby("", on: server)
    for _ in 0..<100 {
      if (try? await storage.requireWriting()) != nil { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    try await storage.requireWriting()
    await storage.close()
  }

  @Test("is found out by a node that nobody has sent anything")
  func idle() async throws {
    let server = PostgresServer.doomed()
    let address = try await server.address(server.database())
    var patience = Self.patience
    patience.confirmation = .milliseconds(300)
    let storage = try await PostgresStorage(address, patience: patience)
    try await storage.migrate(Assembly([Toy.slice]).migrations)
    for _ in 0..<100 where (try? await storage.requireWriting()) == nil {}
    try await storage.requireWriting()
    try await Self.standby("nobody", on: server)
    // What was confirmed a moment ago is believed for as long as a confirmation may take.
    try await Task.sleep(for: patience.confirmation)
    for _ in 0..<3 {
      let failure = await #expect(throws: StorageFailure.self) {
        try await storage.requireWriting()
      }
      #expect(failure?.kind == .unknown)
    }
    try await Self.standby("", on: server)
    for _ in 0..<100 where (try? await storage.requireWriting()) == nil {
      try await Task.sleep(for: .milliseconds(50))
    }
    try await storage.requireWriting()
    await storage.close()
  }

  @Test("is known to be waited for before the waiting has an end")
  func waiting() async throws {
    let server = PostgresServer.doomed()
    let address = try await server.address(server.database())
    var patience = Self.patience
    patience.commit = .seconds(60)
    patience.confirmation = .milliseconds(100)
    patience.lock = .seconds(60)
    let storage = try await PostgresStorage(address, patience: patience)
    let town = try await ToyTown(storage: storage)
    let other = try await PostgresStorage(address, patience: patience)
    try await Self.standby("nobody", on: server)
    let sending = Task { try await town.submit(Mark(mark: "a"), id: "a") }
    #expect(try await Self.complaint(of: storage)?.kind == .unknown)
    // So it is for another node, which waits for the lock of the first.
    let waiting = Task { try await other.write { _ in } }
    #expect(try await Self.complaint(of: other)?.kind == .unknown)
    try await Self.standby("", on: server)
    #expect(try await sending.value.isRepeat == false)
    try await waiting.value
    for node in [storage, other] {
      try await node.requireWriting()
      await node.close()
    }
  }

  /// What a node says when it is asked for a while whether what it writes is kept.
  private static func complaint(of storage: PostgresStorage) async throws -> StorageFailure? {
    for _ in 0..<200 {
      do { try await storage.requireWriting() } catch let failure as StorageFailure {
        return failure
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    return nil
  }

  @Test("is left for one that answers, when the address names several")
  func avoided() async throws {
    let (silent, sound) = (PostgresServer.doomed(), PostgresServer.doomed())
    for server in [silent, sound] { try await server.run("CREATE DATABASE pair") }
    let folders = try await [silent.folder(), sound.folder()]
      .map { $0.replacing("/", with: "%2F") }
    let address = try PostgresAddress("postgres://denghuo@\(folders[0]),\(folders[1])/pair")
    let second = try await PostgresStorage(sound.address("pair"))
    try await second.migrate(Assembly([Toy.slice]).migrations)
    await second.close()
    let storage = try await PostgresStorage(address, patience: Self.patience)
    try await storage.migrate(Assembly([Toy.slice]).migrations)
    try await Self.standby("nobody", on: silent)
    // Like a primary that does not know yet that its standbys have chosen another.
    await #expect(throws: StorageFailure.self) {
      try await storage.write { try $0.execute("DELETE FROM mark") }
    }
    let standby = try await storage.write { transaction in
      try transaction.row("SELECT current_setting('synchronous_standby_names')")?.text(0)
    }
    #expect(standby == "")
    await storage.close()
  }

  @Test("is not asked for ever whether it is there: one that stands still is as good as none")
  func stopped() async throws {
    let server = PostgresServer.doomed()
    let address = try await server.address(server.database())
    var patience = Self.patience
    patience.asking = .milliseconds(300)
    let storage = try await PostgresStorage(address, patience: patience)
    try await storage.migrate(Assembly([Toy.slice]).migrations)
    try await storage.requireWriting()
    try await server.signal(SIGSTOP)
    let start = ContinuousClock.now
    let failure = await #expect(throws: StorageFailure.self) { try await storage.requireWriting() }
    #expect(failure?.kind == .unavailable)
    #expect(ContinuousClock.now - start < .seconds(5))
    try await server.signal(SIGCONT)
    try await storage.requireWriting()
    await storage.close()
  }
}
