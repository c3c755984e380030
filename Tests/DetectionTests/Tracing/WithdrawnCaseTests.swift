import Gazette
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("Contacts of whoever becomes a case, or was none") struct WithdrawnCaseTests {
  @Test("a contact who becomes a case is a contact no longer, and their own contacts are traced")
  func becomesCase() async throws {
    let town = try await Town()
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.visit("next", "饭店", "28T12:00", "28T13:00")
    try await town.visit("next", "茶馆", "28T18:00", "28T19:00")
    try await town.visit("third", "茶馆", "28T18:00", "28T19:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    _ = try await town.submit(
      ConfirmContacts(contacts: try await town.contactIDs("c1", of: "next")))
    try await town.report("c2", of: "next", onset: "2022-11-28")
    #expect(
      try await town.facts("contacts.withdrawn").map { $0["reason"] } == [.text("became_case")])
    #expect(try await town.contacts("c1") == ["next close 1 3600 became_case"])
    #expect(
      try await town.contacts("c2") == [
        "case close 1 3600 became_case", "third close 1 3600 proposed",
      ])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a case withdrawn takes its contacts along, but not those of another case")
  func withdrawn() async throws {
    let town = try await Town()
    try await town.visit("c", "饭店", "28T12:00", "28T13:00")
    try await town.visit("d", "饭店", "28T12:00", "28T12:30")
    try await town.visit("guest", "饭店", "28T12:00", "28T13:00")
    try await town.visit("other", "饭店", "28T12:40", "28T13:00")
    try await town.report("c1", of: "c", onset: "2022-11-28")
    try await town.report("c2", of: "d", onset: "2022-11-28")
    _ = try await town.submit(
      ConfirmContacts(contacts: try await town.contactIDs("c1", of: "other")))
    try await town.submit(WithdrawCase(infection: CaseID("c1"), reason: "laboratory error"))
    try await town.pass(.seconds(1))
    #expect(
      try await town.facts("contacts.withdrawn").map { $0["reason"] } == [.text("evidence_gone")])
    #expect(try await town.contacts("c1").isEmpty)
    #expect(try await town.contacts("c2").contains("guest close 1 1800 proposed"))
    #expect(try await town.violations().isEmpty)
  }

  @Test("whoever was no case after all is the contact again that they were, and is told of as one")
  func noCaseAfterAll() async throws {
    let town = try await Town()
    try await town.visit("case", "饭店", "28T12:00", "28T13:00")
    try await town.visit("next", "饭店", "28T12:00", "28T13:00")
    try await town.visit("guest", "饭店", "28T12:00", "28T13:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    for person in ["next", "guest"] {
      try await town.report("c-\(person)", of: person, onset: "2022-11-28")
    }
    try await town.submit(WithdrawCase(infection: CaseID("c-guest"), reason: "another person's"))
    try await town.pass(.seconds(1))
    #expect(try await town.facts("contacts.confirmed").isEmpty)
    try await town.submit(WithdrawCase(infection: CaseID("c-next"), reason: "laboratory error"))
    try await town.pass(.seconds(1))
    #expect(
      try await town.contacts("c1") == [
        "guest close 1 3600 proposed", "next close 1 3600 proposed",
      ])
    _ = try await town.submit(
      ConfirmContacts(contacts: try await town.contactIDs("c1", of: "next")))
    try await town.report("c3", of: "next", onset: "2022-11-28")
    try await town.submit(WithdrawCase(infection: CaseID("c3"), reason: "laboratory error"))
    try await town.pass(.seconds(1))
    #expect(
      try await town.contacts("c1") == [
        "guest close 1 3600 proposed", "next close 1 3600 confirmed",
      ])
    #expect(try await town.facts("contacts.confirmed").count == 2)
    #expect(try await town.violations().isEmpty)
  }

  @Test("who was a close contact only of a case that is none stays the lesser contact that is left")
  func lesserContactStays() async throws {
    let town = try await Town(on: "2022-07-29")
    func visit(_ person: String, _ venue: String, _ from: String, _ to: String) async throws {
      let row = VisitRow(
        person: try PersonID(person), venue: try VenueID(venue),
        from: try #require(Instant("2022-07-28T\(from)", in: .china)),
        to: try #require(Instant("2022-07-28T\(to)", in: .china)), source: .interview)
      try await town.submit(RecordVisit(row))
    }
    for person in ["case", "next"] { try await visit(person, "饭店", "12:00", "13:00") }
    for person in ["next", "third"] { try await visit(person, "茶馆", "18:00", "19:00") }
    for person in ["mistaken", "third"] { try await visit(person, "书店", "20:00", "21:00") }
    func confirm(_ infection: String) async throws {
      _ = try await town.submit(
        ConfirmContacts(contacts: try await town.contactIDs(infection, of: "third")))
    }
    try await town.report("c1", of: "case", onset: "2022-07-28")
    try await confirm("c1")
    try await town.report("c2", of: "mistaken", onset: "2022-07-28")
    try await confirm("c2")
    try await town.submit(WithdrawCase(infection: CaseID("c2"), reason: "laboratory error"))
    #expect(try await town.contacts("c1").contains("third secondary 2 3600 confirmed"))
    let told = try await town.facts("contacts.confirmed").map { $0["kind"] }
    #expect(told == [.text("secondary"), .text("close"), .text("secondary")])
    #expect(try await town.violations().isEmpty)
  }
}
