import Kernel

/// The pages at the door.
struct SignInScreens: Sendable {
  let language: Language

  func signIn(account: String, next: String, refusal: Refusal?, hint: Words?) -> HTML {
    page(
      Words("登录", "Sign in"),
      """
      \(alert(refusal))\(note(hint))
      <form class="form" method="post" action="/sign-in">
      <input type="hidden" name="next" value="\(next)">
      <div class="field"><label for="account">\(Words("账号", "Account")(language))</label>
      <input id="account" name="account" value="\(account)" autocomplete="username" autocapitalize="none" spellcheck="false" required></div>
      <div class="field"><label for="password">\(Words("口令", "Password")(language))</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required></div>
      <div class="buttons"><button class="primary">\(Words("登录", "Sign in")(language))</button></div>
      </form>
      <p class="note">\(Words("没有口令或忘记口令：请管理员发一次性登录链接。", "No password, or forgotten: ask an administrator for a one-time link.")(language))</p>
      """)
  }

  func link(secret: String) -> HTML {
    page(
      Words("一次性登录", "One-time sign-in"),
      """
      <p>\(Words("点按钮登录。链接只能用一次，请不要转发。", "Press the button to sign in. The link works once; do not pass it on.")(language))</p>
      <form class="form" method="post" action="/link/\(secret)">
      <div class="buttons"><button class="primary">\(Words("登录", "Sign in")(language))</button></div>
      </form>
      """)
  }

  func password(caption: Doorkeeper.Caption?, isFirst: Bool, refusal: Refusal?) -> HTML {
    let name = caption?.name ?? ""
    let roles = (caption?.roles ?? []).map { $0(language) }
      .joined(separator: Words("、", ", ")(language))
    let first: HTML = isFirst ? "<input type=\"hidden\" name=\"first\" value=\"1\">" : ""
    let title =
      isFirst ? Words("设置口令", "Set a password") : Words("我的账号", "My account")
    return page(
      title,
      """
      \(alert(refusal))
      <p>\(name)\(roles.isEmpty ? "" : " · \(roles)")</p>
      <form class="form" method="post" action="/password">\(first)
      <div class="field"><label for="password">\(Words("新口令", "New password")(language))</label>
      <p class="hint" id="password-hint">\(Words("越长越好，不要用常见词、账号名或生日。", "The longer the better; no common words, account names or birthdays.")(language))</p>
      <input id="password" name="password" type="password" autocomplete="new-password" aria-describedby="password-hint" required></div>
      <div class="field"><label for="again">\(Words("再输一次", "Once more")(language))</label>
      <input id="again" name="again" type="password" autocomplete="new-password" required></div>
      <div class="buttons"><button class="primary">\(Words("保存口令", "Save the password")(language))</button>
      <a class="button" href="/">\(isFirst ? Words("以后再说", "Later")(language) : Words("回到首页", "To the first page")(language))</a></div>
      </form>
      <div class="row"><a class="button quiet" href="/my-offices">\(Words("我的岗位", "My offices")(language))</a>
      <a class="button quiet" href="/second-factor">\(Words("验证器和通行密钥", "Second factor")(language))</a>
      <a class="button quiet" href="/devices">\(Words("我的设备", "My devices")(language))</a>
      <form method="post" action="/sign-out"><button class="quiet">\(Words("退出", "Sign out")(language))</button></form></div>
      """)
  }

  /// Sends the browser on by itself: a cookie that was just set in answer to a foreign site's link
  /// is only sent with a request that our own page makes.
  func slip(home: String) -> HTML {
    page(
      Words("我的情况", "My page"),
      """
      <meta http-equiv="refresh" content="0; url=\(home)">
      <p>\(Words("纸条有效。", "The slip is valid.")(language))</p>
      <div class="buttons"><a class="button primary" href="\(home)">\(Words("打开我的页面", "Open my page")(language))</a></div>
      """)
  }

  /// Without network, and nothing stored to show, or stored and locked: `field.js` decides which of
  /// the parts is seen.
  func offline() -> HTML {
    page(
      Words("没有网络", "No network"),
      """
      <div class="notice soon" role="status"><strong>\(Words("现在连不上网", "There is no connection now")(language))</strong>
      <p>\(Words("做过的都存在这部手机里，联网后自动传出。", "What was done is stored on this phone and is sent once there is network.")(language))</p></div>
      <form class="form" id="unlock" hidden>
      <div class="field"><label for="password">\(Words("口令", "Password")(language))</label>
      <p class="hint" id="password-hint">\(Words("手机重启过，输入登录口令才能打开今天的上门清单。", "The phone was restarted; your sign-in password opens today’s round.")(language))</p>
      <input id="password" type="password" autocomplete="current-password" aria-describedby="password-hint" required></div>
      <p class="error" role="alert" id="wrong" hidden></p>
      <div class="buttons"><button class="primary">\(Words("打开", "Open")(language))</button></div>
      </form>
      <p id="nothing" hidden>\(Words("这一页没有存在手机里。", "This page is not stored on the phone.")(language))</p>
      <div class="buttons"><a class="button" href="/round">\(Words("今天上门", "Today’s round")(language))</a>
      <button class="button" id="again">\(Words("再试一次", "Try again")(language))</button></div>
      """)
  }

  /// - Parameter scripts: further modules that the page loads.
  func page(_ title: Words, scripts: [String] = [], _ body: HTML) -> HTML {
    let other = language == .chinese ? ("en", "English", "en") : ("zh-CN", "中文", "zh-Hans")
    return DocumentScreen(language: language).html(
      title: title(language), bodyClass: "sign-in", scripts: ["/door.js"] + scripts,
      """
      <main id="main"><div class="card"><p class="brand"><img src="/icon.svg" width="28" height="28" alt="">\(Words("灯火", "Denghuo")(language))</p><h1>\(title(language))</h1>\(body)</div>
      <p class="note"><a href="?language=\(other.2)" hreflang="\(other.0)" lang="\(other.0)">\(other.1)</a> · <a href="/figures">\(Words("公开数字", "Public figures")(language))</a></p></main>
      """)
  }

  func alert(_ refusal: Refusal?) -> HTML {
    guard let refusal else { return HTML() }
    return
      "<div class=\"notice late\" role=\"alert\"><strong>\(refusal.words(language))</strong></div>"
  }

  private func note(_ hint: Words?) -> HTML {
    guard let hint else { return HTML() }
    return "<div class=\"notice information\"><strong>\(hint(language))</strong></div>"
  }
}
