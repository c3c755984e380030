import Cryptography
import District
import Kernel
import Registry
import ServiceLifecycle
import Testing
import Town

@testable import Server

@Suite("Running", .serialized) struct RunningTests {
  @Test("only an address of this machine is opened without a word")
  func loopback() async throws {
    let town = try await Town()
    let hosts: [(String, Bool)] = [
      ("127.0.0.1", true), ("127.8.8.8", true), ("localhost", true), ("::1", true),
      ("0.0.0.0", false), ("::", false), ("192.168.1.7", false),
      ("127.0.0.1.example.org", false), ("127.example.org", false), ("", false),
    ]
    for (host, isHere) in hosts {
      let make = { (isExposed: Bool) throws(Refusal) in
        _ = try DistrictServer(
          desk: town.desk, pump: Pump(desk: town.desk), doorkeeper: .registry(town.desk),
          live: LiveFeed(), files: [:],
          settings: DistrictServer.Settings(host: host, isExposed: isExposed))
      }
      #expect(throws: Never.self) { try make(true) }
      if isHere {
        #expect(throws: Never.self) { try make(false) }
      } else {
        #expect(throws: Refusal.self) { try make(false) }
      }
    }
  }

  @Test("an open page is told when something changed, and let go when the server stops")
  func live() async throws {
    try await TownServer.serve { here in
      let browser = try await here.browser()
      let token = try await here.token()
      #expect(await here.client.send("GET", "/live").status == 401)
      let head = "GET /live HTTP/1.1\r\nHost: test\r\n\(browser[0].0): \(browser[0].1)\r\n\r\n"
      async let answer = here.client.send(bytes: Array(head.utf8), patience: 20)
      for _ in 0..<100 where here.live.listeners == 0 {
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(here.live.listeners == 1)
      _ = await here.command(
        #"{"text":"a","detail":{"count":1}}"#, key: "live-number-1", token)
      try await Task.sleep(for: .milliseconds(200))
      await here.group.triggerGracefulShutdown()
      let told = await answer
      #expect(told.status == 200 && told.header("content-type") == "text/event-stream")
      #expect(told.body.contains("event: changed"))
    }
  }

  @Test("the clock's work turns while the server runs")
  func pump() async throws {
    try await TownServer.serve { here in
      for _ in 0..<100 {
        let figures = await here.client.send("GET", "/metrics").body
        if figures.contains("denghuo_pump_age_seconds") { break }
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(await here.client.send("GET", "/readyz").status == 200)
    }
  }

  @Test(
    "too many requests at once are sent away to come back, and how the server fares is still told")
  func crowded() async throws {
    var limits = TownServer.smallLimits
    limits.requestsAtOnce = 0
    limits.stayAway = 3...5
    try await TownServer.serve(limits: limits) { here in
      let answer = await here.client.send("GET", "/api/openapi.json")
      #expect(answer.status == 503 && answer.code == "server.crowded")
      #expect((3...5).contains(Int(answer.header("retry-after") ?? "") ?? 0))
      #expect(await here.client.send("GET", "/healthz").status == 200)
    }
  }

  @Test("the least urgent is turned away first, and longer the more are")
  func shares() {
    var limits = DistrictServer.Limits()
    limits.requestsAtOnce = 100
    let crowd = Crowd(limits: limits)
    var inside = 0
    for urgency in Urgency.allCases {
      let most = limits.atOnce(urgency)
      #expect(most > inside)
      for _ in inside..<most { #expect(crowd.enter(urgency) == nil) }
      inside = most
      #expect(crowd.enter(urgency) != nil)
    }
    #expect(inside == 100 && crowd.inside == 100)
    #expect(crowd.refused.values.reduce(0, +) == Urgency.allCases.count)
    let long = crowd.enter(.reading)
    #expect(long == limits.turningAway * (Urgency.allCases.count + 1))
    crowd.told()
    crowd.leave()
    #expect(crowd.enter(.outbreak) == nil && crowd.enter(.work) != nil)
  }

  @Test("a browser’s worker is another one as soon as any file is, and as soon as it is itself")
  func versions() throws {
    func worker(_ files: [String: String]) -> String {
      let (versioned, addresses) = StaticFiles.versioned(
        files.mapValues { Array($0.utf8) }, digest: { OpenSSLSuite().digest($0) })
      #expect(versioned["/worker.js"]?.firstRange(of: Array(addresses.version.utf8)) != nil)
      #expect(versioned["/verify.js"] == files["/verify.js"].map { Array($0.utf8) })
      return String(decoding: versioned["/worker.js"] ?? [], as: UTF8.self)
    }
    let own = "const version = \"@files@\";"
    let first = worker(["/worker.js": own, "/verify.js": "one", "/app.css": "a"])
    #expect(try first.wholeMatch(of: Regex("const version = \"[0-9a-f]{16}\";")) != nil)
    #expect(first == worker(["/app.css": "a", "/verify.js": "one", "/worker.js": own]))
    let others = [
      worker(["/worker.js": own, "/verify.js": "two", "/app.css": "a"]),
      worker(["/worker.js": own, "/verify.js": "a", "/app.css": "one"]),
      worker(["/worker.js": own, "/app.css": "a"]),
      worker(["/worker.js": own + " ", "/verify.js": "one", "/app.css": "a"]),
    ]
    #expect(Set(others + [first]).count == 5)
    let real = Assets.bytes("Web/worker.js") ?? []
    #expect(String(decoding: real, as: UTF8.self).contains(own))
  }

  @Test("a page and its modules name each file by its version, and the page all that they import")
  func addresses() {
    let files = [
      "/a.js": "import { one } from \"/b.js\";\nimport \"/c.js\";\nsay(\"/b.js\", \"/gone.js\");",
      "/b.js": "import { two } from \"/c.js\";", "/c.js": "import(\"/b.js\");", "/d.js": "",
      "/app.css": "", "/icon.svg": "",
    ]
    let (made, addresses) = StaticFiles.versioned(
      files.mapValues { Array($0.utf8) }, digest: { OpenSSLSuite().digest($0) })
    let version = addresses.version
    #expect(
      String(decoding: made["/a.js"] ?? [], as: UTF8.self)
        == "import { one } from \"/b.js?v=\(version)\";\nimport \"/c.js?v=\(version)\";\n"
        + "say(\"/b.js\", \"/gone.js\");")
    #expect(made["/c.js"] == Array("import(\"/b.js?v=\(version)\");".utf8))
    let page =
      "<head><link href=\"/app.css\"><script src=\"/a.js\"></script><link href=\"/icon.svg\">"
    let body = "</head><p>\"/a.js\"<script src=\"/d.js\"></script>"
    #expect(
      String(decoding: addresses.page(Array((page + body).utf8)), as: UTF8.self)
        == "<head><link href=\"/app.css?v=\(version)\"><script src=\"/a.js?v=\(version)\"></script>"
        + "<link href=\"/icon.svg\"><link rel=\"modulepreload\" href=\"/b.js?v=\(version)\">\n"
        + "<link rel=\"modulepreload\" href=\"/c.js?v=\(version)\">\n" + body)
    #expect(addresses.page(Array("<p>\"/a.js\"".utf8)) == Array("<p>\"/a.js\"".utf8))
  }

  @Test("bodies that are read at one moment fill no more than their room")
  func room() {
    var limits = DistrictServer.Limits()
    limits.allBodyBytes = 100
    let crowd = Crowd(limits: limits)
    #expect(crowd.take(bytes: 60) && !crowd.take(bytes: 41) && crowd.take(bytes: 40))
    crowd.give(bytes: 60)
    #expect(crowd.take(bytes: 60))
  }

  @Test(
    "what fails in the world has its status and a time to come back",
    arguments: [
      (StorageFailure.Kind.full, 507, "storage.full"),
      (.unavailable, 503, "storage.unavailable"), (.constraint, 500, "defect"),
      (.broken, 503, "storage.broken"),
    ])
  func failures(kind: StorageFailure.Kind, status: Int, code: String) {
    let trouble = Trouble(StorageFailure(kind, "SQLite 13: secret value"))
    #expect(trouble.status == status && trouble.code == code)
    // Where somebody has to see to it first, coming back by itself is of no use.
    #expect((trouble.retryAfter != nil) == (kind != .constraint && kind != .broken))
    #expect(!trouble.words.english.contains("secret"))
  }

  @Test("a clock that jumped is said in both languages, with how far and which way")
  func jumped() {
    let trouble = Trouble(ClockFault(shift: .seconds(-86_400)))
    #expect(trouble.status == 503 && trouble.code == "clock.jumped" && trouble.retryAfter == nil)
    #expect(trouble.words.chinese.contains("落后 86400 秒"))
    #expect(trouble.words.english.contains("86400 seconds back"))
    #expect(
      Trouble(ClockFault(shift: .seconds(4_000))).words.english.contains("4000 seconds ahead"))
  }

  @Test(
    "every kind of refusal has its status",
    arguments: [
      (Refusal.Kind.invalid, 400), (.unknownSender, 401), (.forbidden, 403), (.notFound, 404),
      (.conflict, 409), (.overloaded, 429),
    ])
  func refusals(kind: Refusal.Kind, status: Int) {
    #expect(Trouble(Refusal(kind, "a", Words("一", "a"))).status == status)
  }
}
