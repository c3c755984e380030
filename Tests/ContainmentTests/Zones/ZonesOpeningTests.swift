import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Zones are proposed and opened") struct ZonesOpeningTests {
  @Test("a positive proposes its entrance at once, to the street, and shuts nothing")
  func proposed() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    let zone = try #require(try await town.zones(.proposed).first)
    #expect(zone.level == .high && zone.place == Town.Spot.entrance.id && zone.people == 2)
    #expect(zone.proposedBy == "rules")
    let owed = try await town.ask(ListObligations(place: nil)).obligations
    #expect(owed.first { $0.kind == "zones.decide" }?.seat == "street_leader@370203030")
    #expect(try await town.own(Town.neighbour).isEmpty)
    #expect(try await town.violations() == [:])
  }

  @Test("two of one family are evidence for one proposal")
  func family() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    try await town.report("c-2", of: Town.neighbour)
    #expect(try await town.zones(.proposed).count == 1)
    let zone = try #require(try await town.zones(.proposed).first?.zone)
    let card = try await town.ask(ShowZone(zone: zone))
    #expect(card.infections.map(\.infection.text).sorted() == ["c-1", "c-2"])
  }

  @Test("who lives in an opened zone is restricted by its clause, and nobody else")
  func residents() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    let view = try #require(try await town.own(Town.neighbour).first)
    #expect(view.clause == "zone_home" && view.state == .effective)
    #expect(
      view.evidence == [Evidence(kind: .zoneResidence, reference: zone.text)])
    #expect(view.end == at("2022-07-12T00:00+08:00"))
    #expect(try await town.own(Town.across).isEmpty)
    // The case is treated as one, not shut in at home.
    #expect(try await town.own().map(\.clause) == ["case"])
    let owed = try await town.ask(ListObligations(place: nil)).obligations
    #expect(!owed.contains { $0.kind == "zones.decide" })
    #expect(try await town.violations() == [:])
  }

  @Test("a proposal that a wider zone overtakes is left to nobody to decide")
  func overtaken() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    #expect(try await town.zones(.proposed).map(\.place) == [Town.Spot.entrance.id])
    let zone = try await town.submit(town.proposal([.building], .high), as: "leader").zone
    town.stall(.minutes(10))
    try await town.submit(OpenZone(zone: zone), as: "street")
    #expect(try await town.zones(.standing).map(\.zone) == [zone])
    #expect(try await town.zones(.proposed).isEmpty)
    #expect(try await town.zones(.declined).map(\.place) == [Town.Spot.entrance.id])
    let owed = try await town.ask(ListObligations(place: nil)).obligations
    #expect(!owed.contains { $0.kind == "zones.decide" })
    #expect(try await town.violations() == [:])
  }

  @Test("what is wider than a building waits for a second person of another organisation")
  func twoPersons() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    let zone = try await town.submit(town.proposal([.estate], .high), as: "leader").zone
    #expect(await town.refused(OpenZone(zone: zone), as: "street") == "zone.cooling")
    town.stall(.minutes(9))
    #expect(await town.refused(OpenZone(zone: zone), as: "street") == "zone.cooling")
    town.stall(.minutes(1))
    let opened = try await town.submit(OpenZone(zone: zone), as: "street")
    #expect(opened.opened && opened.people == 3)
    try await town.catchUp()
    #expect(try await town.own(Town.across).map(\.clause) == ["zone_home"])
    #expect(try await town.violations() == [:])
  }

  @Test(
    "whoever approves decides on those of whom the proposal told, not on who was registered since")
  func grown() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    let zone = try await town.submit(town.proposal([.estate], .high), as: "leader").zone
    func settle(_ numbers: Range<Int>) async throws {
      for number in numbers {
        let person = PersonID(trusted: "n-\(number)")
        try await town.submit(
          Happen(event: .resident(person, Town.Spot.door101.id)), from: .clock)
      }
    }
    try await settle(0..<61)
    town.stall(.minutes(10))
    #expect(await town.refused(OpenZone(zone: zone), as: "street") == "zone.grown")
    // Proposed anew it is as many as live there; a few who were registered meanwhile do not matter.
    let anew = try await town.submit(town.proposal([.estate], .high), as: "leader").zone
    try await settle(61..<100)
    town.stall(.minutes(10))
    let opened = try await town.submit(OpenZone(zone: anew), as: "street")
    #expect(opened.opened && opened.people == 103)
    #expect(try await town.violations() == [:])
  }

  @Test("nobody is the second person of their own proposal")
  func samePerson() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    let zone = try await town.submit(town.proposal([.estate], .high), as: "street").zone
    town.stall(.minutes(30))
    #expect(await town.refused(OpenZone(zone: zone), as: "street") == "zone.samePerson")
    #expect(await town.refused(OpenZone(zone: zone), as: "leader") == "duty.notHeld")
    #expect(await town.refused(OpenZone(zone: zone), as: "duty") == nil)
  }

  @Test("a zone rests on an infection near by, at the entrance or above, and not too wide")
  func refusals() async throws {
    let town = try await Town.withNeighbours()
    #expect(await town.refused(town.proposal([.entrance], .high)) == "zone.noEvidence")
    try await town.report("c-1", of: Town.across)
    let cases: [([Town.Spot], ZoneLevel, String)] = [
      ([.door101], .high, "zone.placeSmall"), ([.street], .high, "zone.placeWide"),
      ([], .high, "field.missing"), ([.building, .entrance], .high, "zone.placeTwice"),
      ([.entrance], .sealed, "zone.levelNotInForce"),
      ([.otherCommunity], .high, "zone.evidenceFar"),
    ]
    for (places, level, code) in cases {
      #expect(await town.refused(town.proposal(places, level)) == code)
    }
    #expect(await town.refused(town.proposal([.entrance], .high), as: "worker") == "duty.notHeld")
    #expect(
      await town.refused(town.proposal([.entrance], .high), as: "otherLeader")
        == "duty.outsideArea")
    // The building across is of the same estate: it is near enough for this one.
    #expect(await town.refused(town.proposal([.building], .high)) == nil)
  }

  @Test("a withdrawn infection ends the zone that rests on it alone, and what rests on the zone")
  func withdrawn() async throws {
    let town = try await Town.withNeighbours()
    let zone = try await town.seal()
    try await town.submit(
      Happen(
        event: .infectionWithdrawn(
          CaseWithdrawn(infection: CaseID(trusted: "c-1"), person: Town.zhao))), from: .clock)
    try await town.catchUp()
    let ended = try #require(try await town.zones(.ended).first)
    #expect(ended.zone == zone && ended.end == .evidenceWithdrawn)
    #expect(try await town.own(Town.neighbour).first?.state == .ended)
    #expect(try await town.colour(Town.neighbour) == .green)
    #expect(try await town.violations() == [:])
  }

  @Test("an edition without zones ends those that stand, and lets none be proposed")
  func switchedOff() async throws {
    let town = try await Town.withNeighbours(on: "2023-01-07")
    try await town.seal()
    #expect(try await town.zones().count == 1)
    town.stall(.hours(16))
    try await town.catchUp()
    #expect(try await town.zones(.ended).map(\.end) == [.editionEnded])
    #expect(try await town.own(Town.neighbour).first?.state == .ended)
    try await town.report("c-9", of: Town.across)
    #expect(try await town.zones(.proposed).isEmpty)
    #expect(await town.refused(town.proposal([.entrance], .high, for: "c-9")) != nil)
  }

  @Test(
    "what one opens without a second person of another organisation counts, whoever proposed it")
  func openedAlone() async throws {
    let town = try await Town.withNeighbours()
    for number in 0..<40 {
      for spot in [Town.Spot.door101, .otherDoor] {
        let person = PersonID(trusted: "\(spot.rawValue)-\(number)")
        try await town.submit(Happen(event: .resident(person, spot.id)), from: .clock)
      }
    }
    try await town.settleColleague()
    try await town.report("c-1")
    try await town.report("c-2", of: Town.across)
    let one = try await town.submit(town.proposal([.entrance], .high), as: "colleague").zone
    let two = try await town.submit(
      town.proposal([.otherBuilding], .high, for: "c-2"), as: "colleague"
    ).zone
    #expect(await town.refused(OpenZone(zone: one)) == nil)
    #expect(await town.refused(OpenZone(zone: two)) == "zone.sameOrganisation")
    // Of another organisation, and after the pause, it is two people who decide.
    let other = try await town.submit(
      town.proposal([.otherBuilding], .high, for: "c-2"), as: "leader"
    ).zone
    #expect(await town.refused(OpenZone(zone: other)) == "zone.cooling")
    town.stall(.minutes(10))
    #expect(await town.refused(OpenZone(zone: other)) == nil)
    #expect(try await town.violations() == [:])
  }

  @Test("a small zone that two people of two organisations decided after the pause does not count")
  func openedByTwo() async throws {
    let town = try await Town.withNeighbours()
    for number in 0..<58 {
      let person = PersonID(trusted: "n-\(number)")
      try await town.submit(
        Happen(event: .resident(person, Town.Spot.door101.id)), from: .clock)
    }
    try await town.report("c-1")
    try await town.report("c-2", of: Town.across)
    let one = try await town.submit(town.proposal([.entrance], .high), as: "leader").zone
    town.stall(.minutes(10))
    #expect(await town.refused(OpenZone(zone: one)) == nil)
    let rest = try await town.zones(.proposed).first { $0.place == Town.Spot.otherBuilding.id }
    let opened = try await town.submit(OpenZone(zone: try #require(rest).zone), as: "street")
    #expect(opened.opened)
  }

  @Test("a proposal whose first infection was none after all is opened on another one")
  func otherEvidence() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    try await town.report("c-2", of: Town.neighbour)
    try await town.withdrawCase("c-1")
    let zone = try #require(try await town.zones(.proposed).first?.zone)
    #expect(await town.refused(OpenZone(zone: zone)) == nil)
    #expect(try await town.violations() == [:])
  }

  @Test("when the door of an infection is found the zone may be where it is, and nowhere else")
  func doorFound() async throws {
    let town = try await Town.withNeighbours()
    let newcomer = PersonID(trusted: "newcomer")
    try await town.submit(
      Happen(event: .resident(newcomer, Town.Spot.community.id)), from: .clock)
    try await town.report("c-1", of: newcomer)
    #expect(await town.refused(town.proposal([.entrance], .high)) == "zone.evidenceFar")
    try await town.submit(
      MoveResident(person: newcomer, to: Town.Spot.door101.id), as: "leader")
    #expect(await town.refused(town.proposal([.otherCommunity], .high)) == "zone.evidenceFar")
    #expect(await town.refused(town.proposal([.entrance], .high)) == nil)
  }

  @Test("whoever moves away after the report is evidence where they lived, not where they went")
  func movedAway() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    try await town.submit(
      MoveResident(person: Town.zhao, to: Town.Spot.otherCommunity.id), as: "duty")
    #expect(await town.refused(town.proposal([.otherCommunity], .high)) == "zone.evidenceFar")
    #expect(await town.refused(town.proposal([.entrance], .high)) == nil)
  }

  @Test("an infection is evidence for the longest days of release, and not a minute longer")
  func evidenceOld() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    let zone = try #require(try await town.zones(.proposed).first?.zone)
    town.stall(at("2022-07-11T23:59+08:00") - town.now)
    #expect(await town.refused(town.proposal([.entrance], .medium)) == nil)
    town.stall(.minutes(1))
    #expect(await town.refused(town.proposal([.entrance], .medium)) == "zone.evidenceOld")
    #expect(await town.refused(OpenZone(zone: zone)) == "zone.evidenceOld")
  }

  @Test("who was found in a high zone and lives where none is proposes one for the home")
  func foundElsewhere() async throws {
    let town = try await Town.withNeighbours()
    try await town.seal()
    try await town.tell("c-2", of: Town.across, foundIn: .entrance)
    #expect(try await town.zones(.proposed).map(\.place) == [Town.Spot.otherBuilding.id])
    // Whoever lives in the high zone proposes nothing, wherever they were found.
    try await town.tell("c-3", of: Town.neighbour, foundIn: .otherBuilding)
    #expect(try await town.zones(.proposed).map(\.place) == [Town.Spot.otherBuilding.id])
  }

  @Test(
    "a proposal of a lower level that waits does not keep a positive from proposing the top one")
  func lowerWaits() async throws {
    let town = try await Town.withNeighbours()
    try await town.tell("c-1", source: "isolation")
    #expect(try await town.zones(.proposed).isEmpty)
    try await town.submit(town.proposal([.entrance], .medium), as: "street")
    try await town.report("c-2", of: Town.neighbour)
    #expect(Set(try await town.zones(.proposed).map(\.level)) == [.medium, .high])
    // The next one of the house is evidence for the high one.
    try await town.report("c-4")
    #expect(try await town.zones(.proposed).count == 2)
  }

  @Test("an infection that was found in the places before they were held belongs to the zone")
  func foundBefore() async throws {
    let town = try await Town.withNeighbours()
    try await town.report("c-1")
    try await town.tell("c-2", of: Town.across, foundIn: .entrance)
    let proposed = try await town.zones(.proposed)
    let zone = try #require(proposed.first { $0.place == Town.Spot.entrance.id }?.zone)
    try await town.submit(OpenZone(zone: zone), as: "street")
    let card = try await town.ask(ShowZone(zone: zone))
    #expect(Set(card.infections.map(\.infection.text)) == ["c-1", "c-2"])
  }
}
