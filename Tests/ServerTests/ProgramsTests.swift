import Foundation
import Kernel
import Testing
import Town

@testable import Server

@Suite("What programs talk to", .serialized) struct ProgramsTests {
  private static let good = #"{"text":"a","detail":{"count":2},"tags":["x"]}"#
  private static let json = ("Content-Type", "application/json")

  @Test("the same key gives the same receipt and changes nothing; other content is refused")
  func idempotency() async throws {
    try await TownServer.serve { here in
      let token = try await here.token()
      let first = await here.command(Self.good, key: "key-number-1", token)
      let count = try await here.town.rows("SELECT COUNT(*) FROM journal")[0].integer(0)
      let second = await here.command(Self.good, key: "key-number-1", token)
      #expect(first.status == 200 && second.status == 200)
      #expect(first.body == second.body)
      #expect(first.json["receipt"] == .text("key-number-1"))
      #expect(first.json["answer"] == .integer(3))
      #expect(first.header("idempotent-replayed") == nil)
      #expect(second.header("idempotent-replayed") == "true")
      #expect(
        try await here.town.rows("SELECT COUNT(*) FROM journal")[0].integer(0) == count)
      let other = await here.command(
        Self.good.replacing("2", with: "3"), key: "key-number-1", token)
      #expect(other.status == 409 && other.code == "command.idReused")
      let stranger = await here.command(
        Self.good, key: "key-number-1", try await here.token("worker"))
      #expect(stranger.status == 409)
      // Whoever is signed out sends it again after signing in; it was not used for something else.
      let nobody = await here.command(Self.good, key: "key-number-1", [])
      #expect(nobody.status == 401)
    }
  }

  @Test("a batch answers each command in its order, refused ones too")
  func batch() async throws {
    try await TownServer.serve { here in
      let answer = await here.client.send(
        "POST", "/api/batch", headers: try await here.token() + [Self.json],
        body: """
          [{"id":"batch-one-1","name":"probe.note","command":\(Self.good)},
           {"id":"batch-two-2","name":"probe.note","command":{"text":"a","detail":{"count":-1}}},
           {"id":"batch-three","name":"probe.nothing","command":{}},
           {"id":"batch-four-4","name":"probe.note","command":\(Self.good)}]
          """)
      guard case .list(let answers) = answer.json else {
        Issue.record("no list: \(answer.body)")
        return
      }
      #expect(
        answers.map { $0["status"] } == [
          .integer(200), .integer(409), .integer(404), .integer(200),
        ])
      #expect(answers.map { $0["id"] }.first == .text("batch-one-1"))
      #expect(answers[1]["refusal"]["field"] == .text("detail.count"))
    }
  }

  @Test("a rehearsal tells what would happen and keeps nothing")
  func rehearse() async throws {
    try await TownServer.serve { here in
      let token = try await here.token()
      let before = try await here.town.rows("SELECT COUNT(*) FROM journal")[0].integer(0)
      let answer = await here.client.send(
        "POST", "/api/rehearse", headers: token + [Self.json],
        body: "[{\"name\":\"probe.note\",\"command\":\(Self.good)}]")
      #expect(answer.status == 200)
      guard case .list(let answers) = answer.json else { return }
      #expect(answers.map { $0["answer"] } == [.integer(3)])
      #expect(
        try await here.town.rows("SELECT COUNT(*) FROM journal")[0].integer(0) == before)
    }
  }

  @Test("a question is asked with words in the address or with a body")
  func questions() async throws {
    try await TownServer.serve { here in
      let token = try await here.token()
      let get = await here.client.send(
        "GET", "/api/queries/probe.echo?number=7&words=%E5%8D%97%E4%BA%AC&purpose=audit",
        headers: token)
      #expect(get.status == 200)
      #expect(get.json["number"] == .integer(7))
      #expect(get.json["words"] == .list([.text("南京")]))
      let post = await here.client.send(
        "POST", "/api/queries/probe.echo", headers: token + [Self.json],
        body: #"{"number":8,"words":["a","b"],"purpose":"investigation"}"#)
      #expect(post.json["number"] == .integer(8))
      let head = await here.client.send("HEAD", "/api/openapi.json")
      #expect(head.status == 200 && head.body.isEmpty)
    }
  }

  @Test("a refusal speaks the language that was asked for")
  func languages() async throws {
    try await TownServer.serve { here in
      for (language, expected) in [
        ("en", "Sign in first"), ("zh-CN,zh;q=0.9", "请先登录"), ("fr", "请先登录"),
        ("fr;q=1,en;q=0.4,zh;q=0.3", "Sign in first"),
      ] {
        let answer = await here.client.send(
          "GET", "/api/queries/probe.echo?number=1&purpose=audit",
          headers: [("Accept-Language", language)])
        #expect(answer.json["refusal"]["message"] == .text(expected))
      }
    }
  }

  @Test("the description names every command and question with what they take")
  func openAPI() async throws {
    try await TownServer.serve { here in
      let answer = await here.client.send("GET", "/api/openapi.json")
      let paths = answer.json["paths"]
      for kind in here.desk.assembly.commands.values {
        let isThere = paths["/api/commands/\(kind.name)"] != .null
        #expect(isThere == (!kind.isEdgeOnly && kind.duty != .clockOnly), "\(kind.name)")
      }
      for kind in here.desk.assembly.queries.values {
        #expect(paths["/api/queries/\(kind.name)"]["get"] != .null, "\(kind.name)")
      }
      let body = paths["/api/commands/probe.note"]["post"]["requestBody"]["content"][
        "application/json"]
      #expect(body["schema"]["required"] == .list([.text("text"), .text("detail")]))
      #expect(body["example"]["detail"]["count"] == .integer(1))
      if let file = ProcessInfo.processInfo.environment["DENGHUO_OPENAPI_OUT"] {
        try Data(answer.body.utf8).write(to: URL(filePath: file))
      }
    }
  }

  @Test("the example of every command is one that the command can read")
  func examples() async throws {
    try await TownServer.serve { here in
      for kind in here.desk.assembly.commands.values {
        #expect(throws: Never.self, "\(kind.name)") {
          _ = try kind.decode(kind.shapes().body.example)
        }
      }
    }
  }

  @Test("health, readiness and figures")
  func figures() async throws {
    try await TownServer.serve { here in
      #expect(await here.client.send("GET", "/healthz").body == "ok\n")
      #expect(await here.client.send("GET", "/readyz").status == 200)
      let figures = await here.client.send("GET", "/metrics")
      #expect(figures.body.contains("denghuo_requests_total{route=\"/healthz\",status=\"200\"} 1"))
      #expect(figures.body.contains("denghuo_errands_waiting 0"))
    }
  }

  @Test("through the socket in the folder the operator acts for an account")
  func operatorsSocket() async throws {
    try await TownServer.serve { here in
      let headers = [Self.json, ("Idempotency-Key", "operator-1"), ("Denghuo-Account", "worker")]
      let answer = await here.local.send(
        "POST", "/api/commands/probe.note", headers: headers, body: Self.good)
      #expect(answer.status == 200)
      let sender = try await here.town.rows(
        "SELECT sender FROM receipt WHERE command = 'operator-1'")
      #expect(sender.map { $0.text(0) } == ["worker"])
      let link = await here.local.send(
        "POST", "/api/commands/accounts.issueLink",
        headers: [Self.json, ("Idempotency-Key", "operator-2")],
        body: "{\"account\":\"worker\",\"fingerprint\":\"\(here.desk.vault.fingerprint(of: "s"))\"}"
      )
      #expect(link.status == 200)
      #expect(try await here.door.redeem(Redacted("s")).account.text == "worker")
      #expect(await here.local.send("GET", "/sign-in").status == 404)
      let stranger = await here.local.send(
        "GET", "/api/queries/accounts.own", headers: [("Denghuo-Account", "nobody-here")])
      #expect(stranger.status == 401 && stranger.code == "account.unknown")
    }
  }
}
