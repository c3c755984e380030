import Engines
import Gazette
import Kernel
import Testing
import Town

@testable import Detection

@Suite("Screening: how questions are answered") struct ScreeningPlansTests {
  @Test("no question of a round reads a whole table")
  func plans() async throws {
    let town = try await Town()
    let now = town.now
    let scans = try await town.desk.storage.write { transaction in
      let plan = try QueryPlan(transaction)
      let round = RoundID(trusted: "r1")
      let person = PersonID(trusted: "p1")
      let tube = TubeCode(trusted: "T1")
      let path = PlacePath("1.1")
      _ = try ScreeningRoundStore(plan).keptUntil(now, limit: 1)
      let roster = RosterStore(plan)
      _ = try roster.cells(of: round, at: [path], holding: person)
      _ = try roster.counts(of: round, in: path)
      try roster.eachCount(of: round, in: path) { _, _ in }
      _ = try roster.hasPerson(beginning: "p")
      _ = try RoundListsStore(plan).find(RoundListID(trusted: "l"))
      _ = try RoundListsStore(plan).delete(madeBefore: now)
      _ = try roster.unfinished(of: round, in: path, after: nil, limit: 10)
      _ = try roster.path(behind: path, inside: path, by: 10)
      try roster.eachCandidate(
        inside: path, after: path, through: path, openedAt: now
      ) { _ in }
      try roster.eachMoved(inside: path, openedAt: now) { _ in }
      let swabs = SwabsStore(plan)
      _ = try swabs.inTube(tube)
      _ = try swabs.of([person], in: round)
      _ = try swabs.latest(of: [person], limit: 5)
      _ = try swabs.unlisted(in: round)
      _ = try swabs.page(after: (tube, person), limit: 5)
      _ = try swabs.pace(of: round)
      let tubes = TubesStore(plan)
      _ = try tubes.find(tube)
      try tubes.receive([tube], of: BoxID(trusted: "b"), at: LaboratoryID(trusted: "l"), now)
      _ = try tubes.late(openedBefore: now, limit: 5)
      _ = try tubes.counts(of: round)
      _ = try tubes.turnaround(of: round)
      _ = try ConflictsStore(plan).open(in: round, limit: 5)
      let recalls = RecallsStore(plan)
      _ = try recalls.held(of: [person], in: round)
      _ = try recalls.withSingle(of: [person])
      _ = try recalls.of(tube)
      _ = try recalls.decided(by: tube)
      _ = try recalls.of(round, limit: 5)
      let results = ResultsStore(plan)
      _ = try results.batches(
        of: LaboratoryID(trusted: "l"), sequence: 1, digest: "d")
      _ = try results.said(by: LaboratoryID(trusted: "l"), sequence: 1)
      _ = try results.isSaid(
        ResultRow(tube: tube, result: .positive, reportedAt: now),
        by: LaboratoryID(trusted: "l"))
      let pace = ResultPaceStore(plan)
      _ = try pace.taken(of: LaboratoryID(trusted: "l"), after: 1)
      try pace.forget(LaboratoryID(trusted: "l"), upTo: 1)
      _ = try results.history(of: tube)
      let laboratories = LaboratoriesStore(plan)
      _ = try laboratories.laboratory(of: "a")
      _ = try laboratories.batches(of: LaboratoryID(trusted: "l"), limit: 5)
      _ = try laboratories.waiting(at: LaboratoryID(trusted: "l"), limit: 5)
      _ = try results.quarantined(limit: 5)
      _ = try CustodyStore(plan).boxes(of: round, limit: 5)
      // The latest boxes come from the index in its order; nothing is sorted for them.
      let isOrdered = plan.steps.contains { $0.contains("tube_box_round") }
      #expect(isOrdered)
      _ = try roster.unanswered(of: round, in: path, after: path, limit: 5)
      _ = try results.unnumbered(after: nil, limit: 5)
      _ = try CustodyStore(plan).legs(of: BoxID(trusted: "b"))
      _ = try CustodyStore(plan).open(givenBefore: now, limit: 5)
      _ = try SearchesStore(plan).finished(limit: 5)
      return plan.scans
    }
    #expect(scans == [])
  }
}
