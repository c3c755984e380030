import District
import Kernel
import Testing

@Suite("The words of the journal") struct FactWordsTests {
  private let facts = District.assembly.facts.values.sorted { $0.name < $1.name }

  @Test("every fact in the sources is declared by a slice, so that the journal finds its words")
  func declared() {
    let kind =
      /(?m)^(?:package )?struct \w+: Fact \{\n(?:.*\n)*?\s+(?:package )?static let name = "([^"]+)"/
    var written: Set<String> = []
    for file in SourceFile.all(in: "Sources") {
      for match in file.text.matches(of: kind) { written.insert(String(match.1)) }
      // However one is declared, it is one of those that were found.
      let declared = file.lines.count { $0.contains(": Fact {") && !$0.hasPrefix("///") }
      #expect(
        declared == file.text.matches(of: kind).count,
        "\(file) declares a fact in another way than “struct Name: Fact {”")
    }
    #expect(written.count > 150)
    #expect(written.subtracting(facts.map { $0.name }).sorted() == [], "in no slice’s `facts`")
  }

  @Test("no two facts have the same words, none is empty, and Chinese is Chinese")
  func words() {
    for language in Language.allCases {
      let said = Dictionary(grouping: facts) { $0.words(language) }
      for (words, same) in said {
        #expect(same.count == 1, "“\(words)” says \(same.map { $0.name }.sorted())")
        #expect(!words.trimmingWhitespace().isEmpty, "\(same.map { $0.name }) has no words")
      }
    }
    for fact in facts {
      let about = fact.about.words
      for chinese in [fact.words.chinese, about.chinese] {
        let signs = chinese.unicodeScalars.filter { !Self.isChinese($0) }
        #expect(signs.isEmpty, "\(fact.name): “\(chinese)” is not Chinese")
      }
      for english in [fact.words.english, about.english] {
        #expect(
          english.unicodeScalars.allSatisfy { $0.value < 0x2E80 }, "\(fact.name): “\(english)”")
        #expect(english != fact.name && english.first?.isUppercase == true, "\(fact.name)")
      }
    }
  }

  @Test("what a fact is about opens on a page that there is")
  func pages() {
    let paths = Set(District.assembly.screens.map(\.path))
    for fact in facts {
      guard let page = fact.about.page else { continue }
      #expect(paths.contains(page), "\(fact.name) opens on \(page), which no slice offers")
      #expect(
        page.contains(":") != (fact.about.query != nil),
        "\(fact.name): an identifier stands in the path of \(page) or behind it")
    }
  }

  /// Han characters and the marks between them.
  private static func isChinese(_ sign: Unicode.Scalar) -> Bool {
    (0x4E00...0x9FFF).contains(sign.value) || "，、：；（）“”".unicodeScalars.contains(sign)
  }
}
