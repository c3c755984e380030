import Gazette
import Kernel
import Registry
import Testing
import Town

@testable import Containment

@Suite("Coming to an isolation site and going") struct TransferTests {
  private func isolated() async throws -> Town {
    let town = try await Town.withNeighbours()
    try await town.readyHotel()
    try await town.confirm(exposedAt: town.now)
    return town
  }

  @Test("nobody is brought to a site without a measure that asks for it")
  func measure() async throws {
    let town = try await Town.withNeighbours()
    try await town.readyHotel()
    let ask = AskTransfer(person: Town.zhao, site: Town.hotel)
    #expect(await town.refused(ask, as: "leader") == "isolation.noMeasure")
    // A contact of a contact stays at home under the ninth edition.
    try await town.confirm("contact-2", .secondary, of: Town.neighbour, exposedAt: town.now)
    #expect(
      await town.refused(AskTransfer(person: Town.neighbour, site: Town.hotel), as: "leader")
        == "isolation.noMeasure")
    try await town.confirm(exposedAt: town.now)
    let stay = try await town.submit(ask, as: "leader").stay
    #expect(await town.refused(ask, as: "leader") == "isolation.askedAlready")
    // A measure that is withdrawn on the way out of the door sends nobody.
    try await town.submit(
      AnswerTransfer(stay: stay, accepted: true, room: try await town.room("301")), as: "street")
    try await town.withdraw("contact-1")
    #expect(await town.refused(DepartTransfer(stay: stay), as: "leader") == "isolation.noMeasure")
  }

  @Test("asked, accepted, left, arrived: each by its own side, and the measure follows")
  func loop() async throws {
    let town = try await isolated()
    let stay = try await town.submit(
      AskTransfer(person: Town.zhao, site: Town.hotel), as: "leader"
    ).stay
    #expect(try await town.owed("isolation.accept").first?.deadline == town.now + .minutes(30))
    #expect(await town.refused(DepartTransfer(stay: stay), as: "leader") == "isolation.state")
    #expect(
      await town.refused(AnswerTransfer(stay: stay, accepted: true)) == "field.missing")
    let room = try await town.room("302")
    try await town.submit(AnswerTransfer(stay: stay, accepted: true, room: room), as: "street")
    #expect(await town.refused(ArriveTransfer(stay: stay)) == "isolation.state")
    try await town.submit(DepartTransfer(stay: stay), as: "street")
    #expect(try await town.owed("isolation.arrive").count == 1)
    #expect(await town.refused(ArriveTransfer(stay: stay)) == "isolation.sameSide")
    #expect(try await town.owed("restrictions.transfer").count == 1)
    try await town.submit(ArriveTransfer(stay: stay), as: "duty")
    #expect(try await town.owed("isolation.arrive").isEmpty)
    #expect(try await town.owed("restrictions.transfer").isEmpty)
    // Temperature, symptoms and samples are owed where the person is, tomorrow's too.
    let health = try await town.owed("restrictions.health")
    #expect(!health.isEmpty && health.allSatisfy { $0.place == Town.hotel })
    try await town.pass(.days(1))
    let next = try await town.owed("restrictions.health")
    #expect(next.count > health.count && next.allSatisfy { $0.place == Town.hotel })
    try await town.catchUp()
    let board = try await town.hotelNow()
    #expect(board.site.movements.admitted == 1 && board.site.counts.present == 1)
    #expect(board.rooms.first { $0.number == "302" }?.guests.first?.name == "赵＊＊")
    #expect(try await town.violations() == [:])
  }

  @Test("a round of the site shows each door with what is due today, and a fever calls a doctor")
  func round() async throws {
    let town = try await isolated()
    _ = try await town.bring()
    try await town.pass(.days(1))
    let round = try await town.ask(SiteRound(site: Town.hotel), for: .fieldwork)
    let door = try #require(round.doors.first)
    #expect(round.doors.count == 1 && door.number == "301")
    #expect(
      door.items.map(\.kind) == [
        "restrictions.notify", "restrictions.health", "restrictions.health",
        "restrictions.test",
      ])
    try await town.finishFirst(
      "restrictions.health", proof: ["temperature": "37.3", "symptom": "none"])
    let after = try await town.ask(SiteRound(site: Town.hotel), for: .fieldwork)
    #expect(
      after.done == 1
        && after.doors.first?.items.map(\.kind).contains("restrictions.medical") == true)
    #expect(try await town.owed("restrictions.medical").first?.place == Town.hotel)
  }

  @Test("one door shares a room, another door does not; a companion goes when they like")
  func together() async throws {
    let town = try await isolated()
    _ = try await town.bring()
    try await town.confirm("contact-3", of: Town.neighbour, exposedAt: town.now)
    let stay = try await town.submit(
      AskTransfer(person: Town.neighbour, site: Town.hotel), as: "leader"
    ).stay
    let room = try await town.room("301")
    #expect(
      await town.refused(AnswerTransfer(stay: stay, accepted: true, room: room))
        == "isolation.single")
    #expect(
      await town.refused(
        AnswerTransfer(stay: stay, accepted: true, room: room, sharing: .household))
        == "isolation.notOneHousehold")
    try await town.submit(AnswerTransfer(stay: stay, accepted: false), as: "street")
    let sun = PersonID(trusted: "sun")
    try await town.submit(Happen(event: .resident(sun, Town.Spot.door201.id)), from: .clock)
    try await town.confirm("contact-4", of: sun, exposedAt: town.now)
    _ = try await town.bring(sun, sharing: .household)
    #expect(try await town.hotelNow().rooms.first?.guests.count == 2)
    // A companion of their own will is kept by nobody.
    let own = try await town.bring(Town.across, to: "302", companionOf: Town.zhao)
    let finding = try await town.ask(ShowStay(stay: own), for: .containment).finding
    #expect(finding.isOwnWill && finding.isComplete)
    try await town.submit(ReleaseStay(stay: own), as: "street")
    #expect(try await town.violations() == [:])
  }

  @Test("whoever moves to another site is out of the one and into the other, never in both")
  func between() async throws {
    let town = try await isolated()
    let first = try await town.bring()
    let other = Town.Spot.building.id
    try await town.submit(SetUpSite(site: other), as: "street")
    try await town.submit(
      AddRooms(site: other, floor: 1, first: 11, last: 11, beds: 1), as: "street")
    for step in Town.steps {
      try await town.submit(GiveSiteStep(site: other, step: step), as: "leader")
      try await town.submit(ConfirmSiteStep(site: other, step: step), as: "street")
    }
    let second = try await town.submit(
      AskTransfer(person: Town.zhao, site: other), as: "leader"
    ).stay
    try await town.submit(
      AnswerTransfer(stay: second, accepted: true, room: try await town.room("11")),
      as: "street")
    try await town.submit(DepartTransfer(stay: second), as: "leader")
    #expect(try await town.violations() == [:])
    #expect(try await town.hotelNow().site.counts.present == 0)
    try await town.submit(ArriveTransfer(stay: second), as: "street")
    let here = try await town.ask(ShowSite(site: other), for: .containment).site
    #expect(here.movements.transferredIn == 1 && here.counts.present == 1)
    #expect(try await town.hotelNow().site.movements.transferredOut == 1)
    #expect(try await town.owed("restrictions.health").allSatisfy { $0.place == other })
    #expect(await town.refused(SendToHospital(stay: first)) == "isolation.state")
    #expect(try await town.violations() == [:])
  }

  @Test("the invariants see what was changed behind everybody's back")
  func invariants() async throws {
    let town = try await isolated()
    let stay = try await town.send()
    try await town.change(
      "UPDATE obligation SET subject = 'gone' WHERE kind = 'isolation.arrive'")
    #expect(try await town.violations()["I-42"] == [stay.text])
    try await town.change(
      "UPDATE obligation SET subject = \(stay) WHERE kind = 'isolation.arrive'")
    try await town.submit(ArriveTransfer(stay: stay), as: "street")
    #expect(try await town.violations() == [:])
    try await town.change("UPDATE isolation_movement SET kind = 'transferred_in'")
    #expect(try await town.violations()["I-37"] == nil)
    try await town.change("DELETE FROM isolation_movement")
    #expect(try await town.violations()["I-37"]?.contains(Town.hotel.text) == true)
    try await town.change(
      """
      INSERT INTO isolation_movement (site, stay, kind, at)
      VALUES (\(Town.hotel), \(stay), 'admitted', 0)
      """)
    let room = try await town.room("301")
    try await town.change("UPDATE isolation_room SET dirty = 1 WHERE id = \(room)")
    #expect(try await town.violations()["I-38"] == [room.text])
    try await town.change("UPDATE isolation_room SET dirty = 0")
    #expect(try await town.violations() == [:])
  }
}
