import Foundation
import Testing
import Town

@Suite(
  "Real files through the command line", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct RealFilesTests {
  private static func path(_ set: String, _ file: String) throws -> String {
    try #require(SharedData.folder(set)).appending(path: file).path
  }

  @Test(
    "the divisions of four cities in one command, the same again, and the coding of 2023",
    .enabled(if: SharedData.has("cn-divisions"), "the shared data is not here"))
  func divisions() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try await desktop.done("init", "--data", "data")
    let files = try ["districts", "streets", "communities"].map {
      try Self.path("cn-divisions", "\($0).csv")
    }
    let first = try await desktop.run(
      ["import", "places"] + files + ["--data", "data", "--format", "json"])
    var summary = try desktop.summary(first)
    #expect(summary.read == 13_780 && summary.accepted == 13_780, "\(first.complaints)")
    #expect(first.complaints.split(separator: "\n").count { $0.contains("ignored") } == 1)
    let again = try await desktop.run(
      ["import", "places"] + files + ["--data", "data", "--format", "json"])
    #expect(try desktop.summary(again).duplicate == 13_780)
    let later = try await desktop.run(
      "import", "places", try Self.path("cn-divisions", "streets_2023.csv"), "--data", "data",
      "--format", "json")
    summary = try desktop.summary(later)
    #expect(summary.read == 650 && summary.accepted == 11 && summary.duplicate == 639)
    let out = try await desktop.done("export", "places", "--data", "data")
    // The four cities themselves are made from the districts' own columns.
    #expect(out.lines.count == 1 + 4 + 13_780 + summary.accepted - Self.recoded)
  }

  /// Streets of 2023 that are known under another name or code: their place stays.
  private static let recoded = 4

  @Test(
    "the published tracks of Shandong and Shanxi: every row is a visit or a lead, none is lost",
    .enabled(if: SharedData.has("cn-case-trajectories"), "the shared data is not here"))
  func tracks() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let files = [
      try Self.path("cn-case-trajectories", "cases.csv"),
      try Self.path("cn-case-trajectories", "tracks.csv"),
    ]
    let first = try await desktop.run(
      ["import", "tracks"] + files + ["--data", "data", "--format", "json"])
    let summary = try desktop.summary(first)
    #expect(first.status == 0, "\(first.complaints)")
    #expect(
      summary
        == Summary(
          kind: "tracks", read: 1_056, accepted: 1_013, rejected: 0, duplicate: 0, leads: 43))
    let again = try await desktop.run(
      ["import", "tracks"] + files + ["--data", "data", "--format", "json"])
    #expect(try desktop.summary(again).duplicate == 1_056)
    let visits = try await desktop.done("export", "visits", "--data", "data")
    #expect(visits.lines.count == 1 + 6 + 1_257)
    #expect(
      visits.lines.contains(
        "37-0049,海阳市人民医院,2020-02-02T00:00:00+08:00,2020-02-03T00:00:00+08:00,interview,,"))
  }

  @Test(
    "Shanghai's bulletins, one of them in GB18030, against the table of another publication",
    .enabled(if: SharedData.has("cn-shanghai-2022"), "the shared data is not here"))
  func bulletins() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    let text = try String(
      contentsOfFile: Self.path("cn-shanghai-2022", "bulletins/2022-04-20.txt"), encoding: .utf8)
    let encoded = text.data(using: String.Encoding(rawValue: 0x8000_0632)) ?? Data()
    try FileManager.default.createDirectory(
      atPath: "\(desktop.path)/in", withIntermediateDirectories: true)
    try desktop.put("in/a.txt", text)
    try desktop.put("in/b.txt", Array(encoded))
    let out = try await desktop.run(
      "bulletin", "check", "in", "--against",
      try Self.path("cn-shanghai-2022", "district_daily.csv"), "--format", "json")
    let checks = try JSONDecoder().decode([Check].self, from: Data(out.bytes))
    #expect(checks.map(\.file) == ["in/a.txt", "in/b.txt"])
    #expect(checks[0].confirmed == checks[1].confirmed && checks[0].confirmed > 0)
    #expect(checks[0].date == "2022-04-20" && checks[0].reconciles == checks[1].reconciles)
    #expect(out.status == (checks[0].reconciles ? 0 : 1))
  }

  private struct Check: Decodable {
    let file: String
    let date: String
    let confirmed: Int
    let reconciles: Bool
  }

  @Test("Harbin's day as a GB18030 file: 59 = 54 + 5, by source and by district")
  func harbin() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try await desktop.done("init", "--data", "data")
    let districts = [
      ("230110", "香坊区", 20), ("230102", "道里区", 11), ("230103", "南岗区", 8),
      ("230111", "呼兰区", 7), ("230109", "松北区", 5), ("230112", "阿城区", 2),
      ("230125", "宾县", 2), ("230184", "五常市", 2), ("230104", "道外区", 1),
      ("230127", "木兰县", 1),
    ]
    let sources = [
      ("isolation", 50), ("community_screening", 5), ("contact_screening", 2), ("key_group", 1),
      ("cross_region", 1),
    ]
    try desktop.put(
      "places.csv",
      "code,name,city_code,city\n"
        + districts.map { "\($0.0),\($0.1),2301,哈尔滨市\n" }.joined())
    try await desktop.done("import", "places", "places.csv", "--data", "data")
    let homes = districts.flatMap { Array(repeating: $0.1, count: $0.2) }
    let found = sources.flatMap { Array(repeating: $0.0, count: $0.1) }
    let rows = homes.indices.map { index in
      let kind = index % 12 == 11 ? "无症状" : index == 58 ? "asymptomatic" : "确诊"
      return "HRB-\(index),HP-\(index),\(kind),\(found[index]),\(homes[index]),2022/11/29 10:00\n"
    }
    let text = "病例编号,人员编号,类型,发现途径,区县,报告时间\n" + rows.joined()
    try desktop.put(
      "cases.csv", Array(text.data(using: String.Encoding(rawValue: 0x8000_0632)) ?? Data()))
    let taken = try await desktop.run(
      "import", "cases", "cases.csv", "--data", "data", "--format", "json")
    #expect(try desktop.summary(taken).accepted == 59, "\(taken.complaints)")
    let out = try await desktop.run(
      "bulletin", "--from", "2022-11-29", "--to", "2022-11-29T15:00", "--data", "data",
      "--format", "json")
    #expect(out.status == 0, "\(out.complaints)")
    for part in [
      #""total":59"#, #""confirmed":54"#, #""asymptomatic":5"#, #""isolation":50"#,
      #""香坊区":20"#, #""木兰县":1"#, #""reconciles":true"#,
    ] { #expect(out.output.contains(part), "\(part): \(out.output)") }
  }
}
