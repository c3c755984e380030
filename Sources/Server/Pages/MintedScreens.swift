import Kernel

/// Pages that show a secret once.
struct MintedScreen: Sendable {
  let language: Language

  func slip(address: String, back: String) -> HTML {
    page(
      Words("居民凭条", "A resident's slip"),
      Words(
        "用手机打开下面的地址，可以看到自己的情况和谁看过。请勿转给他人；补领后旧凭条作废。",
        "Open this address on a phone to see your own page and who looked. Do not pass it on; a new slip ends the old one."
      ), address, back)
  }

  func link(address: String, back: String) -> HTML {
    page(
      Words("一次性登录链接", "A one-time sign-in link"),
      Words(
        "把地址当面交给本人。只能用一次，这里也只显示一次。",
        "Hand this address to the person. It works once, and it is shown here once."), address, back
    )
  }

  func token(secret: String, back: String) -> HTML {
    page(
      Words("程序令牌", "A program's token"),
      Words(
        "请现在保存，这里只显示一次。", "Keep it now; it is shown here once."), secret, back)
  }

  private func page(_ title: Words, _ advice: Words, _ secret: String, _ back: String) -> HTML {
    DocumentScreen(language: language).html(
      title: title(language), bodyClass: "message",
      """
      <main id="main"><div class="card"><h1>\(title(language))</h1><p>\(advice(language))</p>
      <p><code>\(secret)</code></p>
      <div class="buttons no-print"><a class="button" href="\(back)">\(Words("返回", "Back")(language))</a></div>
      </div></main>
      """)
  }
}
