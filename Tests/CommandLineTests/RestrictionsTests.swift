import Foundation
import Kernel
import Testing
import Town

@Suite(
  "Restrictions, from the command line",
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct RestrictionsTests {
  @Test("an empty district lists nobody, counts nothing, and says what is wrong in words")
  func empty() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try await desktop.done("init", "--data", "data")
    let folder = ["--data", "data"]
    #expect(
      try await desktop.run(["restrictions", "list"] + folder).output.contains("nobody"))
    let list = try await desktop.run(["restrictions", "list", "--format", "csv"] + folder)
    #expect(list.lines == ["restriction,person,kind,clause,edition,place,end,day,days,end_reason"])
    let figures = try await desktop.run(["restrictions", "figures", "--days", "3"] + folder)
    #expect(figures.lines.first?.hasPrefix("day,restricted,ended,objections") == true)
    #expect(figures.lines.dropFirst().allSatisfy { $0.hasSuffix(",0,0,0,0,0,0,0,0,0") })
    for (arguments, said) in [
      (
        ["list", "--state", "gone"], "--state: “gone” means nothing here; use one of: effective | "
      ),
      (["list", "--clause", "foo"], "“foo”; use one of: asymptomatic, case, close"),
      (["show", "nobody"], "denghuo export residents"),
      (["objection", "r", "--ground", "x"], "denghuo restrictions list"),
      (["list", "--place", "999999"], "denghuo export places"),
      (["figures", "--days", "0"], "1 to 366"), (["show", "nobody"], "nobody"),
      (
        ["issue", "p", "--clause", "c", "--evidence", "rumour", "--reference", "r"], "positive_tube"
      ),
      (["objection", "r"], "either --ground or --decide"),
      (["objection", "r", "--decide", "uphold"], "--reason"),
      (["approve", "r"], "r"),
    ] {
      let outcome = try await desktop.run(["restrictions"] + arguments + folder)
      #expect(outcome.status != 0)
      #expect(outcome.complaints.contains(said), "\(arguments): \(outcome.complaints)")
    }
  }

  @Test("what is said of one person is in the language asked for, how to object too")
  func language() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try await desktop.done("init", "--data", "data")
    try desktop.put("places.csv", Desktop.places)
    try await desktop.done("import", "places", "places.csv", "--data", "data")
    try desktop.put("data/policies/drafted.yaml", ZhengzhouLineTests.policy())
    try desktop.put("cases.csv", ZhengzhouLineTests.cases(0..<1, "A"))
    try await desktop.done("import", "cases", "cases.csv", "--data", "data")
    let english = try await desktop.done("restrictions", "show", "target-0", "--data", "data")
    #expect(english.output.contains("to object  One tap on your own page"))
    #expect(!english.output.contains("本人页面"))
    let chinese = try await desktop.run(
      "restrictions", "show", "target-0", "--data", "data", locale: "zh_CN.UTF-8")
    #expect(chinese.output.contains("异议  本人页面一键提出"))
  }

  @Test("what is called wrongly is wrong use, and says what would be right")
  func wrongUse() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    try await desktop.done("init", "--data", "data")
    for (arguments, said) in [
      (["restrictions", "list", "--state", "gone", "--data", "data"], "suspended"),
      (
        [
          "restrictions", "issue", "p", "--clause", "c", "--evidence", "rumour", "--reference", "r",
          "--data", "data",
        ], "“rumour”"
      ),
      (["zones", "list", "--state", "gone", "--data", "data"], "standing"),
      (["pass", "verify", "code", "--keys", "nofile"], "denghuo pass keys"),
    ] {
      let outcome = try await desktop.run(arguments)
      #expect(outcome.status == 2, "\(arguments)")
      #expect(outcome.complaints.contains(said), "\(outcome.complaints)")
    }
    let clause = try await desktop.run(
      "restrictions", "list", "--clause", "foo", "--data", "data")
    #expect(clause.status == 1 && clause.output.isEmpty)
  }
}
