import ArgumentParser
import Containment
import District
import Foundation
import Kernel
import Logging
import Registry
import Server
import Storage

/// `denghuo serve`: the server of a data folder.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: told("启动数据目录的服务。", "Serve the district in a data folder."))

  @Option(help: .told("数据目录。", "The district's data folder.")) var data: String
  @Option(help: .told("地址和端口。", "Address and port.")) var listen = DataFolder.usualAddress
  @Flag(help: .told("允许其他机器连接。", "Let others than this machine connect.")) var exposed = false
  @Option(
    help: .told(
      "前面有 TLS 代理时人们使用的地址。",
      "The address that people use, when a proxy with TLS stands in front."))
  var publicAddress: String?
  @Option(help: .told("日志行的格式：text 或 json。", "How log lines are written: text or json."))
  var log = TextOrJSON.text
  @OptionGroup var schedule: BackupSchedule

  func run() async throws {
    let voice = Voice.fromEnvironment
    var serving = try Serving(listen: listen, isExposed: exposed, publicAddress: publicAddress)
    serving.backups = try schedule.plan()
    serving.log = log
    try await serving.run(DataFolder(data), voice: voice) { address in
      voice.note(Words("灯火已启动：\(address)", "Denghuo is up: \(address)"))
    }
  }
}

/// Opens a data folder and serves it until the process is told to stop.
struct Serving {
  private let host: String
  private let port: Int
  private let isExposed: Bool
  private let publicAddress: String?
  /// Where, for whom and how often backups are made; nil for never.
  var backups: BackupSchedule.Plan?
  var log = TextOrJSON.text

  init(listen: String, isExposed: Bool, publicAddress: String?) throws {
    guard let colon = listen.lastIndex(of: ":"), colon > listen.startIndex,
      let port = UInt16(listen[listen.index(after: colon)...])
    else {
      throw WrongUse(
        "--listen 应为 地址:端口，如 127.0.0.1:8080",
        "--listen should be an address and a port, such as 127.0.0.1:8080")
    }
    let written = listen[..<colon]
    let isBracketed = written.hasPrefix("[") && written.hasSuffix("]")
    host = String(isBracketed ? written.dropFirst().dropLast() : written)
    self.port = Int(port)
    self.isExposed = isExposed
    self.publicAddress = publicAddress
  }

  /// Serves a folder.
  ///
  /// - Parameter onRunning: called with the web address once it listens.
  func run(
    _ folder: DataFolder, voice: Voice, onRunning: @escaping @Sendable (String) -> Void
  ) async throws {
    let live = LiveFeed()
    let opened = try await opened(folder, voice) { live.changed() }
    let district = opened.district
    await Self.tellOfPolicies(district.desk, voice)
    let disk = district.desk.storage as? SQLiteStorage
    disk?.keepReserve(of: try district.desk.rules.policies.machine().reserveBytes, in: folder.path)
    defer { disk?.giveUpReserve() }
    let host = self.host.contains(":") ? "[\(self.host)]" : self.host
    let log = self.log
    var logger = Logger(label: "denghuo") { label -> any LogHandler in
      log == .json
        ? JSONLogHandler(label: label) : StreamLogHandler.standardError(label: label)
    }
    logger.logLevel = .notice
    let socket = SocketPath.Short(folder.socket)
    let settings = DistrictServer.Settings(
      host: self.host, port: port, socket: socket.path, isExposed: isExposed,
      publicAddress: publicAddress, logger: logger)
    if !isExposed, let refusal = exposure { throw refusal }
    let server = try DistrictServer(
      desk: district.desk, pump: district.pump,
      doorkeeper: .registry(district.desk) { fingerprint, transaction, now in
        try SlipsStore(transaction).holder(ofFingerprint: fingerprint, at: now)
      },
      live: live, files: Self.files, settings: settings,
      operations: [
        "backup": Self.backup(of: folder, district),
        "clock": Self.clock(opened.clock, district.desk, voice),
        "examine": Self.examine(district),
      ]
    ) { port in
      let address = "\(host):\(port)"
      // In one piece: whoever finds the file reads the whole address.
      try? Data(address.utf8).write(to: URL(filePath: folder.addressFile), options: .atomic)
      onRunning("http://\(address)")
    }
    defer {
      try? FileManager.default.removeItem(atPath: folder.addressFile)
      try? FileManager.default.removeItem(atPath: folder.socket)
    }
    let keeping = backups.map { plan in
      Task { await plan.keep(folder, district.desk.storage, voice) }
    }
    defer { keeping?.cancel() }
    let keeper = JournalKeeper(district.desk)
    let shipping = Task { await keeper.run(voice) }
    defer { shipping.cancel() }
    do {
      try await server.runUntilSignal()
    } catch {
      throw whyNotListening(error)
    }
    shipping.cancel()
    await shipping.value
    await keeper.end(district.desk, voice)
    withExtendedLifetime((opened.lock, socket)) {}
  }

  /// Says which version of the policy that has decided is missing, or says something else than then.
  private static func tellOfPolicies(_ desk: Desk, _ voice: Voice) async {
    do {
      let faults: [EditionFault]
      do {
        faults = try await DecidedPolicies.note(desk)
      } catch {
        // A clock that is not believed, or a full disk, keeps it from being noted; it is told all the same.
        faults = try await DecidedPolicies.faults(desk)
      }
      for fault in faults {
        voice.complain(
          Words(
            "\(fault.words.chinese)。\(EditionFault.remedy.chinese)",
            "\(fault.words.english). \(EditionFault.remedy.english)"))
      }
    } catch {
      voice.note(
        Words(
          "政策版本未能核对（\(error)）", "The versions of the policy could not be compared (\(error))"))
    }
  }

  private static let pauseOfWaiting = Duration.seconds(1)

  /// Opens a folder; when its PostgreSQL database takes no writing at the moment, says so and waits: a
  /// machine that starts at the same time as the databases has nobody to start it a second time.
  private func opened(
    _ folder: DataFolder, _ voice: Voice, changed: @escaping @Sendable () -> Void
  ) async throws -> DataFolder.Opened {
    let isShared = try folder.store() != nil
    var said = ""
    while true {
      do {
        return try await folder.open(machine: BoundedClock.machine, changed: changed)
      } catch let failure as StorageFailure
        where isShared && (failure.kind == .unavailable || failure.kind == .unknown)
      {
        if said != failure.description {
          said = failure.description
          voice.note(
            Words(
              "数据库没有可写的主库，继续等待（\(said)）",
              "No database takes writing; waiting for one (\(said))"))
        }
        try await Task.sleep(for: Self.pauseOfWaiting)
      }
    }
  }

  /// The backup that `denghuo backup` asks a running server for.
  private static func backup(
    of folder: DataFolder, _ district: District
  ) -> DistrictServer.Operation {
    { body in
      let asked = try body.decoded(BackupAsked.self)
      let summary = try await folder.backUp(
        district.desk.storage, to: asked.to, for: BackupKey(publicText: asked.key),
        at: Clock.machine.now())
      return try Fields.json(Fields.jsonBytes(summary))
    }
  }

  /// What `denghuo doctor` asks a running server for.
  private static func examine(_ district: District) -> DistrictServer.Operation {
    { body in
      let asked = try body.decoded(ExamineAsked.self)
      let findings = try await DistrictExamination(district.desk).findings(deep: asked.deep)
      return try Fields.json(Fields.jsonBytes(findings))
    }
  }

  private struct ExamineAsked: Decodable {
    let deep: Bool
  }

  /// What the clock says, and that it is right after all: for `denghuo clock`.
  private static func clock(
    _ clock: BoundedClock, _ desk: Desk, _ voice: Voice
  ) -> DistrictServer.Operation {
    { body in
      let asked = try body.decoded(ClockAsked.self)
      if asked.accept {
        // Looked up before anything is believed, whether or not there is something to believe.
        try await requireKeeper(asked.account, desk)
      }
      if asked.accept, let shift = clock.accept() {
        let words = ClockFault(shift: shift).words
        voice.note(
          Words(
            "\(asked.account) 已确认时钟（\(words.chinese)）",
            "\(asked.account) accepted the clock (\(words.english))"))
        // One person at the machine has done it: the journal, the figures and the auditor are told.
        _ = try await desk.submit(
          NoteClockAccepted(seconds: Int(shift.inSeconds)),
          id: CommandID(trusted: "clock-\(clock.clock.now().milliseconds)"),
          as: .account(AccountID(trusted: asked.account)))
      }
      let fault = clock.clock.fault()
      return .object([
        "now": .text(clock.clock.now().text(in: .china)),
        "seconds_off": .integer(fault?.shift.inSeconds ?? 0), "trusted": .flag(fault == nil),
      ])
    }
  }

  private struct ClockAsked: Decodable {
    let accept: Bool
    let account: String
  }

  /// Checks that an account is there and may accept the clock.
  private static func requireKeeper(_ account: String, _ desk: Desk) async throws {
    let sender = Sender.account(try AccountID(account, field: "account"))
    try await desk.storage.read { transaction in
      try NoteClockAccepted.require(
        desk.jurisdiction.authority(
          sender, transaction, desk.clock.now(), desk.rules.policies))
    }
  }

  private struct BackupAsked: Decodable {
    let to: String
    let key: String
  }

  /// The server's own refusal cannot know how the command line says that it may be.
  private var exposure: Refusal? {
    DistrictServer.isLoopback(host)
      ? nil
      : Refusal(
        .forbidden, "listen.exposed",
        Words(
          "地址 \(host) 对外开放：请在前面加 TLS 代理并监听 127.0.0.1；确需对外时加 --exposed",
          "The address \(host) is open to others: listen on 127.0.0.1 behind a proxy with TLS, or add "
            + "--exposed if it really should be"))
  }

  /// What kept the server from listening, in words.
  private func whyNotListening(_ error: any Error) -> any Error {
    if error is Refusal || error is StorageFailure { return error }
    let reason = String(describing: error)
    if reason.contains("Address already in use") {
      return Refusal(
        .conflict, "listen.inUse",
        Words(
          "\(host):\(port) 已被其他程序占用，请用 --listen 换一个端口",
          "\(host):\(port) is taken by another program; choose another port with --listen"))
    }
    return WorldFailed(
      "无法在 \(host):\(port) 上提供服务，请检查 --listen 的地址和权限（\(reason)）",
      "It cannot listen at \(host):\(port); check the address of --listen and the permissions (\(reason))"
    )
  }

  /// The pages' files by their address.
  private static var files: [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for path in Assets.paths where path.hasPrefix("Web/") {
      files["/" + path.dropFirst("Web/".count)] = Assets.bytes(path)
    }
    return files
  }
}
