import Engines
import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Visit finder") struct VisitFinderTests {
  /// Visits of a few people at few venues, made to touch, tie, repeat, stand still and cross
  /// midnight.
  private func visits(_ chance: inout SeededChance, count: Int) -> [Visit] {
    var visits: [Visit] = []
    let start: Int64 = 1_669_600_800
    for _ in 0..<count {
      // Ends fall on quarters of an hour, so that many spans touch or are equal.
      let from = start + Int64.random(in: 0..<192, using: &chance) * 900
      let length = [0, 0, 1, 2, 4, 40, 120].randomElement(using: &chance) ?? 1
      visits.append(
        Visit(
          person: PersonID(trusted: "p\(Int.random(in: 0..<12, using: &chance))"),
          venue: VenueID(trusted: "v\(Int.random(in: 0..<6, using: &chance))"),
          span: TimeSpan(
            Instant(seconds: from), Instant(seconds: from + Int64(length) * 900)),
          source: VisitSource.allCases.randomElement(using: &chance) ?? .interview))
      if let last = visits.last, Int.random(in: 0..<8, using: &chance) == 0 {
        visits.append(last)
      }
    }
    return visits
  }

  private func encounters(_ chance: inout SeededChance, count: Int) -> [Encounter] {
    (0..<count).compactMap { _ in
      let one = Int.random(in: 0..<12, using: &chance)
      let other = Int.random(in: 0..<12, using: &chance)
      if one == other { return nil }
      return Encounter(
        PersonID(trusted: "p\(one)"), PersonID(trusted: "p\(other)"),
        at: Instant(seconds: 1_669_600_800 + Int64.random(in: 0..<192, using: &chance) * 900),
        seconds: [0, 20, 900, 1_800].randomElement(using: &chance) ?? 20)
    }
  }

  @Test("the database finds what a naive scan finds, whatever the visits", arguments: 1...12)
  func agrees(seed: Int) async throws {
    var chance = SeededChance(state: UInt64(seed))
    let visits = visits(&chance, count: 150)
    let encounters = encounters(&chance, count: 40)
    let town = try await Town()
    try await town.desk.storage.write { transaction in
      let store = VisitsStore(transaction)
      for (index, visit) in visits.enumerated() {
        _ = try store.add(visit, id: VisitID(trusted: "\(index)"), at: Instant(seconds: 0))
      }
      for encounter in encounters { _ = try store.add(encounter, at: Instant(seconds: 0)) }
    }
    let naive = NaiveVisits(visits: visits, encounters: encounters)
    let span = TimeSpan(Instant(seconds: 1_669_633_200), Instant(seconds: 1_669_719_600))
    let policy = try town.desk.rules.policies.section(
      ContactsPolicy.self, on: try #require(Day("2022-07-01"))
    ).section
    for number in 0..<12 {
      let person = PersonID(trusted: "p\(number)")
      let expected = Set(try finding(naive, policy, person, span))
      let found = try await town.desk.storage.read { transaction in
        Set(try finding(StoredVisits(transaction), policy, person, span))
      }
      #expect(found == expected)
      if number == 0 { #expect(!expected.isEmpty) }
    }
  }

  @Test("looking for who was there goes through the indexes of person and venue")
  func plan() async throws {
    let town = try await Town()
    let span = TimeSpan(Instant(seconds: 0), Instant(seconds: 86_400))
    let statement = VisitsStore.crossingsStatement(of: PersonID(trusted: "p"), in: span)
    let (plan, scans) = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      _ = try plan.rows(statement)
      return (plan.steps, plan.scans)
    }
    let ways =
      TestStorage.isPostgres
      ? ["visit_once on visit own", "visit_spot on visit theirs"]
      : [
        "SEARCH own USING INDEX visit_once (person=?",
        "SEARCH theirs USING INDEX visit_spot (spot=?",
      ]
    for way in ways { #expect(plan.contains { $0.contains(way) }, "\(plan)") }
    #expect(scans == [])
  }

  @Test("a pair's seconds are those of a clock that ticks through the window", arguments: 1...6)
  func seconds(seed: Int) throws {
    var chance = SeededChance(state: UInt64(seed) &* 977)
    let visits = visits(&chance, count: 120)
    let span = TimeSpan(Instant(seconds: 1_669_633_200), Instant(seconds: 1_669_719_600))
    let person = PersonID(trusted: "p1")
    let crossings = try NaiveVisits(visits: visits, encounters: []).crossings(
      of: person, in: span)
    let meetings = Dictionary(
      grouping: MeetingsRules.meetings(from: crossings), by: \.other)
    for number in 0..<12 where number != 1 {
      let other = PersonID(trusted: "p\(number)")
      var ticked = 0
      for quarter in 0..<96 {
        let at = Instant(seconds: 1_669_633_200 + Int64(quarter) * 900)
        func isThere(_ visit: Visit) -> Bool { visit.span.from <= at && at < visit.span.to }
        let own = Set(visits.filter { $0.person == person && isThere($0) }.map(\.spot))
        let theirs = Set(visits.filter { $0.person == other && isThere($0) }.map(\.spot))
        if !own.isDisjoint(with: theirs) { ticked += 900 }
      }
      #expect(MeetingsRules.unionSeconds(meetings[other]?.map(\.span) ?? []) == ticked)
    }
  }
}

private func finding(
  _ finder: any VisitFinder, _ policy: ContactsPolicy, _ person: PersonID, _ span: TimeSpan
) throws -> [Exposure] {
  try ContactFinder(visits: finder, policy: policy, household: { _, _ in [] })
    .exposures(to: person, infection: CaseID(trusted: "case"), in: span)
}
