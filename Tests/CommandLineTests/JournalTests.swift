import Foundation
import Kernel
import Storage
import Testing
import Town

/// A district whose journal is kept in a second place, with copies of its file as it was before.
private struct KeptDesk {
  let desktop: Desktop
  private(set) var key = ""
  private(set) var earlier: [String] = []

  var database: String { "\(desktop.path)/data/denghuo.sqlite" }
  var kept: String { "\(desktop.path)/second/checkpoints.jsonl" }

  init(cases: Int) async throws {
    desktop = try await Desktop.settled()
    try await desktop.done("journal", "keep", "--to", "second", "--data", "data")
    for number in 1...cases {
      try await report(number)
      guard number.isMultiple(of: 2), number < cases else { continue }
      let copy = "\(desktop.path)/earlier-\(number).sqlite"
      try FileManager.default.copyItem(atPath: database, toPath: copy)
      earlier.append(copy)
    }
    key = try await desktop.done("journal", "key", "--data", "data").output.trimmingWhitespace()
  }

  func report(_ number: Int) async throws {
    try await desktop.done(
      "perform", "cases.report", "--data", "data", "--json",
      """
      {"case":"K\(number)","person":"Q\(number)","kind":"confirmed","source":"clinic",
       "district":"230102","reported_at":"2022-11-29T09:00+08:00"}
      """)
  }

  /// What the verifier says.
  func verdict(_ arguments: String...) async throws -> (status: Int32, words: String) {
    let outcome = try await IndependentScript.run(
      file: IndependentScript.verifier, arguments + ["--key", key])
    return (outcome.status, String(decoding: outcome.output, as: UTF8.self))
  }

  /// Changes the tables as somebody can who is not the program.
  func change(_ statement: SQL) async throws {
    let storage = try SQLiteStorage(file: database)
    _ = try await storage.write { try $0.execute(statement) }
    try await storage.close()
  }
}

@Suite(
  "The journal as evidence",
  .enabled(
    if: BuiltProgram.isThere && IndependentScript.python != nil,
    "the program is not built, or there is no Python"))
struct JournalTests {
  /// What the attacking script tells.
  private struct Told: Decodable {
    let made: [String: Int]
    let missed: [String: Int]
    let untouched: Int
    let alarms: [String]
  }

  private static let count =
    ProcessInfo.processInfo.environment["DENGHUO_ATTACKS"].flatMap { Int($0) } ?? 119

  private func attack(
    _ desk: KeptDesk, _ count: Int, seed: Int, _ options: [String] = []
  ) async throws -> Told {
    let output = try await IndependentScript.run(
      "attacks.py",
      [
        IndependentScript.verifier, desk.database, desk.kept, desk.key,
        "\(desk.desktop.path)/data/secret.key", "\(count)", "\(seed)",
      ] + desk.earlier.flatMap { ["--earlier", $0] } + options)
    return try JSONDecoder().decode(Told.self, from: Data(output))
  }

  @Test("whoever can write every table is found out each time, and nobody is accused falsely (P15)")
  func attacks() async throws {
    let desk = try await KeptDesk(cases: 10)
    defer { desk.desktop.clear() }
    let told = try await attack(desk, Self.count, seed: 1)
    #expect(told.made.values.reduce(0, +) == Self.count && told.made.count == 17)
    #expect(told.missed.isEmpty, "\(told.missed)")
    #expect(told.alarms.isEmpty && told.untouched > 10, "\(told.alarms)")
    // Without what is kept elsewhere the operator, who has the secret, gets away with anything, and
    // everybody with taking the end away; so it is not the tables that find them out.
    let blind = try await attack(desk, 68, seed: 2, ["--blind"])
    for name in ["resign_with_own_key", "roll_back", "remove_checkpoints"] {
      #expect(blind.missed[name] ?? 0 > 0, "\(name)")
    }
    for name in ["edit_field", "edit_and_restamp", "delete", "insert", "exchange_facts"] {
      #expect(blind.missed[name] == nil, "\(name)")
    }
  }

  @Test("an export is checked without the program, with a mark from a receipt or a bulletin")
  func exported() async throws {
    let desk = try await KeptDesk(cases: 2)
    let desktop = desk.desktop
    defer { desktop.clear() }
    let receipt = try await desktop.done(
      "perform", "cases.report", "--data", "data", "--json",
      #"{"case":"Z1","person":"Z","kind":"confirmed","source":"clinic","district":"230102","#
        + #""reported_at":"2022-11-29T09:00+08:00"}"#)
    guard case .text(let mark) = try Fields.json(receipt.bytes)["checkpoint"] else {
      Issue.record("the receipt names no checkpoint")
      return
    }
    try await desktop.done("journal", "export", "one.jsonl", "--data", "data")
    let file = "\(desktop.path)/one.jsonl"
    #expect(desktop.permissions("one.jsonl") == 0o600)
    let good = try await desk.verdict(file, "--checkpoints", desk.kept, "--mark", mark)
    #expect(good.status == 0 && good.words.hasPrefix("intact"), "\(good.words)")
    let wrongMark = mark.dropLast(1) + (mark.hasSuffix("0") ? "1" : "0")
    #expect(try await desk.verdict(file, "--mark", String(wrongMark)).status == 1)
    let text = try #require(desktop.text("one.jsonl"))
    try desktop.put("two.jsonl", text.replacing("230102", with: "230103"))
    let bad = try await desk.verdict("\(desktop.path)/two.jsonl")
    #expect(bad.status == 1 && bad.words.contains("does not say what it said"), "\(bad.words)")
    let database = try await desk.verdict(desk.database, "--checkpoints", desk.kept)
    #expect(database.status == 0, "\(database.words)")
    let again = try await desktop.run("journal", "export", "one.jsonl", "--data", "data")
    #expect(again.status == 1 && again.complaints.contains("exists"))
  }

  @Test("verify compares with the second place, or with any file, and says what differs")
  func verified() async throws {
    let desk = try await KeptDesk(cases: 2)
    let desktop = desk.desktop
    defer { desktop.clear() }
    let good = try await desktop.done("verify", "--data", "data")
    #expect(good.output.contains("compared, all agree"))
    let lines = try #require(desktop.text("second/checkpoints.jsonl"))
    try desktop.put("copy.jsonl", lines + "{\"cut")
    try FileManager.default.removeItem(atPath: "\(desktop.path)/second")
    let alone = try await desktop.done("verify", "--data", "data")
    #expect(alone.complaints.contains("not compared") && !alone.output.contains("all agree"))
    let named = try await desktop.done(
      "verify", "--data", "data", "--checkpoints", "copy.jsonl")
    #expect(named.output.contains("all agree, 1 lines unreadable"), "\(named.output)")
    let none = try await desktop.run("verify", "--data", "data", "--checkpoints", "none.jsonl")
    #expect(none.status == 3)
    // The end of the journal is taken away with its checkpoints: the tables know nothing of it.
    try await desk.change("DELETE FROM journal WHERE sequence > 12")
    try await desk.change("DELETE FROM receipt WHERE command NOT IN (SELECT command FROM journal)")
    try await desk.change("DELETE FROM journal_checkpoint WHERE size > 12")
    let cut = try await desktop.run(
      "verify", "--data", "data", "--checkpoints", "copy.jsonl", "--format", "json")
    #expect(cut.status == 1 && cut.output.contains("the journal is shorter than checkpoint"))
  }

  @Test("a journal is kept in a place or in none, and a key is a key")
  func wrongUse() async throws {
    let desktop = try await Desktop.settled()
    defer { desktop.clear() }
    for arguments in [["--to", "x", "--stop"], [], ["--stop", "--key", "k"]] {
      let outcome = try await desktop.run(["journal", "keep", "--data", "data"] + arguments)
      #expect(outcome.status == 2, "\(arguments): \(outcome.complaints)")
    }
    let noKey = try await desktop.run(
      "journal", "keep", "--to", "x", "--key", "k", "--data", "data")
    #expect(noKey.status == 1 && noKey.complaints.contains("no public backup key"))
    try await desktop.done("journal", "keep", "--to", "x", "--data", "data")
    #expect(desktop.has("x/checkpoints.jsonl"))
    try await desktop.done("journal", "keep", "--stop", "--data", "data")
    #expect(!(try await desktop.done("verify", "--data", "data").output.contains("elsewhere")))
  }
}
