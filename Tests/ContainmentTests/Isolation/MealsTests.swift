import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Meals at an isolation site") struct MealsTests {
  /// Zhao in 301 and the neighbour in 302, since eight in the morning.
  private func guests() async throws -> (Town, [SiteStayID]) {
    let town = try await Town.withNeighbours()
    try await town.readyHotel()
    try await town.confirm(exposedAt: town.now)
    try await town.confirm("contact-2", of: Town.neighbour, exposedAt: town.now)
    return (
      town, [try await town.bring(), try await town.bring(Town.neighbour, to: "302")]
    )
  }

  private func serve(
    _ meal: String, _ portions: Int, day: Day? = nil, doors: String? = nil, reason: String? = nil
  ) -> ServeMeal {
    ServeMeal(
      site: Town.hotel, meal: meal, day: day, portions: portions, doors: doors, reason: reason)
  }

  @Test(
    "everybody has a portion or stands behind a door that is named",
    arguments: [
      (2, 2, 0, true), (2, 3, 0, true), (2, 1, 0, false), (2, 1, 1, true), (2, 0, 2, true),
      (2, 0, 1, false), (0, 0, 0, true),
    ])
  func everybody(_ people: Int, _ portions: Int, _ behind: Int, _ isRight: Bool) {
    var isFine = true
    do {
      try MealsRules.requireEverybody(people: people, portions: portions, behind: behind)
    } catch {
      isFine = false
      #expect(error.code == "isolation.mealShort")
    }
    #expect(isFine == isRight)
  }

  @Test("doors are read however they are parted, each once")
  func doors() {
    #expect(MealsRules.doors("301 305、301,A12") == ["301", "305", "A12"])
    #expect(MealsRules.doors(" ") == [] && MealsRules.doors(nil) == [])
  }

  @Test("the meals of today and tomorrow are owed once each, from the arrival on")
  func owed() async throws {
    let (town, _) = try await guests()
    func deadlines() async throws -> [Instant] {
      try await town.owed("isolation.meal").map(\.deadline)
    }
    let hours = ["04T12:00", "04T18:00", "05T08:00", "05T12:00", "05T18:00"]
    #expect(try await deadlines() == hours.map { at("2022-07-\($0)") })
    try await town.catchUp()
    #expect(try await deadlines().count == 5)
    #expect(try await town.owed("isolation.meal").allSatisfy { $0.place == Town.hotel })
    // After midnight the next day is owed, too; what nobody said of the day before stays owed.
    try await town.pass(at("2022-07-05T00:01") - town.now)
    #expect(try await deadlines().last == at("2022-07-06T18:00"))
    #expect(try await deadlines().count == 8)
    #expect(try await town.violations() == [:])
  }

  @Test("a meal closes with its portions; a door that got none is owed one")
  func served() async throws {
    let (town, _) = try await guests()
    #expect(await town.refused(serve("lunch", 1)) == "isolation.mealShort")
    #expect(await town.refused(serve("tea", 2)) == "field.malformed")
    #expect(await town.refused(serve("lunch", -1)) == "field.malformed")
    #expect(await town.refused(serve("breakfast", 2)) == "isolation.mealNotOwed")
    #expect(
      await town.refused(serve("lunch", 2, day: Day("2022-07-05"))) == "isolation.mealToCome")
    #expect(await town.refused(serve("lunch", 1, doors: "302")) == "field.missing")
    #expect(await town.refused(serve("lunch", 1, doors: "302", reason: "x")) == "field.malformed")
    // Nobody lives in 303, and 999 is no room.
    for door in ["303", "999"] {
      #expect(
        await town.refused(serve("lunch", 1, doors: door, reason: "late"))
          == "isolation.mealDoor")
    }
    let answer = try await town.submit(
      serve("lunch", 1, doors: "302", reason: "no_answer"), as: "street")
    #expect(answer.people == 2 && answer.missed == ["302"])
    #expect(await town.refused(serve("lunch", 2)) == "isolation.mealServed")
    #expect(try await town.owed("isolation.missedMeal").count == 1)
    #expect(
      try await town.owed("isolation.missedMeal").first?.deadline == town.now + .minutes(60))
    #expect(try await town.owed("isolation.meal").first?.deadline == at("2022-07-04T18:00"))
    let shown = try #require(try await town.hotelNow().meals.first)
    #expect(shown.doors == ["302"] && shown.reason == "no_answer" && shown.portions == 1)
    // It stands on the round, at its door.
    let round = try await town.ask(SiteRound(site: Town.hotel), for: .fieldwork)
    let door = try #require(round.doors.first { $0.number == "302" })
    #expect(door.items.contains { $0.kind == "isolation.missedMeal" })
    try await town.finishFirst("isolation.missedMeal")
    try await town.submit(serve("supper", 2), as: "street")
    // Today's are over: tomorrow's stand on the page.
    #expect(
      try await town.hotelNow().meals.map(\.day.text).suffix(2) == ["2022-07-05", "2022-07-05"])
    try await town.catchUp()
    #expect(try await town.violations() == [:])
  }

  @Test("the kitchen cooks by floor and diet; whom it cooks for nothing is not counted")
  func kitchen() async throws {
    let (town, stays) = try await guests()
    func kitchen() async throws -> KitchenList.Answer {
      try await town.ask(KitchenList(site: Town.hotel))
    }
    #expect(try await kitchen().total.map(\.diet) == ["regular"])
    #expect(await town.refused(SetDiet(stay: stays[0], diet: "steak")) == "field.malformed")
    try await town.submit(SetDiet(stay: stays[0], diet: "halal"), as: "street")
    let list = try await kitchen()
    #expect(list.people == 2 && list.total.map(\.people) == [1, 1])
    #expect(list.doors.map(\.number) == ["301", "302"])
    #expect(list.doors[0].portions.map(\.diet) == ["halal"])
    #expect(list.floors.map(\.floor) == [3])
    try await town.submit(SetDiet(stay: stays[1], diet: "none"), as: "street")
    let rest = try await kitchen()
    #expect(rest.people == 1 && rest.uncooked == 1)
    #expect(try await town.submit(serve("lunch", 1), as: "street").people == 1)
  }

  @Test("medicine is read by those who look after the guests, and is gone when they leave")
  func medicine() async throws {
    let (town, stays) = try await guests()
    try await town.submit(
      SetDiet(stay: stays[0], diet: "diabetic", medicine: "二甲双胍 早晚"), as: "street")
    func shown(_ account: String) async throws -> ShowStay.Answer {
      try await town.ask(ShowStay(stay: stays[0]), for: .containment, as: account)
    }
    #expect(try await shown("street").medicine == "二甲双胍 早晚")
    #expect(try await shown("leader").medicine == nil)
    #expect(try await shown("street").diet == "diabetic")
    func locked() async throws -> [UInt8]? {
      try await town.rows(
        "SELECT medicine FROM isolation_stay WHERE id = \(stays[0])"
      ).first?.bytes(0)
    }
    let kept = try #require(try await locked())
    #expect(!String(decoding: kept, as: UTF8.self).contains("二甲"))
    // Nothing said leaves it; an empty line takes it away.
    try await town.submit(SetDiet(stay: stays[0], diet: "regular"), as: "street")
    #expect(try await locked() != nil)
    try await town.submit(SendToHospital(stay: stays[0]), as: "street")
    #expect(try await locked() == nil)
    try await town.submit(
      SetDiet(stay: stays[1], diet: "regular", medicine: "阿司匹林"), as: "street")
    try await town.submit(
      SetDiet(stay: stays[1], diet: "regular", medicine: " "), as: "street")
    #expect(
      try await town.rows("SELECT 1 FROM isolation_stay WHERE medicine IS NOT NULL").isEmpty)
  }

  @Test("who comes between the meal and its hour is served, and with the last guest meals end")
  func comeAndGo() async throws {
    let town = try await Town.withNeighbours()
    try await town.readyHotel()
    try await town.confirm(exposedAt: town.now)
    try await town.confirm("contact-2", of: Town.neighbour, exposedAt: town.now)
    let first = try await town.bring()
    try await town.submit(serve("lunch", 1), as: "street")
    #expect(try await town.owed("isolation.missedMeal").isEmpty)
    let second = try await town.bring(Town.neighbour, to: "302")
    #expect(try await town.owed("isolation.missedMeal").count == 1)
    try await town.submit(SendToHospital(stay: second), as: "street")
    #expect(try await town.owed("isolation.missedMeal").isEmpty)
    #expect(try await town.owed("isolation.meal").count == 4)
    try await town.pass(.minutes(2))
    #expect(try await town.owed("isolation.staff").count == 1)
    try await town.submit(SendToHospital(stay: first), as: "street")
    #expect(try await town.owed("isolation.meal").isEmpty)
    #expect(try await town.owed("isolation.staff").isEmpty)
    try await town.catchUp()
    #expect(try await town.violations() == [:])
  }

  @Test("a meal that a door missed goes along into another room")
  func moved() async throws {
    let (town, stays) = try await guests()
    try await town.submit(serve("lunch", 1, doors: "302", reason: "late"), as: "street")
    let next = try await town.room("303")
    try await town.submit(MoveRoom(stay: stays[1], room: next), as: "street")
    let owed = try await town.rows(
      "SELECT subject FROM obligation WHERE kind = 'isolation.missedMeal' AND closed_at IS NULL")
    #expect(owed.map { $0.text(0) } == [next.text])
  }

  @Test("a site whose guests are owed no meal is seen, and one for whom nobody answers")
  func invariants() async throws {
    let (town, _) = try await guests()
    try await town.pass(.minutes(3))
    #expect(try await town.violations() == [:])
    try await town.change("DELETE FROM isolation_meal")
    #expect(try await town.violations()["I-43"] == [Town.hotel.text])
    try await town.pass(.minutes(1))
    #expect(try await town.violations() == [:])
    try await town.change(
      """
      UPDATE obligation SET state = 'waived', reason = 'x', closed_at = \(town.now)
      WHERE kind = 'isolation.staff'
      """)
    #expect(try await town.violations()["I-43"] == [Town.hotel.text])
  }
}
