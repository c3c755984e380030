import Foundation
import Kernel
import Testing
import Town

@Suite(
  "The history of zones, from the command line",
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct ZonesTests {
  @Test(
    "the official lists of two cities come out as an independent script counts them",
    .enabled(if: SharedData.has("cn-risk-areas"), "the shared data is not here"),
    .enabled(if: IndependentScript.python != nil, "there is no Python"))
  func official() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try desktop.put(
      "zones.csv", try SharedData.bytes("cn-risk-areas", "risk_daily_2022_qingdao_weihai.csv"))
    let said = try await desktop.done("zones", "history", "zones.csv", "--format", "json")
    let ours = try Fields.json(Array(said.output.utf8))
    let theirs = try Fields.json(
      try await IndependentScript.run("zones.py", ["\(desktop.path)/zones.csv"]))
    for key in ["days", "episodes", "reopened_within_7_days"] {
      #expect(ours[key] == theirs[key], "\(key)")
    }
    guard case .list(let contradictions) = ours["contradictions"],
      case .integer(let count) = theirs["contradictions"]
    else {
      Issue.record("no contradictions are counted")
      return
    }
    #expect(contradictions.count == Int(count))
  }

  @Test("every wrong row is named with what it should be, and nothing is answered")
  func wrongRows() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try desktop.put(
      "zones.csv",
      """
      as_of,city_code,county,area,level
      yesterday,3702,市北区,A,high
      2022-11-01,,市北区,A,high
      2022-11-01,3702,市北区,,high
      2022-11-01,3702,市北区,A,red

      """)
    let outcome = try await desktop.run("zones", "history", "zones.csv")
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    for words in ["row 2, as_of", "row 3, city_code", "row 4, area", "row 5, level"] {
      #expect(outcome.complaints.contains(words), "\(outcome.complaints)")
    }
    try desktop.put("short.csv", "as_of,city_code\n2022-11-01,3702\n")
    let short = try await desktop.run("zones", "history", "short.csv")
    #expect(short.status == 1 && short.complaints.contains("county"), "\(short.complaints)")
    #expect(try await desktop.run("zones", "history", "none.csv").status == 2)
  }
}
