import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("What is approved is what was shown") struct HeldPreviewTests {
  private static let leader = AccountID(trusted: "leader")

  private func hold(_ people: Range<Int>, _ clause: String, in town: Town) async throws {
    let (now, door) = (town.now, Town.Spot.door101)
    try await town.desk.storage.write { transaction in
      for number in people {
        let noted = NotedEvidence(
          evidence: Evidence(kind: .contact, reference: "k-\(number)"),
          person: PersonID(trusted: "p-\(number)"), infection: nil, place: door.id,
          path: PlacePath("1.1.1.1.1.1.1.1.1"), countedFrom: now)
        try EvidenceStore(transaction).note(noted, at: now)
        try RestrictionLimitsStore(transaction).hold(
          noted, under: clause, by: Self.leader, organisations: "community", at: now)
      }
    }
  }

  private func preview(_ town: Town) async throws -> HeldRestrictions.Answer {
    try await town.ask(HeldRestrictions(account: Self.leader), for: .containment)
  }

  private func approve(_ shown: HeldRestrictions.Answer) -> ApproveHeld {
    ApproveHeld(
      account: Self.leader, approved: true, expected: shown.people, preview: shown.preview)
  }

  @Test("another edition in between is a refusal with the new preview, and nobody is restricted")
  func edition() async throws {
    let town = try await Town.withZhao(on: "2022-06-27")
    try await hold(0..<3, "close", in: town)
    let before = try await preview(town)
    #expect(before.edition == "cn-8@1" && before.restricted == 3)
    town.stall(.days(1))
    let refusal = await #expect(throws: Refusal.self) {
      try await town.submit(approve(before), as: "duty")
    }
    #expect(refusal?.code == "restriction.previewChanged" && refusal?.field == "preview")
    let after = try await preview(town)
    #expect(after.edition == "cn-9@1" && after.preview != before.preview)
    #expect(after.clauses.map(\.latestEnd) != before.clauses.map(\.latestEnd))
    let end = try #require(after.clauses.first?.latestEnd).shortText(in: .china)
    for text in [refusal?.words.chinese ?? "", refusal?.words.english ?? ""] {
      #expect(text.contains(end) && text.contains(after.preview), "\(text)")
    }
    #expect(try await undecided(town) == 3)
    let answer = try await town.submit(approve(after), as: "duty")
    #expect(answer.people == 3 && answer.restricted == 3 && answer.unrestricted.isEmpty)
    try await town.catchUp()
    let editions = try await town.rows("SELECT DISTINCT edition FROM restriction")
    #expect(editions.map { $0.text(0) } == ["cn-9@1"])
  }

  @Test("whom the edition asks nothing of any more is counted and named, and not as restricted")
  func gone() async throws {
    let town = try await Town.withZhao(on: "2022-11-10")
    try await hold(0..<3, "secondary", in: town)
    try await hold(3..<5, "close", in: town)
    #expect(try await preview(town).restricted == 5)
    town.stall(.days(1))
    let shown = try await preview(town)
    #expect(shown.people == 5 && shown.restricted == 2)
    let count = try #require(shown.clauses.first { $0.clause == "secondary" })
    #expect(count.isGone && count.restricted == 0 && count.latestEnd == nil)
    // By its name, not by its code.
    #expect(count.words.chinese == "密接的密接" || !count.words.chinese.contains("secondary"))
    let answer = try await town.submit(approve(shown), as: "duty")
    #expect(answer.people == 5 && answer.restricted == 2)
    #expect(answer.unrestricted.map(\.clause) == ["secondary"])
    #expect(answer.unrestricted.map(\.people) == [3] && answer.unrestricted.map(\.isGone) == [true])
    try await town.catchUp()
    let restricted = try await town.rows("SELECT COUNT(*) FROM restriction")
    #expect(restricted.first?.integer(0) == 2)
    let told = try await town.rows(
      "SELECT payload FROM journal WHERE name = 'decisions.many'")
    #expect(told.count == 1 && told[0].text(0).contains("\"people\":2"))
  }

  @Test("whose time is over is counted apart, and a preview that is not named approves nothing")
  func over() async throws {
    let town = try await Town.withZhao()
    try await hold(0..<2, "close", in: town)
    try await town.change(
      "UPDATE evidence SET counted_from = \(town.now - .days(30)) WHERE person = 'p-1'")
    let shown = try await preview(town)
    #expect(shown.people == 2 && shown.restricted == 1 && shown.clauses.map(\.over) == [1])
    town.stall(.minutes(10))
    let blind = ApproveHeld(account: Self.leader, approved: true, expected: 2)
    #expect(await town.refused(blind, as: "duty") == "field.missing")
    // As many, and not the same.
    try await town.change("UPDATE evidence SET withdrawn_at = 1 WHERE person = 'p-0'")
    try await hold(7..<8, "close", in: town)
    town.stall(.minutes(10))
    #expect(await town.refused(approve(shown), as: "duty") == "restriction.previewChanged")
    let answer = try await town.submit(approve(preview(town)), as: "duty")
    #expect(answer.restricted == 1 && answer.unrestricted.map(\.isGone) == [false])
  }

  private func undecided(_ town: Town) async throws -> Int {
    try await town.rows("SELECT COUNT(*) FROM restriction_held WHERE decided_at IS NULL")
      .first?.integer(0) ?? 0
  }
}
