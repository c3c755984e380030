import Gazette
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("The table of contacts") struct ContactsTableTests {
  private static let c1 = CaseID(trusted: "c1")

  /// A case with contacts of two kinds, two venues and two communities, and guests at one of them.
  private func town(guests: Int = 0) async throws -> Town {
    let town = try await Town()
    for number in 0..<guests {
      try await town.settle("guest-\(number)", at: .door102)
      try await town.visit("guest-\(number)", "饭店", "28T12:10", "28T12:40")
    }
    try await town.settle("near", at: .door101)
    try await town.settle("far", at: .otherCommunity)
    try await town.settle("brief", at: .door102)
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.visit("near", "饭店", "28T12:00", "28T13:00")
    try await town.visit("brief", "饭店", "28T12:55", "28T13:10")
    if guests > 0 { try await town.visit("guest-0", "公司", "28T09:00", "28T10:00") }
    try await town.visit("case", "公司", "28T08:00", "28T11:00")
    try await town.visit("far", "公司", "28T08:00", "28T11:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    return town
  }

  private func people(_ town: Town, _ filter: ContactFilter = ContactFilter()) async throws
    -> [String]
  {
    try await town.ask(ContactsTable(infection: Self.c1, filter: filter), for: .investigation)
      .lines.map(\.person.text)
  }

  @Test(
    "a part of a case's contacts has its numbers, and only those in it find the look in their log")
  func part() async throws {
    let town = try await town()
    let near = try await town.contactIDs("c1", of: "near")
    try await town.submit(ConfirmContacts(contacts: near), as: "investigator")
    let noted = try await town.rows("SELECT id FROM disclosure").count
    let answer = try await town.ask(
      ContactsOfCase(infection: Self.c1, part: .init(skip: 1, waiting: 1, decided: 0)),
      for: .investigation)
    #expect(answer.waiting == 2 && answer.decided == 1 && answer.close == 1)
    #expect(answer.lines.map(\.person.text) == ["brief"])
    let seen = try await town.rows(
      "SELECT person FROM disclosure WHERE purpose = 'investigation' ORDER BY id")
    #expect(seen.last?.text(0) == "brief")
    #expect(try await town.rows("SELECT id FROM disclosure").count == noted + 1)
  }

  @Test("stand by venue for the picture, and only those who are drawn find the look in their log")
  func byVenue() async throws {
    let town = try await town(guests: 14)
    let noted = try await town.rows("SELECT id FROM disclosure").count
    let answer = try await town.ask(
      ContactsTable(infection: Self.c1, byVenue: true), for: .investigation)
    let groups = try #require(answer.groups)
    // Whoever was at both stands where most others were.
    #expect(groups.map(\.name) == ["饭店", "公司"] && groups.map(\.count) == [16, 1])
    #expect(groups.map(\.lines.count) == [12, 1] && answer.lines.isEmpty)
    #expect(groups.reduce(0) { $0 + $1.count } == answer.matched)
    let drawn = Set(groups.flatMap(\.lines).map(\.person.text))
    let seen = try await town.rows("SELECT person FROM disclosure ORDER BY id").dropFirst(noted)
    #expect(seen.count == 13 && Set(seen.map { $0.text(0) }) == drawn)
  }

  @Test("the picture names as many as can be drawn, and no venue of which nobody is")
  func mostDrawn() async throws {
    let town = try await Town()
    for venue in 0..<7 {
      let (from, to) = ("28T1\(venue):00", "28T1\(venue):50")
      try await town.visit("case", "店\(venue)", from, to)
      for number in 0..<(14 - venue) {
        let guest = "guest-\(venue)-\(number)"
        try await town.settle(guest, at: .door102)
        try await town.visit(guest, "店\(venue)", from, to)
      }
    }
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let answer = try await town.ask(
      ContactsTable(infection: Self.c1, byVenue: true), for: .investigation)
    let groups = try #require(answer.groups)
    #expect(groups.map(\.count) == [14, 13, 12, 11, 10, 9] && answer.matched == 77)
    #expect(groups.map(\.lines.count) == [12, 12, 12, 11, 10, 3])
    let one = try await town.ask(
      ContactsTable(infection: Self.c1, filter: .init(venue: VenueID("店5")), byVenue: true),
      for: .investigation)
    #expect(one.groups?.map(\.count) == [9])
  }

  @Test("is filtered by state, kind, degree, venue, community and hand-over")
  func filters() async throws {
    let town = try await town()
    #expect(try await people(town) == ["far", "near", "brief"])
    #expect(try await people(town, ContactFilter(kind: .general)) == ["brief"])
    #expect(try await people(town, ContactFilter(degree: 2)) == [])
    #expect(try await people(town, ContactFilter(venue: VenueID("饭店"))) == ["near", "brief"])
    #expect(
      try await people(town, ContactFilter(community: Town.Spot.otherCommunity.id)) == ["far"])
    #expect(
      try await people(town, ContactFilter(kind: .close, venue: VenueID("饭店"))) == ["near"])
    let near = try await town.contactIDs("c1", of: "near")
    try await town.submit(ConfirmContacts(contacts: near), as: "investigator")
    try await town.submit(
      RejectContacts(contacts: town.contactIDs("c1", of: "brief"), reason: .notNear),
      as: "investigator")
    #expect(try await people(town, ContactFilter(state: .confirmed)) == ["near"])
    #expect(try await people(town, ContactFilter(state: .rejected)) == ["brief"])
    #expect(try await people(town, ContactFilter(step: .unfound)) == ["near"])
    // Those who were rejected stand in no list but their own.
    #expect(try await people(town) == ["far", "near"])
  }

  @Test("counts by community what is to be decided, found, told and moved")
  func parts() async throws {
    let town = try await town()
    try await town.submit(
      ConfirmContacts(contacts: town.contactIDs("c1", of: "near")), as: "investigator")
    let answer = try await town.ask(
      ContactsTable(infection: Self.c1, limit: 0), for: .investigation)
    #expect(answer.lines.isEmpty && answer.matched == 3 && answer.contacts.count == 3)
    #expect(answer.parts.map(\.place) == [Town.Spot.community.id, Town.Spot.otherCommunity.id])
    #expect(answer.parts.map(\.proposed) == [1, 1] && answer.parts.map(\.confirmed) == [1, 0])
    #expect(answer.parts.map(\.counts.unfound) == [1, 0] && answer.total.untold == 1)
    #expect(answer.venues.map { "\($0.name) \($0.count)" } == ["饭店 2", "公司 1"])
    #expect(answer.kinds == ["close": 2, "general": 1])
  }

  @Test("what rejecting would mean is said before it is done, and then it is so")
  func preview() async throws {
    let town = try await town()
    let all = try await town.ask(ContactsTable(infection: Self.c1), for: .investigation).contacts
    try await town.submit(
      ConfirmContacts(contacts: town.contactIDs("c1", of: "near")), as: "investigator")
    let preview = try await town.ask(
      PreviewDecision(contacts: all, decision: .reject), for: .investigation, as: "investigator")
    #expect(preview.contacts.count == 3)
    #expect(preview.measuresEnd == 1 && preview.measuresNotStarted == 2)
    #expect(preview.handOversStop == 1 && preview.unknownToRegistry == 0)
    #expect(preview.byHome == ["370203030001": 2, "370203030002": 1])
    let before = try await town.rows("SELECT id FROM restriction WHERE ended_at IS NULL")
    try await town.submit(
      RejectContacts(contacts: preview.contacts, reason: .mistakenIdentity), as: "investigator")
    try await town.pass(.seconds(1))
    // The case itself is treated further on.
    #expect(before.count == 2)
    #expect(try await town.rows("SELECT id FROM restriction WHERE ended_at IS NULL").count == 1)
    #expect(try await people(town, ContactFilter(state: .rejected)).count == 3)
    #expect(try await town.violations().isEmpty)
  }

  @Test("what confirming would mean leaves out what is decided and one's own word")
  func confirming() async throws {
    let town = try await town()
    let told = try await town.submit(
      AddContact(
        infection: Self.c1, person: PersonID("friend"), kind: .close,
        from: town.moment("28T12:00"), to: town.moment("28T13:00")), as: "investigator"
    ).contact
    try await town.submit(
      ConfirmContacts(contacts: town.contactIDs("c1", of: "near")), as: "investigator")
    let all = try await town.ask(ContactsTable(infection: Self.c1), for: .investigation).contacts
    let preview = try await town.ask(
      PreviewDecision(contacts: all, decision: .confirm), for: .investigation, as: "investigator")
    #expect(preview.contacts.count == 2 && preview.needAnother == 1)
    #expect(!preview.contacts.contains(told) && preview.byKind == ["close": 1, "general": 1])
    await #expect(throws: Refusal.self) {
      try await town.ask(
        PreviewDecision(contacts: all, decision: .confirm), for: .investigation, as: "worker")
    }
  }
}
