import Kernel
import Registry
import Testing

@testable import Server

@Suite("Phones at the door") struct PhonesTests {
  /// A browser that has signed in by a link: its cookies.
  private func phone(_ here: TownServer, _ account: String = "worker") async throws -> String {
    let link = try await here.door.issueLink(
      AccountID(trusted: account), .account(AccountID(trusted: "admin")))
    let answer = await here.form("/link/\(link.revealed)", "", [("Sec-Fetch-Site", "same-origin")])
    let session = try #require(answer.cookie("denghuo_session"))
    let device = try #require(answer.cookie("denghuo_device"))
    return "denghuo_session=\(session); denghuo_device=\(device)"
  }

  private func headers(_ cookies: String) -> [(String, String)] {
    [("Cookie", cookies), ("Sec-Fetch-Site", "same-origin"), ("Content-Type", "application/json")]
  }

  @Test(
    "signing in makes the browser a device, which gets its key; without its cookie it gets none")
  func key() async throws {
    try await TownServer.serve { here in
      let cookies = try await phone(here)
      let answer = await here.client.send("GET", "/device", headers: headers(cookies))
      guard case .text(let key) = answer.json["key"] else {
        Issue.record("no key: \(answer.body)")
        return
      }
      #expect(key.count == 64 && answer.json["attempts"] == .integer(10))
      #expect(answer.header("cache-control") == "no-store")
      let session = cookies.split(separator: ";")[0]
      let bare = await here.client.send("GET", "/device", headers: headers(String(session)))
      #expect(bare.status == 200 && bare.json["key"] == .null)
    }
  }

  @Test("signing out takes the session away and leaves what waits where it is")
  func signOut() async throws {
    try await TownServer.serve { here in
      let cookies = try await phone(here)
      let out = await here.form("/sign-out", "", headers(cookies).dropLast())
      #expect(out.header("clear-site-data") == "\"cache\"")
      #expect(out.cookie("denghuo_device") == nil)
      let answer = await here.client.send("GET", "/device", headers: headers(cookies))
      #expect(answer.json["key"] == .null && answer.json["revoked"] == .list([]))
    }
  }

  @Test("a revoked phone is told so, gets no key, and hands over what it holds")
  func revoked() async throws {
    try await TownServer.serve { here in
      let cookies = try await phone(here)
      let before = await here.client.send("GET", "/device", headers: headers(cookies))
      guard case .text(let device) = before.json["device"] else { return }
      try await here.desk.submit(
        RevokeDevice(device: DeviceID(trusted: device)), id: CommandID(trusted: "revoke-1"),
        as: .account(AccountID(trusted: "worker")))
      let after = await here.client.send("GET", "/device", headers: headers(cookies))
      #expect(after.json["key"] == .null && after.json["revoked"] == .list([.text(device)]))
      let body = #"{"device":"\#(device)","entries":[{"id":"entry-01","sealed":"00"}],"last":true}"#
      let stolen = await here.client.send(
        "POST", "/device", headers: headers("denghuo_device=other"), body: body)
      #expect(stolen.status == 404)
      let over = await here.client.send("POST", "/device", headers: headers(cookies), body: body)
      #expect(over.status == 200)
      let end = await here.client.send("GET", "/device", headers: headers(cookies))
      #expect(end.json["revoked"] == .list([]))
    }
  }

  @Test("a form in a batch is read as a posted form is, and the second time changes nothing")
  func form() async throws {
    try await TownServer.serve { here in
      let headers = try await here.token() + [("Content-Type", "application/json")]
      let name = #""name":"probe.note""#
      let body = #"""
        [{"id":"entry-0001",\#(name),"form":{"text":"a","detail.count":"3","tags":["x","y"]}},
        {"id":"entry-0002",\#(name),"form":{"text":"a","detail.count":"-1"}},
        {"id":"entry-0003",\#(name)}]
        """#
      for _ in 1...2 {
        let answer = await here.client.send("POST", "/api/batch", headers: headers, body: body)
        guard case .list(let entries) = answer.json else {
          Issue.record("\(answer.body)")
          return
        }
        #expect(entries.map { $0["status"] } == [.integer(200), .integer(409), .integer(400)])
        #expect(entries[0]["answer"] == .integer(5))
      }
    }
  }

  @Test("the page without network stands without anybody signed in")
  func offline() async throws {
    try await TownServer.serve { here in
      let answer = await here.client.send("GET", "/offline", headers: [("Accept-Language", "en")])
      #expect(answer.status == 200 && answer.body.contains("stored on this phone"))
    }
  }
}
