import District
import Foundation
import Kernel
import Testing
import Town

@Suite(
  "Pass codes, from the command line",
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct PassTests {
  /// A district with two people behind one door, under rules that still use codes.
  private func desktop() async throws -> Desktop {
    let desktop = try Desktop()
    try await desktop.done("init", "--data", "data")
    let base = String(decoding: Assets.bytes("Policies/base.yaml") ?? [], as: UTF8.self)
    let lines = base.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let first = try #require(lines.firstIndex(of: "  passes:"))
    let section = [lines[first]] + lines[(first + 1)...].prefix { $0.hasPrefix("   ") }
    let head = """
      id: codes
      version: 1
      title: {zh: 演练, en: Drill}
      source: ["a test"]
      effective_from: 2024-01-01
      sections:
      """
    try desktop.put("data/policies/codes.yaml", head + "\n" + section.joined(separator: "\n"))
    try desktop.put("places.csv", Desktop.places)
    try await desktop.done("import", "places", "places.csv", "--data", "data")
    try desktop.put(
      "residents.csv",
      """
      person,name,sex,birth_date,identity_kind,identity_number,community_code,estate,building,room
      p-1,王小燕,female,1949-12-31,resident_id,11010519491231002X,230102001001,霁虹小区,1号楼,101
      p-2,李大山,male,1990-01-01,none,,230102001001,霁虹小区,1号楼,101

      """)
    try await desktop.done("import", "residents", "residents.csv", "--data", "data")
    return desktop
  }

  private func json(_ outcome: BuiltProgram.Outcome) throws -> Fields {
    try Fields.json(Array(outcome.output.utf8))
  }

  private func code(_ desktop: Desktop, _ person: String, _ more: String...) async throws -> String
  {
    let said = try await desktop.run(
      ["pass", "issue", person, "--data", "data", "--format", "json"] + more)
    guard case .list(let lines) = try json(said), case .text(let code) = lines.first?["code"]
    else { throw CocoaError(.coderValueNotFound) }
    #expect(lines.first?["colour"] == .text("green"))
    return code
  }

  @Test("a code is issued, checked elsewhere with keys alone, and revoked")
  func codes() async throws {
    let desktop = try await desktop()
    defer { desktop.clear() }
    let code = try await code(desktop, "p-1")
    try desktop.put("keys.json", try await desktop.done("pass", "keys", "--data", "data").output)
    let said = try json(
      try await desktop.done("pass", "verify", code, "--keys", "keys.json", "--format", "json"))
    guard case .list(let lines) = said else { throw CocoaError(.coderValueNotFound) }
    #expect(lines.first?["verdict"] == .text("valid") && lines.first?["document"] == .text("002X"))
    #expect(lines.first?["list"] == .text("fresh") && lines.first?["paper"] == .flag(false))
    let late = try await desktop.run(
      ["pass", "verify", code, "--keys", "keys.json", "--at", "2099-01-01T00:00+08:00"])
    #expect(late.status == 1 && late.output.contains("ended"), "\(late.output)")
    let changed = String(code.dropLast()) + (code.hasSuffix("0") ? "1" : "0")
    #expect(try await desktop.run(["pass", "verify", changed, "--keys", "keys.json"]).status == 1)
    // The list that was written before knows nothing of it; the district does.
    try await Task.sleep(for: .seconds(1))
    try await desktop.done("pass", "revoke", code, "--reason", "mistaken", "--data", "data")
    let old = try await desktop.run(["pass", "verify", code, "--keys", "keys.json"])
    #expect(old.status == 0)
    let now = try await desktop.run(["pass", "verify", code, "--data", "data"])
    #expect(now.status == 1 && now.output.contains("revoked"), "\(now.output)")
    try await desktop.done("pass", "revoke", "p-2", "--data", "data")
    let paper = try await self.code(desktop, "p-2", "--paper")
    let checked = try json(
      try await desktop.done("pass", "verify", paper, "--data", "data", "--format", "json"))
    guard case .list(let papers) = checked else { throw CocoaError(.coderValueNotFound) }
    #expect(papers.first?["paper"] == .flag(true) && papers.first?["document"] == .null)
  }

  /// The door behind which somebody lives.
  private func home(of person: String, _ desktop: Desktop) async throws -> String? {
    let now = Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    let (district, lock) = try await DataFolder("\(desktop.path)/data").open(
      clock: .stopped(at: now))
    let home = try await district.desk.storage.read { transaction in
      try transaction.row("SELECT home FROM person WHERE id = \(person)")?.text(0)
    }
    withExtendedLifetime(lock) {}
    return home
  }

  @Test("a household’s sheet is a PDF, and wrong use is told")
  func sheets() async throws {
    let desktop = try await desktop()
    defer { desktop.clear() }
    let home = try await home(of: "p-1", desktop)
    try await desktop.done(
      "pass", "sheet", try #require(home), "--to", "sheet.pdf", "--data", "data")
    #expect(
      desktop.bytes("sheet.pdf").map { String(decoding: $0.prefix(8), as: UTF8.self) } == "%PDF-1.4"
    )
    #expect(try await desktop.run(["pass", "verify", "DH1"]).status == 2)
    #expect(try await desktop.run(["pass", "issue", "nobody", "--data", "data"]).status == 1)
    #expect(
      try await desktop.run(["pass", "revoke", "p-1", "--reason", "spite", "--data", "data"]).status
        == 1)
  }
}
