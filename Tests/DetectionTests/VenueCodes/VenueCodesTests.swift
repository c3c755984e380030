import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("Venue codes") struct VenueCodesTests {
  private let zhao = PersonID(trusted: "zhao")

  private func town(on day: String = "2022-11-29") async throws -> (Town, Int) {
    let town = try await Town(on: day)
    let home = Town.Spot.door201.id
    try await town.submit(
      EnrolResident(
        person: zhao, home: home,
        form: PersonForm(name: "赵小明", sex: "male", birthDate: "1990-01-01")),
      as: "worker")
    let number = try await town.submit(
      MakeVenueCode(place: Town.Spot.otherBuilding.id, title: "海云超市", kind: "shop"), as: "leader"
    ).number
    return (town, number)
  }

  private func shown(_ town: Town) async throws -> VenueScreenCodes.Answer {
    let venue = try #require(
      try await town.ask(ListVenueCodes(), for: .supervision, as: "leader").venues.first)
    let key = String(venue.screen.split(separator: "/").last ?? "")
    return try await town.ask(VenueScreenCodes(key: key), for: .supervision, from: .nobody)
  }

  private func scan(_ code: String, _ town: Town) async throws -> ScanVenueCode.Answer {
    try await town.submit(ScanVenueCode(code: code), from: .resident(zhao))
  }

  @Test("the code of this minute proves presence and goes to the others; a picture of it does not")
  func forwarded() async throws {
    let (town, _) = try await town()
    let code = try #require(try await shown(town).steps.first).code
    #expect(try await scan("https://x.example/v/\(code)", town).strength == .strong)
    town.stall(.seconds(119))
    #expect(
      try await scan(code, town).strength == .strong, "one step late is the queue at the till")
    town.stall(.seconds(1))
    let late = try await scan(code, town)
    #expect(late.strength == .weak && late.reason == .late)
    try await town.pass(.seconds(60))
    let visits = try await town.desk.storage.read { transaction in
      try ScansStore(transaction).heads(after: 0).map {
        try ScansStore(transaction).batch($0.number, of: $0.day)
      }
    }
    let scans = visits.flatMap(\.scans)
    #expect(scans.count == 2 && scans.allSatisfy { $0.to - $0.from == 30 * 60 })
    #expect(visits.flatMap(\.venues) == ["海云超市（2号楼）"] && visits.flatMap(\.persons) == ["zhao"])
    let told = try await town.ask(
      VenueScansOfPerson(person: zhao), for: .investigation, as: "investigator")
    #expect(told.scans.map(\.strength) == [.weak, .strong, .strong])
    #expect(try await town.violations() == [:])
  }

  @Test("a printed code is weak from the start")
  func printed() async throws {
    let (town, _) = try await town()
    let venue = try #require(
      try await town.ask(ListVenueCodes(), for: .supervision, as: "leader").venues.first)
    let answer = try await scan(venue.printed, town)
    #expect(answer.strength == .weak && answer.reason == .printed)
    try await town.pass(.seconds(60))
    let packed = try await town.desk.storage.read { try ScansStore($0).heads(after: 0).count }
    #expect(packed == 0)
    #expect(try await town.violations() == [:])
  }

  @Test("a screen is given its codes ahead, each for its own minute")
  func ahead() async throws {
    let (town, _) = try await town()
    let steps = try await shown(town).steps
    #expect(steps.count == 15 && Set(steps.map(\.code)).count == 15)
    #expect(steps.first.map { $0.from <= town.now && town.now < $0.until } == true)
    for (one, next) in zip(steps, steps.dropFirst()) { #expect(one.until == next.from) }
    // A code that no screen has shown yet was made by nobody who stood there.
    await #expect(throws: Refusal.self) { try await scan(steps[2].code, town) }
    #expect(try await scan(steps[1].code, town).strength == .strong)
  }

  @Test("no code can be made up, changed or kept over a renewal")
  func forged() async throws {
    let (town, number) = try await town()
    let steps = try await shown(town).steps
    let code = try #require(steps.first).code
    for at in code.indices.dropFirst(3) {
      var changed = code
      changed.replaceSubrange(at...at, with: code[at] == "7" ? "8" : "7")
      await #expect(throws: Refusal.self) { try await scan(changed, town) }
    }
    for other in ["", "DV1", "DV1FF", "海云超市", String(repeating: "A", count: 70)] {
      await #expect(throws: Refusal.self) { try await scan(other, town) }
    }
    let key = try await town.ask(ListVenueCodes(), for: .supervision, as: "leader").venues[0].screen
    try await town.submit(RenewVenueCode(number: number), as: "leader")
    await #expect(throws: Refusal.self) { try await scan(code, town) }
    let old = String(key.split(separator: "/").last ?? "")
    await #expect(throws: Refusal.self) {
      try await town.ask(VenueScreenCodes(key: old), for: .supervision, from: .nobody)
    }
    let fresh = try #require(try await shown(town).steps.first).code
    #expect(try await scan(fresh, town).strength == .strong)
    try await town.submit(EndVenueCode(number: number), as: "leader")
    await #expect(throws: Refusal.self) { try await scan(fresh, town) }
  }

  @Test("a venue is made by the office there, once, with a kind of the policy")
  func making() async throws {
    let (town, _) = try await town()
    let place = Town.Spot.otherBuilding.id
    await #expect(throws: Refusal.self) {
      try await town.submit(
        MakeVenueCode(place: place, title: " 海云超市 ", kind: "shop"), as: "leader")
    }
    await #expect(throws: Refusal.self) {
      try await town.submit(
        MakeVenueCode(place: place, title: "海云仓库", kind: "palace"), as: "leader")
    }
    await #expect(throws: Refusal.self) {
      try await town.submit(
        MakeVenueCode(place: place, title: "海云仓库", kind: "warehouse"), as: "otherLeader")
    }
    let two = try await town.submit(
      MakeVenueCode(place: place, title: "海云仓库", kind: "warehouse"), as: "leader")
    #expect(two.number == 2)
  }

  @Test("scans go when their days are over")
  func forgetting() async throws {
    let (town, _) = try await town()
    let code = try #require(try await shown(town).steps.first).code
    _ = try await scan(code, town)
    try await town.pass(.days(28))
    #expect(try await town.rows("SELECT id FROM venue_scan").count == 1)
    try await town.pass(.seconds(61))
    #expect(try await town.rows("SELECT id FROM venue_scan").isEmpty)
  }
}
