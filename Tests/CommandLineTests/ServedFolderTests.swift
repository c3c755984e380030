import Foundation
import FoundationNetworking
import Kernel
import Storage
import Testing
import Town

@Suite(
  "A folder that somebody holds", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct ServedFolderTests {
  @Test("the server is talked to: many rows, exports, rehearsals, links with its address")
  func served() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    try desktop.put("in.csv", Self.visits(3_000))
    try await desktop.serving { address, _ in
      let rehearsed = try await desktop.run(
        "import", "visits", "in.csv", "--data", "data", "--dry-run", "--format", "json")
      #expect(try desktop.summary(rehearsed).accepted == 3_000, "\(rehearsed.complaints)")
      let taken = try await desktop.run(
        "import", "visits", "in.csv", "--data", "data", "--format", "json")
      #expect(try desktop.summary(taken).accepted == 3_000, "\(taken.complaints)")
      let out = try await desktop.done("export", "visits", "--data", "data")
      #expect(out.lines.count == 1 + 6 + 3_000)
      let link = try await desktop.done("link", "--data", "data", "--account", "admin")
      #expect(link.output.hasPrefix("\(address)/link/"))
      let no = try await desktop.run("contacts", "C99", "--data", "data")
      #expect(no.status == 1 && no.complaints.contains("C99"))
      let second = try await desktop.run("serve", "--data", "data", "--listen", "127.0.0.1:0")
      #expect(second.status == 1 && second.complaints.contains("using this data folder"))
    }
    #expect(try await desktop.counts().violated == [])
  }

  @Test("a running server is backed up while it takes visits, by the command and by its clock")
  func backedUp() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    try desktop.put("in.csv", Self.visits(2_000))
    let key = try await desktop.done("backup", "key", "--private", "private.key").output
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let before = try await desktop.done("export", "visits", "--data", "data").lines.count
    let clock = ["--backup-to", "kept", "--backup-key", key, "--backup-hours", "1"]
    try await desktop.serving(options: clock) { _, _ in
      async let taken = desktop.done("import", "visits", "in.csv", "--data", "data")
      try await desktop.done("backup", "--data", "data", "--to", "during.backup", "--key", key)
      _ = try await taken
      try await desktop.done("backup", "--data", "data", "--to", "after.backup", "--key", key)
    }
    for name in ["during", "after"] {
      try await desktop.done(
        "restore", "\(name).backup", "--private", "private.key", "--data", name)
    }
    let during = try await desktop.done("export", "visits", "--data", "during").lines.count
    let after = try await desktop.done("export", "visits", "--data", "after").lines.count
    #expect(before <= during && during <= after && after == before + 2_000)
    let kept = try FileManager.default.contentsOfDirectory(atPath: "\(desktop.path)/kept")
    let first = try #require(kept.first { $0.hasSuffix(".backup") })
    try await desktop.done("backup", "check", "kept/\(first)", "--private", "private.key")
    let half = try await desktop.run("serve", "--data", "data", "--backup-to", "kept")
    #expect(half.status == 2 && half.complaints.contains("go together"))
  }

  @Test("programs come with a token: commands once, batches, pages of queries")
  func programs() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    try desktop.put("in.csv", Self.visits(2_500))
    try await desktop.done("import", "visits", "in.csv", "--data", "data")
    try await desktop.serving { address, _ in
      let token = try await desktop.done("token", "--data", "data", "--account", "admin")
      let api = Caller(address: address, token: token.output.trimmingWhitespace())
      let body =
        #"{"case":"Z1","person":"Z","kind":"confirmed","source":"clinic","district":"230102","#
        + #""reported_at":"2022-11-29T09:00+08:00"}"#
      let first = try await api.send("/api/commands/cases.report", body, key: "key-00000001")
      let again = try await api.send("/api/commands/cases.report", body, key: "key-00000001")
      #expect(first.status == 200 && first.text == again.text)
      let broken = try await api.send("/api/commands/cases.report", "{}", key: "key-00000002")
      #expect(broken.status == 400 && broken.text.contains("\"refusal\""))
      let batch = try await api.send(
        "/api/batch",
        #"[{"id":"key-00000003","name":"cases.report","command":\#(body)},{"id":"key-00000004","name":"no","command":{}}]"#
      )
      #expect(batch.text.contains("\"status\":200") && batch.text.contains("\"status\":404"))
      var rows = 0
      var after: String?
      var pages = 0
      repeat {
        let page = try await api.send(
          "/api/queries/visits.export?purpose=exchange"
            + (after.map { "&after=\($0)" } ?? ""), nil)
        let fields = try Fields.json(Array(page.text.utf8))
        guard case .list(let list) = fields["rows"] else { break }
        rows += list.count
        pages += 1
        if case .text(let next) = fields["after"] { after = next } else { after = nil }
      } while after != nil && pages < 10
      #expect(rows == 2_506 && pages == 2)
      for path in ["/healthz", "/readyz", "/metrics", "/api/openapi.json"] {
        #expect(try await api.send(path, nil).status == 200)
      }
      let nobody = Caller(address: address, token: "0000")
      #expect(try await nobody.send("/api/queries/places.export", nil).status == 401)
    }
  }

  @Test("a server that dies half-way leaves an import that says what it did and can be repeated")
  func halfWay() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    try desktop.put("in.csv", Self.visits(20_000))
    try await desktop.serving { _, server in
      let importing = Task {
        try await desktop.run("import", "visits", "in.csv", "--data", "data", "--format", "json")
      }
      await Self.kill(server, whenWriting: desktop)
      let out = try await importing.value
      await BuiltProgram.end(of: server)
      #expect(out.status == 3, "\(out.complaints)")
      if !out.bytes.isEmpty {
        let summary = try desktop.summary(out)
        #expect(summary.addsUp && summary.read < 20_000)
        #expect(out.complaints.contains("import the same file again"))
      }
    }
    let again = try await desktop.run(
      "import", "visits", "in.csv", "--data", "data", "--format", "json")
    let summary = try desktop.summary(again)
    #expect(summary.read == 20_000 && summary.accepted + summary.duplicate == 20_000)
    let found = try await desktop.counts()
    #expect(found.rows["visits"] == 20_006 && found.violated == [])
  }

  /// Kills a server as soon as it has written something that was not there; from a thread of its own,
  /// because a task may get its turn only when the import is done.
  private static func kill(_ server: Process, whenWriting desktop: Desktop) async {
    let database = "\(desktop.path)/data"
    @Sendable func written() -> Int {
      let files = (try? FileManager.default.subpathsOfDirectory(atPath: database)) ?? []
      return files.filter { $0.hasSuffix("-wal") }.map {
        let found = try? FileManager.default.attributesOfItem(atPath: "\(database)/\($0)")
        return found?[.size] as? Int ?? 0
      }.reduce(0, +)
    }
    let before = written()
    let process = server.processIdentifier
    await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        let deadline = Date().addingTimeInterval(60)
        while written() <= before + 1 << 18, Date() < deadline { usleep(1_000) }
        Foundation.kill(process, SIGKILL)
        continuation.resume()
      }
    }
  }

  @Test("a second command line gets a sentence when the first does not end")
  func twoAtOnce() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let lock = try FolderLock(folder: "\(desktop.path)/data")
    let out = try await desktop.run("export", "visits", "--data", "data")
    #expect(out.status == 1 && out.output == "")
    #expect(out.complaints.contains("Another Denghuo process"))
    withExtendedLifetime(lock) {}
  }

  private static func visits(_ count: Int) -> String {
    let rows = (0..<count).map { index in
      "V\(index),店\(index % 50),2022-11-\(10 + index % 15)T08:00,2022-11-28T09:00,location\n"
    }
    return Desktop.visitsHeader + "\n" + rows.joined()
  }
}

/// A program that talks to the server.
private struct Caller {
  let address: String
  let token: String

  /// Posts a body, or gets when there is none.
  func send(
    _ path: String, _ body: String?, key: String? = nil
  ) async throws -> (status: Int, text: String) {
    guard let url = URL(string: address + path) else { throw URLError(.badURL) }
    var request = URLRequest(url: url)
    request.httpMethod = body == nil ? "GET" : "POST"
    request.httpBody = body.map { Data($0.utf8) }
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
    request.setValue(key, forHTTPHeaderField: "Idempotency-Key")
    let (data, response) = try await URLSession.shared.data(for: request)
    return ((response as? HTTPURLResponse)?.statusCode ?? 0, String(decoding: data, as: UTF8.self))
  }
}
