import District
import Foundation
import Testing
import Town

@testable import Kernel

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

  @Test(
    "imported day by day nothing is lost: the independent count agrees, and the export is the import",
    .enabled(if: SharedData.has("cn-risk-areas"), "the shared data is not here"),
    .enabled(if: IndependentScript.python != nil, "there is no Python"))
  func imported() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    let file = try SharedData.bytes("cn-risk-areas", "risk_daily_2022_qingdao_weihai.csv")
    try desktop.put("zones.csv", file)
    _ = try await desktop.done("init", "--data", "data")
    let said = try Fields.json(
      Array(
        try await desktop.done(
          "import", "zones", "zones.csv", "--data", "data", "--format", "json"
        ).output.utf8))
    let lines = String(decoding: file, as: UTF8.self).split(separator: "\n").count - 1
    guard case .integer(let accepted) = said["accepted"],
      case .integer(let doubled) = said["duplicate"]
    else {
      Issue.record("the import says nothing of its rows")
      return
    }
    #expect(accepted + doubled == lines && said["rejected"] == .integer(0))
    let ours = try Fields.json(
      Array(try await desktop.done("zones", "history", "--data", "data").output.utf8))
    let theirs = try Fields.json(
      try await IndependentScript.run("zones.py", ["\(desktop.path)/zones.csv"]))
    for key in ["days", "episodes", "reopened_within_7_days"] {
      #expect(ours[key] == theirs[key], "\(key)")
    }
    // What was exported comes back as nothing new.
    try desktop.put(
      "out.csv",
      Array(try await desktop.done("export", "zones", "--data", "data").output.utf8))
    let again = try Fields.json(
      Array(
        try await desktop.done(
          "import", "zones", "out.csv", "--data", "data", "--format", "json"
        ).output.utf8))
    #expect(again["accepted"] == .integer(0) && again["duplicate"] == .integer(accepted))
  }

  @Test("two editions are compared, with the numbers of a district")
  func policyDiff() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    _ = try await desktop.done("init", "--data", "data")
    let said = try await desktop.done(
      "policy", "diff", "cn-9", "cn-20-measures", "--data", "data"
    ).output
    #expect(said.contains("secondary [0]"))
    #expect(said.contains("zone medium [0]"))
    #expect(try await desktop.run("policy", "diff", "cn-9", "cn-99").status == 1)
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

  @Test("a list of no city is put aside by row, and one that came in by mistake is taken out")
  func mistaken() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try await desktop.done("init", "--data", "data")
    try desktop.put(
      "zones.csv",
      "as_of,city_code,county,area,level\n2022-11-01,3702,,A,high\n2099-11-01,3702,,A,high\n"
        + "2022-11-01,abcd,,A,high\n")
    let said = try await desktop.run("import", "zones", "zones.csv", "--data", "data")
    #expect(said.status == 1)
    for words in ["row 3", "as_of", "row 4", "city_code"] {
      #expect(said.complaints.contains(words), "\(said.complaints)")
    }
    let out = ["zones", "take-out", "--as-of", "2022-11-01", "--city", "3702", "--data", "data"]
    #expect(try await desktop.run(out).status == 2)
    let taken = try await desktop.run(out + ["--reason", "错表"])
    #expect(taken.status == 0 && taken.complaints.contains("1 lines"), "\(taken.complaints)")
    #expect(try await desktop.done("export", "zones", "--data", "data").lines.count == 1)
    let again = try await desktop.run(out + ["--reason", "错表"])
    #expect(again.status == 1 && again.complaints.contains("no list of 3702"))
  }

  @Test("a zone is shown whole though some of what happened to it is about nothing further")
  func shown() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    try await settle(in: desktop)
    let said = try await desktop.done("zones", "show", "zone-1", "--data", "data").output
    for words in ["the plan was written", "declined", "about this"] {
      #expect(said.lowercased().contains(words), "\(said)")
    }
    let json = try await desktop.done(
      "zones", "show", "zone-1", "--data", "data", "--format", "json"
    ).output
    #expect(try Fields.json(Array(json.utf8))["plan"] == .text("  one zone, one plan  "))
  }

  /// A zone of an edition, with a plan, that was declined.
  private func settle(in desktop: Desktop) async throws {
    let (district, lock) = try await DataFolder("\(desktop.path)/data").open(
      clock: .stopped(at: Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))))
    try await district.desk.storage.write { transaction in
      let place = try transaction.row("SELECT id, path FROM place WHERE code = '230102001001'")
      guard let place else { throw Refusal.missing("place") }
      let (id, path) = (place.text(0), place.text(1))
      try transaction.execute(
        """
        INSERT INTO zone (id, level, edition, state, place, path, infection, proposed_by,
          proposed_by_organisations, proposed_at, stepped_down, people, served_until, ended_at,
          plan)
        VALUES ('zone-1', 'high', 'cn-9@1', 'declined', \(id), \(path), 'z-1', 'leader',
          'community', 0, 0, 1, 0, 0, '  one zone, one plan  ')
        """)
      for (number, (kind, about)) in [
        ("proposed", "about this"), ("plan", ""), ("declined", ""),
      ].enumerated() {
        try transaction.execute(
          """
          INSERT INTO zone_event (zone, ordinal, kind, at, sender, edition, level, about)
          VALUES ('zone-1', \(number + 1), \(kind), 0, 'leader', 'cn-9@1', 'high', \(about))
          """)
      }
    }
    withExtendedLifetime(lock) {}
  }
}
