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
      <p lang="zh-CN">用手机打开下面的地址，看您自己的情况：为什么、到哪天、找谁、怎样提异议。只能看您自己的。</p>
      <p lang="en">Open this address to see your own situation: why, until when, whom to call, how to \
      object. It shows nobody else’s.</p>
      <p class="large"><a href="\(address)">\(address)</a></p>
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
      <p class="large"><a href="\(address)">\(address)</a></p>
      <p>\(Words("只能用一次；打开后自己设口令。此页关闭后不再显示。", "It works once; whoever opens it sets a password. It is not shown again.")(language))</p>
      """, back: back)
  }

  private func page(_ title: Words, _ body: HTML, back: String) -> HTML {
    DocumentScreen(language: language).html(
      title: title(language), bodyClass: "message",
      """
      <main id="main"><div class="card"><h1>\(title(language))</h1>\(body)</div>
      <p class="no-print"><a class="button" href="\(back)">\(Words("回去", "Back")(language))</a></p></main>
      """)
  }
}
