import Kernel

/// Judgements about passwords, offices and spans.
enum OfficesRules {
  /// What people choose first; a password that holds one of these is found in minutes.
  private static let common = [
    "password", "passw0rd", "12345678", "87654321", "qwerty", "asdfgh", "abc123", "admin",
    "denghuo", "iloveyou", "1qaz2wsx", "woaini", "a123456", "123123",
  ]
  private static let fewestKinds = 5
  private static let longest = 256

  /// Refuses a password that would soon be guessed.
  static func check(
    password: String, of account: AccountID, minimum: Int
  ) throws(Refusal) {
    let folded = password.lowercased()
    if password.count < minimum {
      throw weak(
        "password.short",
        Words("口令至少 \(minimum) 位", "A password has at least \(minimum) characters"))
    }
    if password.utf8.count > longest {
      throw weak(
        "password.long", Words("口令过长，请缩短", "The password is too long; shorten it"))
    }
    let name = account.text.lowercased()
    if common.contains(where: folded.contains) || (name.count >= 3 && folded.contains(name)) {
      throw weak(
        "password.common",
        Words(
          "口令含有常见词或账号名，容易被猜到，请换一个",
          "The password holds a common word or the account's name; choose another"))
    }
    if Set(folded).count < fewestKinds {
      throw weak(
        "password.monotone",
        Words("口令重复字符太多，请换一个", "The password repeats too few characters; choose another"))
    }
  }

  private static func weak(_ code: String, _ words: Words) -> Refusal {
    Refusal(.invalid, code, words, field: "password")
  }

  private static let longestTitle = 60

  /// Refuses an account that cannot be opened under its name and title.
  ///
  /// - Returns: the title without blanks around it.
  static func check(opening account: AccountID, title: String) throws(Refusal) -> String {
    let title = title.trimmingWhitespace()
    guard !title.isEmpty else { throw .missing("title") }
    guard title.count <= longestTitle else {
      throw Refusal(
        .invalid, "account.titleLong",
        Words(
          "名称最多 \(longestTitle) 个字", "The title has at most \(longestTitle) characters"),
        field: "title")
    }
    guard account.text != "clock", account.text != "nobody", !account.text.contains(":") else {
      throw Refusal(
        .invalid, "account.reserved",
        Words("账号名不能是 clock、nobody 或含冒号", "An account is not named clock, nobody or with a colon"),
        field: "account")
    }
    return title
  }

  /// Refuses an office at a place below the level of its role: a street leader of one building.
  static func check(_ role: OfficesPolicy.Role, at place: Place) throws(Refusal) {
    guard place.level.depth <= role.level.depth else {
      throw Refusal(
        .invalid, "office.level",
        Words(
          "“\(role.title.chinese)”应设在\(role.level.words.chinese)或以上，不能设在\(place.level.words.chinese)",
          "“\(role.title.english)” is held at a \(role.level.rawValue) or above, not at a \(place.level.rawValue)"
        ), field: "place")
    }
  }

  /// Refuses a span that ends before it begins.
  static func check(from: Instant, until: Instant?) throws(Refusal) {
    if let until, until <= from {
      throw Refusal(
        .invalid, "office.span",
        Words("结束时间须在开始时间之后", "The end must lie after the beginning"), field: "until")
    }
  }

  /// Whether two digests are equal, taking the same time wherever they differ.
  static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
