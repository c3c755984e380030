import Foundation
import Testing
import Town

@Suite(
  "Import and export", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct ExchangeTests {
  @Test("what was exported imports back as duplicates, and into a new folder the same again")
  func roundTrip() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    var exported: [String: [UInt8]] = [:]
    try await desktop.done("init", "--data", "other")
    for kind in Desktop.kinds {
      let out = try await desktop.done("export", kind, "--data", "data")
      exported[kind] = out.bytes
      try desktop.put("\(kind).csv", out.bytes)
      let files = kind == "tracks" ? ["reports.csv", "tracks.csv"] : ["\(kind).csv"]
      try desktop.put("reports.csv", "case,confirmed\nT1,2020-02-01\n")
      let again = try await desktop.run(
        ["import", kind] + files + ["--data", "data", "--format", "json"])
      let summary = try desktop.summary(again)
      #expect(again.status == 0 && again.complaints == "", "\(kind): \(again.complaints)")
      #expect(summary.read == out.lines.count - 1 && summary.duplicate == summary.read)
    }
    // In a new folder whoever is known by a district only is opened by the case again.
    for kind in ["places", "cases", "residents", "encounters", "visits"] {
      _ = try await desktop.run("import", kind, "\(kind).csv", "--data", "other")
      let there = try await desktop.done("export", kind, "--data", "other")
      #expect(
        Set(there.lines.map { Self.withoutDoor($0) })
          == Set(
            String(decoding: exported[kind] ?? [], as: UTF8.self).split(separator: "\n")
              .map { Self.withoutDoor($0) }), "\(kind)")
    }
  }

  /// A door has its own identifier in each folder.
  private static func withoutDoor(_ line: Substring) -> String {
    line.split(separator: ",", omittingEmptySubsequences: false).enumerated()
      .map { $0.offset == 7 ? "" : String($0.element) }.joined(separator: ",")
  }

  @Test("every encoding, delimiter and form is understood")
  func forms() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let comma = "人员,场所,到达时间,离开时间,来源\n甲%,药店,2022-11-28T09:00,1669600800,work\n"
    let forms: [(name: String, bytes: [UInt8])] = [
      ("plain", Array(comma.replacing("%", with: "1").utf8)),
      ("marked", [0xEF, 0xBB, 0xBF] + Array(comma.replacing("%", with: "2").utf8)),
      (
        "semicolons",
        Array(comma.replacing("%", with: "3").replacing(",", with: ";").utf8)
      ),
      ("tabs", Array(comma.replacing("%", with: "4").replacing(",", with: "\t").utf8)),
      ("returns", Array(comma.replacing("%", with: "5").replacing("\n", with: "\r\n").utf8)),
      ("GB18030", Self.gb18030(comma.replacing("%", with: "6"))),
    ]
    for form in forms {
      try desktop.put("in.csv", form.bytes)
      let out = try await desktop.run(
        "import", "visits", "in.csv", "--data", "data", "--format", "json")
      #expect(try desktop.summary(out).accepted == 1, "\(form.name): \(out.complaints)")
    }
    let piped = try await desktop.run(
      "import", "visits", "-", "--data", "data", "--format", "json",
      input: Array(comma.replacing("%", with: "7").utf8))
    #expect(try desktop.summary(piped).accepted == 1, "\(piped.complaints)")
    try desktop.put("in.xlsx", WorkbookFile.bytes)
    let first = try await desktop.run("import", "visits", "in.xlsx", "--data", "data")
    #expect(first.status == 1 && first.complaints.contains("none of the columns"))
    let none = try await desktop.run(
      "import", "visits", "in.xlsx", "--data", "data", "--sheet", "x")
    #expect(none.status == 1 && none.complaints.contains("notes, visits"))
    let sheet = try await desktop.run(
      "import", "visits", "in.xlsx", "--data", "data", "--sheet", "visits", "--format", "json")
    #expect(try desktop.summary(sheet).accepted == 2, "\(sheet.complaints)")
    #expect(try await desktop.counts().rows["visits"] == 6 + 6 + 1 + 2)
  }

  private static func gb18030(_ text: String) -> [UInt8] {
    Array(text.data(using: String.Encoding(rawValue: 0x8000_0632)) ?? Data())
  }

  @Test("a rejected file can be corrected and imported again")
  func corrected() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    try desktop.put(
      "in.csv",
      "note,person,venue,from,to,source\na,Q1,'=店,2022-11-28,2022-11-29,work\nb,Q2,店,soon,2022-11-29,work\n"
    )
    let first = try await desktop.run(
      "import", "visits", "in.csv", "--data", "data", "--format", "json")
    #expect(first.status == 1)
    #expect(first.complaints.contains("ignored: note\n"))
    #expect(
      try desktop.summary(first)
        == Summary(
          kind: "visits", read: 2, accepted: 1, rejected: 1, duplicate: 0, leads: 0,
          rejectedFile: "in.rejected.csv"))
    let rejected = try #require(desktop.text("in.rejected.csv"))
    #expect(rejected.contains("b,Q2,店,soon,2022-11-29,work,3,"))
    try desktop.put("in.rejected.csv", rejected.replacing("soon", with: "2022-11-28"))
    let second = try await desktop.run(
      "import", "visits", "in.rejected.csv", "--data", "data", "--format", "json")
    #expect(second.status == 0, "\(second.complaints)")
    #expect(try desktop.summary(second).accepted == 1)
    let out = try await desktop.done("export", "visits", "--data", "data")
    #expect(out.output.contains("Q1,'=店,"))
  }

  @Test("a rehearsal writes nothing, not even rejected rows unless it is told where")
  func rehearsal() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    try desktop.put(
      "in.csv",
      Desktop.visitsHeader + "\nQ1,店,2022-11-28,2022-11-29,work\nQ1,店,2022-11-28,2022-11-29,work\n"
        + "Q2,店,soon,2022-11-29,work\n")
    let before = try await desktop.counts().rows
    let out = try await desktop.run(
      "import", "visits", "in.csv", "--data", "data", "--dry-run", "--format", "json")
    #expect(out.status == 1)
    #expect(
      try desktop.summary(out)
        == Summary(kind: "visits", read: 3, accepted: 1, rejected: 1, duplicate: 1, leads: 0))
    #expect(!desktop.has("in.rejected.csv"))
    _ = try await desktop.run(
      "import", "visits", "in.csv", "--data", "data", "--dry-run", "--rejected", "r.csv")
    #expect(desktop.has("r.csv"))
    #expect(try await desktop.counts().rows == before)
  }

  @Test("several files count as one, and rejected rows of different headers stand side by side")
  func severalFiles() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    try desktop.put("a.csv", "name,code\n道里区,12\n")
    try desktop.put("b.csv", "code,name,city\n230104,道外区,哈尔滨市\n34,某地,某市\n")
    let out = try await desktop.run(
      "import", "places", "a.csv", "b.csv", "--data", "data", "--format", "json")
    #expect(out.status == 1)
    let summary = try desktop.summary(out)
    #expect(summary.read == 3 && summary.accepted == 1 && summary.rejected == 2)
    #expect(out.complaints.contains("a.csv row 2") && out.complaints.contains("b.csv row 3"))
    let rejected = try #require(desktop.text("a.rejected.csv"))
    #expect(rejected.contains("code,name,city_code,city,row,reason"))
    #expect(rejected.contains("12,道里区,,,2,") && rejected.contains("34,某地,,某市,3,"))
  }

  @Test("the contacts of a case from long ago are those of the edition of its day")
  func contacts() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let out = try await desktop.done("contacts", "C1", "--data", "data", "--format", "csv")
    #expect(
      out.lines == [
        "case,person,degree,kind,overlap_seconds,first_at,last_at,visits,evidence",
        "C1,P9,1,close,1800,2022-11-28T10:30:00+08:00,2022-11-28T11:00:00+08:00,1,venue:超市",
        "C1,P8,1,close,600,2022-11-28T11:50:00+08:00,2022-11-28T12:00:00+08:00,1,encounter",
      ])
    let json = try await desktop.done("contacts", "C1", "--data", "data", "--format", "json")
    #expect(json.output.contains("\"overlap_seconds\":1800"))
    // An edition that determines none says so; an empty list would say that nobody was near.
    try desktop.put(
      "late.csv",
      "case,person,kind,source,district,reported_at\nC2,P2,confirmed,clinic,道里区,2023-06-01\n")
    try await desktop.done("import", "cases", "late.csv", "--data", "data")
    let late = try await desktop.run("contacts", "C2", "--data", "data")
    #expect(late.status == 1 && late.complaints.contains("determines no contacts"))
  }
}
