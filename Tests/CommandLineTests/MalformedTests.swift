import Foundation
import Testing
import Town

@Suite(
  "Wrong files and calls", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct MalformedTests {
  @Test(
    "end with their code, say why and leave nothing half-written",
    arguments: Malformed.wrongUse + Malformed.refused + Malformed.worldFailed)
  func calls(_ wrong: Malformed) async throws { try await check(wrong) }

  @Test("are refused as a whole", arguments: Malformed.wholeFiles)
  func wholeFiles(_ wrong: Malformed) async throws { try await check(wrong) }

  @Test("keep the right rows and hand the wrong ones back", arguments: Malformed.rows)
  func rows(_ wrong: Malformed) async throws {
    try await check(wrong) { desktop in
      guard let rejected = desktop.text("in.rejected.csv") else {
        // Behind such a fault nothing can be told apart any more.
        #expect(
          ["a quote that never ends", "an end that cannot be read"].contains(wrong.name))
        return
      }
      #expect(rejected.hasPrefix("\u{FEFF}") && rejected.contains(",row,reason\r\n"))
      // A message never repeats a name or a number of a person.
      let reasons = rejected.split(separator: "\r\n").dropFirst().map {
        $0.split(separator: ",").last ?? ""
      }
      #expect(!reasons.contains { $0.contains("11010519491231002") || $0.contains("某某") })
    }
  }

  private func check(_ wrong: Malformed) async throws {
    try await check(wrong) { #expect(!$0.has("in.rejected.csv")) }
  }

  private func check(_ wrong: Malformed, _ look: (Desktop) throws -> Void) async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    for (name, bytes) in wrong.files { try desktop.put(name, bytes) }
    let outcome = try await desktop.run(wrong.arguments)
    #expect(outcome.status == wrong.status, "\(outcome.complaints)")
    for words in wrong.words where !words.isEmpty {
      #expect(
        (outcome.complaints + outcome.output).contains(words), "\(words): \(outcome.complaints)")
    }
    #expect(!outcome.complaints.contains("Fatal error"))
    var expected = Self.base
    for (kind, count) in wrong.kept { expected[kind, default: 0] += count }
    let found = try await desktop.counts()
    #expect(found.rows == expected)
    #expect(found.violated == [])
    try look(desktop)
  }

  /// What the settled district holds; the person of the case is a resident, the city was made.
  private static let base = [
    "places": 5, "residents": 2, "cases": 1, "visits": 6, "encounters": 1, "tracks": 2,
  ]
}
