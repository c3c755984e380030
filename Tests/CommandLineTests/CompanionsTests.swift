import Foundation
import Testing
import Town

@Suite(
  "Companions and the exposed, straight from files", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct CompanionsTests {
  private static let iso = """
    person,venue,from,to
    P1,店,2022-11-29T08:30+08:00,2022-11-29T09:30+08:00
    P2,店,2022-11-29T09:00+08:00,2022-11-29T10:00+08:00
    P3,店,2022-11-28T23:00+08:00,2022-11-29T09:15:30+08:00
    P4,店,2022-11-29T09:30+08:00,2022-11-29T10:00+08:00

    """
  private static let answer = """
    index,person,degree,overlap_seconds,meetings,first_at,last_at
    P1,P3,1,2730,1,2022-11-29T08:30+08:00,2022-11-29T09:15:30+08:00
    P1,P2,1,1800,1,2022-11-29T09:00+08:00,2022-11-29T09:30+08:00

    """

  @Test("the encoding, the delimiter, line ends, a mark, quotes and a pipe make no difference")
  func forms() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    let chinese = String.Encoding(rawValue: 0x8000_0632)
    let forms: [(name: String, bytes: [UInt8])] = [
      ("plain", Array(Self.iso.utf8)),
      ("mark", [0xEF, 0xBB, 0xBF] + Array(Self.iso.utf8)),
      ("semicolons", Array(Self.iso.replacing(",", with: ";").utf8)),
      ("tabs", Array(Self.iso.replacing(",", with: "\t").utf8)),
      ("carriage returns", Array(Self.iso.replacing("\n", with: "\r\n").utf8)),
      ("no last line feed", Array(Self.iso.utf8.dropLast())),
      ("quotes", Array(Self.iso.replacing("P2", with: "\"P2\"").utf8)),
      ("GB18030", Array(Self.iso.data(using: chinese) ?? Data())),
      ("chinese header", Array(Self.iso.replacing("person,venue", with: "人员,场所").utf8)),
    ]
    for form in forms {
      try desktop.put("in.csv", form.bytes)
      let found = try await desktop.done(
        "companions", "--visits", "in.csv", "--index", "P1", "--minimum", "60")
      #expect(found.output == Self.answer, "\(form.name)")
    }
    let piped = try await desktop.run(
      ["companions", "--visits", "-", "--index", "P1", "--minimum", "60"],
      input: Array(Self.iso.utf8))
    #expect(piped.output == Self.answer)
  }

  @Test("the minimum and the window, both sides of each")
  func boundaries() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try desktop.put("in.csv", Self.iso)
    for (options, people) in [
      (["--minimum", "2730"], ["P3"]), (["--minimum", "2731"], []),
      (["--minimum", "1", "--to", "2022-11-29T09:00"], ["P3"]),
      (["--minimum", "1", "--to", "2022-11-29T09:00:01"], ["P3", "P2"]),
      (["--minimum", "1", "--from", "2022-11-29T09:15:30"], ["P2"]),
      (["--minimum", "1", "--from", "2022-11-29T09:15:29"], ["P2", "P3"]),
    ] {
      let found = try await desktop.run(
        ["companions", "--visits", "in.csv", "--index", "P1"] + options)
      let listed = found.output.split(separator: "\n").dropFirst().map {
        String($0.split(separator: ",")[1])
      }
      #expect(listed == people, "\(options)")
    }
  }

  @Test("everyone at a venue, with the seconds inside the window; a doubled row counts once")
  func exposed() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try desktop.put("in.csv", Self.iso)
    try desktop.put("more.csv", Self.iso)
    let found = try await desktop.done(
      "exposed", "--visits", "in.csv", "more.csv", "--venue", "店", "--from", "2022-11-29T00:00",
      "--to", "2022-11-29T09:10")
    #expect(found.output == "person,seconds\nP3,33000\nP1,2400\nP2,600\n")
    let shown = try await desktop.done(
      "exposed", "--visits", "in.csv", "--venue", "店", "--from", "2022-11-29T09:59", "--to",
      "2022-11-29T11:00", "--format", "json")
    #expect(shown.output == #"[{"person":"P2","seconds":60},{"person":"P4","seconds":60}]"# + "\n")
  }

  @Test("wrong rows are all named, and nothing is answered")
  func wrongRows() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try desktop.put(
      "in.csv", "person,venue,from,to\nP1,a,5,9\nP2,a,9,5\nP3,a,soon,9\n,a,1,2\nP4,a,1\n")
    let found = try await desktop.run(
      "companions", "--visits", "in.csv", "--index", "P1", "--minimum", "0")
    #expect(found.status == 1 && found.output == "")
    for (row, field) in [(3, "to"), (4, "from"), (5, "person"), (6, "to")] {
      let named = found.complaints.split(separator: "\n").contains {
        $0.contains("row \(row),") && $0.contains("“\(field)”")
      }
      #expect(named, "\(found.complaints)")
    }
    #expect(!found.complaints.contains("P2") && !found.complaints.contains("soon"))
    let chinese = try await desktop.run(
      "companions", "--visits", "in.csv", "--index", "P1", "--minimum", "0",
      locale: "zh_CN.UTF-8")
    #expect(chinese.status == 1 && chinese.complaints.contains("第3行“to”：早于“from”"))
  }

  @Test("a workbook's extra columns are named once, and people may stand in a file")
  func extras() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try desktop.put("in.csv", "person,venue,from,to,shoes\nP1,a,5,9,1\n=P2,a,6,8,2\n")
    try desktop.put("who.txt", "person\nP1\n\n")
    let found = try await desktop.done(
      "companions", "--visits", "in.csv", "--index-file", "who.txt", "--minimum", "1")
    #expect(found.output.split(separator: "\n").last == "P1,'=P2,1,2,1,6,8")
    #expect(found.complaints.split(separator: "\n").count { $0.contains("shoes") } == 1)
  }
}
