import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Temperature twice a day at a site") struct SiteHealthTests {
  /// Zhao at the hotel since the fourth, and it is eight in the morning of the fifth.
  private func fifth() async throws -> (Town, SiteStayID) {
    let town = try await Town.withZhao()
    try await town.readyHotel()
    try await town.confirm(exposedAt: town.now)
    let stay = try await town.bring()
    try await town.pass(at("2022-07-05T08:00") - town.now)
    return (town, stay)
  }

  private func healthy(_ town: Town) async throws {
    try await town.finishFirst(
      "restrictions.health", proof: ["temperature": "36.5", "symptom": "none"])
  }

  @Test("the round says which of the day's temperatures it is")
  func ordinal() async throws {
    let (town, _) = try await fifth()
    func items() async throws -> [[Int?]] {
      try await town.ask(SiteRound(site: Town.hotel), for: .fieldwork).doors.flatMap(\.items)
        .filter { $0.kind == "restrictions.health" }.map { [$0.check, $0.checks] }
    }
    #expect(try await items() == [[1, 2], [2, 2]])
    try await healthy(town)
    #expect(try await items() == [[2, 2]])
  }

  @Test("a day with a temperature missing is seen, unless somebody above was told")
  func everyDay() async throws {
    let (town, stay) = try await fifth()
    try await healthy(town)
    try await healthy(town)
    try await town.pass(at("2022-07-06T08:00") - town.now)
    #expect(try await town.violations() == [:])
    // One of the two is not there: nobody asked.
    let evening = at("2022-07-05T20:00")
    try await town.change(
      """
      UPDATE obligation SET state = 'waived', reason = 'x', proof = NULL, closed_by = 'clock'
      WHERE kind = 'restrictions.health' AND deadline = \(evening)
      """)
    #expect(try await town.violations()["I-39"] == [stay.text])
    // A supervisor who lets it fall answers for it.
    try await town.change(
      """
      UPDATE obligation SET closed_by = 'leader'
      WHERE kind = 'restrictions.health' AND deadline = \(evening)
      """)
    #expect(try await town.violations()["I-39"] == nil)
  }

  @Test("a temperature that nobody took goes up the ladder, and only that makes the day whole")
  func escalated() async throws {
    let (town, stay) = try await fifth()
    try await town.pass(at("2022-07-06T08:00") - town.now)
    try await town.catchUp()
    #expect(try await town.violations() == [:])
    try await town.change(
      """
      UPDATE obligation SET escalated_at = NULL
      WHERE kind = 'restrictions.health' AND deadline = \(at("2022-07-05T12:00"))
      """)
    #expect(try await town.violations()["I-39"] == [stay.text])
  }

  @Test("what today still asks is owed")
  func ahead() async throws {
    let (town, stay) = try await fifth()
    #expect(try await town.violations() == [:])
    try await town.change(
      """
      UPDATE obligation SET state = 'waived', reason = 'x', closed_by = 'clock',
        closed_at = \(town.now)
      WHERE kind = 'restrictions.health' AND deadline = \(at("2022-07-05T20:00"))
      """)
    #expect(try await town.violations()["I-39"] == [stay.text])
  }
}
