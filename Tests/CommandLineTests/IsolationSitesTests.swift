import Foundation
import Kernel
import Testing
import Town

@Suite(
  "Isolation sites, from the command line",
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct IsolationSitesTests {
  /// The answer of a command that was performed.
  private func perform(_ desktop: Desktop, _ name: String, _ body: String) async throws -> Fields {
    let said = try await desktop.done("perform", name, "--json", body, "--data", "data")
    return try Fields.json(Array(said.output.utf8))["answer"]
  }

  @Test("labels of bags are a document, and whether they are stuck on is said")
  func labels() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try await desktop.done("init", "--data", "data")
    try desktop.put("places.csv", Desktop.places)
    try await desktop.done("import", "places", "places.csv", "--data", "data")
    let made = try await perform(
      desktop, "places.make",
      #"{"parent":"230102001001","level":"estate","name":"海滨酒店"}"#)
    guard case .text(let site) = made["place"] else { throw CocoaError(.coderValueNotFound) }
    _ = try await perform(desktop, "isolation.setUp", #"{"site":"\#(site)"}"#)
    _ = try await perform(
      desktop, "isolation.weighBag", #"{"site":"\#(site)","kind":"sharp","kilograms":0.8}"#)
    func print(_ more: String...) async throws -> BuiltProgram.Outcome {
      try await desktop.run(
        ["isolation", "labels", "--site", site, "--to", "labels.pdf", "--data", "data"] + more)
    }
    #expect(try await print("--bag", "20000101-001").status == 1)
    #expect(desktop.bytes("labels.pdf") == nil)
    let plain = try await print()
    #expect(plain.status == 0 && plain.complaints.contains("1 labels"))
    #expect(desktop.bytes("labels.pdf")?.starts(with: Array("%PDF-1.4".utf8)) == true)
    func give() async throws -> BuiltProgram.Outcome {
      try await desktop.run([
        "perform", "isolation.giveWaste", "--json", #"{"site":"\#(site)"}"#, "--data", "data",
      ])
    }
    #expect(try await give().complaints.contains("no label"))
    #expect(try await print("--stuck").status == 0)
    #expect(try await give().status == 0)
    let kitchen = try await desktop.done(
      "isolation", "kitchen", "--site", site, "--data", "data")
    #expect(kitchen.output == "floor,room,diet,portions\n")
  }
}
