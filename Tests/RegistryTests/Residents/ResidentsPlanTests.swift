import Engines
import Kernel
import Testing
import Town

@testable import Registry

@Suite("Statements about residents") struct ResidentsPlanTests {
  @Test("search by an index and never read the whole table")
  func plans() async throws {
    let town = try await Town()
    _ = try await town.take([RowFixture("P1")])
    let now = town.now
    let faults = try await town.desk.storage.read { transaction in
      let explaining = try QueryPlan(transaction, isCarriedOut: true)
      let residents = ResidentsStore(explaining)
      let area = PlacePath("1.1.1")
      let id = PersonID(trusted: "P1")
      _ = try residents.find(id)
      _ = try residents.find([id])
      _ = try residents.owners(ofIdentity: ["x", "y"])
      _ = try residents.owners(ofPhone: "x", limit: 10)
      _ = try residents.named("王小明", in: area, limit: 10)
      for selection in [
        ResidentsStore.Selection.everybody, .away, .incomplete, .withNeeds, .withNeed("alone"),
      ] {
        _ = try residents.living(in: area, selection, limit: 10)
        _ = try residents.living(in: area, selection, after: (area, id), limit: 10)
        _ = try residents.count(in: area, selection)
        _ = try residents.count(directlyAt: area, selection)
      }
      let young = ResidentsStore.Selection.withNeedByAge("infant", after: "2019", until: nil)
      _ = try residents.living(in: area, young, limit: 10)
      _ = try residents.countNeed("infant", bornAfter: "2019", until: nil, in: area)
      _ = try residents.identifiers(of: id)
      _ = try residents.mergedMembers(of: Town.Spot.door101.id)
      _ = try residents.members(of: Town.Spot.door101.id)
      _ = try residents.household(Town.Spot.door101.id)
      _ = try residents.needs(in: area)
      _ = try residents.past(keeping: Day(number: 0), limit: 10)
      let residences = ResidencesStore(explaining)
      _ = try residences.of(id)
      _ = try residences.livedAt(Town.Spot.door101.id, from: now, to: now)
      _ = try residences.count(in: area, at: now)
      _ = try SlipsStore(explaining).holder(ofFingerprint: "x", at: now)
      _ = try MergesStore(explaining).standing(of: id)
      _ = try PlacesStore(explaining).find([Town.Spot.door101.id])
      return explaining.scans
    }
    #expect(faults.isEmpty)
  }
}
