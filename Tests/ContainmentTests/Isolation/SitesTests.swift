import Kernel
import Registry
import Testing
import Town

@testable import Containment

@Suite("Isolation sites") struct SitesTests {
  @Test("each step is said by one side and confirmed by the other, in order, before anybody comes")
  func readiness() async throws {
    let town = try await Town.withZhao()
    let hotel = Town.hotel
    try await town.submit(SetUpSite(site: hotel), as: "street")
    #expect(await town.refused(SetUpSite(site: hotel)) == "isolation.setUpAlready")
    #expect(
      await town.refused(SetUpSite(site: Town.Spot.community.id)) == "isolation.notASite")
    #expect(try await town.owed("isolation.ready").first?.deadline == town.now + .minutes(120))
    #expect(
      await town.refused(GiveSiteStep(site: hotel, step: "cleaned"), as: "leader")
        == "isolation.stepOrder")
    #expect(
      await town.refused(ConfirmSiteStep(site: hotel, step: "emptied"))
        == "isolation.stepNotGiven")
    try await town.submit(GiveSiteStep(site: hotel, step: "emptied"), as: "street")
    #expect(
      await town.refused(ConfirmSiteStep(site: hotel, step: "emptied")) == "isolation.sameSide")
    #expect(
      await town.refused(GiveSiteStep(site: hotel, step: "emptied"), as: "leader")
        == "isolation.stepGiven")
    try await town.submit(ConfirmSiteStep(site: hotel, step: "emptied"), as: "duty")
    for step in ["cleaned", "zoned", "handed_over"] {
      #expect(try await town.hotelNow().site.state == .preparing)
      try await town.submit(GiveSiteStep(site: hotel, step: step), as: "leader")
      try await town.submit(ConfirmSiteStep(site: hotel, step: step), as: "street")
    }
    #expect(try await town.hotelNow().site.state == .ready)
    #expect(try await town.owed("isolation.ready").isEmpty)
    #expect(try await town.violations() == [:])
  }

  @Test("the free rooms of the board are those of the capacity page, at each step")
  func free() async throws {
    let town = try await Town.withZhao()
    func counted() async throws -> [Int] {
      try await town.rows("SELECT total, used FROM capacity").flatMap {
        [$0.integer(0), $0.integer(0) - $0.integer(1)]
      }
    }
    try await town.submit(SetUpSite(site: Town.hotel), as: "street")
    try await town.submit(
      AddRooms(site: Town.hotel, floor: 2, first: 201, last: 204, beds: 1), as: "street")
    for floor in [-10, 200, Int.max] {
      let far = AddRooms(site: Town.hotel, floor: floor, first: 901, last: 902, beds: 1)
      #expect(await town.refused(far) == "field.malformed")
    }
    // Rooms that nobody may enter are none.
    #expect(try await counted() == [])
    for step in Town.steps {
      try await town.submit(GiveSiteStep(site: Town.hotel, step: step), as: "leader")
      try await town.submit(ConfirmSiteStep(site: Town.hotel, step: step), as: "street")
    }
    #expect(try await counted() == [4, 4])
    try await town.confirm(exposedAt: town.now)
    let stay = try await town.send(to: "202")
    // A room that is promised is not free.
    #expect(try await counted() == [4, 3])
    #expect(try await town.hotelNow().site.counts.free == 3)
    #expect(try await town.hotelNow().site.counts.coming == 1)
    try await town.submit(ArriveTransfer(stay: stay), as: "street")
    #expect(try await counted() == [4, 3])
    try await town.submit(SendToHospital(stay: stay), as: "street")
    // Somebody left it: it is free after its disinfection, which is strong and long enough.
    #expect(try await counted() == [4, 3])
    #expect(try await town.hotelNow().site.counts.dirty == 1)
    for (milligrams, minutes, isRight) in [
      ("999", "30", false), ("1000", "29", false), ("1000", "30", true),
    ] {
      let isDone: Bool
      do {
        try await town.finishFirst(
          "isolation.disinfect", proof: ["milligrams": milligrams, "minutes": minutes])
        isDone = true
      } catch let refusal as Refusal {
        #expect(refusal.code == "isolation.weakDisinfection")
        isDone = false
      }
      #expect(isDone == isRight)
    }
    #expect(try await counted() == [4, 4])
    #expect(try await town.hotelNow().site.counts.free == 4)
    #expect(try await town.violations() == [:])
  }

  @Test("a room takes two only of one household or with a carer")
  func sharing() throws {
    let policy = IsolationPolicy.Sharing(
      caredForBelowYears: 14, caredForNeeds: ["pregnant"], carerFromYears: 18, carerBelowYears: 60,
      carerWithoutNeeds: ["heart"])
    func guest(_ home: String?, _ age: Int?, _ needs: String...) -> RoomGuest {
      RoomGuest(
        person: PersonID(trusted: "p"), home: home.map { PlaceID(trusted: $0) }, age: age,
        needs: Set(needs))
    }
    func code(
      _ newcomer: RoomGuest, _ others: [RoomGuest], _ reason: SharingReason?, beds: Int = 2
    ) -> String? {
      do {
        try IsolationRules.share(newcomer, with: others, beds: beds, because: reason, policy)
        return nil
      } catch {
        return error.code
      }
    }
    let adult = guest("a", 40)
    #expect(code(adult, [], nil) == nil)
    #expect(code(adult, [guest("b", 40)], nil) == "isolation.single")
    #expect(code(adult, [guest("a", 40)], nil) == "isolation.single")
    #expect(code(adult, [guest("a", 40)], .household) == nil)
    #expect(code(adult, [guest("b", 40)], .household) == "isolation.notOneHousehold")
    #expect(code(guest(nil, 40), [guest(nil, 40)], .household) == "isolation.notOneHousehold")
    #expect(code(adult, [guest("a", 40), guest("a", 8)], .household) == "isolation.roomFull")
    #expect(code(adult, [guest("a", 40), guest("a", 8)], .household, beds: 3) == nil)
    // Under 14, both sides of the boundary; who cares is grown up, not old and not ill.
    #expect(code(adult, [guest("b", 13)], .carer) == nil)
    #expect(code(adult, [guest("b", 14)], .carer) == "isolation.noCare")
    #expect(code(guest("a", 13), [guest("b", 40)], .carer) == nil)
    #expect(code(guest("a", 17), [guest("b", 13)], .carer) == "isolation.noCare")
    #expect(code(guest("a", 18), [guest("b", 13)], .carer) == nil)
    #expect(code(guest("a", 59), [guest("b", 13)], .carer) == nil)
    #expect(code(guest("a", 60), [guest("b", 13)], .carer) == "isolation.noCare")
    #expect(code(guest("a", nil), [guest("b", 13)], .carer) == "isolation.noCare")
    #expect(code(guest("a", 40, "heart"), [guest("b", 13)], .carer) == "isolation.noCare")
    #expect(code(adult, [guest("b", 30, "pregnant")], .carer) == nil)
  }

  @Test("a site closes only when nobody is there, and may be set up again")
  func closing() async throws {
    let town = try await Town.withZhao()
    try await town.readyHotel()
    try await town.confirm(exposedAt: town.now)
    _ = try await town.submit(AskTransfer(person: Town.zhao, site: Town.hotel), as: "leader")
    #expect(await town.refused(CloseSite(site: Town.hotel)) == "isolation.notEmpty")
    let stay = try #require(try await town.hotelNow().coming.first?.stay)
    try await town.submit(AnswerTransfer(stay: stay, accepted: false), as: "street")
    try await town.submit(CloseSite(site: Town.hotel), as: "street")
    #expect(try await town.rows("SELECT 1 FROM capacity").isEmpty)
    #expect(
      await town.refused(AskTransfer(person: Town.zhao, site: Town.hotel), as: "leader")
        == "isolation.closed")
    try await town.submit(SetUpSite(site: Town.hotel), as: "street")
    #expect(try await town.hotelNow().site.state == .preparing)
  }
}
