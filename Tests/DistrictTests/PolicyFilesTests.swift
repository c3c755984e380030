import Foundation
import Kernel
import Testing

@testable import District

@Suite("Policy files") struct PolicyFilesTests {
  private struct Loose: PolicySection {
    static let key = "loose"
    let values: [String: Fields]
  }

  private static func read(_ values: String) throws -> [String: Fields] {
    let text = """
      id: x
      version: 1
      title: {zh: 一, en: One}
      source: []
      effective_from: 2022-01-01
      sections:
        loose:
          values: {\(values)}
      """
    let edition = try PolicyFiles.edition(text, file: "x.yaml", sections: [Loose.self])
    return try #require(edition.sections["loose"] as? Loose).values
  }

  @Test(
    "say what is written: a time of day is no number, and what is quoted is text",
    arguments: [
      ("a: 08:00", Fields.text("08:00")), ("a: 1:30:00", .text("1:30:00")),
      ("a: \"08\"", .text("08")), ("a: 007", .text("007")), ("a: '12'", .text("12")),
      ("a: 1_000", .text("1_000")), ("a: 0x10", .text("0x10")), ("a: \"no\"", .text("no")),
      ("a: no", .text("no")), ("a: on", .text("on")), ("a: \"true\"", .text("true")),
      ("a: true", .flag(true)), ("a: false", .flag(false)), ("a: 12", .integer(12)),
      ("a: -3", .integer(-3)), ("a: 0", .integer(0)), ("a: 0.5", .real(0.5)),
      ("a: -1.25", .real(-1.25)), ("a: 1.0", .integer(1)), ("a: 2022-11-29", .text("2022-11-29")),
      ("a: 37.3", .real(37.3)), ("a: .inf", .text(".inf")), ("a: .nan", .text(".nan")),
      ("a: 1e3", .text("1e3")), ("a: 370203", .integer(370_203)), ("a: \"~\"", .text("~")),
      ("a: [1, x]", .list([.integer(1), .text("x")])), ("a: {b: 1}", .object(["b": .integer(1)])),
      ("a: 12345678901234567890", .text("12345678901234567890")), ("1: x", .text("x")),
    ])
  func scalars(written: String, fields: Fields) throws {
    #expect(try Self.read(written).values.first == fields)
  }

  @Test("hold nothing where nothing is written", arguments: ["a: ", "a: ~", "a: null"])
  func nothing(written: String) throws { #expect(try Self.read(written).isEmpty) }

  @Test(
    "are refused with their name when they cannot be read",
    arguments: ["", "a: [", "id: x\nid: y", "- 1", "id: x", "a: \u{1}"])
  func broken(text: String) {
    let refusal = #expect(throws: Refusal.self) {
      try PolicyFiles.edition(text, file: "x.yaml", sections: [])
    }
    #expect(refusal?.words.english.hasPrefix("x.yaml") == true)
  }

  @Test("of the binary all make sense and cover this year and the years of the outbreak")
  func built() throws {
    let library = try PolicyFiles.library(sections: District.assembly.policySections)
    #expect(!library.editions.isEmpty)
    for text in ["2020-02-01", "2022-11-29", "2026-01-01"] {
      _ = try library.section(ObligationPolicy.self, on: #require(Day(text)))
    }
  }

  @Test(
    "are refused when they name a role or duty that there is not",
    arguments: [
      (
        "second_factor: {roles: [administrator, auditer], step_seconds: 30, window_steps: 1, attempts: 5, attempt_window_minutes: 15, recovery_codes: 10, confirm_minutes: 10, reset_hours: 24}",
        "auditer", "sections.second_factor"
      ),
      (
        "delegation: {longest_days: 14, told_days: 30, not_delegable: [offices.manege]}",
        "offices.manege", "sections.delegation"
      ),
      (
        "invitations: {hours: 72, most_open: 50, second_person_duties: [zones.opn]}", "zones.opn",
        "sections.invitations"
      ),
    ])
  func misspelt(section: String, named: String, field: String) throws {
    let folder = NSTemporaryDirectory() + "denghuo-policies-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = """
      id: own
      version: 1
      title: {zh: 一, en: One}
      source: []
      effective_from: 2022-12-01
      sections:
        \(section)
      """
    try text.write(toFile: "\(folder)/own.yaml", atomically: true, encoding: .utf8)
    let refusal = #expect(throws: Refusal.self) {
      try PolicyFiles.library(sections: District.assembly.policySections, folder: folder)
    }
    #expect(refusal?.code == "policy.fault" && refusal?.field == field)
    #expect(refusal?.words.english.contains("“\(named)”") == true)
  }

  @Test("of a folder are read too; a version that stands twice and a text that is none are refused")
  func folder() throws {
    let folder = NSTemporaryDirectory() + "denghuo-policies-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let sections = District.assembly.policySections
    let own = """
      {id: own, version: 1, title: {zh: 一, en: One}, source: [], effective_from: 2022-01-01}
      """
    try own.write(toFile: "\(folder)/own.yaml", atomically: true, encoding: .utf8)
    try "x".write(toFile: "\(folder)/note.txt", atomically: true, encoding: .utf8)
    let library = try PolicyFiles.library(sections: sections, folder: folder)
    #expect(library.edition("own")?.reference == "own@1")
    try own.write(toFile: "\(folder)/twice.yaml", atomically: true, encoding: .utf8)
    let twice = #expect(throws: Refusal.self) {
      try PolicyFiles.library(sections: sections, folder: folder)
    }
    #expect(twice?.code == "policy.double")
    try Data([0xFF, 0xFE, 0x00]).write(to: URL(fileURLWithPath: "\(folder)/twice.yaml"))
    let unreadable = #expect(throws: Refusal.self) {
      try PolicyFiles.library(sections: sections, folder: folder)
    }
    #expect(unreadable?.words.english.contains("twice.yaml") == true)
    #expect(
      try PolicyFiles.library(sections: sections, folder: "\(folder)/none").editions.count > 0)
  }
}
