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

  @Test("what a merge takes over is said before, and it stands in the list to be undone after")
  func undone() async throws {
    let town = try await town()
    let place = Town.Spot.community.id
    func pair() async throws -> ListDuplicates.Pair? {
      try await town.ask(ListDuplicates(place: place), for: .registry, as: "leader").pairs.first
    }
    func merges() async throws -> [ListMerges.Line] {
      try await town.ask(ListMerges(place: place), for: .registry, as: "leader").merges
    }
    let before = try #require(try await pair())
    #expect(before.owed == 0 && !before.taken.contains("identity_number"))
    #expect(try await merges().isEmpty)
    _ = try await town.submit(
      MergeResidents(survivor: before.merged.person, merged: before.survivor.person),
      as: "leader")
    let merge = try #require(try await merges().first)
    #expect(merge.survivor.person.text == "P0" && merge.merged.person.text == "P1")
    // The newer file had no number: it takes over what it lacks, as the list says.
    #expect(merge.taken.contains("identity_number"))
    #expect(
      try await town.ask(
        ListMerges(place: Town.Spot.otherCommunity.id), for: .registry, as: "otherLeader"
      ).merges.isEmpty)
    _ = try await town.submit(UnmergeResidents(merged: merge.merged.person), as: "leader")
    #expect(try await merges().isEmpty)
    #expect(try await pair()?.survivor.person == before.survivor.person)
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
