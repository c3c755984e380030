import Foundation
import Testing
import Town

/// The program against a script that was written apart from it.
@Suite(
  "Lists of companions equal those of an independent script", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"),
  .enabled(if: IndependentScript.python != nil, "there is no Python"))
struct CompanionListsTests {
  /// A generator that gives the same settings in every run.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 33)
    }
  }

  @Test(
    "fifty settings of index, window, threshold and degree on measured encounters",
    .enabled(if: SharedData.has("contacts-sociopatterns"), "the shared data is not here"))
  func encounters() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    var dice = Dice(state: 7)
    var listed = 0
    for (file, settings) in [
      ("hospital_lh10", 18), ("workplace_invs13", 22), ("workplace_invs15", 10),
    ] {
      let bytes = try SharedData.bytes("contacts-sociopatterns", "\(file).csv")
      let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map {
        $0.split(separator: ",")
      }
      let lines = rows.map { "\($0[1]),\($0[2]),\($0[0]),20\n" }
      try desktop.put("in.csv", "person_a,person_b,at,seconds\n" + lines.joined())
      let people = Set(rows.flatMap { [String($0[1]), String($0[2])] }).sorted()
      let times = rows.compactMap { Int($0[0]) }
      for setting in 0..<settings {
        listed += try await compare(
          desktop, "--encounters", Self.options(setting, people, times, &dice))
      }
    }
    #expect(listed > 1_000)
  }

  @Test("random visits over midnight, doubled, of no length and in two places at once")
  func visits() async throws {
    let desktop = try Desktop()
    defer { desktop.clear() }
    var dice = Dice(state: 11)
    var listed = 0
    for setting in 0..<16 {
      let people = (0..<40).map { setting % 4 == 0 ? "\($0)" : "人\($0)" }
      var lines: [String] = []
      var times: [Int] = []
      for _ in 0..<400 {
        let from = 1_669_680_000 + Int.random(in: 0..<600, using: &dice) * 600
        let length = [0, 600, 3_000, 9_000, 70_000].randomElement(using: &dice) ?? 0
        let person = people.randomElement(using: &dice) ?? ""
        lines.append("\(person),v\(Int.random(in: 0..<9, using: &dice)),\(from),\(from + length)\n")
        times.append(from)
      }
      lines += lines.prefix(9)
      try desktop.put("in.csv", "person,venue,from,to\n" + lines.joined())
      listed += try await compare(
        desktop, "--visits", Self.options(setting, people, times, &dice))
    }
    #expect(listed > 100)
  }

  private static func options(
    _ setting: Int, _ people: [String], _ times: [Int], _ dice: inout Dice
  ) -> [String] {
    let count = [1, 1, 2, 5][setting % 4]
    var options = ["--index"] + people.shuffled(using: &dice).prefix(count)
    options += ["--minimum", "\([0, 20, 60, 300, 900].randomElement(using: &dice) ?? 0)"]
    if setting % 3 > 0 {
      let window = [times.randomElement(using: &dice) ?? 0, times.randomElement(using: &dice) ?? 0]
      options += ["--from", "\(window.min() ?? 0)", "--to", "\(window.max() ?? 0)"]
    }
    return options + ["--degree", "\(1 + setting % 2)"]
  }

  /// Runs both and compares byte by byte; gives how many lines were listed.
  private func compare(
    _ desktop: Desktop, _ kind: String, _ options: [String]
  ) async throws -> Int {
    let ours = try await desktop.run(["companions", kind, "in.csv"] + options)
    #expect(ours.status == 0, "\(ours.complaints)")
    let process = Process()
    process.executableURL = URL(filePath: try #require(IndependentScript.python))
    process.arguments =
      [IndependentScript.path("companions.py"), kind, "\(desktop.path)/in.csv"] + options
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let theirs = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(ours.output == String(decoding: theirs, as: UTF8.self), "\(options)")
    return ours.output.split(separator: "\n").count - 1
  }
}
