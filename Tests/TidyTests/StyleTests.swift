import Foundation
import Testing

@Suite("The style") struct StyleTests {
  static let files = SourceFile.all(in: "Sources") + SourceFile.all(in: "Tests")

  @Test("no file is longer than 400 lines")
  func length() {
    for file in Self.files { #expect(file.lines.count <= 400, "\(file): \(file.lines.count)") }
  }

  @Test("file names say what is inside, and no two in a target are alike")
  func names() {
    var seen: Set<String> = []
    for file in Self.files {
      for word in ["Util", "Helper", "Manager", "Common", "Misc"] {
        #expect(!file.name.contains(word), "\(file)")
      }
      let parts = file.path.split(separator: "/").prefix(2).joined(separator: "/")
      #expect(seen.insert("\(parts)/\(file.name)").inserted, "\(file) has a namesake")
    }
  }

  @Test("nothing is forced, nothing is left for later")
  func marks() {
    // The words are put together so that this file does not find itself.
    let words = ["try" + "!", "as" + "! ", "fatal" + "Error(", "TO" + "DO", "FIX" + "ME"]
    let loopholes = [
      "@unchecked " + "Sendable", "nonisolated" + "(unsafe)", "Dispatch" + "Semaphore",
    ]
    for file in Self.files {
      for word in words + loopholes { #expect(!file.text.contains(word), "\(file): \(word)") }
    }
  }

  @Test("every type and every function that other targets see has a sentence")
  func sentences() {
    let declaration =
      #/^\s*package (?:static |final |mutating )*(?:struct|enum|class|actor|protocol|func) /#
    var silent: [String] = []
    for file in SourceFile.all(in: "Sources") {
      let lines = file.lines
      for (index, line) in lines.enumerated() where line.contains(declaration) {
        var above = index - 1
        while above >= 0, lines[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
        let isDocumented =
          above >= 0 && lines[above].drop(while: { $0 == " " }).hasPrefix("///")
        // Members that a protocol asks for are described there.
        let isRequired = line.contains(
          /func (area|perform|answer|encode|run|digest|authenticate|seal|open|stretch|write|read|migrate|callAsFunction|appendLiteral|appendInterpolation)\b/
        )
        let isNested = line.contains(/package (?:struct|enum) (Answer|Row|Key|Entry)\b/)
        let isOperator = line.contains(/func [<+\-=]/)
        if !(isDocumented || isRequired || isNested || isOperator) {
          silent.append("\(file):\(index + 1)")
        }
      }
    }
    #expect(silent == [])
  }
}
