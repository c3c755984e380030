import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("A resident's own report") struct OwnHealthTests {
  private func report(_ celsius: Double, _ symptom: String = "none", for person: PersonID? = nil)
    -> ReportOwnHealth
  { ReportOwnHealth(temperature: celsius, symptom: symptom, person: person) }

  @Test("it answers the check that is due, once, and the next one after its hour")
  func twice() async throws {
    let town = try await Town.withZhao()
    try await town.isolateAtHome()
    // The measure began at 08:00 of its day 0: health is asked from the next day on.
    try await town.pass(.days(1))
    #expect(try await town.ownHome().reports.map(\.due) == [at("2022-07-05T12:00")])
    try await town.submit(report(36.54), from: .resident(Town.zhao))
    let done = try await town.rows(
      "SELECT proof, closed_by FROM obligation WHERE kind = 'restrictions.health' AND state = 'done'"
    )
    #expect(done.map { $0.text(1) } == ["resident:zhao"])
    #expect(done.first?.text(0).contains("\"36.5\"") == true)
    #expect(await town.refused(report(36.5), from: Town.zhao) == "home.notYet")
    #expect(try await town.ownHome().reports.map(\.from) == [at("2022-07-05T12:00")])
    try await town.pass(.hours(4))
    try await town.submit(report(36.4), from: .resident(Town.zhao))
    #expect(await town.refused(report(36.4), from: Town.zhao) == "home.notYet")
    // What the worker asks at the door answers the same check.
    try await town.pass(.days(1))
    try await town.finishFirst(
      "restrictions.health", proof: ["temperature": "36.6", "symptom": "none"], as: "worker")
    #expect(
      try await town.rows(
        "SELECT id FROM obligation WHERE kind = 'restrictions.health' AND state = 'done'"
      ).count == 3)
    let page = try await town.ask(
      ShowHomeHousehold(household: #require(town.households().first?.household)),
      for: .containment)
    #expect(page.reports.filter { $0.at != nil }.map(\.isOwn) == [false, true, true])
    #expect(try await town.violations() == [:])
  }

  @Test(
    "a fever or a symptom calls a doctor at once, like at the door",
    arguments: [(37.3, "none"), (36.5, "sore_throat")])
  func alarm(celsius: Double, symptom: String) async throws {
    let town = try await Town.withZhao()
    try await town.isolateAtHome()
    try await town.pass(.days(1))
    try await town.submit(report(celsius, symptom), from: .resident(Town.zhao))
    #expect(
      try await town.owed("restrictions.medical").map(\.deadline) == [town.now + .minutes(30)])
    #expect(try await town.violations() == [:])
    try await town.change("UPDATE obligation SET subject = 'x' WHERE kind = 'restrictions.medical'")
    #expect(try await town.violations()["I-40"]?.count == 1)
  }

  @Test("who has reported and falls ill says so at once, and one doctor is called")
  func worse() async throws {
    let town = try await Town.withZhao()
    try await town.isolateAtHome()
    try await town.pass(.days(1))
    let zhao = Sender.resident(Town.zhao)
    try await town.submit(report(36.5), from: zhao)
    try await town.pass(.hours(1))
    #expect(await town.refused(report(36.6), from: Town.zhao) == "home.notYet")
    #expect(try await town.owed("restrictions.medical").isEmpty)
    try await town.submit(report(36.6, "dry_cough"), from: zhao)
    #expect(
      try await town.owed("restrictions.medical").map(\.deadline) == [town.now + .minutes(30)])
    try await town.submit(report(38.9), from: zhao)
    #expect(try await town.owed("restrictions.medical").count == 1)
    // The evening's check is still asked.
    #expect(try await town.ownHome().reports.map(\.from) == [at("2022-07-05T12:00")])
    try await town.pass(.hours(4))
    try await town.submit(report(36.4), from: zhao)
    #expect(await town.refused(report(36.4), from: Town.zhao) == "home.notYet")
    try await town.submit(report(37.8), from: zhao)
    #expect(try await town.violations() == [:])
  }

  @Test("what cannot be right, and what nobody asked, is refused in words")
  func refused() async throws {
    let town = try await Town.withNeighbours()
    #expect(await town.refused(report(36.5), from: Town.zhao) == "home.nothingDue")
    try await town.isolateAtHome()
    try await town.pass(.days(1))
    for celsius in [34.9, 42.1, 84] {
      #expect(await town.refused(report(celsius), from: Town.zhao) == "home.temperature")
    }
    #expect(await town.refused(report(36.5, "bored"), from: Town.zhao) == "home.symptom")
    #expect(
      await town.refused(report(36.5, for: Town.zhao), from: Town.neighbour)
        == "home.notYourChild")
    #expect(await town.refused(report(36.5), as: "worker") == "duty.notHeld")
  }

  @Test("a parent reports for a young child of the same door, and for nobody else")
  func child() async throws {
    let town = try await Town.withZhao()
    let child = try await town.settle("child", born: "2015-03-01")
    let grown = try await town.settle("grown", born: "2004-03-01")
    try await town.isolateAtHome(child)
    try await town.confirm("home-2", .secondary, of: grown, exposedAt: town.now)
    try await town.pass(.days(1))
    #expect(try await town.ownHome().reports.map(\.person) == [child])
    try await town.submit(report(36.5, for: child), from: .resident(Town.zhao))
    #expect(await town.refused(report(36.5, for: grown), from: Town.zhao) == "home.notYourChild")
    // A child reports for no other child.
    let other = try await town.settle("other", born: "2016-03-01")
    #expect(await town.refused(report(36.5, for: other), from: child) == "home.notYourChild")
  }

  @Test("a day without a word is somebody's to look into, once, until the next word")
  func silence() async throws {
    let town = try await Town.withZhao()
    try await town.isolateAtHome()
    try await town.pass(.hours(24) - .minutes(1))
    #expect(try await town.owed("home.silence").isEmpty)
    try await town.pass(.minutes(1))
    let owed = try #require(try await town.owed("home.silence").first)
    #expect(owed.deadline == town.now + .hours(4))
    #expect(try await town.households().first?.people.first?.isSilent == true)
    try await town.pass(.days(1))
    #expect(try await town.owed("home.silence").count == 1)
    try await town.submit(report(36.5), from: .resident(Town.zhao))
    #expect(try await town.owed("home.silence").isEmpty)
    #expect(try await town.households().first?.people.first?.isSilent == false)
    // A look at the door is a word, too; what a supervisor strikes off begins anew.
    try await town.pass(.hours(25))
    try await town.finishFirst("home.silence", proof: ["outcome": "well"], as: "leader")
    #expect(try await town.owed("home.silence").isEmpty)
    try await town.pass(.hours(23))
    #expect(try await town.owed("home.silence").isEmpty)
    try await town.pass(.hours(2))
    let again = try #require(try await town.owed("home.silence").first)
    try await town.submit(WaiveObligation(obligation: again.id, reason: "电话联系过"), as: "leader")
    #expect(try await town.violations()["I-39"] == nil)
    try await town.pass(.hours(25))
    #expect(try await town.owed("home.silence").count == 1)
    try await town.change("UPDATE obligation SET subject = 'x' WHERE kind = 'home.silence'")
    #expect(try await town.violations()["I-39"]?.count == 1)
  }
}
