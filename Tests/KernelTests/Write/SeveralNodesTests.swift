import Engines
import Foundation
import Storage
import Synchronization
import Testing

@testable import Kernel

@Suite("Several nodes on one database", .serialized) struct SeveralNodesTests {
  /// Two towns that share their tables, each with connections of its own.
  private static func two() async throws -> (first: ToyTown, second: ToyTown, home: PassingStorage)
  {
    let home = try await TestStorage.postgres(Assembly([Toy.slice]).migrations)
    let second = try await home.neighbour()
    return (try await ToyTown(storage: home), try await ToyTown(storage: second), home)
  }

  @Test("any node takes any command, each is done once, and the chain stays one")
  func storm() async throws {
    let (first, second, _) = try await Self.two()
    let receipts = try await withThrowingTaskGroup(of: Receipt.self) { group in
      for turn in 0..<600 {
        let town = turn.isMultiple(of: 2) ? first : second
        // Most identifiers come to both nodes, some twice to one.
        let number = turn * 7 % 200
        group.addTask { try await Self.submitUntilKnown("m\(number)", "id\(number)", to: town) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(receipts.filter { !$0.isRepeat }.count == 200)
    #expect(Set(receipts.map { "\($0.command.text) \($0.at)" }).count == 200)
    for town in [first, second] {
      #expect(try await town.number("SELECT COUNT(*) FROM mark") == 200)
      #expect(try await town.number("SELECT MAX(sequence) FROM journal") == 200)
      #expect(try await town.faults() == [])
      #expect(try await town.desk.violations().isEmpty)
    }
  }

  @Test("the same identifier with other content is refused on every node")
  func reused() async throws {
    let (first, second, _) = try await Self.two()
    try await first.submit(Mark(mark: "a"), id: "one")
    let refusal = await #expect(throws: Refusal.self) {
      try await second.submit(Mark(mark: "b"), id: "one")
    }
    #expect(refusal?.code == "command.idReused")
  }

  @Test("one holds the clock, and another takes it when that one has gone")
  func clock() async throws {
    let home = try await TestStorage.postgres(Assembly([Toy.slice]).migrations)
    let leaving = try await home.neighbour()
    let first = try await ToyTown(storage: leaving)
    let second = try await ToyTown(storage: home)
    try await first.turn()
    #expect(try await first.number("SELECT COUNT(*) FROM run") > 0)
    let before = try await first.number("SELECT COUNT(*) FROM run")
    for _ in 0..<3 {
      second.pass(.seconds(600))
      #expect(try await second.pump.turn() == 0)
    }
    #expect(try await first.number("SELECT COUNT(*) FROM run") == before)
    await leaving.close()
    // The server notices that a connection is closed a moment later.
    for _ in 0..<100 where try await second.number("SELECT COUNT(*) FROM run") == before {
      try await second.turn()
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(try await second.number("SELECT COUNT(*) FROM run") > before)
    #expect(try await first.pump.turn() == 0)
  }

  @Test("what one has changed the others hear of, and nobody hears itself")
  func hearing() async throws {
    let (first, second, _) = try await Self.two()
    let (heardFirst, heardSecond) = (ToyCounter(), ToyCounter())
    let listening = [(first, heardFirst), (second, heardSecond)].map { town, heard in
      Task { try await town.storage.listen { heard.add() } }
    }
    defer { for task in listening { task.cancel() } }
    for number in 0..<200 where heardSecond.value == 0 {
      try await first.submit(Mark(mark: "m\(number)"))
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(heardSecond.value > 0)
    #expect(heardFirst.value == 0)
  }

  @Test(
    "a COMMIT whose answer is lost is settled by the command's identifier: done once, told once",
    arguments: [
      [CuttingProxy.Cut.before], [.after], [.after, .before], [.before, .after, .after],
    ])
  func cut(cuts: [CuttingProxy.Cut]) async throws {
    let home = try await TestStorage.postgres(Assembly([Toy.slice]).migrations)
    let proxy = try await CuttingProxy()
    let storage = try await PostgresStorage(
      proxy.address(home.database), durability: .whateverTheServerDoes)
    let town = try await ToyTown(storage: storage)
    try await town.submit(Mark(mark: "first"))
    let before = town.changed
    for cut in cuts { proxy.cut(cut) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<20 {
        group.addTask { try await Self.submitUntilKnown("m\(number)", "id\(number)", to: town) }
      }
      try await group.waitForAll()
    }
    #expect(proxy.made == cuts.count)
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 21)
    #expect(try await town.number("SELECT COUNT(*) FROM receipt") == 21)
    #expect(town.changed == before + 20)
    #expect(try await town.faults() == [])
  }

  @Test("while nobody says whether it was done, nobody is told that it was or was not")
  func unknown() async throws {
    let home = try await TestStorage.postgres(Assembly([Toy.slice]).migrations)
    let proxy = try await CuttingProxy()
    let storage = try await PostgresStorage(
      proxy.address(home.database), durability: .whateverTheServerDoes)
    let town = try await ToyTown(storage: storage)
    for _ in 0..<7 { proxy.cut(.before) }
    let failure = await #expect(throws: StorageFailure.self) {
      try await town.submit(Mark(mark: "a"), id: "one")
    }
    #expect(failure?.kind == .unknown)
    #expect(proxy.made == 7)
    #expect(try await town.submit(Mark(mark: "a"), id: "one").isRepeat == false)
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 1)
  }

  @Test(
    "what the standby has not confirmed is acknowledged only when it has, whoever gives up waiting")
  func standby() async throws {
    let server = PostgresServer.doomed()
    let storage = try await PostgresStorage(server.address(server.database()))
    let town = try await ToyTown(storage: storage)
    try await town.submit(Mark(mark: "before"))
    // A standby that never comes: whoever commits waits for it.
    try await server.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    try await server.run("SELECT pg_reload_conf()")
    try await Task.sleep(for: .milliseconds(300))
    let answered = ToyCounter()
    let sending = Task {
      let receipt = try await Self.submitUntilKnown("a", "one", to: town)
      answered.add()
      return receipt
    }
    // “The transaction has already committed locally, but might not have been replicated.”
    for _ in 0..<5 {
      try await Task.sleep(for: .milliseconds(200))
      try await server.run(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
    }
    #expect(answered.value == 0)
    try await server.run("ALTER SYSTEM RESET synchronous_standby_names")
    try await server.run("SELECT pg_reload_conf()")
    #expect(try await sending.value.command.text == "one")
    #expect(try await town.number("SELECT COUNT(*) FROM mark") == 2)
    #expect(try await town.faults() == [])
  }

  /// A sender on a machine that is so busy that nobody knows in time: it is told so, and asks again.
  @discardableResult
  private static func submitUntilKnown(
    _ mark: String, _ id: String, to town: ToyTown
  ) async throws -> Receipt {
    while true {
      do {
        return try await town.submit(Mark(mark: mark), id: id)
      } catch let failure as StorageFailure where failure.kind == .unknown {
        continue
      }
    }
  }
}
