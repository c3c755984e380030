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

  @Test("a restriction is found by its number for a purpose of its own, and the person sees it")
  func found() async throws {
    let town = try await Town.withZhao()
    let other = PersonID(trusted: "zhao-2")
    try await town.submit(
      Happen(event: .resident(other, Town.Spot.door102.id)), from: .clock)
    try await town.confirm(exposedAt: town.now)
    let restriction = try #require(try await town.own().first).restriction
    try await town.submit(MergeResidents(survivor: other, merged: Town.zhao))
    func found(_ purpose: Purpose, as account: String = "worker") async throws -> [PersonID?] {
      try await town.read(for: purpose, as: account) { reading in
        let finder = try #require(reading.assembly.finders.first { $0.name == "restrictions" })
        return try finder.find(Finder.Wanted(restriction.text), 20, reading).map(\.person)
      }
    }
    let seen: SQL = "SELECT person FROM disclosure"
    for purpose in [Purpose.registry, .bulletin] {
      #expect(try await found(purpose).isEmpty, "\(purpose)")
    }
    #expect(try await found(.containment, as: "otherWorker").isEmpty)
    #expect(try await town.rows(seen).isEmpty)
    #expect(try await found(.containment) == [other])
    #expect(try await town.rows(seen).map { $0.text(0) } == [other.text])
  }

  @Test("a case told while two files were one leaves the other file's measure where it was")
  func parted() async throws {
    let town = try await Town.withZhao()
    let other = PersonID(trusted: "zhao-2")
    try await town.submit(
      Happen(event: .resident(other, Town.Spot.door102.id)), from: .clock)
    try await town.settleZones(.door101)
    try await town.submit(MoveResident(person: Town.zhao, to: Town.Spot.door101.id), as: "leader")
    let before = try #require(try await town.own().first { $0.state == .effective })
    try await town.submit(MergeResidents(survivor: Town.zhao, merged: other))
    try await town.report("c-9", of: other)
    #expect(try await town.own().filter { $0.state == .effective }.map(\.clause) == ["case"])
    try await town.submit(UnmergeResidents(merged: other))
    let after = try await town.own().filter { $0.state == .effective }
    #expect(after.map(\.clause) == [before.clause] && after.map(\.end) == [before.end])
    #expect(try await town.violations() == [:])
  }
}
