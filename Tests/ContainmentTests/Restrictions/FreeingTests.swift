import Containment
import Detection
import Gazette
import Kernel
import Registry
import Testing
import Town

/// Nobody frees a building unseen, and no file is put under another one's restriction in bulk.
@Suite("Freeing many, and merging many") struct FreeingTests {
  private static func guest(_ number: Int) -> PersonID { PersonID(trusted: "guest-\(number)") }

  /// A town in which so many people are restricted as contacts of one case.
  private func town(contacts: Int) async throws -> Town {
    let town = try await Town.withZhao()
    try await town.submit(
      ReportCase(
        CaseRow(
          infection: CaseID(trusted: "c-1"), person: Town.zhao, kind: "confirmed",
          district: Town.Spot.district.rawValue, reportedAt: town.now)))
    for number in 0..<contacts {
      try await town.submit(
        Happen(event: .resident(Self.guest(number), Town.Spot.door102.id)), from: .clock)
      try await town.confirm("k-\(number)", of: Self.guest(number), exposedAt: town.now)
    }
    return town
  }

  private func alarms(_ town: Town) async throws -> [String] {
    try await town.rows(
      "SELECT subject FROM obligation WHERE kind = 'restrictions.alarm' ORDER BY subject"
    ).map { $0.text(0) }
  }

  private func running(_ town: Town) async throws -> Int {
    try await town.rows("SELECT id FROM restriction WHERE ended_at IS NULL").count
  }

  @Test(
    "a withdrawn case that frees more than one may restrict is told to the auditor at once",
    arguments: [(19, []), (20, ["investigator"])] as [(Int, [String])])
  func withdrawn(contacts: Int, told: [String]) async throws {
    let town = try await town(contacts: contacts)
    #expect(try await running(town) == contacts + 1)
    try await town.submit(
      WithdrawCase(infection: CaseID(trusted: "c-1"), reason: "误报"), as: "investigator")
    // Nobody stays restricted for want of a second signature.
    #expect(try await running(town) == 0)
    #expect(try await alarms(town) == told)
    #expect(try await town.violations() == [:])
  }

  @Test("contacts that fall away by themselves, and days that are over, are nobody's doing")
  func byThemselves() async throws {
    let town = try await town(contacts: 25)
    for number in 0..<25 { try await town.withdraw("k-\(number)", of: Self.guest(number)) }
    #expect(try await alarms(town).isEmpty)
  }

  @Test("whoever agrees with the twenty-first objection of a day is looked at")
  func objections() async throws {
    let town = try await town(contacts: 21)
    let restrictions = try await town.rows(
      "SELECT id FROM restriction WHERE clause = 'close' ORDER BY id")
    for (index, row) in restrictions.enumerated() {
      let answer = try await town.submit(
        TakeObjection(restriction: row.id(0), ground: "不在场"), as: "worker")
      try await town.submit(
        DecideObjection(objection: answer.objection, upheld: true, reason: "属实"), as: "reviewer")
      #expect(try await alarms(town) == (index < 20 ? [] : ["reviewer"]))
    }
    #expect(try await town.violations() == [:])
  }

  @Test("whoever took an objection down does not decide it")
  func ownObjection() async throws {
    let town = try await town(contacts: 1)
    let row = try #require(
      try await town.rows("SELECT id FROM restriction WHERE clause = 'close'").first)
    let answer = try await town.submit(
      TakeObjection(restriction: row.id(0), ground: "不在场"), as: "duty")
    let decide = DecideObjection(objection: answer.objection, upheld: true, reason: "属实")
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(decide, as: "duty")
    }
    #expect(refusal?.code == "objection.samePerson")
    try await town.submit(decide, as: "reviewer")
  }

  @Test("twenty files a day are merged under a restriction by one account, and no more")
  func merges() async throws {
    let town = try await Town.withZhao()
    try await town.confirm(exposedAt: town.now)
    for number in 0..<22 {
      try await town.submit(
        Happen(event: .resident(Self.guest(number), Town.Spot.door102.id)), from: .clock)
    }
    func merge(_ number: Int, as account: String) async -> String? {
      do {
        try await town.submit(
          MergeResidents(survivor: Town.zhao, merged: Self.guest(number)), as: account)
        return nil
      } catch let refusal as Refusal { return refusal.code } catch { return "\(error)" }
    }
    for number in 0..<20 { #expect(await merge(number, as: "street") == nil) }
    #expect(await merge(20, as: "street") == "merge.restrictsMany")
    #expect(await merge(20, as: "leader") == nil)
    try await town.pass(.hours(24))
    #expect(await merge(21, as: "street") == nil)
    #expect(try await town.violations() == [:])
  }
}
