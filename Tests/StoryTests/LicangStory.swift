import Containment
import Gazette
import Registry
import Testing
import Town

@testable import Kernel

/// Puts the guest into the register, so that the story begins where the newspaper's does.
private struct BeforeTheStory: Command {
  static let name = "test.beforeTheStory"
  static let duty: Duty = .clockOnly
  let guest: PersonID

  func area(in work: Work) -> Area { .everywhere }

  func perform(in work: Work) throws -> Done {
    let home = try PlacesStore(work.transaction).get(Town.Spot.door201.id)
    _ = try work.person(guest, name: "周某", at: home)
    return Done()
  }
}

/// Licang, 13 February 2021: at 12:40 the manager of a hotel reports a guest who should be in home
/// isolation; at 14:00 the guest is in central isolation. 1 h 20 min, every step on a timeline.
@Suite("Licang, 13 February 2021") struct LicangStory {
  @Test("from the manager's report to the isolation site takes 1 h 20 min on the timeline")
  func hotel() async throws {
    let town = try await Town(on: "2021-02-13")
    let guest = PersonID(trusted: "guest")
    try await town.submit(BeforeTheStory(guest: guest), from: .clock)
    // A traveller who came back from an area of middle risk three days ago, as another city wrote.
    let left = try #require(Day("2021-02-10"))
    try await town.submit(
      NoteEntry(
        person: guest, areaCode: "130109", level: .middle, leftOn: left, arrivedOn: left,
        source: "help_letter", entry: EntryID(trusted: "letter-7")), as: "leader")
    try await town.pass(.minutes(4 * 60 + 40))
    let reportedAt = town.now
    #expect(reportedAt.shortText(in: .china) == "2021-02-13 12:40")
    let home = try #require(try await own(town, guest).first)
    #expect(home.kind == .homeIsolation && home.edition == "cn-7@1")
    #expect(home.clause == "returned_middle" && home.end == (left + 14).end(in: .china))

    // The manager tells the grid worker on whose beat the hotel stands, not the guest's own.
    try await town.submit(
      ReportBreach(restriction: home.restriction, place: Town.Spot.otherBuilding.id),
      as: "otherWorker")
    // Nobody is moved on one person's word: the district's investigator looks and agrees.
    #expect(try await own(town, guest).first?.transfer != nil)
    try await town.pass(.minutes(10))
    try await town.submit(
      ApproveTransfer(restriction: home.restriction, approved: true), as: "investigator")
    let transfer = try #require(
      try await town.rows("SELECT id FROM obligation WHERE kind = 'restrictions.transfer'").first)
    try await town.pass(.minutes(10))
    try await town.submit(ClaimObligation(obligation: transfer.id(0)), as: "worker")
    try await town.pass(.minutes(60))
    try await town.submit(FinishObligation(obligation: transfer.id(0), proof: nil), as: "worker")

    let moved = try #require(try await own(town, guest).first)
    #expect(moved.kind == .centralIsolation && moved.end == home.end)
    let timeline = try await town.ask(
      TimelineOf(subject: home.restriction.text, from: reportedAt), as: "street")
    let steps = timeline.steps.filter { $0.fact != "obligations.escalated" }
    #expect(
      steps.map(\.fact) == [
        "restrictions.breached", "obligations.opened", "obligations.done",
        "restrictions.transferDecided", "obligations.opened", "obligations.claimed",
        "obligations.done", "restrictions.phaseChanged",
      ])
    #expect(
      steps.map(\.sender) == [
        "otherWorker", "otherWorker", "investigator", "investigator", "investigator", "worker",
        "worker", "worker",
      ])
    #expect(
      steps.map(\.after.english) == [
        "0 s", "0 s", "10 min", "10 min", "10 min", "20 min", "1 h 20 min", "1 h 20 min",
      ])
    #expect(timeline.span == Words("1小时20分钟", "1 h 20 min"))
  }

  private func own(_ town: Town, _ person: PersonID) async throws -> [RestrictionView] {
    try await town.ask(OwnRestrictions(), for: .ownFile, from: .resident(person)).restrictions
  }
}
