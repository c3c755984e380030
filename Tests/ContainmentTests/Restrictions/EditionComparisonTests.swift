import District
import Gazette
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("What a new edition changes") struct EditionComparisonTests {
  private func compare(_ from: String, _ to: String) throws -> EditionComparison {
    let library = try District.rulebook().policies
    return EditionComparison(
      try #require(library.edition(from)), try #require(library.edition(to)))
  }

  @Test("days, tests and levels are named for both, and what goes on as what")
  func ninthToTwenty() throws {
    let compared = try compare("cn-9", "cn-20-measures")
    let close = try #require(compared.clauses.first { $0.clause == "close" })
    #expect(close.before == "central_isolation 7 (tests 1,2,3,5,7) + home_monitoring 3 (tests 3)")
    #expect(close.after == "central_isolation 5 (tests 1,2,3,5) + home_isolation 3 (tests 1,3)")
    let secondary = try #require(compared.clauses.first { $0.clause == "secondary" })
    #expect(secondary.isEnding)
    let medium = try #require(compared.levels.first { $0.level == "medium" })
    #expect(medium.after == nil && medium.goesOnAs == nil)
    let high = try #require(compared.levels.first { $0.level == "high" })
    #expect(high.goesOnAs == "high" && high.after == "days_without_new_case 5")
    let sealed = try #require(
      try compare("cn-8", "cn-9").levels.first { $0.level == "sealed" })
    #expect(sealed.goesOnAs == "high")
    #expect(try compare("cn-9", "cn-9").clauses.allSatisfy { !$0.isChanged })
  }

  @Test("who runs under a clause and which zones stand are counted")
  func counted() async throws {
    let town = try await Town.withNeighbours()
    try await town.seal()
    let counts = try await town.ask(CountByClause())
    #expect(counts.clauses.map { "\($0.name) \($0.count)" } == ["case 1", "zone_home 1"])
    #expect(counts.levels.map { "\($0.name) \($0.count)" } == ["high 1"])
  }

  @Test("before an edition takes effect it is said who is free then, who goes on, and where")
  func previewed() async throws {
    let town = try await Town.withNeighbours(on: "2022-12-06")
    try await town.seal()
    let shown = try await town.ask(PreviewEdition(place: Town.Spot.street.id), as: "street")
    #expect(shown.comparison.from == "cn-20-measures@1" && shown.comparison.to == "cn-new-10@1")
    #expect(shown.changesAt == at("2022-12-07T00:00+08:00"))
    let running = try await town.ask(CountByClause()).clauses
    #expect(shown.ending + shown.staying == running.reduce(0) { $0 + $1.count })
    let gone = Set(shown.comparison.clauses.filter { $0.after == nil }.map(\.clause))
    #expect(
      shown.ending == running.filter { gone.contains($0.name) }.reduce(0) { $0 + $1.count })
    #expect(shown.parts.map(\.name) == ["河西社区", "北山社区"])
    #expect(shown.parts.map { $0.ending + $0.staying } == [shown.ending + shown.staying, 0])
    // By the day on which everything is off, all of it is over anyway.
    let off = try await town.ask(PreviewEdition(to: "cn-off"))
    #expect(off.ending == 0 && off.staying == 0)
  }

  @Test("on the eve of the day on which everything is off, everybody is about to be free")
  func everythingOff() async throws {
    let town = try await Town.withNeighbours(on: "2023-01-07")
    try await town.seal()
    let running = try await town.ask(CountByClause()).clauses.reduce(0) { $0 + $1.count }
    let off = try await town.ask(PreviewEdition())
    #expect(off.comparison.to == "cn-off@1" && running == 2)
    #expect(off.ending == running && off.staying == 0)
    #expect(off.comparison.levels.allSatisfy { $0.goesOnAs == nil })
  }

  @Test("nothing to come and names that are none are said in words")
  func nothingToCome() async throws {
    let town = try await Town.withNeighbours(on: "2023-02-01")
    await #expect(throws: Refusal.self) { try await town.ask(PreviewEdition()) }
    await #expect(throws: Refusal.self) { try await town.ask(PreviewEdition(to: "cn-99")) }
    let back = try await town.ask(PreviewEdition(to: "cn-9"))
    #expect(back.ending == 0 && back.parts.allSatisfy { $0.ending + $0.staying == 0 })
  }
}
