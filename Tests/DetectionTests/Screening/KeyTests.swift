import Gazette
import Kernel
import Testing
import Town

@testable import Detection

extension Town {
  /// Takes a laboratory's key back: one asks, somebody of another organisation agrees.
  func takeKey(of laboratory: LaboratoryID) async throws {
    try await submit(AskKey(laboratory: laboratory))
    try await submit(
      DecideKey(laboratory: laboratory, approved: true, key: nil), as: "investigator")
  }
}

@Suite("Screening: keys of laboratories") struct ScreeningKeyTests {
  private let laboratory = LaboratoryID(trusted: "lab")
  private let first = String(repeating: "ab", count: 32)
  private let second = String(repeating: "cd", count: 32)

  private func key(_ town: Town) async throws -> String? {
    try await town.rows("SELECT key FROM laboratory WHERE id = 'lab'")[0].optionalText(0)
  }

  @Test("another name leaves the key; another key, or none, takes two people")
  func change() async throws {
    let town = try await Town()
    try await town.open()
    func set(_ name: String, key: String? = nil) async -> String? {
      await refused {
        try await town.submit(SetLaboratory(laboratory: laboratory, name: name, key: key))
      }
    }
    #expect(await set("一") == nil)
    // Without a key nothing takes two people.
    #expect(
      await refused { try await town.submit(AskKey(laboratory: laboratory)) }
        == "laboratory.keySame")
    #expect(await set("一", key: first) == nil)
    #expect(await set("二", key: " ") == nil)
    #expect(try await key(town) == first)
    #expect(await set("三", key: second) == "laboratory.keyKnown")
    #expect(await set("三", key: first.uppercased()) == nil)
    #expect(
      await refused {
        try await town.submit(AskKey(laboratory: laboratory, key: "abc"))
      } == "laboratory.key")
    try await town.submit(AskKey(laboratory: laboratory, key: second))
    #expect(try await town.owed("screening.key") == ["lab"])
    #expect(try await key(town) == first)
    func decide(
      _ approved: Bool, as account: String, key: String? = String(repeating: "cd", count: 32)
    ) async -> String? {
      await refused {
        try await town.submit(
          DecideKey(laboratory: laboratory, approved: approved, key: key), as: account)
      }
    }
    #expect(await decide(true, as: "duty") == "key.samePerson")
    #expect(
      try await town.page("/screening/quarantine", as: "investigator").contains("becomes cdcd"))
    // What is agreed to is what was shown, not what was asked for meanwhile.
    try await town.submit(AskKey(laboratory: laboratory, key: String(repeating: "ef", count: 32)))
    #expect(await decide(true, as: "investigator") == "key.changed")
    #expect(await decide(false, as: "investigator", key: nil) == "key.changed")
    #expect(try await key(town) == first)
    try await town.submit(AskKey(laboratory: laboratory, key: second))
    // Another one of the asker's own organisation is asked for nothing.
    try await town.appoint("colleague", "command_duty", at: .district)
    #expect(
      try await !town.page("/screening/quarantine", as: "colleague").contains("Approve"))
    #expect(try await town.page("/screening/quarantine", as: "investigator").contains("Approve"))
    #expect(await decide(true, as: "investigator") == nil)
    #expect(try await key(town) == second)
    #expect(try await town.owed("screening.key") == [])
    #expect(await decide(true, as: "investigator") == "notFound")
    // Said no to, and taken back by who asked: it stays.
    try await town.submit(AskKey(laboratory: laboratory))
    #expect(
      try await town.page("/screening/laboratories").contains("files without a signature count"))
    #expect(await decide(false, as: "duty", key: nil) == nil)
    #expect(try await key(town) == second)
    try await town.submit(AskKey(laboratory: laboratory))
    #expect(await decide(true, as: "investigator", key: "") == nil)
    #expect(try await key(town) == nil)
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "who commands a part only is told who sets laboratories, and offered nothing that is refused")
  func partOnly() async throws {
    let town = try await Town()
    try await town.open()
    try await town.submit(SetLaboratory(laboratory: laboratory, name: "一", key: first))
    try await town.appoint("part", "command_duty", at: .district)
    let page = try await town.page("/screening/laboratories", as: "part")
    #expect(page.contains("set by the administrator") && !page.contains("<form"))
    #expect(
      await refused {
        try await town.submit(SetLaboratory(laboratory: laboratory, name: "二"), as: "part")
      } == "duty.outsideArea")
    #expect(try await town.page("/screening/laboratories").contains("Set up a laboratory"))
    try await town.appoint("lab", "laboratory", at: .district)
    #expect(try await town.page("/laboratory", as: "lab").contains("the administrator"))
  }

  @Test("an account that spoke for a laboratory speaks for it no longer")
  func dismissed() async throws {
    let town = try await Town()
    try await town.open()
    try await town.appoint("lab", "laboratory", at: .district)
    try await town.submit(SetLaboratory(laboratory: laboratory, name: "一"))
    let account = AccountID(trusted: "lab")
    func dismiss() async -> String? {
      await refused { try await town.submit(DismissLaboratory(account: account)) }
    }
    #expect(await dismiss() == "notFound")
    try await town.submit(AppointLaboratory(laboratory: laboratory, account: account))
    #expect(try await town.page("/screening/laboratories").contains("lab: take back"))
    try await town.submit(RegisterKey(key: first), as: "lab")
    #expect(await dismiss() == nil)
    #expect(
      await refused { try await town.submit(RegisterKey(key: first), as: "lab") }
        == "laboratory.notAppointed")
    #expect(try await !town.page("/screening/laboratories").contains("lab: take back"))
  }
}
