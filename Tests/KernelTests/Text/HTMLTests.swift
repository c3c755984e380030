import Testing

@testable import Kernel

@Suite("Markup") struct HTMLTests {
  @Test(
    "whatever is put into it is escaped, in text and in attributes",
    arguments: [
      ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
      ("\" onclick=\"x", "&quot; onclick=&quot;x"), ("' x='", "&#39; x=&#39;"),
      ("a&amp;b", "a&amp;amp;b"),
      ("李𠮷", "李𠮷"), ("", ""),
    ])
  func escaped(text: String, markup: String) {
    let id = PersonID(trusted: text)
    #expect(
      ("<p title=\"\(text)\">\(text)</p>" as HTML).text == "<p title=\"\(markup)\">\(markup)</p>")
    #expect(("\(id)" as HTML).text == markup)
  }

  @Test("no character that means something in markup comes through, for random texts")
  func random() {
    var chance = Chance(3)
    for _ in 0..<500 {
      let text = chance.text() + "<\"'&>"
      let page: HTML = "\(text)"
      #expect(!page.text.contains { "<>\"'".contains($0) })
      let back = page.text.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
        .replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&amp;", with: "&")
      #expect(Array(back.utf8) == Array(text.utf8))
    }
  }

  @Test("pieces of markup are joined as they are")
  func joined() {
    let item: HTML = "<li>\(1)</li>"
    let none: HTML? = nil
    #expect(("<ul>\([item, item])\(none)</ul>" as HTML).text == "<ul><li>1</li><li>1</li></ul>")
    #expect((item + HTML([item, item])).text == "<li>1</li><li>1</li><li>1</li>")
    #expect(HTML().text == "")
  }
}
