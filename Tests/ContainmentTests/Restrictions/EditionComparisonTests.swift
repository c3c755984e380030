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
}
