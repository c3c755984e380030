import District
import Foundation
import Kernel
import Testing
import Town

/// The list of Zhengzhou, by whoever holds the data folder or an account of the command line.
@Suite(
  "Zhengzhou, from the command line", .serialized,
  .enabled(if: BuiltProgram.isThere, "the program is not built"))
struct ZhengzhouLineTests {
  /// The rules of the ninth edition as if they held today, with one thing written otherwise.
  static func policy(_ from: String = "", _ to: String = "") -> String {
    let text = String(decoding: Assets.bytes("Policies/cn-9.yaml") ?? [], as: UTF8.self)
    let drafted = text.replacing("id: cn-9", with: "id: drafted")
      .replacing("effective_from: 2022-06-28", with: "effective_from: 2024-01-01")
      .replacing("effective_to: 2022-11-10\n", with: "")
    return from.isEmpty ? drafted : drafted.replacing(from, with: to)
  }

  static func cases(_ numbers: Range<Int>, _ prefix: String) -> String {
    let now = Instant(seconds: Int64(Date().timeIntervalSince1970)).text(in: .china)
    let rows = numbers.map { "\(prefix)-\($0),target-\($0),confirmed,clinic,230102,\(now)\n" }
    return "case,person,kind,source,district,reported_at\n" + rows.joined()
  }

  private static func desktop() async throws -> Desktop {
    let desktop = try Desktop()
    try await desktop.done("init", "--data", "data")
    try desktop.put("places.csv", Desktop.places)
    try await desktop.done("import", "places", "places.csv", "--data", "data")
    return desktop
  }

  private func restricted(_ desktop: Desktop) async throws -> Int {
    try await desktop.done("restrictions", "list", "--data", "data", "--format", "csv").lines
      .count - 1
  }

  @Test(
    "a drafted edition that lets one account do more is told by name, and no server starts on it")
  func drafted() async throws {
    let desktop = try await Self.desktop()
    defer { desktop.clear() }
    try desktop.put("list.csv", Self.cases(0..<20, "A"))
    for (from, to, named) in [
      ("    alone: {people: 20,", "    alone: {people: 1317,", "alone.people"),
      ("people: 60, hours: 24, widest: building", "people: 60, hours: 24, widest: city", "widest"),
      ("confirmed_alone: {people: 20,", "confirmed_alone: {people: 1317,", "confirmed_alone"),
      ("alone_people: 100", "alone_people: 1317", "alone_people"),
      ("attempts: 10,", "attempts: 100000,", "attempts"),
      ("alarm_minutes: 60", "alarm_minutes: 600000", "alarm_minutes"),
    ] {
      try desktop.put("data/policies/drafted.yaml", Self.policy(from, to))
      let checked = try await desktop.run("policy", "check", "data/policies/drafted.yaml")
      #expect(checked.status == 1 && checked.complaints.contains(named), "\(checked.complaints)")
      for line in [["import", "cases", "list.csv"], ["restrictions", "list"]] {
        let said = try await desktop.run(line + ["--data", "data"])
        #expect(said.status == 1 && said.complaints.contains("drafted.yaml"), "\(said.complaints)")
      }
      // A server that started after all would not end by itself.
      let server = try BuiltProgram.start(
        ["serve", "--data", "data", "--listen", "127.0.0.1:0"], in: desktop.path,
        output: "\(desktop.path)/out", errors: "\(desktop.path)/err")
      for _ in 0..<600 where server.isRunning && !desktop.has("data/address") {
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(!server.isRunning && desktop.text("err")?.contains("drafted.yaml") == true)
      if server.isRunning { server.terminate() }
      await BuiltProgram.end(of: server)
    }
  }

  @Test(
    "imported whole, in pieces, again and by another account: no more than one may, and an alarm")
  func imported() async throws {
    let desktop = try await Self.desktop()
    defer { desktop.clear() }
    try desktop.put("data/policies/drafted.yaml", Self.policy())
    try desktop.put("list.csv", Self.cases(0..<TheList.people - 260, "A"))
    try await desktop.serving { _, _ in
      let before = Date()
      try await desktop.done("import", "cases", "list.csv", "--data", "data")
      let owed = try await desktop.done("obligations", "--data", "data", "--format", "csv")
      #expect(owed.output.contains("restrictions.alarm"))
      #expect(Date().timeIntervalSince(before) < 60)
      #expect(try await restricted(desktop) == 20)
      // Once more: the same file, and others of the list by thirteen.
      try await desktop.done("import", "cases", "list.csv", "--data", "data")
      for number in 0..<10 { try await piece(number, "B", as: "admin", on: desktop) }
      #expect(try await restricted(desktop) == 20)
      // Another account of another organisation has its own twenty, and no more.
      try await desktop.done(
        "perform", "accounts.open", "--json", #"{"account":"helper","title":"helper"}"#, "--data",
        "data")
      try await desktop.done(
        "perform", "offices.grant", "--json",
        #"{"account":"helper","role":"investigator","place":"230102"}"#, "--data", "data")
      for number in 10..<20 { try await piece(number, "C", as: "helper", on: desktop) }
      #expect(try await restricted(desktop) == 40)
      // Nobody decides on what they have caused, and no command line is a second person by itself.
      for (name, body) in [
        ("restrictions.approveHeld", #"{"account":"admin","approved":true,"expected":1297}"#),
        ("restrictions.restrictWaiting", "{}"),
        ("restrictions.applyEdition", "{}"), ("restrictions.issueAll", "{}"),
      ] {
        let said = try await desktop.run("perform", name, "--json", body, "--data", "data")
        #expect(said.status == 1, "\(name): \(said.complaints)")
      }
      for person in [700, 701] {
        let asked = try await desktop.run(
          "restrictions", "issue", "target-\(person)", "--clause", "close", "--evidence", "contact",
          "--reference", "made-up", "--data", "data")
        #expect(asked.status == 1)
      }
      let zone = try await desktop.run(
        "zones", "propose", "--place", "230102001", "--level", "high", "--case", "A-1", "--data",
        "data")
      if zone.status == 0 {
        let id = zone.output.trimmingWhitespace()
        #expect(try await desktop.run("zones", "open", id, "--data", "data").status == 1)
      }
      #expect(try await restricted(desktop) == 40)
    }
    #expect(try await restricted(desktop) == 40)
    #expect(try await desktop.counts().violated == [])
  }

  /// Thirteen of the list, told by an account.
  private func piece(
    _ number: Int, _ prefix: String, as account: String, on desktop: Desktop
  ) async throws {
    let first = TheList.people - 260 + number * 13
    try desktop.put("piece.csv", Self.cases(first..<first + 13, prefix))
    try await desktop.done(
      "import", "cases", "piece.csv", "--data", "data", "--account", account)
  }
}
