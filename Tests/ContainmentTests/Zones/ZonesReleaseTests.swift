import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Zones are released when their clauses are true") struct ZonesReleaseTests {
  @Test("no day too early: 24:00 of day seven, and everybody negative from day seven on")
  func ninth() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    #expect(await town.refused(StepDownZone(zone: zone)) == "zone.clauseUnmet")
    #expect(await town.refused(ReleaseZone(zone: zone)) == "zone.stepsDown")
    // Day 6 is too early for the round.
    town.stall(at("2022-07-10T10:00+08:00") - town.now)
    try await town.test([Town.neighbour])
    town.stall(at("2022-07-11T10:00+08:00") - town.now)
    var card = try await town.ask(ShowZone(zone: zone)).zone
    let round = try #require(card.clauses.first { $0.kind == "full_negative_round" })
    #expect(!round.isMet && round.total == 1)
    #expect(round.rows.map(\.id) == [Town.Spot.door101.rawValue])
    #expect(card.day == 7 && card.earliest == at("2022-07-12T00:00+08:00"))
    try await town.test([Town.neighbour])
    card = try await town.ask(ShowZone(zone: zone)).zone
    #expect(card.clauses.map(\.isMet) == [false, true])
    town.stall(at("2022-07-11T23:59+08:00") - town.now)
    #expect(await town.refused(StepDownZone(zone: zone)) == "zone.clauseUnmet")
    town.stall(.minutes(1))
    #expect(await town.refused(StepDownZone(zone: zone)) == nil)
    card = try await town.ask(ShowZone(zone: zone)).zone
    #expect(card.level == .medium)
    // After the step down three days without a new infection.
    #expect(await town.refused(ReleaseZone(zone: zone)) == "zone.clauseUnmet")
    town.stall(at("2022-07-15T23:59+08:00") - town.now)
    #expect(await town.refused(ReleaseZone(zone: zone)) == "zone.clauseUnmet")
    town.stall(.minutes(1))
    #expect(await town.refused(ReleaseZone(zone: zone)) == nil)
    try await town.catchUp()
    #expect(try await town.zones(.ended).map(\.end) == [.released])
    #expect(try await town.violations() == [:])
  }

  @Test("when nobody presses the button it is over by itself two hours later")
  func byItself() async throws {
    let town = try await Town.withNeighbours(on: "2022-11-14")
    let zone = try await town.seal()
    town.stall(at("2022-11-20T00:00+08:00") - town.now)
    try await town.catchUp()
    let owed = try await town.ask(ListObligations(place: nil)).obligations
    #expect(owed.contains { $0.kind == "zones.release" && $0.about == zone.text })
    #expect(try await town.zones().map(\.zone) == [zone])
    try await town.pass(.minutes(117))
    #expect(try await town.zones().map(\.zone) == [zone])
    try await town.pass(.minutes(2))
    #expect(try await town.zones(.ended).map(\.end) == [.released])
    #expect(try await town.violations() == [:])
  }

  @Test("another infection begins the days anew, for the zone and for its people")
  func anew() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    let third = PersonID(trusted: "third")
    try await town.submit(Happen(event: .resident(third, Town.Spot.door102.id)), from: .clock)
    town.stall(at("2022-07-08T10:00+08:00") - town.now)
    try await town.report("c-2", of: third)
    try await town.catchUp()
    let card = try await town.ask(ShowZone(zone: zone))
    #expect(card.zone.day == 0 && card.zone.earliest == at("2022-07-16T00:00+08:00"))
    #expect(try await town.zones(.proposed).isEmpty)
    let running = try await town.own(Town.neighbour).filter { $0.state == .effective }
    #expect(running.map(\.end) == [at("2022-07-16T00:00+08:00")])
    let owed = try await town.ask(ListObligations(place: nil)).obligations
    #expect(owed.contains { $0.kind == "zones.review" })
    #expect(try await town.violations() == [:])
  }

  @Test("an infection that was isolated before does not begin the days anew")
  func isolated() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    town.stall(at("2022-07-08T10:00+08:00") - town.now)
    try await town.submit(
      Happen(
        event: .infection(
          CaseReported(
            infection: CaseID(trusted: "c-2"), person: Town.neighbour, kind: .confirmed,
            source: "isolation", district: Town.Spot.district.id, reportedAt: town.now))),
      from: .clock)
    #expect(try await town.ask(ShowZone(zone: zone)).zone.day == 4)
  }

  @Test("a part goes down to the next level as a zone of its own, by its own clauses and days")
  func partStepsDown() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    let zone = try await town.submit(
      town.proposal([.building, .otherBuilding], .high), as: "leader"
    ).zone
    town.stall(.minutes(10))
    try await town.submit(OpenZone(zone: zone), as: "street")
    try await town.catchUp()
    let opened = town.now
    // Another infection in the first building on day 4; the second one is quiet.
    town.stall(.days(4))
    try await town.report("c-2", of: Town.neighbour)
    let part = ReleaseZonePlaces(zone: zone, places: [Town.Spot.otherBuilding.id])
    #expect(await town.refused(part) == "zone.clauseUnmet")
    town.stall(Day(of: opened, in: .china).start(in: .china) + .days(8) - town.now)
    #expect(await town.refused(part) == "zone.clauseUnmet")
    try await town.test([Town.across])
    #expect(
      await town.refused(ReleaseZonePlaces(zone: zone, places: [Town.Spot.building.id]))
        == "zone.clauseUnmet")
    let lower = try #require(try await town.submit(part, as: "street").zone)
    try await town.catchUp()
    // What does not ask people to stay at home any more lets them go; the rest stays as it was.
    #expect(try await town.own(Town.across).allSatisfy { $0.state == .ended })
    #expect(try await town.own(Town.neighbour).contains { $0.state == .effective })
    let stepped = try await town.ask(ShowZone(zone: lower))
    #expect(stepped.zone.level == .medium && stepped.zone.clauses.map(\.isMet) == [false])
    #expect(stepped.places.map(\.place) == [Town.Spot.otherBuilding.id])
    #expect(stepped.history.map(\.kind) == [.proposed, .parted, .steppedDown])
    let rest = try await town.ask(ShowZone(zone: zone))
    #expect(rest.zone.level == .high && rest.history.contains { $0.kind == .placesReleased })
    #expect(rest.places.filter { $0.until == nil }.map(\.place) == [Town.Spot.building.id])
    // Three days without a new infection of its own, whatever happens next door.
    town.stall(.days(3))
    #expect(await town.refused(ReleaseZone(zone: lower)) == "zone.clauseUnmet")
    town.stall(.days(1))
    #expect(await town.refused(ReleaseZone(zone: lower)) == nil)
    try await town.catchUp()
    #expect(try await town.ask(ShowZone(zone: lower)).zone.endedAt != nil)
    #expect(try await town.ask(ShowZone(zone: zone)).zone.endedAt == nil)
    #expect(try await town.violations() == [:])
  }

  @Test("a part that stepped down ends with the infection that all of it rests on")
  func partWithdrawn() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    let zone = try await town.submit(
      town.proposal([.building, .otherBuilding], .high), as: "leader"
    ).zone
    town.stall(.minutes(10))
    try await town.submit(OpenZone(zone: zone), as: "street")
    try await town.catchUp()
    town.stall(Day(of: town.now, in: .china).start(in: .china) + .days(8) - town.now)
    try await town.test([Town.across])
    let part = ReleaseZonePlaces(zone: zone, places: [Town.Spot.otherBuilding.id])
    let lower = try #require(try await town.submit(part, as: "street").zone)
    try await town.withdrawCase("c-1", of: Town.zhao)
    try await town.catchUp()
    for id in [zone, lower] {
      #expect(try await town.ask(ShowZone(zone: id)).zone.endedAt != nil)
    }
    #expect(try await town.violations() == [:])
  }

  @Test("a part is released by the clauses of that part alone")
  func part() async throws {
    let town = try await Town.withNeighbours(on: "2022-03-01")
    try await town.report("c-1")
    let zone = try await town.submit(
      town.proposal([.building, .otherBuilding], .sealed), as: "leader"
    ).zone
    town.stall(.minutes(10))
    try await town.submit(OpenZone(zone: zone), as: "street")
    try await town.catchUp()
    // Another infection in the first building; the second one has been quiet.
    town.stall(at("2022-03-10T10:00+08:00") - town.now)
    try await town.report("c-2", of: Town.neighbour)
    town.stall(at("2022-03-16T08:00+08:00") - town.now)
    let other = ReleaseZonePlaces(zone: zone, places: [Town.Spot.otherBuilding.id])
    #expect(await town.refused(other) == "zone.clauseUnmet")
    // A single door is released with its entrance.
    #expect(
      await town.refused(ReleaseZonePlaces(zone: zone, places: [Town.Spot.otherDoor.id]))
        == "zone.placeSmall")
    try await town.test([Town.across])
    #expect(
      await town.refused(ReleaseZonePlaces(zone: zone, places: [Town.Spot.building.id]))
        == "zone.clauseUnmet")
    #expect(await town.refused(other) == nil)
    try await town.catchUp()
    #expect(try await town.own(Town.across).allSatisfy { $0.state == .ended })
    #expect(try await town.zones().map(\.places) == [1])
    let history = try await town.ask(ShowZone(zone: zone)).history
    #expect(history.contains { $0.kind == .placesReleased && $0.about == "town-building-2" })
    #expect(try await town.violations() == [:])
  }

  @Test("the last contact of the zone's infections is waited for, and must be negative")
  func contacts() async throws {
    let town = try await Town.withNeighbours(on: "2022-03-01")
    let zone = try await town.seal()
    town.stall(.hours(30))
    try await town.confirm("k-1", case: "c-1", of: Town.across, exposedAt: town.now)
    town.stall(at("2022-03-16T08:00+08:00") - town.now)
    try await town.test([Town.neighbour])
    try await town.change("DELETE FROM obligation WHERE kind = 'tracing.contacts'")
    var clause = try #require(
      try await town.ask(ShowZone(zone: zone)).zone.clauses.first {
        $0.kind == "last_contact_found"
      })
    #expect(clause.rows.map(\.detail) == ["days"] && clause.rows.map(\.id) == ["k-1"])
    town.stall(at("2022-03-17T00:00+08:00") - town.now)
    clause = try #require(
      try await town.ask(ShowZone(zone: zone)).zone.clauses.first {
        $0.kind == "last_contact_found"
      })
    #expect(clause.rows.map(\.detail) == ["negative"] && clause.total == 1)
    #expect(await town.refused(ReleaseZone(zone: zone)) == "zone.clauseUnmet")
    // Whoever came home from hospital is one of the zone's people again.
    try await town.test([Town.across])
    #expect(await town.refused(ReleaseZone(zone: zone)) == "zone.clauseUnmet")
    try await town.test([Town.zhao])
    #expect(await town.refused(ReleaseZone(zone: zone)) == nil)
  }

  @Test("while contacts of its infections are not decided, nobody knows which was the last")
  func undecided() async throws {
    let town = try await Town.withNeighbours(on: "2022-03-01")
    let zone = try await town.seal()
    func clause() async throws -> ClauseFinding? {
      try await town.ask(ShowZone(zone: zone)).zone.clauses.first {
        $0.kind == "last_contact_found"
      }
    }
    #expect(try await clause()?.isMet == false)
    #expect(try await clause()?.rows.map(\.detail) == ["undecided"])
    try await town.change("DELETE FROM obligation WHERE kind = 'tracing.contacts'")
    #expect(try await clause()?.isMet == true)
  }

  @Test("a zone goes on under a new edition, by its shorter days")
  func newEdition() async throws {
    let town = try await Town.withNeighbours(on: "2022-11-09")
    let zone = try await town.seal()
    town.stall(at("2022-11-11T08:00+08:00") - town.now)
    try await town.catchUp()
    let card = try await town.ask(ShowZone(zone: zone))
    #expect(card.zone.edition == "cn-20-measures@1")
    #expect(card.history.map(\.kind).contains(.editionChanged))
    town.stall(at("2022-11-15T00:00+08:00") - town.now)
    #expect(await town.refused(ReleaseZone(zone: zone)) == nil)
    #expect(try await town.violations() == [:])
  }

  @Test("the last sample of a person speaks: a negative after a positive suffices, before it not")
  func lastSample() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    func isRoundMet() async throws -> Bool? {
      try await town.ask(ShowZone(zone: zone)).zone.clauses.first {
        $0.kind == "full_negative_round"
      }?.isMet
    }
    town.stall(at("2022-07-11T10:00+08:00") - town.now)
    try await town.test([Town.neighbour], negative: false)
    #expect(try await isRoundMet() == false)
    town.stall(.hours(1))
    try await town.test([Town.neighbour])
    #expect(try await isRoundMet() == true)
    town.stall(.hours(1))
    try await town.test([Town.neighbour], negative: false)
    #expect(try await isRoundMet() == false)
  }

  @Test("an infection that lives in one part and was found in another counts in both")
  func partFound() async throws {
    let town = try await Town.withNeighbours(on: "2022-03-01")
    try await town.report("c-1")
    let zone = try await town.submit(
      town.proposal([.building, .otherBuilding], .sealed), as: "leader"
    ).zone
    town.stall(.minutes(10))
    try await town.submit(OpenZone(zone: zone), as: "street")
    try await town.catchUp()
    town.stall(at("2022-03-10T10:00+08:00") - town.now)
    try await town.tell("c-2", of: Town.neighbour, foundIn: .otherBuilding)
    town.stall(at("2022-03-16T08:00+08:00") - town.now)
    try await town.test([Town.across])
    let other = ReleaseZonePlaces(zone: zone, places: [Town.Spot.otherBuilding.id])
    #expect(await town.refused(other) == "zone.clauseUnmet")
  }
}
