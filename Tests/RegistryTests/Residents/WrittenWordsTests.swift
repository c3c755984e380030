import Kernel
import Testing

@testable import Registry

@Suite("Words that people write") struct WrittenWordsTests {
  private let rule = WrittenWords(
    "note", Words("说明", "The note"), longest: 20, tooLong: "note.long",
    remedy: Words("请改写编号", "write the number"))

  @Test(
    "are there, short and without personal numbers",
    arguments: [
      ("  夜里休息 \n", nil as String?), (" \n", "field.missing"),
      (String(repeating: "长", count: 20), nil), (String(repeating: "长", count: 21), "note.long"),
      ("打 13800138000", "text.personalNumber"),
    ])
  func checked(written: String, code: String?) {
    do throws(Refusal) {
      let text = try rule.required(written)
      #expect(code == nil && text == written.trimmingWhitespace())
    } catch {
      #expect(error.code == code && error.field == "note")
      if code == "text.personalNumber" {
        #expect(
          error.words.english
            == "The note holds an identity or telephone number; write the number")
      }
    }
  }
}
