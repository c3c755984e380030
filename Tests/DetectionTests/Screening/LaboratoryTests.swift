import Foundation
import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Detection

@Suite("Screening: a laboratory by itself") struct LaboratoryTests {
  private func sign(_ bytes: [UInt8], _ seed: [UInt8], _ town: Town) throws -> String {
    Hex.text(try town.desk.vault.suite.sign(bytes, seed: seed))
  }

  private func key(_ seed: [UInt8], _ town: Town) throws -> String {
    Hex.text(try town.desk.vault.suite.publicKey(ofSigner: seed))
  }

  private func appoint(_ there: DeliveryTown) async throws {
    try await there.town.submit(
      AppointLaboratory(laboratory: there.laboratory, account: AccountID(trusted: "lab")))
  }

  @Test("it registers its first key itself, and another one only signed with the one before")
  func keys() async throws {
    let there = try await DeliveryTown(tubes: 1, hasKey: false)
    let town = there.town
    let (first, second) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
    func register(_ seed: [UInt8], signedBy before: [UInt8]? = nil) async throws {
      let new = try key(seed, town)
      let signature = try before.map {
        try sign(Laboratory.changeBytes(there.laboratory, key: new), $0, town)
      }
      try await town.submit(RegisterKey(key: new, signature: signature), as: "lab")
    }
    #expect(await refused { try await register(first) } == "laboratory.notAppointed")
    try await appoint(there)
    #expect(
      await refused { try await town.submit(RegisterKey(key: "12"), as: "lab") } == "laboratory.key"
    )
    try await register(first)
    try await register(first)
    #expect(await refused { try await register(second) } == "laboratory.keyChange")
    #expect(
      await refused { try await register(second, signedBy: second) } == "laboratory.keyChange")
    try await register(second, signedBy: first)
    #expect(
      try await town.rows("SELECT key FROM laboratory WHERE id = 'lab'").map { $0.text(0) }
        == [try key(second, town)])
    #expect(try await town.facts("screening.laboratorySet").count == 3)
  }

  @Test("a sheet with its signature is a signed list, and what was put aside is shown to it")
  func sheet() async throws {
    let there = try await DeliveryTown(tubes: 3)
    let town = there.town
    try await appoint(there)
    func deliver(_ sequence: Int, _ rows: [ResultRow], header: String = "tube,result,reported_at")
      async throws -> String
    {
      let list = there.list(sequence, rows)
      let sheet =
        ([header]
        + rows.map {
          "\($0.tube.text),\($0.result.words.chinese),\($0.reportedAt.text(in: .china))"
        }).joined(separator: "\n")
      return try await town.submit(
        DeliverSheet(
          sequence: sequence, sheet: sheet,
          signature: try sign(list.signedBytes(in: .china), there.seed, town)), as: "lab"
      ).state
    }
    #expect(try await deliver(1, [there.row("T1"), there.row("T2", .positive)]) == "applied")
    #expect(try await deliver(2, [there.row("T9")]) == "quarantined")
    #expect(await refused { _ = try await deliver(3, [], header: "tube,result") } == "list.columns")
    for (row, words) in [("T3,maybe,2022-11-29T14:00", "Row 2"), ("T3,negative,noon", "Row 2")] {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.submit(
          DeliverSheet(sequence: 3, sheet: "tube,result,reported_at\n\(row)", signature: ""),
          as: "lab")
      }
      #expect(refusal?.words.english.contains(words) == true && refusal?.field == "sheet")
    }
    let page = try await town.page("/laboratory", as: "lab")
    #expect(page.contains("put aside, does not count") && page.contains("check its code"))
    #expect(page.contains("screening.enterOwnResult") && page.contains("value=\"T3\""))
    let other = try await town.page("/laboratory")
    #expect(other.contains("speaks for no laboratory yet"))
    let list = try await town.page("/screening/laboratories", as: "admin", .chinese)
    #expect(list.contains("有公钥") && list.contains(">lab<"))
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "a result by hand is that of who entered it, of a tube that came there, once a test can be done"
  )
  func byHand() async throws {
    let there = try await DeliveryTown(tubes: 2)
    let town = there.town
    try await appoint(there)
    func enter(_ tube: String, as account: String = "lab") async throws {
      try await town.submit(
        EnterOwnResult(tube: TubeCode(trusted: tube), result: .negative), as: account)
    }
    try await town.appoint("stranger", "laboratory", at: .district)
    #expect(await refused { try await enter("T1", as: "stranger") } == "laboratory.notAppointed")
    try await enter("T1")
    try await town.submit(EnterResult(tube: TubeCode("T2"), result: .negative))
    let own = try await town.page("/screening/tube", ["of": "T1"])
    #expect(own.contains("entered by hand: ") && own.contains("(lab)"))
    #expect(try await town.page("/screening/tube", ["of": "T2"]).contains("(duty)"))
    // One that came just now: the refusal says from when on.
    try await town.enrol(1, prefix: "new")
    try await town.swab("new1", "N1")
    try await town.submit(SealTube(tube: TubeCode("N1"), round: RoundID(trusted: "r1")))
    #expect(await refused { try await enter("N1") } == "result.not_received")
    try await town.submit(
      PackBox(box: BoxID("C"), round: RoundID(trusted: "r1"), tubes: [TubeCode("N1")]))
    try await town.submit(
      GiveBox(box: BoxID("C"), to: Holder(kind: .laboratory, id: "lab"), count: 1))
    try await town.submit(TakeBox(box: BoxID("C"), count: 1), as: "lab")
    let from = (town.now + .minutes(30)).shortText(in: .china)
    let refusal = await #expect(throws: Refusal.self) { try await enter("N1") }
    #expect(refusal?.code == "result.too_fast")
    #expect(refusal?.words.english.contains("no result before \(from)") == true)
    #expect(refusal?.words.chinese.contains("\(from) 起") == true)
    #expect(
      try await town.page("/screening/tube", ["of": "N1"], as: "lab").contains(
        "The test cannot be done yet"))
    #expect(try await town.page("/laboratory", as: "lab").contains(" on</"))
    try await town.pass(.minutes(30))
    try await enter("N1")
    #expect(try await town.violations().isEmpty)
  }
}
