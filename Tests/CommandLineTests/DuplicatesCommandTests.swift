import Foundation
import Testing
import Town

@Suite(
  "Duplicate people through the command line", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct DuplicatesCommandTests {
  private static let febrl = [
    "--match", "given_name=given_name", "surname=surname", "birth_date=date_of_birth",
    "identity=soc_sec_id", "address=address_1", "locality=suburb", "postcode=postcode",
  ]
  private static let people = """
    编号,姓名,电话,出生日期
    1,王小明,13800000001,1980-01-02
    2,王晓明,13800000001,1980-02-01
    3,李四,13900000002,1990-05-06
    4,王芳,13800000001,1982-03-03

    """
  private static let match = ["--match", "name=姓名", "phone=电话", "birth_date=出生日期"]

  /// The pairs of a table whose probability is at least one half.
  private static func likely(_ lines: [Substring]) -> Set<[String]> {
    Set(
      lines.dropFirst().compactMap { line in
        let cells = line.split(separator: ",").map(String.init)
        guard cells.count == 3, let probability = Double(cells[2]), probability >= 0.5 else {
          return nil
        }
        return [cells[0], cells[1]]
      })
  }

  @Test(
    "published sets with their truth: recall at least 0.99 at a precision of at least 0.999",
    .enabled(if: SharedData.has("linkage-febrl"), "the shared data is not here"),
    arguments: [("febrl1", 500), ("febrl2", 1_934)])
  func published(_ set: String, _ links: Int) async throws {
    let folder = try #require(SharedData.folder("linkage-febrl"))
    let desktop = try Desktop()
    defer { desktop.clear() }
    let outcome = try await desktop.run(
      ["duplicates", folder.appending(path: "\(set).csv").path] + Self.febrl)
    #expect(outcome.status == 0, "\(outcome.complaints)")
    let truth = try String(
      contentsOf: folder.appending(path: "\(set)_true_links.csv"), encoding: .utf8)
    let known = Set(
      truth.split(whereSeparator: \.isNewline).dropFirst().map { line in
        line.split(separator: ",").map(String.init).sorted()
      })
    #expect(known.count == links)
    let found = Self.likely(outcome.output.split(separator: "\n"))
    let right = Double(found.intersection(known).count)
    #expect(right >= 0.99 * Double(known.count), "found \(right) of \(known.count)")
    #expect(right >= 0.999 * Double(found.count), "\(right) of \(found.count) are right")
  }

  @Test("a few people, in another encoding, as JSON and between two files")
  func few() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try desktop.put("in.csv", Self.people)
    let gb18030 = String.Encoding(rawValue: 0x8000_0632)
    try desktop.put("gb.csv", Array(try #require(Self.people.data(using: gb18030))))
    let first = try await desktop.run(["duplicates", "in.csv"] + Self.match)
    #expect(first.output.hasPrefix("a,b,probability\n1,2,0.9"), "\(first.complaints)")
    #expect(first.lines.count == 2)
    let other = try await desktop.run(["duplicates", "gb.csv"] + Self.match)
    #expect(other.output == first.output)
    let json = try await desktop.run(
      ["duplicates", "in.csv"] + Self.match + ["--format", "json"])
    #expect(json.output.hasPrefix("[{\"a\":\"1\",\"b\":\"2\",\"probability\":0.9"))
    let against = try await desktop.run(
      ["duplicates", "in.csv", "--against", "gb.csv"] + Self.match)
    #expect(Self.likely(against.output.split(separator: "\n")).contains(["1", "1"]))
  }

  @Test("the rest of the columns is named once, the identifier is none of them")
  func extra() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try desktop.put("in.csv", "id,name,note,remark\n1,张三,x,y\n2,张三,x,y\n")
    let outcome = try await desktop.run("duplicates", "in.csv", "--match", "name=name")
    #expect(outcome.status == 0)
    #expect(outcome.complaints.contains("note, remark"))
    #expect(!outcome.complaints.contains("id,"))
  }
}
