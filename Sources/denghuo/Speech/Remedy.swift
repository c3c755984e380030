import Kernel

extension Refusal {
  /// What was said, and for what is not there where to look for what is.
  var wordsWithRemedy: Words {
    guard kind == .notFound, code == "notFound" else { return words }
    let remedy = Self.remedies[field ?? ""] ?? Self.remedy
    return Words("\(words.chinese)；\(remedy.chinese)", "\(words.english); \(remedy.english)")
  }

  private static let remedy = Words("请核对编号", "check the identifier")

  private static func list(_ command: String) -> Words {
    Words("请核对编号，denghuo \(command) 列出已有的", "check it: denghuo \(command) lists those there are")
  }

  private static let remedies: [String: Words] = [
    "person": list("export residents"), "place": list("export places"),
    "restriction": list("restrictions list"), "zone": list("zones list"),
    "case": list("export cases"), "infection": list("export cases"),
    "policy": list("policy list"), "edition": list("policy list"),
    "request": Words(
      "请核对编号，“申请”页列出等待批准的", "check it: the page of requests lists those that wait"),
    "objection": Words(
      "请核对编号，denghuo restrictions show 列出一个人的",
      "check it: denghuo restrictions show lists those of a person"),
  ]
}
