import Kernel

/// A text that somebody writes in their own words and others read: why, what to know, where somebody works.
/// No identity or telephone number is in it; such numbers have columns that are locked (I-56).
package struct WrittenWords: Sendable {
  private let field: String
  private let title: Words
  private let longest: Int
  private let tooLong: String
  private let remedy: Words

  /// - Parameters:
  ///   - field: the field in which it is written.
  ///   - title: what people call it, as a sentence begins with it.
  ///   - longest: how many Unicode scalars it has at most.
  ///   - tooLong: the code of the refusal when it has more.
  ///   - remedy: what to do about a personal number in it.
  package init(
    _ field: String, _ title: Words, longest: Int, tooLong: String,
    remedy: Words = Words("请去掉", "take it out")
  ) {
    self.field = field
    self.title = title
    self.longest = longest
    self.tooLong = tooLong
    self.remedy = remedy
  }

  /// The text without blanks around it, which must be there.
  package func required(_ written: String) throws(Refusal) -> String {
    let text = written.trimmingWhitespace()
    if text.isEmpty { throw .missing(field) }
    try check(text)
    return text
  }

  /// Refuses a text that is too long or holds a personal number.
  package func check(_ text: String) throws(Refusal) {
    guard text.unicodeScalars.count <= longest else {
      throw Refusal(
        .invalid, tooLong,
        Words(
          "\(title.chinese)超过 \(longest) 字，请精简",
          "\(title.english) has more than \(longest) characters; shorten it"), field: field)
    }
    guard !PersonalNumbers.isIn(text) else { throw personalNumber }
  }

  /// A personal number stands where none may.
  package var personalNumber: Refusal {
    Refusal(
      .invalid, "text.personalNumber",
      Words(
        "\(title.chinese)中写有证件或电话号码，\(remedy.chinese)",
        "\(title.english) holds an identity or telephone number; \(remedy.english)"), field: field)
  }
}
