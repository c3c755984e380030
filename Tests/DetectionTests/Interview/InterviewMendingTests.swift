import Gazette
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("What follows from what a case said, and what goes with it") struct InterviewMendingTests {
  private static let c1 = CaseID(trusted: "c1")

  private func meeting(
    _ town: Town, day: String = "28", at from: String = "12:00", person: String? = nil,
    name: String? = nil
  ) async throws -> InterviewKept {
    try await town.submit(
      NoteMeeting(
        infection: Self.c1, day: #require(Day("2022-11-\(day)")), from: from, minutes: 40,
        person: try person.map { try PersonID($0) }, name: name, masked: false),
      as: "investigator")
  }

  private func strike(_ town: Town, _ kept: InterviewKept) async throws {
    try await town.submit(StrikeEntry(entry: kept.entry, reason: "说错了"), as: "investigator")
    try await town.pass(.seconds(1))
  }

  private func onset(_ town: Town, _ day: String) async throws {
    try await town.submit(
      NoteAnswer(
        infection: Self.c1, topic: .onset, onsetOn: Day("2022-11-\(day)")),
      as: "investigator")
    try await town.pass(.seconds(1))
  }

  @Test("what one account wrote down and another found out goes when it is struck")
  func struckAfterAnother() async throws {
    let town = try await Town()
    try await town.settle("friend", at: .door201)
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let kept = try await meeting(town, name: "小李")
    try await town.submit(ResolveEntry(entry: kept.entry, person: PersonID("friend")), as: "duty")
    #expect(try await town.contacts("c1") == ["friend close 1 2400 proposed"])
    try await strike(town, kept)
    #expect(try await town.contacts("c1").isEmpty)
    #expect(try await town.rows("SELECT contact FROM exposure").isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("what was told goes when it is struck, whatever the window is by then")
  func struckAfterWindow() async throws {
    let town = try await Town()
    try await town.settle("friend", at: .door201)
    try await town.report("c1", of: "case", onset: "2022-11-28")
    // Half an hour of it lies in the window.
    let kept = try await meeting(town, day: "25", at: "23:50", person: "friend")
    #expect(try await town.contacts("c1") == ["friend close 1 1800 proposed"])
    try await onset(town, "27")
    try await strike(town, kept)
    #expect(try await town.contacts("c1").isEmpty)
    #expect(try await town.rows("SELECT contact FROM exposure").isEmpty)
  }

  @Test("whom a case met before its window becomes a contact when the window reaches back to it")
  func windowWidens() async throws {
    let town = try await Town()
    try await town.settle("friend", at: .door201)
    try await town.settle("case", at: .otherDoor)
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let kept = try await meeting(town, day: "25", person: "friend")
    // Somebody wrote down the case itself: that is no contact, and does not stand in the way.
    _ = try await meeting(town, day: "25", at: "15:00", person: "case")
    let struck = try await meeting(town, day: "25", at: "18:00", person: "other")
    try await strike(town, struck)
    #expect(kept.contact == nil)
    #expect(try await town.contacts("c1").isEmpty)
    try await town.submit(
      CorrectCase(
        infection: Self.c1, field: .onsetOn, value: "2022-11-27", reason: "核对病历"), as: "duty")
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["friend close 1 2400 proposed"])
    // It is still the word of whoever noted it, who cannot confirm it.
    let contact = try #require(try await town.contactIDs("c1", of: "friend").first)
    await #expect(throws: Refusal.self) {
      try await town.submit(ConfirmContacts(contacts: [contact]), as: "investigator")
    }
    try await strike(town, kept)
    #expect(try await town.contacts("c1").isEmpty)
    #expect(try await town.violations().isEmpty)
  }

  @Test("of two pieces that say the same, striking one leaves the other what it rests on")
  func twins() async throws {
    let town = try await Town()
    try await town.settle("friend", at: .door201)
    try await town.report("c1", of: "case", onset: "2022-11-28")
    func stay() async throws -> InterviewKept {
      try await town.submit(
        NoteStay(
          infection: Self.c1, day: #require(Day("2022-11-27")), from: "10:00", to: "11:00",
          venue: VenueID("饭店")), as: "investigator")
    }
    let stays = [try await stay(), try await stay()]
    let meetings = [
      try await meeting(town, person: "friend"), try await meeting(town, person: "friend"),
    ]
    let visits: SQL = "SELECT id FROM visit WHERE person = 'case'"
    for kept in [stays[0], meetings[0]] { try await strike(town, kept) }
    #expect(try await town.rows(visits).count == 1)
    #expect(try await town.contacts("c1") == ["friend close 1 2400 proposed"])
    #expect(try await town.violations().isEmpty)
    for kept in [stays[1], meetings[1]] { try await strike(town, kept) }
    #expect(try await town.rows(visits).isEmpty)
    #expect(try await town.contacts("c1").isEmpty)
  }

  @Test("two pieces that say the same leave one visit at the place that it was found to be")
  func twinsResolved() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    var last: InterviewKept?
    for _ in 1...2 {
      last = try await town.submit(
        NoteStay(
          infection: Self.c1, day: #require(Day("2022-11-27")), from: "10:00", to: "11:00",
          venue: VenueID("饭店")), as: "investigator")
    }
    try await town.submit(
      ResolveEntry(entry: #require(last).entry, place: Town.Spot.estate.id), as: "investigator")
    let venues = try await town.rows("SELECT venue FROM visit WHERE person = 'case'")
    #expect(venues.map { $0.text(0) } == [Town.Spot.estate.rawValue])
    #expect(try await town.violations().isEmpty)
  }

  @Test(
    "a lead that a case of another district shares is looked for until it is resolved there, too")
  func otherDistrict() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    try await town.submit(
      ReportCase(
        CaseRow(
          infection: CaseID("c2"), person: PersonID("stranger"), kind: "confirmed",
          district: Town.Spot.otherDistrict.rawValue, reportedAt: town.now,
          onsetOn: Day("2022-11-28"))))
    try await town.pass(.seconds(1))
    func stay(_ infection: String) async throws -> InterviewKept {
      try await town.submit(
        NoteStay(
          infection: CaseID(infection), day: #require(Day("2022-11-28")), from: "10:00",
          to: "10:30", venue: VenueID("海云")), as: "duty")
    }
    let (here, there) = (try await stay("c1"), try await stay("c2"))
    #expect(here.lead != nil && here.lead == there.lead)
    func states() async throws -> [LeadState] {
      try await town.ask(ListLeadsToCheck(place: nil), for: .investigation).leads.map(\.state)
    }
    func isLooked(_ infection: String) async throws -> [Bool] {
      try await town.ask(
        InterviewOfCase(infection: CaseID(infection)), for: .investigation
      ).pieces.map(\.isLooked)
    }
    try await town.submit(
      ResolveEntry(entry: here.entry, place: Town.Spot.estate.id), as: "investigator")
    #expect(try await states() == [.waiting])
    #expect(try await isLooked("c1") == [false])
    #expect(try await isLooked("c2") == [true])
    try await town.submit(ResolveEntry(entry: there.entry, place: Town.Spot.estate.id), as: "duty")
    #expect(try await states() == [.verified])
    #expect(try await town.violations().isEmpty)
  }

  @Test("only where a case was, how it got there and whom it met can be found in the registry")
  func topics() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let unknown = try await town.submit(
      NoteAnswer(
        infection: Self.c1, topic: .day, answer: .notKnown, day: Day("2022-11-28")),
      as: "investigator")
    let work = try await town.submit(
      NoteAnswer(infection: Self.c1, topic: .work, answer: .refused), as: "investigator")
    for kept in [unknown, work] {
      await #expect(throws: Refusal.self) {
        try await town.submit(
          ResolveEntry(entry: kept.entry, place: Town.Spot.estate.id), as: "investigator")
      }
    }
    #expect(try await town.rows("SELECT id FROM visit").isEmpty)
  }

  @Test("venues are found by those of the area only, and for a purpose")
  func venues() async throws {
    let town = try await Town()
    try await town.settle("other", at: .door201)
    try await town.submit(
      SettlesPerson(person: PersonID("stranger"), home: Town.Spot.otherDistrict.id))
    try await town.visit("other", "利群超市", "28T10:00", "28T11:00")
    try await town.visit("stranger", "利群商厦", "28T10:00", "28T11:00")
    func found(in spot: Town.Spot) async throws -> [String] {
      try await town.ask(FindVenues(place: spot.id, words: "利群"), for: .investigation)
        .venues.map(\.name)
    }
    #expect(try await found(in: .district) == ["利群超市"])
    #expect(try await found(in: .otherDistrict) == ["利群商厦"])
    #expect(try await found(in: .city) == ["利群商厦", "利群超市"])
    await #expect(throws: Refusal.self) {
      try await town.ask(
        FindVenues(place: Town.Spot.district.id, words: "利群"), for: .registry)
    }
    // The case's own venues are of the district that investigates it.
    try await town.report("c1", of: "case", onset: "2022-11-28")
    try await town.visit("case", "利群早市", "28T08:00", "28T09:00")
    #expect(try await found(in: .district) == ["利群早市", "利群超市"])
  }

  @Test("what was told and put right goes when it is struck")
  func struckAfterCorrection() async throws {
    let town = try await Town()
    try await town.settle("friend", at: .door201)
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let kept = try await meeting(town, person: "friend")
    try await town.submit(
      CorrectContact(
        contact: #require(kept.contact), infection: Self.c1, kind: .close,
        from: town.moment("28T12:00"), to: town.moment("28T12:30"), reason: "只有半小时"))
    #expect(try await town.contacts("c1") == ["friend close 1 1800 proposed"])
    try await strike(town, kept)
    #expect(try await town.contacts("c1").isEmpty)
    #expect(try await town.rows("SELECT contact FROM exposure").isEmpty)
  }
}
