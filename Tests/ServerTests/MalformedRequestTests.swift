import Kernel
import Testing

@testable import Server

/// One request that makes no sense, and what is said to it.
private struct Malformed: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let method: String
  let path: String
  var headers: [(String, String)] = []
  var body = ""
  var isSignedIn = true
  let status: Int
  let code: String
}

@Suite("Malformed requests", .serialized) struct MalformedRequestTests {
  private static let key = ("Idempotency-Key", "0f8fad5b-d9cb-469f-a165-70867728950e")
  private static let json = ("Content-Type", "application/json")
  private static let note = "/api/commands/probe.note"
  private static let good = #"{"text":"a","detail":{"count":1}}"#

  private static func command(
    _ name: String, _ body: String, _ status: Int, _ code: String
  ) -> Malformed {
    Malformed(
      testDescription: name, method: "POST", path: note, headers: [key, json], body: body,
      status: status, code: code)
  }

  private static func plain(
    _ name: String, _ method: String, _ path: String, _ status: Int, _ code: String,
    headers: [(String, String)] = [], body: String = "", signedIn: Bool = true
  ) -> Malformed {
    Malformed(
      testDescription: name, method: method, path: path, headers: headers, body: body,
      isSignedIn: signedIn, status: status, code: code)
  }

  private static let bodies: [Malformed] = [
    command("no body", "", 400, "body.empty"),
    command("broken JSON", "{\"text\":", 400, "json.malformed"),
    command("not JSON at all", "text=a", 400, "json.malformed"),
    command("a list for an object", "[]", 400, "json.notObject"),
    command("a number for an object", "7", 400, "json.notObject"),
    command("a field is missing", #"{"detail":{"count":1}}"#, 400, "field.missing"),
    command("a nested field is missing", #"{"text":"a","detail":{}}"#, 400, "field.missing"),
    command(
      "words for a number", #"{"text":"a","detail":{"count":"many"}}"#, 400, "field.malformed"),
    command(
      "a number too large", #"{"text":"a","detail":{"count":99999999999999999999}}"#, 400,
      "field.malformed"),
    command(
      "a fraction for a count", #"{"text":"a","detail":{"count":1.5}}"#, 400, "field.malformed"),
    command("a list for a text", #"{"text":["a"],"detail":{"count":1}}"#, 400, "field.malformed"),
    command(
      "a field that nobody knows", #"{"text":"a","detail":{"count":1},"extra":1}"#, 400,
      "field.unknown"),
    command(
      "nested ten thousand deep", String(repeating: "[", count: 10_000), 400, "json.deep"),
    command("a rule says no", #"{"text":"a","detail":{"count":-1}}"#, 409, "probe.negative"),
    command(
      "a body too large", "{\"text\":\"" + String(repeating: "a", count: 1 << 20) + "\"}", 413,
      "body.large"),
  ]

  private static let heads: [Malformed] = [
    plain("a command by GET", "GET", note, 405, "method.notAllowed"),
    plain("a command by PUT", "PUT", note, 405, "method.notAllowed", body: good),
    plain("a question by DELETE", "DELETE", "/api/queries/probe.echo", 405, "method.notAllowed"),
    plain("health by POST", "POST", "/healthz", 405, "method.notAllowed"),
    plain(
      "an unknown command", "POST", "/api/commands/probe.none", 404, "notFound",
      headers: [key, json], body: "{}"),
    plain(
      "a command that only our own edge sends", "POST", "/api/commands/accounts.openSession", 404,
      "notFound", headers: [key, json], body: "{}"),
    plain(
      "a command of the clock", "POST", "/api/commands/obligations.escalate", 403, "duty.notHeld",
      headers: [key, json], body: "{}"),
    plain(
      "nobody", "POST", note, 401, "sender.unknown", headers: [key, json], body: good,
      signedIn: false),
    plain(
      "a wrong token", "POST", note, 401, "token.ended",
      headers: [key, json, ("Authorization", "Bearer 00ff")], body: good, signedIn: false),
    plain(
      "another scheme", "POST", note, 401, "token.malformed",
      headers: [key, json, ("Authorization", "Basic YTpi")], body: good, signedIn: false),
    plain("no key", "POST", note, 400, "idempotency.missing", headers: [json], body: good),
    plain(
      "a short key", "POST", note, 400, "idempotency.malformed",
      headers: [json, ("Idempotency-Key", "1")], body: good),
    plain(
      "a key like those of the clock", "POST", note, 400, "idempotency.malformed",
      headers: [json, ("Idempotency-Key", "tick/obligations.escalate/1")], body: good),
    plain(
      "two keys", "POST", note, 400, "idempotency.malformed", headers: [json, key, key], body: good),
    plain("no content type", "POST", note, 415, "body.type", headers: [key], body: good),
    plain(
      "text for JSON", "POST", note, 415, "body.type",
      headers: [key, ("Content-Type", "text/plain")], body: good),
    plain(
      "too many headers", "GET", "/healthz", 431, "headers.large",
      headers: (0..<70).map { ("X-\($0)", "a") }),
    plain(
      "a header too long", "GET", "/healthz", 431, "headers.large",
      headers: [("X-Long", String(repeating: "a", count: 40_000))]),
  ]

  private static let addresses: [Malformed] = [
    plain("an unknown question", "GET", "/api/queries/probe.none", 404, "notFound"),
    plain("no purpose", "GET", "/api/queries/probe.echo?number=1", 400, "field.missing"),
    plain(
      "no such purpose", "GET", "/api/queries/probe.echo?number=1&purpose=fun", 400,
      "purpose.unknown"),
    plain(
      "a purpose that does not allow it", "GET",
      "/api/queries/probe.echo?number=1&purpose=bulletin", 403, "purpose.notAllowed"),
    plain(
      "a question without its field", "GET", "/api/queries/probe.echo?purpose=audit", 400,
      "field.missing"),
    plain(
      "a question with a field too many", "GET",
      "/api/queries/probe.echo?number=1&purpose=audit&numbr=2", 400, "field.unknown"),
    plain("a broken percent sign", "GET", "/api/%zz", 400, "address.malformed"),
    plain("a way out of the folder", "GET", "/api/%2e%2e/secret", 400, "address.malformed"),
    plain("a zero byte", "GET", "/api/a%00b", 400, "address.malformed"),
    plain("bytes that are no text", "GET", "/api/%ff", 400, "address.malformed"),
    plain(
      "a broken question mark", "GET", "/api/queries/probe.echo?number=%4", 400, "address.malformed"
    ),
    plain(
      "an address too long", "GET",
      "/api/queries/probe.echo?number=" + String(repeating: "1", count: 9_000),
      414, "address.long"),
    plain("an address of nothing", "GET", "/api/nothing", 404, "address.unknown"),
    plain(
      "no list for a batch", "POST", "/api/batch", 400, "json.notArray", headers: [json], body: "{}"
    ),
    plain(
      "a batch too large", "POST", "/api/batch", 400, "batch.large", headers: [json],
      body: "[" + String(repeating: "{},", count: 1_000) + "{}]"),
    plain(
      "a rehearsal of nothing known", "POST", "/api/rehearse", 404, "notFound", headers: [json],
      body: #"[{"name":"probe.none","command":{}}]"#),
    plain(
      "a rehearsal without a command", "POST", "/api/rehearse", 400, "field.missing",
      headers: [json], body: #"[{"name":"probe.note"}]"#),
  ]

  @Test("each malformed request gets its status, its code and a sentence")
  func answers() async throws {
    let all = Self.bodies + Self.heads + Self.addresses
    #expect(all.count >= 25)
    try await TownServer.serve { here in
      let token = try await here.token()
      for one in all {
        let answer = await here.client.send(
          one.method, one.path, headers: (one.isSignedIn ? token : []) + one.headers,
          body: one.body)
        #expect(answer.status == one.status, "\(one.testDescription)")
        #expect(answer.code == one.code, "\(one.testDescription): \(answer.body)")
        guard case .text(let message) = answer.json["refusal"]["message"] else {
          Issue.record("\(one.testDescription): no message")
          continue
        }
        #expect(message.count >= 4, "\(one.testDescription)")
      }
      let after = await here.command(Self.good, key: "still-alive-1", token)
      #expect(after.status == 200)
    }
  }

  @Test("what is no HTTP is answered with 400, and the server goes on")
  func noHTTP() async throws {
    try await TownServer.serve { here in
      for text in [
        "GARBAGE\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "POST /api/batch HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nBad Header: a\r\n\r\n",
      ] {
        let answer = await here.client.send(bytes: Array(text.utf8))
        #expect(answer.status == 400, "\(text)")
      }
      #expect(await here.client.send("GET", "/healthz").status == 200)
    }
  }

  @Test("a refused method names those that are taken")
  func allow() async throws {
    try await TownServer.serve { here in
      let command = await here.client.send("GET", Self.note)
      #expect(command.header("allow") == "POST")
      let health = await here.client.send("POST", "/healthz")
      #expect(health.header("allow") == "GET, HEAD")
    }
  }

  @Test("a chunked body that grows too large is refused while it is read")
  func chunked() async throws {
    try await TownServer.serve { here in
      let piece = "10000\r\n" + String(repeating: "a", count: 0x10000) + "\r\n"
      let text =
        "POST \(Self.note) HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        + String(repeating: piece, count: 20) + "0\r\n\r\n"
      let answer = await here.client.send(bytes: Array(text.utf8))
      #expect(answer.status == 413 && answer.code == "body.large")
    }
  }
}
