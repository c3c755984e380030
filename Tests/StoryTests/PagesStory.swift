import Foundation
import FoundationXML
import Kernel
import Testing
import Town

@Suite("Pages") struct PagesStory {
  @Test(
    "every page opens, well-formed and whole, for each office that may open it",
    arguments: Language.allCases)
  func pages(language: Language) async throws {
    let town = try await Town()
    for account in Town.accounts.map(\.account) {
      for screen in town.desk.assembly.screens where !screen.path.contains(":") {
        let text = try await open(screen, account, language, in: town)
        guard let text else { continue }
        let parser = XMLParser(data: Data("<!DOCTYPE html><body>\(text)</body>".utf8))
        let isWellFormed = parser.parse()
        #expect(isWellFormed, "\(screen.path) for \(account), line \(parser.lineNumber)")
        // A piece of markup that became text by mistake shows its bytes.
        #expect(!text.contains("HTML("), "\(screen.path) for \(account)")
      }
    }
  }

  /// The page's markup; nil when the account may not open it.
  private func open(
    _ screen: Screen, _ account: String, _ language: Language, in town: Town
  ) async throws -> String? {
    let look = Desk.Look(
      sender: .account(AccountID(trusted: account)), purpose: screen.purpose, language: language,
      question: screen.path)
    // Everywhere else a stretch of days is asked for by these names, and there two editions.
    let question =
      screen.path == "/editions" ? [:] : ["from": "2022-11-28", "to": "2022-11-29"]
    let request = ScreenRequest(
      parameters: [:], query: question, address: screen.path, newCommandID: { "one" })
    return try await town.desk.read(look) { reading in
      guard screen.duty.map({ reading.authority.holds($0) }) ?? true else { return nil }
      return try screen.render(request, reading).body.text
    }
  }
}
