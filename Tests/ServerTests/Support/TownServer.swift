import Foundation
import Kernel
import Logging
import Registry
import ServiceLifecycle
import Synchronization
import Town

@testable import Server

/// A town with a real server before it, on a port that the system chose.
struct TownServer: Sendable {
  let town: Town
  let desk: Desk
  let door: Doorkeeper
  let client: RawClient
  let local: RawClient
  let live: LiveFeed
  let group: ServiceGroup

  /// The secret on the slip of the resident `p1`.
  static let slip = "slip-of-p1"

  /// Serves while the body runs and shuts down afterwards.
  ///
  /// - Parameters:
  ///   - isWhole: whether the slices' own pages are served instead of the probe's.
  ///   - day: the town's first day.
  ///   - clock: what the server's machine makes of the town's time; the same unless said otherwise.
  static func serve(
    limits: DistrictServer.Limits = smallLimits, isWhole: Bool = false,
    on day: String = "2022-11-29",
    clock: @Sendable (Clock) -> Clock = { $0 },
    _ body: @Sendable @escaping (TownServer) async throws -> Void
  ) async throws {
    let town = try await Town(on: day)
    let live = LiveFeed()
    let known: Set<String> = ["kernel", "obligations"]
    let slices = town.desk.assembly.slices.filter { !known.contains($0.name) }
    let desk = Desk(
      storage: town.desk.storage,
      assembly: Assembly(
        isWhole ? slices : slices.map(\.withoutScreens) + [Probe.slice]),
      jurisdiction: .registry, rules: town.desk.rules, vault: town.desk.vault,
      clock: clock(town.desk.clock), changed: { live.changed() })
    let slip = desk.vault.fingerprint(of: slip)
    let door = Doorkeeper.registry(desk) { fingerprint, _, _ in
      fingerprint == slip ? PersonID(trusted: "p1") : nil
    }
    let socket = FileManager.default.temporaryDirectory
      .appending(path: "denghuo-\(UUID().uuidString.prefix(8)).sock").path
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let (ports, running) = AsyncStream.makeStream(of: Int.self)
    let server = try DistrictServer(
      desk: desk, pump: Pump(desk: desk), doorkeeper: door, live: live,
      files: ["/app.css": Array(String(repeating: "body { margin: 0 }\n", count: 50).utf8)],
      settings: DistrictServer.Settings(port: 0, socket: socket, limits: limits, logger: logger),
      onRunning: { port in running.yield(port) })
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(services: [server], logger: logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      var port = 0
      for await found in ports {
        port = found
        break
      }
      let here = TownServer(
        town: town, desk: desk, door: door, client: RawClient(target: .port(port)),
        local: RawClient(target: .socket(socket)), live: live, group: group)
      // The socket is opened beside the address, and on a busy machine after it.
      for _ in 0..<500 where !FileManager.default.fileExists(atPath: socket) {
        try await Task.sleep(for: .milliseconds(10))
      }
      do {
        try await body(here)
      } catch {
        await group.triggerGracefulShutdown()
        throw error
      }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  /// Limits that a test reaches without megabytes.
  static var smallLimits: DistrictServer.Limits {
    var limits = DistrictServer.Limits()
    limits.bodyBytes = 1 << 20
    return limits
  }

  /// The headers of a program that acts for an account.
  func token(_ account: String = "duty") async throws -> [(String, String)] {
    let secret = try await door.issueToken(
      AccountID(trusted: account), 1, .account(AccountID(trusted: "admin")))
    return [("Authorization", "Bearer \(secret.revealed)"), ("Accept-Language", "en")]
  }

  /// The headers of a browser in which an account is signed in.
  func browser(_ account: String = "duty") async throws -> [(String, String)] {
    let link = try await door.issueLink(
      AccountID(trusted: account), .account(AccountID(trusted: "admin")))
    let entry = try await door.redeem(link)
    // As if a second factor had been shown; how it is shown has tests of its own.
    let account = AccountID(trusted: account)
    let now = desk.clock.now()
    _ = try await desk.storage.write { transaction in
      try transaction.execute(
        """
        UPDATE credential
        SET proven_at = \(now), until_at = \(now + .hours(12))
        WHERE account = \(account) AND kind = 'session'
        """)
    }
    return [
      ("Cookie", "denghuo_session=\(entry.secret.revealed)"), ("Accept-Language", "en"),
      ("Sec-Fetch-Site", "same-origin"),
    ]
  }

  /// Sends a command as a program does.
  func command(
    _ body: String, key: String, _ headers: [(String, String)], name: String = "probe.note"
  ) async -> RawAnswer {
    await client.send(
      "POST", "/api/commands/\(name)",
      headers: headers + [("Idempotency-Key", key), ("Content-Type", "application/json")],
      body: body)
  }

  /// Sends a form as a browser does.
  func form(
    _ path: String, _ body: String, _ headers: [(String, String)]
  ) async -> RawAnswer {
    await client.send(
      "POST", path,
      headers: headers + [("Content-Type", "application/x-www-form-urlencoded")], body: body)
  }
}

extension Slice {
  /// The slice with all but its pages: the server's tests bring pages of their own.
  fileprivate var withoutScreens: Slice {
    Slice(
      name: name, commands: commands, queries: queries, reactions: reactions, ticks: ticks,
      obligationKinds: obligationKinds, imports: imports, exports: exports,
      migrations: migrations, policySections: policySections, invariants: invariants)
  }
}
