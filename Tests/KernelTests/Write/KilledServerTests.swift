import Engines
import Foundation
import Storage
import Synchronization
import Testing

@testable import Kernel

@Suite("A database server that is killed under load") struct KilledServerTests {
  /// How often; `DENGHUO_KILLS` asks for more than fits into a quick test.
  private static let kills =
    ProcessInfo.processInfo.environment["DENGHUO_KILLS"].flatMap { Int($0) } ?? 5

  @Test("has kept all that was acknowledged, once and whole, and is at work again in seconds")
  func killed() async throws {
    let server = PostgresServer.doomed()
    let address = try await server.address(server.database())
    let first = try await PostgresStorage(address)
    try await first.migrate(Assembly([Toy.slice]).migrations)
    let second = try await PostgresStorage(address)
    let towns = [try await ToyTown(storage: first), try await ToyTown(storage: second)]
    let acknowledged = Acknowledged()
    let end = ToyCounter()
    let longest = try await withThrowingTaskGroup(of: Void.self) { group in
      for client in 0..<12 {
        group.addTask {
          var number = 0
          while end.value == 0 {
            number += 1
            let id = "client-\(client)-\(number)"
            try await Self.submit(id, to: towns[client % 2])
            acknowledged.add(id)
          }
        }
      }
      var longest = Duration.zero
      for kill in 0..<Self.kills {
        // Now in the middle of a commit, now between two.
        try await Task.sleep(for: .milliseconds(150 + kill * 37 % 200))
        try await server.crash()
        let start = ContinuousClock.now
        let before = acknowledged.ids.count
        while acknowledged.ids.count == before {
          try await Task.sleep(for: .milliseconds(5))
          guard ContinuousClock.now - start < .seconds(60) else { break }
        }
        longest = max(longest, ContinuousClock.now - start)
      }
      end.add()
      try await group.waitForAll()
      return longest
    }
    let ids = acknowledged.ids
    let town = towns[0]
    let kept = try await town.rows("SELECT id FROM mark").map { $0.text(0) }
    #expect(Set(kept) == Set(ids) && kept.count == ids.count && ids.count > Self.kills)
    #expect(try await town.number("SELECT COUNT(*) FROM receipt") == ids.count)
    #expect(try await town.number("SELECT COUNT(*) FROM journal") == ids.count)
    #expect(try await town.faults() == [])
    // On a machine that does a hundred other things; alone it is well under a second.
    #expect(longest < .seconds(20))
    print("killed \(Self.kills) times, \(ids.count) acknowledged, longest pause \(longest)")
  }

  /// Sends a command until somebody says that it was done.
  private static func submit(_ id: String, to town: ToyTown) async throws {
    while true {
      do {
        try await town.submit(Mark(mark: id), id: id)
        return
      } catch let failure as StorageFailure where failure.kind != .constraint {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }
}

/// What the clients were told was done.
private final class Acknowledged: Sendable {
  private let list = Mutex<[String]>([])

  var ids: [String] { list.withLock { $0 } }

  func add(_ id: String) { list.withLock { $0.append(id) } }
}
