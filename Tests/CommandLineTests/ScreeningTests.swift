import Foundation
import Kernel
import Testing
import Town

@Suite(
  "A round from the command line", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct ScreeningTests {
  @Test("from the order to the last recalled person")
  func round() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    var people = "person,name,sex,birth_date,community_code,estate,building,entrance,floor,room\n"
    for number in 1...25 {
      people += "Q\(number),居民,女,1980-01-01,230102001001,阳光小区,2号楼,1单元,3,30\(number % 5)\n"
    }
    people += "Q26,幼儿,男,2099-01-01,230102001001,阳光小区,2号楼,1单元,3,301\n"
      .replacing("2099", with: String(Calendar.current.component(.year, from: Date()) - 1))
    try desktop.put("people.csv", people)
    try await desktop.done("import", "residents", "people.csv", "--data", "data")
    let opened = try await desktop.done(
      "screening", "open", "--area", "230102001001", "--name", "第一轮", "--pool", "10", "--data",
      "data")
    let round = try Fields.json(Array(opened.output.utf8))
    guard case .text(let id) = round["round"], case .integer(let listed) = round["listed"] else {
      Issue.record("\(opened.output)")
      return
    }
    // R1 of the settled district lives there too.
    #expect(listed == 27)
    var swabs = "round,person,tube,point,sampled_at,operator\n"
    for number in 1...20 {
      swabs += "\(id),Q\(number),T\((number - 1) / 10 + 1),P1,2022-11-29T08:00+08:00,S1\n"
    }
    swabs +=
      "\(id),Q1,T9,P1,2022-11-29T09:00+08:00,S1\n\(id),stranger,T3,P1,2022-11-29T09:00+08:00,S1\n"
    try desktop.put("swabs.csv", swabs)
    let taken = try await desktop.run(
      "import", "registrations", "swabs.csv", "--data", "data", "--format", "json")
    let summary = try desktop.summary(taken)
    #expect(taken.status == 1 && summary.read == 22 && summary.accepted == 21)
    #expect(summary.rejected == 1 && summary.addsUp)
    try desktop.put(
      "results.csv",
      """
      tube,result,reported_at,laboratory,sequence
      T1,positive,2022-11-29T14:00+08:00,L1,1
      T2,negative,2022-11-29T14:00+08:00,L1,2
      T3,negative,2022-11-29T14:00+08:00,L1,3
      T7,negative,2022-11-29T14:00+08:00,L1,4

      """)
    let results = try await desktop.run(
      "import", "results", "results.csv", "--data", "data", "--format", "json")
    let counted = try desktop.summary(results)
    #expect(counted.accepted == 3 && counted.rejected == 1)
    let coverage = try await desktop.done(
      "screening", "coverage", id, "--data", "data", "--by", "building", "--format", "json")
    let figures = try Fields.json(Array(coverage.output.utf8))
    #expect(figures["listed"] == .integer(27) && figures["exempt"] == .integer(1))
    #expect(figures["tested"] == .integer(20) && figures["unlisted_tested"] == .integer(1))
    #expect(figures["unlisted_swabbed"] == .integer(1))
    let csv = try await desktop.done(
      "screening", "coverage", id, "--data", "data", "--by", "building", "--format", "csv")
    #expect(csv.lines.first == "code,name,listed,exempt,tested,untested")
    #expect(csv.lines.contains { $0.hasSuffix(",2号楼,26,1,20,5") }, "\(csv.output)")
    try await singles(desktop, id)
    let untested = try await desktop.done("screening", "untested", id, "--data", "data")
    #expect(untested.lines.first == "person,community,building,entrance,floor,room,reason")
    #expect(untested.lines.count == 7)
    #expect(untested.output.contains("Q21,230102001001,2号楼,1单元,3,301,missing"))
    let why = try await desktop.done("screening", "untested", id, "--listed", "--data", "data")
    #expect(why.lines.first?.hasSuffix(",reason,listed") == true)
    #expect(why.output.contains(",missing,resident"))
    let again = try await desktop.done("export", "registrations", "--data", "data")
    #expect(again.lines.count == 24)
    #expect(try await desktop.counts().violated == [])
  }

  /// Everyone in the first tube gives a swab of their own; one of them is positive.
  private func singles(_ desktop: Desktop, _ id: String) async throws {
    var held = try await desktop.done("screening", "recalls", id, "--data", "data")
    #expect(held.lines.first == "person,tube,held_since,state,single_tube,decided_at")
    #expect(held.lines.count == 11 && held.lines.dropFirst().allSatisfy { $0.hasSuffix(",held,,") })
    try desktop.put(
      "singles.csv",
      """
      round,person,tube,point,sampled_at,operator
      \(id),Q1,S1,,2022-11-29T18:00+08:00,
      \(id),Q2,S2,,2022-11-29T18:00+08:00,

      """)
    try await desktop.done("import", "registrations", "singles.csv", "--data", "data")
    try desktop.put(
      "single-results.csv",
      """
      tube,result,reported_at,laboratory,sequence
      S1,negative,2022-11-30T00:00+08:00,L1,5
      S2,positive,2022-11-30T00:00+08:00,L1,6

      """)
    try await desktop.done("import", "results", "single-results.csv", "--data", "data")
    held = try await desktop.done(
      "screening", "recalls", id, "--data", "data", "--format", "json")
    guard case .list(let lines) = try Fields.json(Array(held.output.utf8)) else { return }
    let states = Dictionary(grouping: lines) { $0["state"] }.mapValues(\.count)
    #expect(states == [.text("released"): 1, .text("case"): 1, .text("held"): 8])
    let cases = try await desktop.done("export", "cases", "--data", "data")
    #expect(cases.output.contains(",Q2,") && !cases.output.contains(",Q1,"))
  }

  @Test("a list in a file becomes a round, and each row that names nobody is told")
  func list() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    try desktop.put(
      "people.csv",
      "person,name,sex,birth_date,community_code,estate,building,entrance,floor,room\n"
        + "Q1,居民,女,1980-01-01,230102001001,阳光小区,2号楼,1单元,3,301\n")
    try await desktop.done("import", "residents", "people.csv", "--data", "data")
    try desktop.put("list.csv", "序号,人员编号\n1,Q1\n2,nobody\n3,Q1\n")
    let open = [
      "screening", "open", "--area", "230102001001", "--name", "密接", "--pool", "1", "--data",
      "data",
      "--list", "list.csv",
    ]
    let faulty = try await desktop.run(open)
    #expect(faulty.status == 1 && faulty.output.isEmpty)
    #expect(faulty.complaints.contains("list.csv: row 3: no file has this number"))
    #expect(faulty.complaints.contains("list.csv: row 4: stands in an earlier row"))
    let opened = try await desktop.run(open + ["--leave-out"])
    #expect(opened.status == 0)
    #expect(try Fields.json(Array(opened.output.utf8))["listed"] == .integer(1))
    let both = try await desktop.run(open + ["--group", "contacts"])
    #expect(both.status != 0 && both.complaints.contains("not both"))
  }

  @Test("a plan shows its formulae, and labels are a document")
  func planAndLabels() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    let plan = try await desktop.done(
      "screening", "plan", "--area", "230102", "--hours", "24", "--pool", "10", "--data", "data")
    #expect(plan.output.contains("Tubes  ") && plan.output.contains("÷ 10 in a tube"))
    try await desktop.done(
      "screening", "labels", "--count", "70", "--to", "labels.pdf", "--data", "data")
    #expect(desktop.bytes("labels.pdf")?.starts(with: Array("%PDF-1.4".utf8)) == true)
    let nowhere = [
      "screening", "labels", "--count", "1", "--to", "no/x.pdf", "--data", "data",
    ]
    let refused = try await desktop.run(nowhere)
    #expect(refused.status == 3 && refused.complaints.contains("there is no folder"))
    let chinese = try await BuiltProgram.run(nowhere, in: desktop.path, locale: "zh_CN.UTF-8")
    #expect(chinese.status == 3 && chinese.complaints.contains("没有文件夹"))
    // No code was spent on it: the next roll begins behind the seventieth.
    let next = try await desktop.done(
      "screening", "labels", "--count", "1", "--to", "next.pdf", "--data", "data")
    #expect(next.complaints.contains("T0000027"))
    let wrong = try await desktop.run(
      "screening", "open", "--area", "230102", "--name", "x", "--pool", "7", "--data", "data")
    #expect(wrong.status == 1 && wrong.complaints.contains("1, 5, 10, 20"))
    let none = try await desktop.run("screening", "coverage", "nothing", "--data", "data")
    #expect(none.status == 1)
  }
}
