import Foundation
import Testing

/// The pages as people press them: a sample district is made by the built program and served to each
/// test, and a browser walks through it (walk.py), wide and narrow, in both languages, runs a round of
/// mass testing (screening.py), spends the days of a street coordinator and of a resident (people.py), shows and checks codes with the server stopped (passes.py), and does a
/// shift without network on a phone (offline.py). So many at a time as there are processors.
@Suite("A browser on a sample district") struct BrowserTests {
  /// What the walk says of one step.
  private struct Line: Decodable {
    let step: String
    let faults: [String]
    let pages: Int?
  }

  /// Fewer residents would leave a grid worker too few doors for four walks.
  private static let residents = 1_200
  private static let fewestPages = 150
  private static let places = Places(ProcessInfo.processInfo.activeProcessorCount)
  private static let sample = Sample()
  private static let fewestPagesOfInvestigation = 25
  private static let fewestPagesOfScreening = 40
  private static let fewestPagesOfPasses = 20
  private static let fewestPagesOfAccounts = 90
  private static let fewestPagesOfPeople = 50
  /// Of what a script says when it breaks off: the end, where the cause stands, in characters.
  private static let mostComplaints = 3_000

  private static var program: URL? {
    let folders = [
      URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent(),
      Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
    ]
    return folders.map { $0.appendingPathComponent("denghuo") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// A Python that has Playwright, named by the environment; nil when there is none.
  private static var python: URL? { executable(named: "DENGHUO_BROWSER_PYTHON", or: nil) }

  private static var chromium: URL? {
    executable(named: "DENGHUO_BROWSER", or: "/usr/bin/chromium")
  }

  private static func executable(named variable: String, or usual: String?) -> URL? {
    guard let path = ProcessInfo.processInfo.environment[variable] ?? usual,
      FileManager.default.isExecutableFile(atPath: path)
    else { return nil }
    return URL(fileURLWithPath: path)
  }

  private static func script(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(name)
  }

  @Test(
    "reads and presses every page without a fault",
    .enabled(if: program != nil, "the program is not built"),
    .enabled(if: python != nil, "DENGHUO_BROWSER_PYTHON names no Python with Playwright"),
    .enabled(if: chromium != nil, "there is no /usr/bin/chromium"),
    .timeLimit(.minutes(30)), arguments: 0..<2)
  func walk(half: Int) async throws {
    try await Self.drive("walk.py", atLeast: Self.fewestPages / 2, "\(half)")
  }

  @Test(
    "follows a case from the call to its contacts",
    .enabled(if: program != nil, "the program is not built"),
    .enabled(if: python != nil, "DENGHUO_BROWSER_PYTHON names no Python with Playwright"),
    .enabled(if: chromium != nil, "there is no /usr/bin/chromium"),
    .timeLimit(.minutes(30)))
  func investigate() async throws {
    try await Self.drive("investigate.py", atLeast: Self.fewestPagesOfInvestigation)
  }

  @Test(
    "runs a round of mass testing from the plan to the last recalled person",
    .enabled(if: program != nil, "the program is not built"),
    .enabled(if: python != nil, "DENGHUO_BROWSER_PYTHON names no Python with Playwright"),
    .enabled(if: chromium != nil, "there is no /usr/bin/chromium"),
    .timeLimit(.minutes(30)))
  func screening() async throws {
    try await Self.drive("screening.py", atLeast: Self.fewestPagesOfScreening)
  }

  @Test(
    "shows a code and checks it with the server stopped and without a request",
    .enabled(if: program != nil, "the program is not built"),
    .enabled(if: python != nil, "DENGHUO_BROWSER_PYTHON names no Python with Playwright"),
    .enabled(if: chromium != nil, "there is no /usr/bin/chromium"),
    .timeLimit(.minutes(30)))
  func passes() async throws {
    try await Self.drive("passes.py", atLeast: Self.fewestPagesOfPasses)
  }

  @Test(
    "invites a colleague by slip, sets up a second factor, and is out when the shift is not on",
    .enabled(if: program != nil, "the program is not built"),
    .enabled(if: python != nil, "DENGHUO_BROWSER_PYTHON names no Python with Playwright"),
    .enabled(if: chromium != nil, "there is no /usr/bin/chromium"),
    .timeLimit(.minutes(30)))
  func accounts() async throws {
    try await Self.drive("accounts.py", atLeast: Self.fewestPagesOfAccounts)
  }

  @Test(
    "spends the days of a street coordinator and of a resident in isolation",
    .enabled(if: program != nil, "the program is not built"),
    .enabled(if: python != nil, "DENGHUO_BROWSER_PYTHON names no Python with Playwright"),
    .enabled(if: chromium != nil, "there is no /usr/bin/chromium"),
    .timeLimit(.minutes(30)))
  func people() async throws {
    try await Self.drive("people.py", atLeast: Self.fewestPagesOfPeople)
  }

  @Test(
    """
    does a shift of 200 obligations with the network cut at random and loses and doubles nothing, \
    and a copy of the profile is unreadable once the phone is revoked
    """,
    .enabled(if: program != nil, "the program is not built"),
    .enabled(if: python != nil, "DENGHUO_BROWSER_PYTHON names no Python with Playwright"),
    .enabled(if: chromium != nil, "there is no /usr/bin/chromium"),
    .timeLimit(.minutes(30)))
  func offline() async throws { try await Self.drive("offline.py", atLeast: 0) }

  /// Serves a copy of the sample district while a script drives the browser.
  private static func drive(
    _ script: String, atLeast pages: Int, _ more: String...
  ) async throws {
    await places.take()
    do {
      try await driveNow(script, atLeast: pages, more)
      await places.give()
    } catch {
      await places.give()
      throw error
    }
  }

  private static func driveNow(
    _ script: String, atLeast pages: Int, _ more: [String]
  ) async throws {
    let program = try #require(Self.program)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("denghuo-browser-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(
      at: await sample.folder(of: residents, by: program),
      to: folder.appendingPathComponent("data"))
    let links = folder.appendingPathComponent("links.txt")
    try Data().write(to: links)
    let server = Process()
    server.executableURL = program
    server.arguments = [
      "demo", "--data", folder.appendingPathComponent("data").path, "--listen", "127.0.0.1:0",
    ]
    server.environment = ProcessInfo.processInfo.environment
      .merging(["LC_ALL": "en_US.UTF-8"]) { _, english in english }
    server.standardOutput = try FileHandle(forWritingTo: links)
    server.standardError = FileHandle.nullDevice
    try server.run()
    defer {
      server.terminate()
      server.waitUntilExit()
    }
    let address = try await Self.address(in: links, of: server)
    try await Self.walk(script, [address, links.path], more, atLeast: pages)
  }

  /// Runs one script and takes down what it found.
  private static func walk(
    _ name: String, _ arguments: [String], _ more: [String], atLeast pages: Int
  ) async throws {
    let lines = try await Self.lines(of: name, said: arguments, more)
    for line in lines {
      #expect(line.faults.isEmpty, "\(line.step): \(line.faults.joined(separator: "; "))")
    }
    let end = try #require(lines.last)
    #expect(end.step == "end", "\(name) broke off after “\(end.step)”.")
    #expect(end.pages ?? 0 >= pages)
  }

  /// Where the server listens, once it has written the last of its sign-in addresses.
  private static func address(in links: URL, of server: Process) async throws -> String {
    while server.isRunning {
      let text = try String(contentsOf: links, encoding: .utf8)
      let start = text.range(of: "http://")
      if text.contains("Ctrl-C"), let start {
        return String(text[start.lowerBound...].prefix { !$0.isWhitespace })
      }
      try await Task.sleep(for: .milliseconds(200))
    }
    throw CocoaError(.executableLoad)
  }

  private static func lines(
    of script: String, said arguments: [String], _ more: [String]
  ) async throws -> [Line] {
    let (python, chromium) = (try #require(Self.python), try #require(Self.chromium))
    let process = Process()
    process.executableURL = python
    process.arguments = [Self.script(script).path] + arguments + [chromium.path] + more
    let output = Pipe()
    // Into a file: nobody reads while the script goes on, and a full pipe would stop it.
    let complaints = FileManager.default.temporaryDirectory
      .appendingPathComponent("denghuo-browser-\(UUID().uuidString).txt")
    try Data().write(to: complaints)
    defer { try? FileManager.default.removeItem(at: complaints) }
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: complaints)
    try process.run()
    defer { if process.isRunning { process.terminate() } }
    let said = await Task { output.fileHandleForReading.readDataToEndOfFile() }.value
    process.waitUntilExit()
    let last = try String(contentsOf: complaints, encoding: .utf8).suffix(Self.mostComplaints)
    #expect(process.terminationStatus == 0, "\(script) broke off: \(last)")
    return try said.split(separator: UInt8(ascii: "\n"))
      .map { try JSONDecoder().decode(Line.self, from: Data($0)) }
  }
}
