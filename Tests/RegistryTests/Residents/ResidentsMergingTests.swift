import Kernel
import Testing
import Town

@testable import Registry

@Suite("Merging residents' files") struct ResidentsMergingTests {
  private func town() async throws -> Town {
    let town = try await Town()
    _ = try await town.take([
      RowFixture("P1", ["phone": "", "tags": "alone"]),
      RowFixture(
        "P2",
        [
          "identity_kind": "none", "identity_number": "", "household": "H2", "room": "502",
          "tags": "alone|dialysis",
        ]),
    ])
    try await town.pass(.hours(1))
    return town
  }

  private func merge(_ town: Town, _ survivor: String, _ merged: String) async throws {
    _ = try await town.submit(
      MergeResidents(
        survivor: PersonID(trusted: survivor), merged: PersonID(trusted: merged)), as: "leader")
  }

  @Test("the survivor takes over what it lacks, and the merge can be undone")
  func mergeAndUndo() async throws {
    let town = try await town()
    try await merge(town, "P1", "P2")
    var card = try await town.card("P1", reveal: true).card
    #expect(card.phone == "13800138000" && card.tags.map(\.code) == ["alone", "dialysis"])
    #expect(try await town.ask(CountResidents(place: Town.Spot.community.id)).total.residents == 1)
    #expect(try await town.card("P2").card.mergedInto?.text == "P1")
    #expect(try await town.violations().isEmpty)
    _ = try await town.submit(UnmergeResidents(merged: PersonID(trusted: "P2")), as: "leader")
    card = try await town.card("P1", reveal: true).card
    #expect(card.phone == nil && card.tags.map(\.code) == ["alone"])
    #expect(try await town.card("P2", reveal: true).card.phone == "13800138000")
    #expect(try await town.ask(CountResidents(place: Town.Spot.community.id)).total.residents == 2)
    #expect(try await town.violations().isEmpty)
  }

  @Test("the number goes with a merge and comes back with its undoing")
  func number() async throws {
    let town = try await town()
    try await merge(town, "P2", "P1")
    let number = RowFixture.number("37020319900101", 1)
    #expect(try await town.card("P2", reveal: true).card.identityNumber == number)
    #expect(try await town.violations().isEmpty)
    _ = try await town.submit(UnmergeResidents(merged: PersonID(trusted: "P1")), as: "leader")
    #expect(try await town.card("P2", reveal: true).card.identityNumber == nil)
    #expect(try await town.card("P1", reveal: true).card.identityNumber == number)
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "files that contradict each other are not merged",
    arguments: [
      (["sex": "female"], "sex"), (["birth_date": "1971-02-03"], "date of birth"),
      (["name": "欧阳清"], "name"), (["name": "孙薇"], nil), (["sex": "", "birth_date": ""], nil),
    ] as [([String: String], String?)])
  func different(fields: [String: String], word: String?) async throws {
    let town = try await Town()
    let bare = ["identity_kind": "none", "identity_number": ""]
    let first = bare.merging(["name": "孙伟", "sex": "male", "birth_date": "1970-02-03"]) { $1 }
    #expect(
      try await town.take([
        RowFixture("P1", first), RowFixture("P2", first.merging(fields) { $1 }),
      ]).accepted == 2)
    do {
      try await merge(town, "P1", "P2")
      #expect(word == nil)
    } catch let refusal as Refusal {
      #expect(refusal.code == "merge.different")
      #expect(refusal.words.english.contains(word ?? "nothing"))
    }
  }

  @Test("a file that was merged takes no change, and a row of it goes to the survivor")
  func afterwards() async throws {
    let town = try await town()
    try await merge(town, "P1", "P2")
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(
        UpdateResident(person: PersonID(trusted: "P2"), form: PersonForm(phone: "13900139000")))
    }
    #expect(refusal?.code == "person.merged")
    let answer = try await town.take([
      RowFixture("P2", ["identity_kind": "", "identity_number": "", "phone": "13900139000"])
    ])
    #expect(answer.accepted == 1)
    #expect(try await town.card("P1", reveal: true).card.phone == "13900139000")
    let files = try await town.rows("SELECT id FROM person ORDER BY id")
    #expect(files.map { $0.text(0) } == ["P1", "P2"])
  }

  @Test("files with two numbers, one file, and files elsewhere are not merged")
  func refused() async throws {
    let town = try await town()
    _ = try await town.take([
      RowFixture("P3", ["identity_number": RowFixture.number("37020319900101", 3)])
    ])
    for (survivor, merged, code) in [
      ("P1", "P3", "merge.twoNumbers"), ("P1", "P1", "merge.same"), ("P1", "P7", "notFound"),
    ] {
      let refusal = await #expect(throws: Refusal.self) {
        try await merge(town, survivor, merged)
      }
      #expect(refusal?.code == code)
    }
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(UnmergeResidents(merged: PersonID(trusted: "P1")), as: "leader")
    }
    #expect(refusal?.code == "merge.none")
  }
}
