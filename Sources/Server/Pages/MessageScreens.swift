import Kernel

/// A page that says one thing: something is missing, not allowed, or failed.
struct MessageScreen: Sendable {
  let language: Language
  let address: String

  func html(_ trouble: Trouble) -> HTML {
    let title = Self.title(trouble.status)(language)
    let signIn: HTML =
      trouble.status == 401
      ? "<a class=\"button primary\" href=\"/sign-in\">\(Words("去登录", "Sign in")(language))</a>"
      : ""
    return DocumentScreen(language: language).html(
      title: title, bodyClass: "message",
      """
      <main id="main"><div class="card"><h1>\(title)</h1><p>\(trouble.words(language))</p>
      <p class="note">\(advice(trouble.status)(language))</p>
      <div class="buttons">\(signIn)<a class="button" href="/">\(Words("回到首页", "To the first page")(language))</a></div>
      </div></main>
      """)
  }

  private static func title(_ status: Int) -> Words {
    switch status {
    case 401: Words("请先登录", "Sign in first")
    case 403: Words("您不能打开或办理这一项", "You may not open or do this")
    case 404: Words("找不到", "Not found")
    case 405: Words("地址用法不对", "This address is used in another way")
    case 400, 413, 414, 415, 422, 431: Words("请求有误", "Something in the request is wrong")
    case 429: Words("请稍候", "A moment, please")
    case 409: Words("与现有情况不符", "This does not fit what is there")
    default: Words("系统出了问题", "Something failed")
    }
  }

  private func advice(_ status: Int) -> Words {
    switch status {
    case 403:
      Words(
        "能办的人：负责该范围的岗位，或请管理员授予岗位。",
        "Who can: the office of that area; an administrator can give you the office.")
    case 404: Words("可能地址写错了，或这件事不在您的范围内。", "The address may be wrong, or it is outside your area.")
    case 429, 503, 507: Words("您填写的内容没有保存，请稍后重试。", "Nothing was saved; try again later.")
    case 500: Words("已记入日志。", "It stands in the log.")
    default: Words("请返回上一页更正。", "Go back and put it right.")
    }
  }
}
