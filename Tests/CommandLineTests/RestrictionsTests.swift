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
      (["list", "--state", "gone"], "effective | suspended | ended"),
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
}
