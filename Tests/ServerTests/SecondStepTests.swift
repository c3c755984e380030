import Cryptography
import Foundation
import Kernel
import Testing
import Town

@testable import Registry
@testable import Server

@Suite("The second step at the door", .serialized) struct SecondStepTests {
  private static let origin = ("Sec-Fetch-Site", "same-origin")
  private static let english = ("Accept-Language", "en")

  private func cookie(_ secret: String) -> [(String, String)] {
    [("Cookie", "denghuo_session=\(secret)"), Self.origin, Self.english]
  }

  private func code(_ secret: String, at moment: Instant) -> String {
    let bytes = Base32.bytes(secret.replacing(" ", with: "")) ?? []
    return FactorsRules.code(
      bytes, step: FactorsRules.step(at: moment, seconds: 30), suite: OpenSSLSuite())
  }

  /// What stands on a page between two marks.
  private func text(_ page: String, after start: String, until end: String) throws -> String {
    let from = try #require(page.range(of: start))
    let to = try #require(page[from.upperBound...].range(of: end))
    return String(page[from.upperBound..<to.lowerBound])
  }

  @Test("an administrator's session opens nothing before a factor is set up, and everything after")
  func enrolment() async throws {
    try await TownServer.serve { here in
      let admin = AccountID(trusted: "admin")
      let link = try await here.door.issueLink(admin, .account(admin))
      let entered = await here.form("/link/\(link.revealed)", "", [Self.origin])
      var session = cookie(entered.cookie("denghuo_session") ?? "")
      let away = await here.client.send("GET", "/accounts", headers: session)
      #expect(away.status == 303 && away.header("location") == "/sign-in?next=%2Faccounts")
      let on = await here.client.send("GET", "/sign-in?next=%2Faccounts", headers: session)
      #expect(on.header("location") == "/second-factor?next=%2Faccounts")
      let answer = await here.client.send("GET", "/api/queries/accounts.own", headers: session)
      #expect(answer.status == 401 && answer.code == "factor.owed")
      #expect(
        await here.command(
          #"{"account":"worker"}"#, key: "key-number-1", session, name: "accounts.close"
        ).code
          == "factor.owed")
      let first = await here.client.send(
        "GET", "/second-factor?next=%2Faccounts", headers: session)
      #expect(first.status == 200 && first.body.contains("Begin"))
      #expect(!first.body.contains("<svg class=\"qr\""))
      let begun = await here.form("/second-factor/begin", "next=%2Faccounts", session)
      #expect(begun.status == 303)
      let shown = await here.client.send(
        "GET", "/second-factor?next=%2Faccounts", headers: session)
      #expect(shown.body.contains("<svg class=\"qr\""))
      let secret = try text(shown.body, after: "<p class=\"secret\">", until: "</p>")
      let wrong = await here.form("/second-factor/enrol", "code=000000&next=%2F", session)
      #expect(wrong.status == 422 && wrong.body.contains("role=\"alert\""))
      #expect(wrong.body.contains(secret))
      let right = code(secret, at: here.desk.clock.now())
      let done = await here.form(
        "/second-factor/enrol", "code=\(right)&next=%2Faccounts", session)
      #expect(done.status == 200 && done.body.components(separatedBy: "<li>").count == 11)
      #expect(done.body.contains("href=\"/accounts\""))
      #expect(done.header("cache-control") == "no-store")
      #expect(
        done.headers.contains { $0.name == "set-cookie" && $0.value.contains("Max-Age=43200") })
      // What was set before the step opens nothing any more.
      let before = await here.client.send("GET", "/accounts", headers: session)
      #expect(before.status == 303)
      session = cookie(done.cookie("denghuo_session") ?? "")
      let open = await here.client.send("GET", "/accounts", headers: session)
      #expect(open.status == 200)
      // The page of the secret does not come back.
      let after = await here.client.send("GET", "/second-factor", headers: session)
      #expect(!after.body.contains(secret) && after.body.contains("10 recovery codes"))
      // Another telephone, and then not: what is in use is shown again.
      let bare = await here.form("/second-factor/begin", "next=%2F", session)
      #expect(bare.status == 422 && bare.body.contains("role=\"alert\""))
      here.town.stall(.minutes(1))
      let again = code(secret, at: here.desk.clock.now())
      _ = await here.form("/second-factor/begin", "code=\(again)&next=%2F", session)
      let anew = await here.client.send("GET", "/second-factor", headers: session)
      #expect(anew.body.contains("<svg class=\"qr\"") && anew.body.contains("keep the one in use"))
      #expect(await here.form("/second-factor/cancel", "next=%2F", session).status == 303)
      let kept = await here.client.send("GET", "/second-factor", headers: session)
      #expect(kept.body.contains("10 recovery codes"))
      here.town.stall(.minutes(1))
      let next = code(secret, at: here.desk.clock.now())
      let paper = await here.form("/second-factor/codes", "code=\(next)&next=%2F", session)
      #expect(paper.status == 200 && paper.body.components(separatedBy: "<li>").count == 11)
      #expect(paper.cookie("denghuo_session") == nil)
    }
  }

  @Test(
    "signing in takes the code or a recovery code, and too many wrong ones are told when to return")
  func signIn() async throws {
    try await TownServer.serve { here in
      let worker = AccountID(trusted: "worker")
      let entry = try await here.door.redeem(
        here.door.issueLink(worker, .account(AccountID(trusted: "admin"))))
      try await here.door.setPassword(entry.secret, Redacted("seven long words"))
      try await here.door.factor.begin(entry.secret, nil)
      let candidate = try #require(try await here.door.factor.candidate(entry.secret))
      let secret = candidate.secret.revealed
      let codes = try await here.door.factor.enrol(
        entry.secret, Redacted(code(secret, at: here.desk.clock.now()))
      ).codes
      here.town.stall(.minutes(1))
      let enter = {
        await here.form(
          "/sign-in", "account=worker&password=seven+long+words&next=%2Fnotes", [Self.origin])
      }
      let first = cookie(await enter().cookie("denghuo_session") ?? "")
      let asked = await here.client.send("GET", "/second-factor?next=%2Fnotes", headers: first)
      #expect(asked.body.contains("autocomplete=\"one-time-code\""))
      #expect(!asked.body.contains(secret))
      let shown = code(secret, at: here.desk.clock.now())
      let proven = await here.form("/second-factor", "code=\(shown)&next=%2Fnotes", first)
      #expect(proven.status == 303 && proven.header("location") == "/notes")
      let opened = cookie(proven.cookie("denghuo_session") ?? "")
      #expect(await here.client.send("GET", "/notes", headers: opened).status == 200)
      let second = cookie(await enter().cookie("denghuo_session") ?? "")
      let replayed = await here.form("/second-factor", "code=\(shown)&next=%2Fnotes", second)
      #expect(replayed.status == 422 && replayed.body.contains("used already"))
      let paper = await here.form(
        "/second-factor", "code=\(codes[0].revealed.lowercased())&next=%2Fnotes", second)
      #expect(paper.status == 303)
      let third = cookie(await enter().cookie("denghuo_session") ?? "")
      for _ in 1...5 { _ = await here.form("/second-factor", "code=000000", third) }
      let held = await here.form("/second-factor", "code=000000", third)
      #expect(held.status == 429 && held.body.contains("15 minutes"))
      #expect(held.header("retry-after") != nil)
      let foreign = await here.form(
        "/second-factor", "code=000000", [("Cookie", third[0].1), ("Origin", "http://evil")])
      #expect(foreign.status == 403)
    }
  }

  @Test("leaving ends a session that owes its factor, too")
  func leaving() async throws {
    try await TownServer.serve { here in
      let admin = AccountID(trusted: "admin")
      let entry = try await here.door.redeem(here.door.issueLink(admin, .account(admin)))
      let session = cookie(entry.secret.revealed)
      #expect(
        await here.client.send("GET", "/second-factor", headers: session).status == 200)
      let left = await here.form("/sign-out", "", session)
      #expect(left.status == 303 && left.cookie("denghuo_session") == "")
      let after = await here.client.send("GET", "/second-factor", headers: session)
      #expect(after.status == 303 && after.header("location")?.hasPrefix("/sign-in") == true)
      // Whoever leaves twice has left.
      #expect(await here.form("/sign-out", "", session).status == 303)
    }
  }

  @Test("a slip is printed, opened once on a phone, and the colleague is in")
  func invitation() async throws {
    try await TownServer.serve { here in
      let leader = try await here.browser("leader")
      let body =
        "account=newcomer&title=New&role=grid_worker&place=\(Town.Spot.grid.rawValue)&until=&back=%2Finvitations"
      let slip = await here.form("/invitations/issue", body, leader)
      #expect(slip.status == 200 && slip.body.contains("<svg class=\"qr\""))
      #expect(slip.body.contains("网格员") && slip.body.contains("Grid worker"))
      let secret = try text(slip.body, after: "/invite/", until: "\"")
      let shown = await here.client.send("GET", "/invite/\(secret)", headers: [Self.english])
      #expect(shown.status == 200 && shown.body.contains("Grid worker"))
      #expect(shown.body.contains("value=\"newcomer\""))
      let short = await here.form(
        "/invite/\(secret)", "password=short&again=short", [Self.origin, Self.english])
      #expect(short.status == 422 && short.body.contains("role=\"alert\""))
      let joined = await here.form(
        "/invite/\(secret)", "password=seven+long+words&again=seven+long+words",
        [Self.origin])
      #expect(joined.status == 303)
      let session = cookie(joined.cookie("denghuo_session") ?? "")
      #expect(await here.client.send("GET", "/notes", headers: session).status == 200)
      let again = await here.client.send("GET", "/invite/\(secret)", headers: [Self.english])
      #expect(again.status == 401 && again.body.contains("used, withdrawn or has expired"))
      let stranger = await here.form("/invitations/issue", body, try await here.browser("worker"))
      #expect(stranger.status == 403 || stranger.status == 422 || stranger.status == 404)
      #expect(!stranger.body.contains("/invite/"))
    }
  }

  @Test("a revoked device is out with its next request")
  func revoked() async throws {
    try await TownServer.serve { here in
      let worker = AccountID(trusted: "worker")
      let device = Device(secret: Redacted("phone"), name: "Android · Chrome")
      let entry = try await here.door.redeem(
        here.door.issueLink(worker, .account(AccountID(trusted: "admin"))), on: device)
      let session = cookie(entry.secret.revealed)
      #expect(await here.client.send("GET", "/notes", headers: session).status == 200)
      let own = try #require(try await here.town.ask(OwnDevices(), as: "worker").first)
      try await here.town.submit(RevokeDevice(device: own.id), as: "leader")
      let out = await here.client.send("GET", "/notes", headers: session)
      #expect(out.status == 303)
      let listed = try await here.town.ask(ListDevices(place: Town.Spot.grid.id), as: "leader")
      #expect(listed.first?.name == "Android · Chrome" && listed.first?.revokedAt != nil)
    }
  }
}
