import Containment
import Kernel
import Registry
import Testing
import Town

@Suite("Restrictions of merged files") struct MergedFilesTests {
  @Test("what holds under one file of a person is shown, and can be objected to, under the other")
  func merged() async throws {
    let town = try await Town.withZhao()
    let other = PersonID(trusted: "zhao-2")
    try await town.submit(
      Happen(event: .resident(other, Town.Spot.door102.id)), from: .clock)
    try await town.confirm(exposedAt: town.now)
    func colour() async throws -> CodeColour {
      try await town.ask(CodeColourOfPerson(person: other), for: .containment).colour
    }
    #expect(try await colour() == .green)
    try await town.submit(MergeResidents(survivor: other, merged: Town.zhao))
    #expect(try await colour() == .red)
    let own = try await town.ask(OwnRestrictions(), for: .ownFile, from: .resident(other))
    let restriction = try #require(own.restrictions.first)
    #expect(own.restrictions.count == 1)
    try await town.submit(
      RaiseObjection(restriction: restriction.restriction, ground: "不在场"),
      from: .resident(other))
    await #expect(throws: Refusal.self) {
      try await town.submit(
        RaiseObjection(restriction: restriction.restriction, ground: "不在场"),
        from: .resident(PersonID(trusted: "nobody")))
    }
    try await town.submit(UnmergeResidents(merged: Town.zhao))
    #expect(try await colour() == .green)
  }
}
