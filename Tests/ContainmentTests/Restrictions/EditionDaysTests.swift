import District
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("One person's days under each edition") struct EditionDaysTests {
  private static let exposed = at("2022-07-04T16:00")

  private func days(_ clause: String) throws -> EditionDays {
    try EditionDays(
      clause, countedFrom: Self.exposed, under: District.rulebook().policies.editions, zone: .china)
  }

  @Test(
    "a close contact of one afternoon is held as long as each edition says",
    arguments: [
      ("cn-8@1", "2022-07-26T00:00", 22, 14), ("cn-9@1", "2022-07-15T00:00", 11, 7),
      ("cn-20-measures@1", "2022-07-13T00:00", 9, 5), ("cn-new-10@1", "2022-07-10T00:00", 6, 0),
    ])
  func close(edition: String, end: String, days: Int, central: Int) throws {
    let all = try self.days("close").editions
    let one = try #require(all.first { $0.edition == edition })
    #expect(one.end == at(end) && one.days.count == days)
    #expect(
      one.days.filter { $0.kind == .centralIsolation }.map(\.number) == Array(1..<(central + 1)))
    #expect(one.quote?.isEmpty == false && one.source?.isEmpty == false)
    #expect(one.days.contains { $0.testBy != nil } && one.days.first?.testBy == nil)
    #expect(all.map(\.effectiveFrom) == all.map(\.effectiveFrom).sorted())
  }

  @Test("when everything is off nothing is asked, and a clause that nobody knows is refused")
  func none() throws {
    let off = try #require(try days("close").editions.last)
    #expect(off.clause == nil && off.end == nil && off.days.isEmpty)
    #expect(throws: Refusal.self) { try days("clothes") }
  }
}
