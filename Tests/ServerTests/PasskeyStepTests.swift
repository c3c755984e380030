import Foundation
import Kernel
import Testing
import Town

@testable import Registry
@testable import Server

@Suite("Passkeys at the door", .serialized) struct PasskeyStepTests {
  private static let origin = "https://test"

  private func browser(_ session: String) -> [(String, String)] {
    [
      ("Cookie", "denghuo_session=\(session)"), ("Origin", Self.origin),
      ("Sec-Fetch-Site", "same-origin"), ("Accept-Language", "en"),
      ("User-Agent", "Mozilla/5.0 (Linux; Android 14) Chrome/120"),
    ]
  }

  /// What the script was told, as the doors of the registry say it.
  private func offer(_ answer: RawAnswer) throws -> PasskeyDoor.Offer {
    guard case .text(let challenge) = answer.json["challenge"] else {
      throw Refusal.missing("challenge")
    }
    let user: [UInt8] =
      if case .text(let text) = answer.json["user"]["id"] { Base64URL.bytes(text) ?? [] } else {
        []
      }
    return PasskeyDoor.Offer(
      challenge: try #require(Base64URL.bytes(challenge)), user: user, account: "", title: "",
      credentials: [], site: try #require(PasskeyDoor.Site(origin: Self.origin)), milliseconds: 0)
  }

  private func form(_ pairs: [(String, String)]) -> String {
    pairs.map { "\($0.0)=\(PercentText.encode($0.1))" }.joined(separator: "&")
  }

  private func form(_ answer: PasskeyDoor.Assertion) -> String {
    form([
      ("credential", Base64URL.text(answer.credential)), ("client", Base64URL.text(answer.client)),
      ("authenticator", Base64URL.text(answer.authenticator)),
      ("signature", Base64URL.text(answer.signature)), ("user", Base64URL.text(answer.user)),
      ("next", "/notes"),
    ])
  }

  private func form(_ answer: PasskeyDoor.Registration, title: String) -> String {
    form([
      ("client", Base64URL.text(answer.client)),
      ("attestation", Base64URL.text(answer.attestation)),
      ("transports", "internal,hybrid,telepathy"), ("title", title), ("next", "/notes"),
    ])
  }

  private func secret(_ here: TownServer, _ account: String = "worker") async throws -> String {
    let link = try await here.door.issueLink(
      AccountID(trusted: account), .account(AccountID(trusted: "admin")))
    let entered = await here.form("/link/\(link.revealed)", "", [("Sec-Fetch-Site", "same-origin")])
    return entered.cookie("denghuo_session") ?? ""
  }

  @Test("one is set up, shown at the next sign-in, listed with its days and removed")
  func wholeWay() async throws {
    try await TownServer.serve { here in
      var session = browser(try await secret(here))
      let first = await here.client.send("GET", "/second-factor?next=%2Fnotes", headers: session)
      #expect(first.status == 200 && first.body.contains("data-make"))
      #expect(first.body.contains("src=\"/passkey.js\""))
      let begun = await here.form("/second-factor/passkey/begin", "next=%2Fnotes", session)
      #expect(begun.status == 200)
      #expect(begun.json["rp"]["id"] == .text("test"))
      #expect(begun.json["attestation"] == .text("none"))
      #expect(
        begun.json["pubKeyCredParams"]
          == .list([.object(["type": .text("public-key"), "alg": .integer(-7)])]))
      let key = SoftwarePasskey()
      let made = await here.form(
        "/second-factor/passkey/enrol", form(key.registration(try offer(begun)), title: ""),
        session)
      #expect(made.status == 200 && made.body.components(separatedBy: "<li>").count == 11)
      session = browser(made.cookie("denghuo_session") ?? "")
      let listed = await here.client.send("GET", "/second-factor", headers: session)
      #expect(listed.body.contains("Android · Chrome") && listed.body.contains("not used yet"))
      #expect(listed.body.contains("10 recovery codes"))
      let row = try await here.town.rows("SELECT transports FROM passkey")
      #expect(row.first?.text(0) == "internal,hybrid")

      let again = browser(try await secret(here))
      let asked = await here.client.send("GET", "/second-factor?next=%2Fnotes", headers: again)
      #expect(asked.body.contains("data-show=\"send\"") && asked.body.contains("<noscript>"))
      let shown = key.assertion(
        try offer(await here.form("/second-factor/passkey/ask", "", again)))
      let proven = await here.form("/second-factor", form(shown), again)
      #expect(proven.status == 303 && proven.header("location") == "/notes")
      let opened = browser(proven.cookie("denghuo_session") ?? "")
      #expect(await here.client.send("GET", "/notes", headers: opened).status == 200)
      let used = await here.client.send("GET", "/second-factor", headers: opened)
      #expect(used.body.contains("last used"))

      let id = try await here.town.rows("SELECT id FROM passkey").first?.text(0) ?? ""
      let unproven = await here.form(
        "/second-factor/passkey/remove", "passkey=\(id)&code=123456", opened)
      #expect(unproven.status == 422 && unproven.body.contains("role=\"alert\""))
      let confirm = key.assertion(
        try offer(await here.form("/second-factor/passkey/ask", "", opened)))
      let removed = await here.form(
        "/second-factor/passkey/remove", form(confirm) + "&passkey=\(id)", opened)
      #expect(removed.status == 303)
      #expect(try await here.town.rows("SELECT id FROM passkey").isEmpty)
    }
  }

  @Test("what is wrong is told to the script in the language of the page, and to the page")
  func wrong() async throws {
    try await TownServer.serve { here in
      let session = browser(try await secret(here))
      let none = await here.form("/second-factor/passkey/ask", "", session)
      #expect(none.status == 409 && none.code == "passkey.none" && none.body.contains("no passkey"))
      let plain = session.map { $0.0 == "Origin" ? ("Origin", "http://test") : $0 }
      let insecure = await here.form("/second-factor/passkey/begin", "", plain)
      #expect(insecure.code == "passkey.address" && insecure.body.contains("https"))
      let foreign = await here.form(
        "/second-factor/passkey/begin", "",
        session.map { $0.0 == "Sec-Fetch-Site" ? ($0.0, "cross-site") : $0 })
      #expect(foreign.status == 403 && foreign.code == "origin.foreign")
      let elsewhere = await here.form(
        "/second-factor/passkey/begin", "",
        session.map { $0.0 == "Origin" ? ($0.0, "https://evil") : $0 })
      #expect(elsewhere.code == "passkey.address")
      let nobody = await here.form(
        "/second-factor/passkey/begin", "", session.filter { $0.0 != "Cookie" })
      #expect(nobody.status == 401)
      let garbage = await here.form(
        "/second-factor/passkey/enrol", "client=%FF&attestation=!!&title=x&next=%2F", session)
      #expect(garbage.status == 400)
      let unread = await here.form(
        "/second-factor/passkey/enrol", "client=abc&attestation=!!&title=x&next=%2F", session)
      #expect(unread.status == 422 && unread.body.contains("press the button again"))
      let begun = try offer(await here.form("/second-factor/passkey/begin", "", session))
      var saying = SoftwarePasskey.Saying()
      saying.origin = "https://evil"
      let evil = await here.form(
        "/second-factor/passkey/enrol",
        form(SoftwarePasskey().registration(begun, saying), title: "x"), session)
      #expect(evil.status == 422 && evil.body.contains("address bar"))
      #expect(try await here.town.rows("SELECT id FROM passkey").isEmpty)
    }
  }
}
