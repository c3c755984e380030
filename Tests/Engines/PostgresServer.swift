import Foundation
import Storage
import Synchronization

/// A PostgreSQL server of the test run's own, on a socket in a temporary folder.
///
/// It is started when the first test asks for it and ends with the test process, however that ends:
/// it is a child of a shell that waits for the end of its input. The disk is not waited for
/// (`fsync=off`), unless a test is about just that.
package actor PostgresServer {
  /// The server of nearly all tests.
  package static let usual = PostgresServer(isDurable: false)
  /// The server of tests that start the program itself, which refuses one that does not wait for the
  /// disk.
  package static let durable = PostgresServer(isDurable: true)

  /// What keeps the tests from having a server.
  package struct Absent: Error, CustomStringConvertible {
    package let description: String
  }

  /// A server for a test that kills it.
  package static func doomed() -> PostgresServer { PostgresServer(isDurable: true) }

  private let isDurable: Bool
  private var starting: Task<Running, any Error>?
  private var number = 0

  /// A started server.
  private struct Running: Sendable {
    let folder: String
    /// Its end is the server's end.
    let leash: FileHandle
  }

  init(isDurable: Bool) { self.isDurable = isDurable }

  /// The folder of the server's socket.
  package func folder() async throws -> String { try await running().folder }

  /// A new database, made from another one or empty.
  package func database(from template: String = "template0") async throws -> String {
    number += 1
    let name = "town_\(number)"
    try await run("CREATE DATABASE \(name) TEMPLATE \(template)")
    return name
  }

  /// Throws a database away with whoever is connected to it.
  package func drop(_ database: String) async throws {
    try await run("DROP DATABASE IF EXISTS \(database) WITH (FORCE)")
  }

  /// Where a database of this server is.
  package func address(_ database: String) async throws -> PostgresAddress {
    try PostgresAddress(Self.address(database, in: await folder()))
  }

  static func address(_ database: String, in folder: String) -> String {
    let host = folder.replacing("/", with: "%2F")
    // A machine on which all tests run at once may take its time.
    return "postgres://denghuo@\(host)/\(database)?connect_timeout=60"
  }

  /// Runs a statement outside of any transaction, as the server's owner.
  package func run(_ statement: String, in database: String = "postgres") async throws {
    let address = try await address(database)
    try await PostgresConsole.run(statement, at: address)
  }

  /// Kills all of the server at once, without a word; it is started again and puts itself right.
  package func crash() async throws { try await signal(SIGKILL) }

  /// Sends all of the server's processes a signal.
  package func signal(_ signal: Int32) async throws {
    let folder = try await folder()
    let note = try String(contentsOfFile: "\(folder)/data/postmaster.pid", encoding: .utf8)
    guard let first = note.split(separator: "\n").first, let parent = Int32(first) else {
      throw Absent(description: "the server does not say which process it is")
    }
    let children = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap(
      Int32.init
    )
    .filter { Self.parent(of: $0) == parent }
    for process in [parent] + children { kill(process, signal) }
  }

  /// The process that started a process.
  private static func parent(of process: Int32) -> Int32? {
    guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let end = stat.lastIndex(of: ")")
    else { return nil }
    let words = stat[end...].split(separator: " ")
    return words.count > 2 ? Int32(words[2]) : nil
  }

  private func running() async throws -> Running {
    if let starting { return try await starting.value }
    let isDurable = self.isDurable
    let task = Task { try await Self.start(isDurable: isDurable) }
    starting = task
    return try await task.value
  }

  private static func start(isDurable: Bool) async throws -> Running {
    guard let programs = programs() else {
      throw Absent(description: "PostgreSQL's initdb is not here; install the package postgresql")
    }
    let folder = try emptyFolder()
    let log = "\(folder)/log"
    let script = """
      cd "$1" && "$2/initdb" -D data -U denghuo -A trust -E UTF8 --locale=C.UTF-8 -N || exit 1
      ( while [ ! -e stop ]; do
          "$2/postgres" -D data -k "$1" -c listen_addresses= -c max_connections=1200 \
            -c autovacuum=off -c shared_buffers=64MB -c max_wal_size=2GB \
            \(isDurable ? "" : "-c fsync=off -c full_page_writes=off")
          sleep 0.05
        done ) &
      read -r leash
      touch stop
      kill -QUIT "$(head -n 1 data/postmaster.pid)"
      wait $! ; cd / ; rm -rf "$1"
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      unprivileged + ["HOME=\(folder)", "/bin/sh", "-c", script, "sh", folder, programs]
    let leash = Pipe()
    let writing = leash.fileHandleForWriting
    _ = fcntl(writing.fileDescriptor, F_SETFD, FD_CLOEXEC)
    process.standardInput = leash
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    let output = FileHandle(forWritingAtPath: log)
    process.standardOutput = output
    process.standardError = output
    try process.run()
    try await waitUntilReady(folder, process)
    return Running(folder: folder, leash: writing)
  }

  private static func waitUntilReady(_ folder: String, _ process: Process) async throws {
    let address = try PostgresAddress(address("postgres", in: folder))
    let giveUp = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < giveUp, process.isRunning {
      if (try? await PostgresConsole.run("SELECT 1", at: address)) != nil { return }
      try await Task.sleep(for: .milliseconds(30))
    }
    let log = FileManager.default.contents(atPath: "\(folder)/log") ?? Data()
    throw Absent(
      description:
        "PostgreSQL does not start: \(String(decoding: log.suffix(2_000), as: UTF8.self))")
  }

  /// A server refuses to run as root; then it runs as somebody without rights.
  private static var unprivileged: [String] {
    guard getuid() == 0 else { return [] }
    let user = getpwnam("postgres") == nil ? "nobody" : "postgres"
    return ["setpriv", "--reuid=\(user)", "--regid=\(group(of: user))", "--clear-groups", "env"]
  }

  private static func group(of user: String) -> String {
    getpwnam(user).map { String($0.pointee.pw_gid) } ?? "nogroup"
  }

  /// A new folder of the user that the server runs as. A socket's path has to be short.
  private static func emptyFolder() throws -> String {
    var template = Array("/tmp/denghuo-pg-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    let path = template.withUnsafeBufferPointer { $0.baseAddress.map(String.init(cString:)) ?? "" }
    if getuid() == 0, let user = getpwnam("postgres") ?? getpwnam("nobody") {
      chown(path, user.pointee.pw_uid, user.pointee.pw_gid)
    }
    return path
  }

  /// The folder of the server's programs: Debian keeps them apart from what everybody calls.
  private static func programs() -> String? {
    let versions =
      (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
    let packaged = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }
      .map { "/usr/lib/postgresql/\($0)/bin" }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return (packaged + path.split(separator: ":").map(String.init))
      .first { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }
  }
}
