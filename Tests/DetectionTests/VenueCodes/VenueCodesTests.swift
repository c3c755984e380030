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
    #expect(visits.flatMap(\.venues) == ["海云超市（2号楼 #1）"] && visits.flatMap(\.persons) == ["zhao"])
    let told = try await town.ask(
      VenueScansOfPerson(person: zhao), for: .investigation, as: "investigator")
    #expect(told.scans.map(\.strength) == [.weak, .strong, .strong])
    #expect(try await town.violations() == [:])
  }

  @Test("a venue is found by its number and by its name, where its code may be made")
  func found() async throws {
    let (town, number) = try await town()
    func found(_ text: String, as account: String) async throws -> [String] {
      try await town.read(as: account) {
        try VenueFinder.finder.find(Finder.Wanted(text), 20, $0).map(\.address)
      }
    }
    for text in ["海云", "海云超市", "#\(number)", "\(number)"] {
      #expect(try await found(text, as: "leader") == ["/venues/\(number)"], "\(text)")
    }
    for text in ["海", "超市", "#", "#\(number + 1)", ""] {
      #expect(try await found(text, as: "leader") == [], "\(text)")
    }
    for text in ["海云超市", "#\(number)"] {
      #expect(try await found(text, as: "otherLeader") == [], "\(text)")
    }
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

  @Test("shops of one name in buildings of one name are two venues, and strangers no contacts")
  func namesakes() async throws {
    let (town, number) = try await town()
    // Another estate has a building called 2号楼, too, and a shop of the same chain.
    _ = try await town.desk.storage.write { transaction in
      try transaction.execute("UPDATE place SET name = '2号楼' WHERE id = 'town-building'")
    }
    let other = try await town.submit(
      MakeVenueCode(place: Town.Spot.building.id, title: "海云超市", kind: "shop"), as: "leader"
    ).number
    let venues = try await town.desk.storage.read { try VenueCodesStore($0).find([number, other]) }
    #expect(venues.count == 2 && Set(venues.values.map(\.placeName)) == ["2号楼"])
    #expect(Set(venues.values.map(\.venue)).count == 2)
    let stranger = PersonID(trusted: "stranger")
    try await town.submit(
      EnrolResident(
        person: stranger, home: Town.Spot.door101.id,
        form: PersonForm(name: "钱大山", sex: "male", birthDate: "1980-01-01")),
      as: "worker")
    for (person, venue) in [(zhao, number), (stranger, other)] {
      let key = try await town.ask(ShowVenueCode(number: venue), as: "leader").venue.screen
      let steps = try await town.ask(
        VenueScreenCodes(key: String(key.split(separator: "/").last ?? "")), for: .supervision,
        from: .nobody
      ).steps
      try await town.submit(
        ScanVenueCode(code: try #require(steps.first).code), from: .resident(person))
    }
    try await town.pass(.seconds(60))
    let names = try await town.desk.storage.read { transaction in
      try ScansStore(transaction).heads(after: 0).flatMap {
        try ScansStore(transaction).batch($0.number, of: $0.day).venues
      }
    }
    #expect(names.sorted() == ["海云超市（2号楼 #1）", "海云超市（2号楼 #2）"])
  }

  @Test("every venue is reached page by page, by whoever answers for it, and by nobody else")
  func pages() async throws {
    let (town, _) = try await town()
    try await town.desk.storage.write { transaction in
      let store = VenueCodesStore(transaction)
      let places = try [Town.Spot.building, .otherBuilding, .otherCommunity].map {
        try PlacesStore(transaction).get($0.id)
      }
      for number in 2...251 {
        let place = places[number % 3]
        try store.insert(
          CodedVenue(
            number: number, generation: 1, name: "店\(number)", kind: "shop", place: place.id,
            path: place.path, endedAt: nil, placeName: place.name),
          at: Instant(seconds: 0), by: "test")
      }
    }
    func all(_ account: String) async throws -> (numbers: [Int], pages: Int) {
      var (numbers, pages): ([Int], Int) = ([], 0)
      var after: String?
      repeat {
        let page = try await town.ask(ListVenueCodes(after: after), as: account)
        numbers += page.venues.map(\.number)
        after = page.after
        pages += 1
      } while after != nil
      return (numbers, pages)
    }
    let own = try await all("leader")
    let elsewhere = (2...251).filter { $0 % 3 == 2 }
    #expect(own.numbers.count == 251 - elsewhere.count && own.pages == 2)
    #expect(Set(own.numbers) == Set(1...251).subtracting(elsewhere))
    #expect(try await all("otherLeader").numbers == elsewhere)
    #expect(try await all("duty").numbers.count == 251)
    await #expect(throws: Refusal.self) {
      try await town.ask(ShowVenueCode(number: 2), as: "leader")
    }
    for wrong in ["x", "1.1", "1.1 x", "1 2 3"] {
      let refusal = await #expect(throws: Refusal.self) {
        try await town.ask(ListVenueCodes(after: wrong), as: "leader")
      }
      #expect(refusal?.field == "after")
    }
  }

  @Test(
    "a venue’s own page has its code while it is used, and offers the code again when it is not")
  func ownPage() async throws {
    let (town, number) = try await town()
    let list = try await page("/venues", town)
    #expect(list.contains("/venues/\(number)") && !list.contains("<svg class=\"qr\""))
    let used = try await page("/venues/:number", town, number: number)
    #expect(used.contains("<svg class=\"qr\"") && used.contains("/do/venues.endCode"))
    try await town.submit(EndVenueCode(number: number), as: "leader")
    let ended = try await page("/venues/:number", town, number: number)
    #expect(!ended.contains("<svg class=\"qr\"") && !ended.contains("/do/venues.endCode"))
    #expect(ended.contains("/do/venues.renewCode") && ended.contains("Use it again"))
    try await town.submit(RenewVenueCode(number: number), as: "leader")
    #expect(try await page("/venues/:number", town, number: number).contains("<svg class=\"qr\""))
    await #expect(throws: Refusal.self) {
      _ = try await page("/venues/:number", town, number: 99)
    }
  }

  private func page(_ path: String, _ town: Town, number: Int = 0) async throws -> String {
    let screen = try #require(town.desk.assembly.screens.first { $0.path == path })
    let look = Desk.Look(
      sender: .account(AccountID(trusted: "leader")), purpose: screen.purpose, language: .english,
      question: path)
    let request = ScreenRequest(
      parameters: ["number": String(number)], query: [:], address: path, newCommandID: { "one" })
    return try await town.desk.read(look) { try screen.render(request, $0).body.text }
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
