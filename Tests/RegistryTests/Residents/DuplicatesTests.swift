import Kernel
import Testing
import Town

@testable import Registry

@Suite("Likely duplicates of the register") struct DuplicatesTests {
  /// A homophone, another telephone and no number: the newcomer behind the same door.
  private func town() async throws -> Town {
    let town = try await Town()
    let other = RowFixture.number("37020319700505", 1)
    _ = try await town.take([
      RowFixture("P1"),
      RowFixture("P3", ["name": "李芳", "sex": "female", "identity_number": other, "phone": ""]),
    ])
    try await town.pass(.hours(1))
    _ = try await town.take([
      RowFixture(
        "P0",
        [
          "name": "王晓明", "identity_kind": "none", "identity_number": "", "household": "H2",
          "room": "502",
        ])
    ])
    return town
  }

  @Test("two files of one person are shown masked, the older one as the one that stays")
  func listed() async throws {
    let town = try await town()
    let question = ListDuplicates(place: Town.Spot.community.id)
    let answer = try await town.ask(question, for: .registry, as: "leader")
    let pair = try #require(answer.pairs.first)
    #expect(answer.pairs.count == 1 && !answer.isCut)
    #expect(pair.survivor.person.text == "P1" && pair.merged.person.text == "P0")
    #expect(pair.probability >= 0.5 && !pair.hasTwoNumbers)
    #expect(pair.same == [.sex, .birthDate, .phone])
    #expect(!pair.survivor.isRevealed && pair.merged.name == "王＊＊")
    _ = try await town.submit(
      MergeResidents(survivor: pair.survivor.person, merged: pair.merged.person), as: "leader")
    #expect(try await town.ask(question, for: .registry, as: "leader").pairs.isEmpty)
  }

  @Test("only who may merge there sees them, and the people shown can see that")
  func privacy() async throws {
    let town = try await town()
    let question = ListDuplicates(place: Town.Spot.community.id)
    for account in ["worker", "otherLeader"] {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.ask(question, for: .registry, as: account)
      }
      #expect(refusal?.code.hasPrefix("duty.") == true)
    }
    let purpose = await #expect(throws: Refusal.self) {
      try await town.ask(question, for: .bulletin, as: "leader")
    }
    #expect(purpose?.code == "purpose.notAllowed")
  }

  @Test("the policy bounds the probability of review and the people of one search")
  func policy() {
    #expect(DuplicatesPolicy(reviewFrom: 0.5, searchAtMost: 2).faults.isEmpty)
    #expect(DuplicatesPolicy(reviewFrom: 0.51, searchAtMost: 2).faults.count == 1)
    #expect(DuplicatesPolicy(reviewFrom: 0, searchAtMost: 2).faults.count == 1)
    #expect(DuplicatesPolicy(reviewFrom: 0.5, searchAtMost: 1).faults.count == 1)
  }
}
