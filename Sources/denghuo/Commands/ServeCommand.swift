import ArgumentParser
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
    commandName: "serve", abstract: "Serve the district in a data folder.")

  @Option(help: "The district's data folder.") var data: String
  @Option(help: "Address and port.") var listen = DataFolder.usualAddress
  @Flag(help: "Let others than this machine connect.") var exposed = false
  @Option(help: "The address that people use, when a proxy with TLS stands in front.")
  var publicAddress: String?

  func run() async throws {
    let voice = Voice.fromEnvironment
    let serving = try Serving(listen: listen, isExposed: exposed, publicAddress: publicAddress)
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

  init(listen: String, isExposed: Bool, publicAddress: String?) throws {
    guard let colon = listen.lastIndex(of: ":"),
      let port = UInt16(listen[listen.index(after: colon)...])
    else {
      throw WrongUse(
        "--listen 应为 地址:端口，如 127.0.0.1:8080",
        "--listen should be an address and a port, such as 127.0.0.1:8080")
    }
    host = String(listen[..<colon])
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
    let (district, lock) = try await folder.open(clock: .machine, changed: { live.changed() })
    let host = self.host
    var logger = Logger(label: "denghuo") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .notice
    let settings = DistrictServer.Settings(
      host: host, port: port, socket: folder.socket, isExposed: isExposed,
      publicAddress: publicAddress, logger: logger)
    let server = try DistrictServer(
      desk: district.desk, pump: district.pump,
      doorkeeper: .registry(district.desk) { fingerprint, transaction, now in
        try SlipsStore(transaction).holder(ofFingerprint: fingerprint, at: now)
      },
      live: live, files: Self.files, settings: settings
    ) { port in
      let address = "\(host):\(port)"
      try? Data(address.utf8).write(to: URL(filePath: folder.addressFile))
      onRunning("http://\(address)")
    }
    defer {
      try? FileManager.default.removeItem(atPath: folder.addressFile)
      try? FileManager.default.removeItem(atPath: folder.socket)
    }
    do {
      try await server.runUntilSignal()
    } catch  where Self.isAddressInUse(error) {
      throw Refusal(
        .conflict, "listen.inUse",
        Words(
          "\(host):\(port) 已被其他程序占用，请用 --listen 换一个端口",
          "\(host):\(port) is taken by another program; choose another port with --listen"))
    }
    withExtendedLifetime(lock) {}
  }

  private static func isAddressInUse(_ failure: any Error) -> Bool {
    String(describing: failure).contains("Address already in use")
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
