import Kernel
import Testing
import Town

@testable import Server

@Suite("Pages", .serialized) struct PagesTests {
  @Test("a page stands in its frame, with the navigation of what its reader may open")
  func frame() async throws {
    try await TownServer.serve { here in
      let duty = await here.client.send("GET", "/notes", headers: try await here.browser())
      #expect(duty.status == 200)
      #expect(duty.body.contains("<a href=\"/notes\" aria-current=\"page\">Notes</a>"))
      #expect(!duty.body.contains("href=\"/accounts\""))
      #expect(duty.body.contains("<html lang=\"en\""))
      let admin = await here.client.send("GET", "/notes", headers: try await here.browser("admin"))
      #expect(admin.body.contains("href=\"/accounts\""))
    }
  }

  @Test("every answer says what a browser may load, and no page is kept")
  func headers() async throws {
    try await TownServer.serve { here in
      for path in ["/notes", "/sign-in", "/nothing", "/api/openapi.json"] {
        let answer = await here.client.send("GET", path, headers: try await here.browser())
        let policy = answer.header("content-security-policy") ?? ""
        #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
        #expect(answer.header("x-content-type-options") == "nosniff")
        #expect(answer.header("cache-control") == "no-store")
      }
      let page = await here.client.send("GET", "/notes", headers: try await here.browser())
      #expect(!page.body.contains("<script>") && !page.body.contains("style="))
    }
  }

  @Test("who is not signed in is asked to, and comes back to where they wanted")
  func signIn() async throws {
    try await TownServer.serve { here in
      let away = await here.client.send("GET", "/notes/7?x=1")
      #expect(away.status == 303)
      #expect(away.header("location") == "/sign-in?next=%2Fnotes%2F7%3Fx%3D1")
      let browser = try await here.browser("worker")
      let set = await here.form(
        "/password", "password=seven+long+words&again=seven+long+words", browser)
      #expect(set.status == 303 && set.header("location") == "/")
      #expect(set.cookie("denghuo_notice") == "password")
      let origin = [("Origin", "http://test")]
      let form = "account=worker&password=seven+long+words&next=%2Fnotes"
      let entered = await here.form("/sign-in", form, origin)
      #expect(entered.status == 303 && entered.header("location") == "/notes")
      let cookie = entered.headers.first { $0.name == "set-cookie" }?.value ?? ""
      for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        #expect(cookie.contains(part))
      }
      let secret = entered.cookie("denghuo_session") ?? ""
      let page = await here.client.send(
        "GET", "/notes", headers: [("Cookie", "denghuo_session=\(secret)")])
      #expect(page.status == 200)
      let wrong = await here.form("/sign-in", form.replacing("seven", with: "six"), origin)
      #expect(wrong.status == 401 && wrong.body.contains("value=\"worker\""))
      #expect(!wrong.body.contains("six long"))
      let foreign = await here.form(
        "/sign-in", form.replacing("%2Fnotes", with: "https://evil.example"), origin)
      #expect(foreign.header("location") == "/")
    }
  }

  @Test("a session that ended asks for a new sign-in, on pages and for programs")
  func expiry() async throws {
    try await TownServer.serve { here in
      let browser = try await here.browser()
      #expect(await here.client.send("GET", "/notes", headers: browser).status == 200)
      try await here.town.pass(.hours(12))
      let page = await here.client.send("GET", "/notes", headers: browser)
      #expect(page.status == 303)
      let program = await here.client.send(
        "GET", "/api/queries/probe.echo?number=1&purpose=audit", headers: browser)
      #expect(program.status == 401 && program.code == "session.ended")
      let signIn = await here.client.send("GET", "/sign-in", headers: browser)
      #expect(signIn.body.contains("Your sign-in has ended"))
    }
  }

  @Test("a link shows a button first, works once, and asks for a password")
  func link() async throws {
    try await TownServer.serve { here in
      let admin = Sender.account(AccountID(trusted: "admin"))
      let secret = try await here.door.issueLink(AccountID(trusted: "worker"), admin).revealed
      for _ in 1...2 {
        let shown = await here.client.send("GET", "/link/\(secret)")
        #expect(shown.status == 200 && shown.body.contains("action=\"/link/\(secret)\""))
      }
      let origin = [("Origin", "http://test")]
      let used = await here.form("/link/\(secret)", "", origin)
      #expect(used.status == 303 && used.header("location") == "/password?first=1")
      #expect(used.cookie("denghuo_session") != nil)
      let again = await here.form("/link/\(secret)", "", origin)
      #expect(again.status == 401 && again.cookie("denghuo_session") == nil)
    }
  }

  @Test("signing out ends the session and takes the cookie away")
  func signOut() async throws {
    try await TownServer.serve { here in
      let browser = try await here.browser()
      let out = await here.form("/sign-out", "", browser)
      #expect(out.status == 303 && out.cookie("denghuo_session") == "")
      #expect(await here.client.send("GET", "/notes", headers: browser).status == 303)
    }
  }

  @Test("a form that is done comes back with a notice, shown once")
  func done() async throws {
    try await TownServer.serve { here in
      let browser = try await here.browser()
      let form = "text=a&detail.count=2&tags=x&id=form-number-1&back=%2Fnotes%2F7"
      let sent = await here.form("/do/probe.note", form, browser)
      #expect(sent.status == 303 && sent.header("location") == "/notes/7")
      #expect(sent.cookie("denghuo_notice") == "done")
      let twice = await here.form("/do/probe.note", form, browser)
      #expect(twice.status == 303)
      let kept = try await here.town.rows(
        "SELECT answer FROM receipt WHERE command = 'form-number-1'")
      #expect(kept.map { $0.text(0) } == ["3"])
      let cookie = (browser[0].0, browser[0].1 + "; denghuo_notice=done")
      let page = await here.client.send("GET", "/notes/7", headers: [cookie, browser[1]])
      #expect(page.body.contains("role=\"status\"") && page.cookie("denghuo_notice") == "")
    }
  }

  @Test("whom somebody looks for stands in no address, and opens for nobody else")
  func unseen() async throws {
    try await TownServer.serve { here in
      let browser = try await here.browser()
      let form = "words=%E7%8E%8B%E5%B0%8F%E6%98%8E+13800138000&purpose=audit&empty="
      let sent = await here.form("/sought", form, browser)
      let address = sent.header("location") ?? ""
      #expect(sent.status == 303 && address.hasPrefix("/sought?purpose=audit&sealed="))
      #expect(!address.contains("words") && !address.contains("13800138000"))
      #expect(!address.contains(Hex.text("13800138000".utf8)))
      for _ in 1...2 {
        let page = await here.client.send("GET", address, headers: browser)
        #expect(page.body.contains("<p>王小明 13800138000 for audit</p>"))
      }
      let other = await here.client.send("GET", address, headers: try await here.browser("admin"))
      #expect(other.status == 200 && other.body.contains("<p>nothing for audit</p>"))
      let clear = await here.client.send("GET", "/sought?words=13800138000", headers: browser)
      #expect(clear.body.contains("<p>nothing for supervision</p>"))
      let foreign = await here.form(
        "/sought", form,
        browser.filter { $0.0 != "Sec-Fetch-Site" } + [
          ("Sec-Fetch-Site", "cross-site")
        ])
      #expect(foreign.status == 403)
      let nobody = await here.form("/sought", form, [("Sec-Fetch-Site", "same-origin")])
      #expect(nobody.status == 303 && nobody.header("location") == "/sign-in?next=%2Fsought")
      #expect(await here.form("/notes", form, browser).status == 405)
    }
  }

  @Test(
    "what came of a form is said in its own words, once, in the reader's language",
    arguments: [
      (3, "3 wait for a &lt;b&gt;colleague&lt;/b&gt;", "3 件等&lt;b&gt;另一人"), (0, "Done", "已办成"),
    ])
  func told(waiting: Int, english: String, chinese: String) async throws {
    try await TownServer.serve { here in
      let browser = try await here.browser()
      let sent = await here.form("/do/probe.ask", "waiting=\(waiting)&back=%2Fnotes", browser)
      #expect(sent.status == 303)
      let notice = sent.cookie("denghuo_notice") ?? ""
      func page(_ notice: String, _ language: String) async -> RawAnswer {
        let headers = browser.filter { $0.0 != "Accept-Language" }.map { name, value in
          name == "Cookie" ? (name, "\(value); denghuo_notice=\(notice)") : (name, value)
        }
        return await here.client.send(
          "GET", "/notes", headers: headers + [("Accept-Language", language)])
      }
      let shown = await page(notice, "en")
      #expect(shown.body.contains("<strong>\(english)</strong>"))
      #expect(shown.cookie("denghuo_notice") == "")
      #expect(await page(notice, "zh-CN").body.contains("<strong>\(chinese)"))
      for forged in ["told:", "told:%", "told:one", "told:%0A", "x"] {
        #expect(await page(forged, "en").body.contains("<strong>Done</strong>"), "\(forged)")
      }
    }
  }

  @Test(
    "a refused form shows its page again with what was typed and the reason, whatever else alerts")
  func refused() async throws {
    try await TownServer.serve { here in
      let browser = try await here.browser()
      let sent = await here.form(
        "/do/probe.note", "text=%3Cb%3Etyped&detail.count=-1&back=%2Fnotes%2F7", browser)
      #expect(sent.status == 422)
      #expect(sent.body.contains("value=\"&lt;b&gt;typed\""))
      #expect(sent.body.contains("The count must not be negative"))
      #expect(sent.body.contains("Notes 7") && sent.body.contains("Some are left over"))
      let foreign = await here.form(
        "/do/probe.note", "text=a&detail.count=-1&back=%2F%2Fevil.example", browser)
      #expect(foreign.status == 409)
    }
  }

  @Test("a form that another site made a browser send is refused")
  func foreignOrigin() async throws {
    let proofs: [[(String, String)]] = [
      [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")],
      [("Sec-Fetch-Site", "none")], [("Origin", "https://evil.example")], [("Origin", "null")],
      [("Origin", "http://test.evil.example")], [],
    ]
    try await TownServer.serve { here in
      let cookie = try await here.browser()[0]
      let note = "text=a&detail.count=1"
      for proof in proofs {
        let sent = await here.form("/do/probe.note", note, [cookie] + proof)
        #expect(sent.status == 403, "\(proof)")
        let program = await here.command(
          #"{"text":"a","detail":{"count":1}}"#, key: "foreign-1", [cookie] + proof)
        #expect(program.status == 403 && program.code == "origin.foreign", "\(proof)")
        let entered = await here.form("/sign-in", "account=a&password=b", proof)
        #expect(entered.status == 403, "\(proof)")
      }
      for proof in [("Sec-Fetch-Site", "same-origin"), ("Origin", "http://test")] {
        #expect(await here.form("/do/probe.note", note, [cookie, proof]).status == 303)
      }
    }
  }

  @Test("who lacks the duty gets a clear page, and what is not there says so, in both languages")
  func messages() async throws {
    try await TownServer.serve { here in
      let browser = try await here.browser("worker")
      let english = await here.client.send("GET", "/accounts", headers: browser)
      #expect(english.status == 403 && english.body.contains("You may not open or do this"))
      let chinese = await here.client.send(
        "GET", "/accounts", headers: [browser[0], ("Accept-Language", "zh")])
      #expect(chinese.status == 403 && chinese.body.contains("您不能打开或办理这一项"))
      #expect(chinese.body.contains("<html lang=\"zh-CN\">"))
      let missing = await here.client.send("GET", "/no/such/page", headers: browser)
      #expect(missing.status == 404 && missing.body.contains("Not found"))
      let method = await here.client.send("DELETE", "/notes", headers: browser)
      #expect(method.status == 405 && method.header("allow") == "GET, HEAD")
    }
  }

  @Test("the first page is the first that its reader may open")
  func start() async throws {
    try await TownServer.serve { here in
      let admin = await here.client.send("GET", "/", headers: try await here.browser("admin"))
      #expect(admin.status == 303 && admin.header("location") == "/accounts")
      let duty = await here.client.send("GET", "/", headers: try await here.browser())
      #expect(duty.header("location") == "/notes")
      #expect(await here.client.send("GET", "/").header("location") == "/sign-in")
    }
  }

  @Test("the language that was chosen stays")
  func language() async throws {
    try await TownServer.serve { here in
      let chosen = await here.client.send("GET", "/sign-in?next=%2Fnotes&language=en")
      #expect(chosen.status == 303 && chosen.header("location") == "/sign-in?next=%2Fnotes")
      #expect(chosen.cookie("language") == "en")
      let page = await here.client.send(
        "GET", "/sign-in", headers: [("Cookie", "language=en"), ("Accept-Language", "zh")])
      #expect(page.body.contains("<h1>Sign in</h1>"))
    }
  }

  @Test("a slip opens the resident's own page and nothing else")
  func slip() async throws {
    try await TownServer.serve { here in
      let shown = await here.client.send("GET", "/s/\(TownServer.slip)")
      #expect(shown.status == 200 && shown.body.contains("url=/me"))
      let cookie = [("Cookie", "denghuo_slip=\(shown.cookie("denghuo_slip") ?? "")")]
      let own = await here.client.send("GET", "/me", headers: cookie)
      #expect(own.status == 200 && own.body.contains("resident:p1"))
      #expect(own.body.contains("<body class=\"resident\">"))
      #expect(await here.client.send("GET", "/notes", headers: cookie).status != 200)
      let sent = await here.form(
        "/do/probe.own", "back=%2Fme", cookie + [("Sec-Fetch-Site", "same-origin")])
      #expect(sent.status == 303 && sent.header("location") == "/me")
      #expect(await here.client.send("GET", "/s/other").status == 401)
      #expect(await here.client.send("GET", "/me").status == 401)
    }
  }

  @Test("a file is sent once and compressed where that is understood")
  func files() async throws {
    try await TownServer.serve { here in
      let plain = await here.client.send("GET", "/app.css")
      #expect(plain.status == 200 && plain.header("content-type") == "text/css; charset=utf-8")
      let tag = plain.header("etag") ?? ""
      let again = await here.client.send("GET", "/app.css", headers: [("If-None-Match", tag)])
      #expect(again.status == 304 && again.body.isEmpty)
      let small = await here.client.send(
        "GET", "/app.css", headers: [("Accept-Encoding", "br, gzip")])
      #expect(small.header("content-encoding") == "gzip")
      let size = Int(small.header("content-length") ?? "") ?? 0
      #expect(size > 0 && size < plain.body.utf8.count / 4)
      #expect(await here.client.send("POST", "/app.css").status == 405)
      // Without its version it is asked for again; with it, it is kept for good.
      #expect(plain.header("cache-control") == "public, no-cache")
      let page = await here.client.send("GET", "/sign-in").body
      let address = page.split(separator: "\"").first { $0.hasPrefix("/app.css?v=") } ?? "none"
      let versioned = await here.client.send("GET", String(address))
      #expect(versioned.status == 200 && versioned.body == plain.body)
      #expect(versioned.header("cache-control") == "public, max-age=31536000, immutable")
      let former = await here.client.send("GET", "/app.css?v=0123456789abcdef")
      #expect(former.status == 200 && former.header("cache-control") == "public, no-cache")
    }
  }

  @Test("a page is compressed where that is understood")
  func compressed() async throws {
    try await TownServer.serve { here in
      let browser = try await here.browser()
      let page = await here.client.send(
        "GET", "/notes", headers: browser + [("Accept-Encoding", "gzip")])
      #expect(page.status == 200 && page.header("content-encoding") == "gzip")
      #expect(page.header("vary") == "accept-encoding")
      let plain = await here.client.send("GET", "/notes", headers: browser)
      #expect(plain.header("content-encoding") == nil)
      let length = { (text: String?) in Int(text ?? "") ?? 0 }
      #expect(length(page.header("content-length")) > 0)
      #expect(length(page.header("content-length")) < length(plain.header("content-length")))
      let refused = await here.client.send(
        "GET", "/nothing", headers: [("Accept-Encoding", "identity")])
      #expect(refused.header("content-encoding") == nil)
    }
  }

  @Test("a list is taken away as a spreadsheet opens it, by those who may")
  func lists() async throws {
    try await TownServer.serve { here in
      let duty = try await here.browser()
      let list = await here.client.send("GET", "/export/residents.csv", headers: duty)
      #expect(list.status == 200)
      #expect(list.header("content-type") == "text/csv; charset=utf-8")
      #expect(list.header("content-disposition")?.contains("residents-2022-11-29.csv") == true)
      #expect(list.body.hasPrefix("\u{FEFF}person,name,"))
      #expect(await here.client.send("GET", "/export/residents.csv").status == 303)
      let reviewer = try await here.browser("reviewer")
      let refused = await here.client.send("GET", "/export/residents.csv", headers: reviewer)
      #expect(refused.status == 403)
      let wrong = await here.client.send(
        "GET", "/export/residents.csv?place=nowhere", headers: duty)
      #expect(wrong.status == 404)
      #expect(await here.client.send("GET", "/export/secrets.csv", headers: duty).status == 404)
    }
  }
}
