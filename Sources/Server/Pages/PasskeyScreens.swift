import Kernel
import Look

/// The parts of the second factor's pages that speak of passkeys. What needs a script is not shown before the
/// script has found out that the browser can do it; else it says in a sentence why not.
struct PasskeyScreens: Sendable {
  let look: Look
  let hiddenNext: HTML

  let scripts = ["/passkey.js"]

  /// Where `passkey.js` says what went wrong.
  let trouble: HTML = "<p class=\"error\" role=\"alert\" data-trouble hidden></p>"

  /// Where it says why passkeys cannot be used here.
  private var unusable: HTML { "<p class=\"note\" data-unusable hidden></p>" }

  /// The key Enter presses the first button of a form: here one that does nothing, so that it neither takes a
  /// passkey away nor sends what is not there yet.
  var nothing: HTML {
    "<button disabled hidden>\(look("请点下面的一项", "Press one of the things below"))</button>"
  }

  private var withoutScript: HTML {
    "<noscript><p class=\"note\">\(look("此浏览器关闭了脚本，不能用通行密钥；请用验证器或恢复码。", "Scripts are off in this browser, so that passkeys cannot be used; use the authenticator app or a recovery code."))</p></noscript>"
  }

  /// The way in with a passkey.
  var showing: HTML {
    """
    <form class="form" method="post" action="/second-factor" data-passkeys>\(hiddenNext)
    <p class="hint" data-usable hidden>\(look("点按钮，再按设备提示用指纹、面容、锁屏密码或安全密钥。", "Press the button, then follow your device: finger, face, screen lock or security key."))</p>
    <div class="buttons" data-usable hidden><button type="button" class="primary" data-show="send">\(look("用通行密钥登录", "Use your passkey"))</button></div>
    \(trouble)\(unusable)\(withoutScript)</form>
    """
  }

  /// Confirming by a passkey in the place of a code.
  var confirming: HTML {
    """
    <div class="buttons" data-usable hidden><button type="button" data-show="keep">\(look("用通行密钥确认是您", "Confirm with a passkey that it is you"))</button></div>
    <p class="notice done" role="status" data-confirmed hidden>\(look("已用通行密钥确认，现在点要做的一项。", "Confirmed with your passkey; now press what you want to do."))</p>
    """
  }

  /// A new passkey: its name and the button.
  func making(_ label: String) -> HTML {
    """
    <div class="field" data-usable hidden><label for="title">\(look("新通行密钥的名称（可不填）", "A name for the new passkey, if you like"))</label>
    <p class="hint" id="title-hint">\(look("存在手机、电脑或安全密钥里，用指纹、面容或锁屏密码打开；换设备时好分辨。", "It is kept by your phone, computer or security key and opened by finger, face or screen lock. The name tells several apart."))</p>
    <input id="title" name="title" maxlength="40" autocomplete="off" aria-describedby="title-hint"></div>
    <div class="buttons" data-usable hidden><button type="button" data-make>\(label)</button></div>
    \(unusable)\(withoutScript)
    """
  }

  /// The passkeys of an account, each with a button to take it away.
  func list(_ passkeys: [PasskeyDoor.Key]) -> HTML {
    let rows = passkeys.map { key -> HTML in
      let used =
        key.lastUsedAt.map { look("上次使用 \(look.moment($0))", "last used \(look.moment($0))") }
        ?? look("还没有用过", "not used yet")
      let suspected: HTML =
        key.suspectedAt == nil
        ? HTML()
        : "<p class=\"error\">\(look("可能被复制过，已停用，请移除", "May have been copied; out of use. Remove it"))</p>"
      return """
        <li><div><strong>\(key.name)</strong>
        <p class="note">\(key.relyingParty) · \(look("设于 \(look.moment(key.madeAt))", "made \(look.moment(key.madeAt))")) · \(used)</p>\(suspected)</div>
        <button name="passkey" value="\(key.id)" formaction="/second-factor/passkey/remove" aria-label="\(look("移除“\(key.name)”", "Remove “\(key.name)”"))">\(look("移除", "Remove"))</button></li>
        """
    }
    let heading: HTML = "<h2>\(look("通行密钥", "Passkeys"))</h2>"
    return rows.isEmpty
      ? "\(heading)<p>\(look("还没有通行密钥。", "There are no passkeys yet."))</p>"
      : "\(heading)<ul class=\"passkeys\">\(rows)</ul>"
  }
}
