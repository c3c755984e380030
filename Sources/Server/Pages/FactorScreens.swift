import Kernel
import Look

/// The pages of the second factor and of invitations, as they stand at the door.
struct FactorScreens: Sendable {
  let language: Language
  /// Where somebody goes on to afterwards.
  let next: String
  let now: Instant
  let zone: Zone

  private var door: SignInScreens { SignInScreens(language: language) }
  private var look: Look { Look(language: language, now: now, zone: zone) }

  private var hiddenNext: HTML { "<input type=\"hidden\" name=\"next\" value=\"\(next)\">" }

  /// Asks for the second factor of somebody who has signed in with a password.
  func asking(_ standing: FactorDoor.Standing, refusal: Refusal?) -> HTML {
    let hasCodes = standing.enrolledAt != nil
    let label =
      hasCodes ? look("验证码", "Code") : look("恢复码", "Recovery code")
    let hint =
      hasCodes
      ? look(
        "看手机验证器上的 6 位数字。手机不在手边，就输入一个没用过的恢复码。",
        "The six digits on your authenticator. Without your phone, an unused recovery code.")
      : look(
        "通行密钥不在手边，就输入一个没用过的恢复码。",
        "Without your passkey, an unused recovery code.")
    return door.page(
      standing.passkeys.isEmpty
        ? Words("输入验证码", "Enter your code") : Words("登录第二步", "Second step"),
      scripts: standing.passkeys.isEmpty ? [] : passkeys.scripts,
      """
      \(door.alert(refusal))
      <p>\(standing.title)</p>
      \(standing.passkeys.isEmpty ? HTML() : passkeys.showing)
      <form class="form" method="post" action="/second-factor">\(hiddenNext)
      <div class="field"><label for="code">\(label)</label>
      <p class="hint" id="code-hint">\(hint)</p>
      <input id="code" name="code" inputmode="text" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" aria-describedby="code-hint"\(standing.passkeys.isEmpty ? " autofocus" : HTML()) required></div>
      <div class="buttons">\(standing.passkeys.isEmpty ? look.primaryButton(look("继续", "Go on")) : look.plainButton(look("继续", "Go on")))</div>
      </form>
      <p class="note">\(look("都没有了：请管理员申请重置，再由另一单位的人批准。", "All are lost: an administrator asks for a reset, somebody of another organisation approves."))</p>
      <form method="post" action="/sign-out"><button class="quiet">\(look("换个账号", "Another account"))</button></form>
      """)
  }

  /// Shows the new secret and asks for its first code.
  func enrolling(
    _ standing: FactorDoor.Standing, _ candidate: FactorDoor.Candidate, refusal: Refusal?
  ) -> HTML {
    // Whoever has one in force may leave it at that; whoever has none may only begin anew.
    let other: HTML =
      standing.enrolledAt == nil
      ? "<form method=\"post\" action=\"/second-factor/begin\">\(hiddenNext)<button class=\"quiet\">\(look("换一个新密钥", "Make another key"))</button></form>"
      : "<form method=\"post\" action=\"/second-factor/cancel\">\(hiddenNext)<button class=\"quiet\">\(look("不换了，继续用原来的", "Leave it; keep the one in use"))</button></form>"
    return door.page(
      Words("设置验证器", "Set up your authenticator"),
      """
      \(door.alert(refusal))
      <p>\(look("1. 用手机上的验证器扫码（常用的验证器都可以）。在这部手机上设置，就点下面的链接，或手动输入密钥。", "1. Scan it with an authenticator on your phone; any of the usual ones will do. On this phone itself press the link below, or type the key."))</p>
      \(look.qrPicture(of: candidate.address.revealed, label: look("验证器的二维码", "QR code for the authenticator")))
      <p><a href="\(candidate.address.revealed)">\(look("在这部手机的验证器中打开", "Open in this phone’s authenticator"))</a></p>
      <p class="secret">\(candidate.secret.revealed)</p>
      <form class="form" method="post" action="/second-factor/enrol">\(hiddenNext)
      <div class="field"><label for="code">\(look("2. 输入验证器显示的 6 位数字", "2. Enter the six digits that it shows"))</label>
      <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" spellcheck="false" required></div>
      <div class="buttons"><button class="primary">\(look("完成设置", "Finish"))</button></div>
      </form>
      \(other)
      """)
  }

  /// How an account stands, and what it can do about it.
  func standing(_ standing: FactorDoor.Standing, refusal: Refusal?) -> HTML {
    guard standing.isEnrolled else { return beginning(standing, refusal: refusal) }
    let (asks, again) =
      standing.enrolledAt == nil
      ? (
        look("没有设置验证器。", "There is no authenticator app."),
        look("设置验证器", "Set up an authenticator app")
      )
      : (
        look(
          "\(look.moment(standing.enrolledAt ?? now)) 起登录可用验证码。",
          "Codes are taken since \(look.moment(standing.enrolledAt ?? now))."),
        look("换手机：重新设置", "Another phone: set up anew")
      )
    let (label, hint) = confirming(standing)
    return door.page(
      Words("验证器和通行密钥", "Second factor"), scripts: passkeys.scripts,
      """
      \(door.alert(refusal))
      <p>\(standing.title)</p>
      <form class="form" method="post" action="/second-factor/codes" data-passkeys>\(hiddenNext)\(passkeys.nothing)
      \(standing.passkeys.isEmpty ? HTML() : passkeys.confirming)\(passkeys.trouble)
      <div class="field" data-code><label for="code">\(label)</label>
      <p class="hint" id="code-hint">\(hint)</p>
      <input id="code" name="code" inputmode="text" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" aria-describedby="code-hint" required></div>
      \(passkeys.list(standing.passkeys))
      \(passkeys.making(look("添加通行密钥", "Add a passkey")))
      <h2>\(look("验证器", "Authenticator app"))</h2>
      <p>\(asks)</p>
      <div class="buttons"><button formaction="/second-factor/begin">\(again)</button></div>
      <h2>\(look("恢复码", "Recovery codes"))</h2>
      <p>\(look("还有 \(standing.codesLeft) 个恢复码没用。", "\(standing.codesLeft) recovery codes are left."))</p>
      <div class="buttons"><button>\(look("重新打印恢复码", "Print new recovery codes"))</button></div>
      </form>
      <div class="buttons"><a class="button" href="/password">\(look("回到我的账号", "Back to my account"))</a></div>
      """)
  }

  /// How the field is called in which somebody shows once more that it is them, and what it takes.
  private func confirming(_ standing: FactorDoor.Standing) -> (label: String, hint: String) {
    let takes =
      standing.enrolledAt == nil
      ? look(
        "下面每一项都要先确认：一个没用过的恢复码。",
        "Each of the things below takes an unused recovery code.")
      : look(
        "下面每一项都要先确认：验证器现在显示的 6 位数字，或一个没用过的恢复码。",
        "Each of the things below takes the six digits that the authenticator shows now, or an unused recovery code."
      )
    let label =
      standing.enrolledAt == nil
      ? look("没有通行密钥在手边：输入恢复码", "Without your passkey: a recovery code")
      : look("先确认是您：输入验证码", "First, that it is you: a code")
    return (label, takes)
  }

  private var passkeys: PasskeyScreens { PasskeyScreens(look: look, hiddenNext: hiddenNext) }

  private func beginning(_ standing: FactorDoor.Standing, refusal: Refusal?) -> HTML {
    let why =
      standing.isRequired
      ? look(
        "您的岗位要求登录时再走一步：手机上的验证码，或通行密钥。设置一次，约一分钟。",
        "Your office asks for a second step when you sign in: a code from your phone, or a passkey. Setting it up takes a minute, once."
      )
      : look(
        "口令之外再加一步：手机上的验证码，或通行密钥。别人知道口令也进不来。",
        "A code from your phone or a passkey beside the password keeps out whoever learns it.")
    let later: HTML =
      standing.isRequired
      ? "<form method=\"post\" action=\"/sign-out\"><button class=\"quiet\">\(look("退出", "Sign out"))</button></form>"
      : "<a class=\"button\" href=\"/password\">\(look("回到我的账号", "Back to my account"))</a>"
    return door.page(
      Words("设置登录第二步", "Set up your second step"), scripts: passkeys.scripts,
      """
      \(door.alert(refusal))
      <p>\(standing.title)</p><p>\(why)</p>
      <h2>\(look("手机验证器", "Authenticator app"))</h2>
      <form method="post" action="/second-factor/begin">\(hiddenNext)<button class="primary">\(look("开始设置", "Begin"))</button></form>
      <h2>\(look("通行密钥", "Passkey"))</h2>
      <form class="form" method="post" action="/second-factor/passkey/enrol" data-passkeys>\(hiddenNext)\(passkeys.nothing)
      \(passkeys.making(look("设置通行密钥", "Set up a passkey")))\(passkeys.trouble)
      </form>
      <div class="buttons">\(later)</div>
      """)
  }

  /// What a new colleague's slip opens: what it is for, and the password to set.
  func invitation(
    _ slip: InvitationDoor.Slip, secret: String, refusal: Refusal?
  ) -> HTML {
    let factor: HTML =
      slip.needsFactor
      ? "<p class=\"note\">\(look("这个岗位还要设置手机验证器，下一步就做。", "This office asks for an authenticator as well; that is the next step."))</p>"
      : ""
    let end: HTML? = slip.officeUntil.map {
      "<p>\(look("岗位到 \(look.end($0))", "Until \(look.end($0))"))</p>"
    }
    return door.page(
      Words("欢迎加入", "Welcome"),
      """
      \(door.alert(refusal))
      <p class="large">\(slip.title)</p>
      <p>\(slip.role(language)) · \(slip.place(language))</p>\(end)
      <p>\(look("邀请人：\(slip.inviter)", "Invited by \(slip.inviter)"))</p>
      <form class="form" method="post" action="/invite/\(secret)">
      <div class="field"><label for="account">\(look("账号（登录时用）", "Account, to sign in"))</label>
      <input id="account" name="account" value="\(slip.account.text)" autocomplete="username" readonly></div>
      <div class="field"><label for="password">\(look("给自己设一个口令", "Set a password of your own"))</label>
      <p class="hint" id="password-hint">\(Words("越长越好，不要用常见词、账号名或生日。", "The longer the better; no common words, account names or birthdays.")(language))</p>
      <input id="password" name="password" type="password" autocomplete="new-password" aria-describedby="password-hint" required></div>
      <div class="field"><label for="again">\(look("再输一次", "Once more"))</label>
      <input id="again" name="again" type="password" autocomplete="new-password" required></div>
      <div class="buttons"><button class="primary">\(look("加入", "Join"))</button></div>
      </form>\(factor)
      """)
  }
}
