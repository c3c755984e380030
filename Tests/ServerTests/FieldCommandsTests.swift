import District
import Foundation
import Kernel
import Testing

@testable import Server

@Suite("Commands of the field") struct FieldCommandsTests {
  /// What a phone sends of itself and its queue, which takes no office.
  private static let ofThePhone: Set<String> = ["devices.reportUnsent", "devices.tell"]

  @Test("what is taken late is what the pages of the field send, and nothing else")
  func declared() throws {
    let assembly = District.assembly
    let declared = Set(assembly.commands.values.filter(\.isOfTheField).map(\.name))
    #expect(
      declared == [
        "obligations.attempt", "obligations.finish", "proofs.attach", "proofs.slip",
        "residents.enrol", "screening.register", "screening.seal", "screening.void",
        "sightings.report",
      ])
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Web")
    var sent: Set<String> = []
    for file in ["queue.js", "field.js", "capture.js", "swab.js"] {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      for match in text.matches(of: /"([a-z]+\.[a-zA-Z]+)"/) { sent.insert(String(match.1)) }
    }
    let commands = sent.filter { assembly.commands[$0] != nil }
    #expect(commands.isSuperset(of: ["screening.register", "proofs.slip", "obligations.finish"]))
    #expect(commands.subtracting(declared).isSubset(of: Self.ofThePhone))
  }
}
