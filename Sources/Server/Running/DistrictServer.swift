import Foundation
import Hummingbird
import HummingbirdCore
import Kernel
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

/// The server of one district: pages and programs' interface on an address, the operator's socket in
/// the data folder, and the clock's work.
package struct DistrictServer: Service {
  /// What bounds a request, so that no sender takes more than a share.
  package struct Limits: Sendable {
    package var addressBytes = 8 << 10
    package var headerBytes = 32 << 10
    package var headerFields = 64
    package var bodyBytes = 8 << 20
    /// The operator's command line rehearses a whole file at once.
    package var localBodyBytes = 256 << 20
    package var requestsAtOnce = 512
    /// What share of them is open to what is no more urgent than this.
    package var shares: [Urgency: Double] = [
      .outbreak: 1, .work: 0.95, .help: 0.85, .resident: 0.75, .reading: 0.6, .export: 0.25,
    ]
    /// How much longer somebody waits to be turned away for each other who does.
    package var turningAway = Duration.milliseconds(1)
    /// For how long whoever is turned away is asked to stay away, at least and at most, in seconds.
    package var stayAway = 2...6
    /// All bodies that are read at one moment.
    package var allBodyBytes = 512 << 20
    package var connections = 4_096
    package var listeners = 1_000
    package var slipSeconds: Int64 = 43_200
    package var idleSeconds: Int64 = 60

    package init() {}

    /// How many may be inside for one of an urgency to be let in.
    func atOnce(_ urgency: Urgency) -> Int {
      Int(Double(requestsAtOnce) * (shares[urgency] ?? 1))
    }

    /// How many bytes a body may have that comes through a door.
    func bodyBytes(through door: Asked.Door) -> Int {
      door == .local ? localBodyBytes : bodyBytes
    }
  }

  /// Where a server listens, and what it tells browsers.
  package struct Settings: Sendable {
    package var host: String
    /// 0 lets the system choose.
    package var port: Int
    /// Where the operator's socket is; nil for none.
    package var socket: String?
    /// Whether somebody said in so many words that others than this machine may connect.
    package var isExposed: Bool
    /// `https://…` when a proxy in front speaks TLS; cookies are then sent over it only.
    package var publicAddress: String?
    /// The page that a resident's slip opens.
    package var residentHome: String
    package var limits: Limits
    package var logger: Logger

    package init(
      host: String = "127.0.0.1", port: Int = 8080, socket: String? = nil,
      isExposed: Bool = false, publicAddress: String? = nil, residentHome: String = "/me",
      limits: Limits = Limits(), logger: Logger = Logger(label: "denghuo")
    ) {
      self.host = host
      self.port = port
      self.socket = socket
      self.isExposed = isExposed
      self.publicAddress = publicAddress
      self.residentHome = residentHome
      self.limits = limits
      self.logger = logger
    }

    var isSecure: Bool { publicAddress?.hasPrefix("https://") ?? false }
  }

  /// Something that only the operator of this machine may ask a running server for, such as a backup.
  package typealias Operation = @Sendable (Fields) async throws -> Fields

  private let hall: Hall
  private let gate: Gate
  private let pump: Pump
  private let onRunning: @Sendable (_ port: Int) async -> Void

  /// Puts a server together; nothing is opened yet.
  ///
  /// - Parameters:
  ///   - live: the feed that the desk's `changed` calls.
  ///   - files: the pages' files by their address, such as `/app.css`.
  ///   - operations: what the operator's socket takes beside commands and questions.
  ///   - onRunning: called with the port once the address and the operator's socket listen.
  /// - Throws: a refusal when the address is open to others and nobody said that it may be.
  package init(
    desk: Desk, pump: Pump, doorkeeper: Doorkeeper, live: LiveFeed, files: [String: [UInt8]],
    settings: Settings, operations: [String: Operation] = [:],
    onRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) throws(Refusal) {
    // A dashboard that listened on every address without a password was open for months (K4).
    guard settings.isExposed || Self.isLoopback(settings.host) else {
      throw Refusal(
        .forbidden, "listen.exposed",
        Words(
          "地址 \(settings.host) 对外开放；请在前面加 TLS 代理并监听 127.0.0.1，确需对外时请明确声明",
          "The address \(settings.host) is open to others; listen on 127.0.0.1 behind a proxy with TLS, or say explicitly that it may be"
        ), field: "listen")
    }
    let hall = Hall(
      desk: desk, doorkeeper: doorkeeper, settings: settings, live: live, pulse: Pulse(),
      metrics: Metrics(), crowd: Crowd(limits: settings.limits), operations: operations)
    self.hall = hall
    gate = Gate(hall: hall, files: StaticFiles(files) { desk.vault.suite.digest($0) })
    self.pump = pump
    self.onRunning = onRunning
  }

  /// Whether only this machine can reach a host.
  package static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Serves until it is told to stop; requests under way are finished.
  package func run() async throws {
    try await serve(signals: [])
  }

  /// Serves until the process is told to stop.
  package func runUntilSignal() async throws {
    try await serve(signals: [.sigterm, .sigint])
  }

  private func serve(signals: [UnixSignal]) async throws {
    let doors = OpenDoors(awaited: hall.settings.socket == nil ? 1 : 2, onAll: onRunning)
    var services = [
      Self.named(
        "network",
        listener(
          .hostname(hall.settings.host, port: hall.settings.port), door: .network
        ) { channel in
          await doors.open(port: channel.localAddress?.port ?? 0)
        })
    ]
    if let socket = hall.settings.socket {
      // The folder's lock is ours, so a socket that is there was left by a process that died.
      try? FileManager.default.removeItem(atPath: socket)
      services.append(
        Self.named(
          "local",
          listener(.unixDomainSocket(path: socket), door: .local) { _ in
            try? FileManager.default.setAttributes(
              [.posixPermissions: 0o600], ofItemAtPath: socket)
            await doors.open(port: nil)
          }))
    }
    services.append(
      Self.named(
        "pump",
        PumpService(
          pump: pump, desk: hall.desk, pulse: hall.pulse, live: hall.live,
          logger: hall.settings.logger)))
    services.append(
      Self.named("live", LiveService(live: hall.live, desk: hall.desk)))
    services.append(
      Self.named("counts", CountsService(desk: hall.desk, logger: hall.settings.logger)))
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: services, gracefulShutdownSignals: signals, logger: hall.settings.logger))
    try await group.run()
    if let socket = hall.settings.socket {
      try? FileManager.default.removeItem(atPath: socket)
    }
  }

  /// Without a name of its own a service would be called by all that it holds, which is much, and
  /// secret in part.
  private static func named(
    _ name: String, _ service: any Service
  ) -> ServiceGroupConfiguration.ServiceConfiguration {
    ServiceGroupConfiguration.ServiceConfiguration(service: service, serviceName: name)
  }

  private func listener(
    _ address: BindAddress, door: Asked.Door,
    onRunning: @escaping @Sendable (any Channel) async -> Void
  ) -> some Service {
    let limits = hall.settings.limits
    // What is far too large is cut off while it is read; what is a little too large gets an answer.
    let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
      maxHeaderFieldSize: limits.headerBytes * 2, maxHeaderListSize: limits.headerBytes * 2,
      maxHeaderFieldCount: limits.headerFields * 2)
    return Application(
      responder: Carrier(gate: gate, door: door),
      server: .http1(
        configuration: HTTP1Channel.Configuration(
          idleTimeout: .seconds(limits.idleSeconds), httpDecoderConfiguration: decoder)),
      configuration: ApplicationConfiguration(
        address: address,
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connections)),
      onServerRunning: onRunning, logger: hall.settings.logger)
  }
}

/// Says that the server runs once every door of it is open: whoever hears the address may go on
/// through the socket at once.
private actor OpenDoors {
  private var awaited: Int
  private var port = 0
  private let onAll: @Sendable (_ port: Int) async -> Void

  init(awaited: Int, onAll: @escaping @Sendable (_ port: Int) async -> Void) {
    self.awaited = awaited
    self.onAll = onAll
  }

  /// Notes a door that listens now; `port` is nil for the one that has none.
  func open(port: Int?) async {
    if let port { self.port = port }
    awaited -= 1
    if awaited == 0 { await onAll(self.port) }
  }
}

/// Turns the pump every second, and as soon as something waits for it.
private struct PumpService: Service {
  let pump: Pump
  let desk: Desk
  let pulse: Pulse
  let live: LiveFeed
  let logger: Logger

  private static let beat = Duration.seconds(15)
  private static let pause = Duration.seconds(1)
  /// Between two turns, however often it is rung: what a turn asks the storage is not asked without end.
  private static let leastPause = Duration.milliseconds(20)

  func run() async throws {
    let clock = ContinuousClock()
    var beatAt = clock.now
    var failures = 0
    var wasStanding = false
    while !Task.isShuttingDownGracefully && !Task.isCancelled {
      note(desk.standstill, &wasStanding)
      await desk.storage.recover()
      note(desk.standstill, &wasStanding)
      do {
        try await pump.turn()
        pulse.beat()
        failures = 0
      } catch {
        failures += 1
        if failures == 1 {
          logger.error("the clock's work failed", metadata: ["error": "\(Self.brief(error))"])
        }
        if desk.standstill != nil { note(desk.standstill, &wasStanding) }
      }
      if clock.now - beatAt >= Self.beat {
        live.beat()
        beatAt = clock.now
      }
      // What failed is not tried again at once, whatever waits.
      let pause = failures == 0 ? Self.leastPause : Self.pause
      try? await cancelWhenGracefulShutdown {
        try await Task.sleep(for: pause)
        if pause < Self.pause { await desk.errandBell.wait(atMost: Self.pause - pause) }
      }
    }
  }

  /// One line when nothing new is taken any more, and one when it is again.
  private func note(_ standstill: (any Error)?, _ wasStanding: inout Bool) {
    guard (standstill != nil) != wasStanding else { return }
    wasStanding = standstill != nil
    if let standstill {
      logger.error("nothing new is taken", metadata: ["why": "\(Self.brief(standstill))"])
    } else {
      logger.notice("everything is taken again")
    }
  }

  /// The error without anything that a person may have typed.
  private static func brief(_ error: any Error) -> String {
    switch error {
    case let refusal as Refusal: refusal.code
    case let failure as StorageFailure: failure.description
    case let fault as ClockFault: "the clock jumped: \(fault.words.english)"
    default: "\(type(of: error))"
    }
  }
}

/// Tells pages and the clock what other nodes have changed, and lets go of those that listen when the
/// server stops; they would keep it from stopping.
private struct LiveService: Service {
  let live: LiveFeed
  let desk: Desk

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      try await desk.storage.listen {
        desk.counts.changed()
        live.changed()
        // What another node took in may wait for the one that holds the clock.
        desk.errandBell.ring()
      }
    }
    try? await gracefulShutdown()
    live.finish()
  }
}

/// Makes kept counts of large areas anew, one after another, so that nobody waits for them.
private struct CountsService: Service {
  let desk: Desk
  let logger: Logger

  /// Between two counts it rests so many times as long as the last one took: at most a fourth of one
  /// thread counts.
  private static let rest = 3
  private static let look: Duration = .milliseconds(250)

  func run() async throws {
    while !Task.isShuttingDownGracefully && !Task.isCancelled {
      var pause = Self.look
      do {
        if let took = try await desk.renewCount() { pause = max(pause, took * Self.rest) }
      } catch {
        logger.error("a count was not made anew", metadata: ["error": "\(type(of: error))"])
      }
      try? await cancelWhenGracefulShutdown { [pause] in try await Task.sleep(for: pause) }
    }
  }
}
