import ClickHouse
import Foundation

/// Two ClickHouse servers of the test run's own, in a temporary folder and on free ports, that know
/// each other as a cluster.
///
/// They are started when the first test asks for them and end with the test process, however that
/// ends: they are children of a shell that waits for the end of its input.
actor ClickHouseServer {
  static let shared = ClickHouseServer()
  static let cluster = "both"
  static let absence = "ClickHouse is not installed here; `make scale` installs it"

  /// Why there is no server.
  struct Absent: Error, CustomStringConvertible {
    let description: String
  }

  private var starting: Task<Running, any Error>?
  private var number = 0

  private struct Running: Sendable {
    let hosts: [ClickHouseAddress.Host]
    /// Its end is the servers' end.
    let leash: FileHandle
  }

  /// A single server that runs already, for trying another version: `HOST:PORT`.
  static let given: ClickHouseAddress.Host? = {
    let parts = ProcessInfo.processInfo.environment["DENGHUO_CLICKHOUSE"]?.split(separator: ":")
    guard let parts, parts.count == 2, let port = Int(parts[1]) else { return nil }
    return ClickHouseAddress.Host(name: String(parts[0]), port: port)
  }()

  /// The server's program; nil where the package is not installed.
  static let program: String? = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return (["/usr/sbin", "/usr/bin"] + path.split(separator: ":").map(String.init))
      .map { "\($0)/clickhouse-server" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// A new database, on one machine or spread over both.
  func address(spread: Bool) async throws -> ClickHouseAddress {
    let both = if let given = Self.given { [given] } else { try await running().hosts }
    // Counted behind the wait, during which others may come.
    number += 1
    let hosts = spread ? both : [both[0]]
    // A server that runs already may have been asked before by another process.
    let database = "town_\(number)" + (Self.given == nil ? "" : "_\(getpid())")
    guard
      let address = ClickHouseAddress(
        hosts: hosts, database: database, cluster: spread ? Self.cluster : nil)
    else { throw Absent(description: "no address") }
    return address
  }

  private func running() async throws -> Running {
    if let starting { return try await starting.value }
    let task = Task { try await Self.start() }
    starting = task
    return try await task.value
  }

  private static func start() async throws -> Running {
    guard let program else { throw Absent(description: absence) }
    let folder = NSTemporaryDirectory() + "denghuo-clickhouse-\(UUID().uuidString)"
    let ports = try freePorts(6)
    for machine in 0..<2 {
      try settings(machine, ports, in: folder)
    }
    let script = """
      "$2" --config-file="$1/0/config.xml" & one=$!
      "$2" --config-file="$1/1/config.xml" & other=$!
      read -r leash
      kill -KILL $one $other
      sleep 0.2
      rm -rf "$1"
      """
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", script, "sh", folder, program]
    let leash = Pipe()
    _ = fcntl(leash.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
    process.standardInput = leash
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let hosts = [ports[0], ports[3]].map { ClickHouseAddress.Host(name: "127.0.0.1", port: $0) }
    for host in hosts { try await waitUntilReady(host, folder) }
    return Running(hosts: hosts, leash: leash.fileHandleForWriting)
  }

  private static func waitUntilReady(_ host: ClickHouseAddress.Host, _ folder: String) async throws
  {
    let giveUp = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < giveUp {
      if listens(host.port) { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw Absent(description: "ClickHouse does not start; see \(folder)")
  }

  /// The settings of one machine; its ports are for programs, for questions and for other machines.
  private static func settings(_ machine: Int, _ ports: [Int], in folder: String) throws {
    let own = "\(folder)/\(machine)"
    let shards = [ports[1], ports[4]].map {
      "<shard><replica><host>127.0.0.1</host><port>\($0)</port></replica></shard>"
    }
    let config = """
      <yandex>
      <logger><level>warning</level><log>\(own)/log</log></logger>
      <http_port>\(ports[machine * 3])</http_port>
      <tcp_port>\(ports[machine * 3 + 1])</tcp_port>
      <interserver_http_port>\(ports[machine * 3 + 2])</interserver_http_port>
      <listen_host>127.0.0.1</listen_host>
      <path>\(own)/data/</path><tmp_path>\(own)/tmp/</tmp_path>
      <users_config>\(own)/users.xml</users_config>
      <default_profile>default</default_profile><default_database>default</default_database>
      <mark_cache_size>67108864</mark_cache_size>
      <remote_servers><\(cluster)>\(shards.joined())</\(cluster)></remote_servers>
      </yandex>
      """
    let users = """
      <yandex>
      <profiles><default/></profiles><quotas><default/></quotas>
      <users><default><password></password><networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile><quota>default</quota></default></users>
      </yandex>
      """
    try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
    try Data(config.utf8).write(to: URL(filePath: "\(own)/config.xml"))
    try Data(users.utf8).write(to: URL(filePath: "\(own)/users.xml"))
  }

  /// Ports that are free now, all held until all are known.
  private static func freePorts(_ count: Int) throws -> [Int] {
    var held: [Int32] = []
    defer { for socket in held { close(socket) } }
    return try (0..<count).map { _ in
      let door = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      held.append(door)
      var address = loopback(0)
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let isBound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(door, $0, size) == 0 && getsockname(door, $0, &size) == 0
        }
      }
      guard isBound else { throw Absent(description: "no port is free") }
      return Int(UInt16(bigEndian: address.sin_port))
    }
  }

  private static func listens(_ port: Int) -> Bool {
    let door = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(door) }
    var address = loopback(port)
    return withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(door, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private static func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return address
  }
}
