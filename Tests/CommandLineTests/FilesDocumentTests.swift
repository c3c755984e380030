import District
import Foundation
import Kernel
import Testing
import Town

@Suite("The document of files") struct FilesDocumentTests {
  private static let text = String(
    decoding: (try? SharedData.repositoryFile("docs/howto/FILES.md")) ?? [], as: UTF8.self)

  /// The part about one kind.
  private static func section(_ kind: String) -> Substring {
    let parts = text.split(separator: "\n### ")
    return parts.first { $0.hasPrefix("\(kind)\n") } ?? ""
  }

  @Test("has a row for each column with all its other headers, and which are needed")
  func columns() {
    #expect(District.assembly.imports.count >= 6)
    for kind in District.assembly.imports.values {
      let section = Self.section(kind.kind)
      for column in kind.columns {
        let aliases = column.aliases.joined(separator: ", ")
        let needed = column.isRequired ? "yes" : ""
        let row = "| `\(column.name)` | \(aliases) | \(needed)".trimmingWhitespace()
        #expect(section.contains(row), "\(kind.kind): \(row)")
      }
      let rows = section.split(separator: "\n").count { $0.hasPrefix("| `") }
      #expect(rows == kind.columns.count, "\(kind.kind)")
    }
  }

  @Test("names the header of each export")
  func exports() {
    for kind in District.assembly.exports.values {
      let header = kind.header.joined(separator: ",")
      #expect(Self.section(kind.kind).contains("Exported as `\(header)`."), "\(kind.kind)")
    }
  }

  @Test(
    "names every command of the program",
    .enabled(if: BuiltProgram.isThere, "the program is not built"))
  func commands() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    let help = try await desktop.done("--help").output
    let names = help.split(separator: "SUBCOMMANDS:\n").last?.matches(of: /\n?  ([a-z]+)  +[A-Z]/)
    let commands = (names ?? []).map { String($0.1) }
    #expect(commands.count == 32)
    for command in commands { #expect(Self.text.contains("denghuo \(command) "), "\(command)") }
  }
}
