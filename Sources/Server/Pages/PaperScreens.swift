import Kernel
import Look

/// The papers that are printed and handed over.
struct PaperScreens: Sendable {
  let language: Language
  let zone: Zone
  let now: Instant

  /// A resident's slip, in both languages: whoever gets it may read either.
  func slip(address: String, until: Instant, number: String, back: String) -> HTML {
    let chinese = Look(language: .chinese, now: now, zone: zone)
    let english = Look(language: .english, now: now, zone: zone)
    return page(
      Words("凭条", "Slip"),
      """
      <p lang="zh-CN">用手机扫码，或打开下面的地址，看您自己的情况：为什么、到哪天、找谁、怎样提异议。只能看您自己的。</p>
      <p lang="en">Scan it with a telephone, or open the address below, to see your own situation: why, until \
      when, whom to call, how to object. It shows nobody else’s.</p>
      \(code(of: address, Words("凭条的二维码", "QR code of the slip")))
      <p class="secret large"><a href="\(address)">\(address)</a></p>
      <p lang="zh-CN">有效至 \(chinese.end(until))。丢了请告诉网格员，会立即作废。</p>
      <p lang="en">Valid until \(english.end(until)). If it is lost, tell your grid worker: it is made \
      void at once.</p>
      <p class="print-only slip">No. \(number) · \(chinese.end(until))</p>
      """, back: back)
  }

  /// An account's one-time link.
  func link(address: String, account: String, back: String) -> HTML {
    page(
      Words("一次性登录链接", "One-time sign-in link"),
      """
      <p>\(Words("账号：\(account)", "Account: \(account)")(language))</p>
      \(code(of: address, Words("登录链接的二维码", "QR code of the link")))
      <p class="secret large"><a href="\(address)">\(address)</a></p>
      <p>\(Words("只能用一次；打开后自己设口令。此页关闭后不再显示。", "It works once; whoever opens it sets a password. It is not shown again.")(language))</p>
      """, back: back)
  }

  /// A new colleague's invitation, in both languages.
  func invitation(_ slip: InvitationDoor.Slip, address: String, back: String) -> HTML {
    let looks = (
      Look(language: .chinese, now: now, zone: zone), Look(language: .english, now: now, zone: zone)
    )
    return page(
      Words("邀请条", "Invitation"),
      """
      <p class="large">\(slip.title)</p>
      <p lang="zh-CN">岗位：\(slip.role.chinese)，\(slip.place.chinese)</p>
      <p lang="en">Office: \(slip.role.english), \(slip.place.english)</p>
      \(code(of: address, Words("邀请的二维码", "QR code of the invitation")))
      <p class="secret"><a href="\(address)">\(address)</a></p>
      <p lang="zh-CN">用手机扫码，自己设口令。账号名：\(slip.account.text)。只能用一次，\(looks.0.end(slip.until)) 前有效。\
      邀请人：\(slip.inviter)。丢了请立即告诉邀请人撤回。</p>
      <p lang="en">Scan it with a telephone and set a password of your own. Account: \(slip.account.text). It \
      works once, until \(looks.1.end(slip.until)). Invited by \(slip.inviter); if it is lost, tell them at once.</p>
      <p class="print-only slip">No. \(slip.number) · \(looks.0.end(slip.until))</p>
      """, back: back)
  }

  /// An account's recovery codes, shown once.
  func recoveryCodes(_ codes: [Redacted<String>], account: String, next: String) -> HTML {
    page(
      Words("恢复码", "Recovery codes"),
      """
      <p>\(Words("账号：\(account)", "Account: \(account)")(language))</p>
      <p>\(Words("验证器不在手边时，每个恢复码可以代替一次验证码。请打印或抄下，放在安全的地方；此页关闭后不再显示。", "Each code stands in for your authenticator once. Print or copy them and keep them safe; they are not shown again.")(language))</p>
      <ol class="codes">\(codes.map { "<li>\($0.revealed)</li>" as HTML })</ol>
      <p class="print-only slip">\(account) · \(Words("以前的恢复码已作废", "earlier codes are void")(language))</p>
      """, back: next, done: Words("已保存，继续", "I have kept them; go on"))
  }

  private func code(of address: String, _ label: Words) -> HTML? {
    Look(language: language, now: now, zone: zone).qrPicture(of: address, label: label(language))
  }

  private func page(_ title: Words, _ body: HTML, back: String, done: Words = Words("回去", "Back"))
    -> HTML
  {
    DocumentScreen(language: language).html(
      title: title(language), bodyClass: "message",
      """
      <main id="main"><div class="card"><h1>\(title(language))</h1>\(body)</div>
      <p class="no-print"><a class="button" href="\(back)">\(done(language))</a></p></main>
      """)
  }
}
