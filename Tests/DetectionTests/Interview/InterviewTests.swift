import Gazette
import Registry
import Testing
import Town

@testable import Detection
@testable import Kernel

@Suite("Interviews") struct InterviewTests {
  private static let c1 = CaseID(trusted: "c1")

  private func day(_ text: String) throws -> Day { try #require(Day("2022-11-\(text)")) }

  private func stay(
    _ town: Town, _ day: String, _ from: String, _ to: String, at venue: String? = nil,
    place: PlaceID? = nil, as account: String = "investigator"
  ) async throws -> InterviewKept {
    try await town.submit(
      NoteStay(
        infection: Self.c1, day: self.day(day), from: from, to: to,
        venue: try venue.map { try VenueID($0) }, place: place), as: account)
  }

  private func said(_ town: Town) async throws -> InterviewOfCase.Answer {
    try await town.ask(InterviewOfCase(infection: Self.c1), for: .investigation, as: "investigator")
  }

  @Test("each piece is kept at once, and whoever calls again reads it, not known and refused too")
  func kept() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    try await town.submit(
      NoteAnswer(infection: Self.c1, topic: .symptoms, symptoms: ["fever"], words: "夜里开始"),
      as: "investigator")
    try await town.submit(
      NoteAnswer(infection: Self.c1, topic: .household, answer: .refused), as: "investigator")
    try await town.submit(
      NoteAnswer(infection: Self.c1, topic: .work, answer: .notKnown), as: "investigator")
    let pieces = try await said(town).pieces
    #expect(pieces.map(\.topic) == [.symptoms, .household, .work])
    #expect(pieces.map(\.answer) == [.told, .refused, .notKnown])
    #expect(pieces[0].symptoms == ["fever"] && pieces[0].words == "夜里开始")
    // What was said stands nowhere open: not in the tables, not in the journal.
    let words = try await town.rows(
      "SELECT words_sealed FROM interview_entry WHERE topic = 'symptoms'")
    #expect(try #require(words.first?.bytes(0)) != Array("夜里开始".utf8))
    let facts = try await town.rows("SELECT payload FROM journal WHERE name = 'interview.noted'")
    #expect(facts.count == 3 && !facts.contains { $0.text(0).contains("夜里") })
    #expect(try await town.violations().isEmpty)
  }

  @Test("an answer that tells nothing is refused, with the field that is missing")
  func empty() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    for (topic, field) in [
      (InterviewTopic.onset, "onset_on"), (.symptoms, "symptoms"), (.household, "words"),
      (.day, "words"), (.stay, "topic"),
    ] {
      await #expect(throws: Refusal.self, "\(topic)") {
        do {
          try await town.submit(
            NoteAnswer(infection: Self.c1, topic: topic, words: topic == .stay ? "x" : nil))
        } catch let refusal as Refusal {
          #expect(refusal.field == field)
          throw refusal
        }
      }
    }
    await #expect(throws: Refusal.self) {
      try await town.submit(
        NoteAnswer(infection: Self.c1, topic: .symptoms, symptoms: ["unheard"]))
    }
    #expect(try await said(town).pieces.isEmpty)
  }

  @Test("the day of onset that is told corrects the case, and with it the window")
  func onset() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    try await town.submit(
      NoteAnswer(infection: Self.c1, topic: .onset, onsetOn: day("26")), as: "investigator")
    let investigation = try await town.ask(InvestigationOfCase(infection: Self.c1))
    #expect(try investigation.onsetOn == day("26"))
    #expect(try investigation.window.from == day("24").start(in: .china))
    let changes = try await town.ask(ShowCase(infection: Self.c1), for: .investigation).changes
    #expect(changes.map(\.field) == ["onset_on"])
  }

  @Test("a stay at a place of the registry, by its name, is a visit there and makes contacts")
  func known() async throws {
    let town = try await Town()
    try await town.visit("other", Town.Spot.estate.rawValue, "28T10:00", "28T11:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let kept = try await stay(town, "28", "10:00", "10:30", at: "海云 小区")
    #expect(kept.lead == nil)
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["other close 1 1800 proposed"])
    #expect(try await said(town).pieces.first?.place == Town.Spot.estate.id)
    #expect(try await town.violations().isEmpty)
  }

  @Test("a venue at which others are known to have been is the same venue, however it is spaced")
  func sameVenue() async throws {
    let town = try await Town()
    try await town.visit("other", "利群超市 3店", "28T10:00", "28T11:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    #expect(try await stay(town, "28", "10:00", "10:30", at: "利群超市3店").lead == nil)
    try await town.pass(.seconds(1))
    #expect(try await town.contacts("c1") == ["other close 1 1800 proposed"])
  }

  @Test(
    "a venue nobody knows becomes one lead by itself, however often it is named, and is resolved")
  func unknownVenue() async throws {
    let town = try await Town()
    try await town.visit("other", Town.Spot.estate.rawValue, "27T08:00", "28T20:00")
    try await town.report("c1", of: "case", onset: "2022-11-28")
    let first = try await stay(town, "28", "10:00", "10:30", at: "海云")
    let second = try await stay(town, "27", "10:00", "10:30", at: "海云")
    let lead = try #require(first.lead)
    #expect(second.lead == lead)
    let listed = try await town.ask(ListLeadsToCheck(place: nil), for: .investigation)
    // A venue's name is no person's: it stands whole.
    #expect(listed.leads.map(\.lead) == [lead] && listed.leads.map(\.name) == ["海云"])
    let piece = try #require(try await said(town).pieces.first)
    #expect(piece.isLooked && piece.venues.map(\.place) == [Town.Spot.estate.id])
    try await town.submit(
      ResolveEntry(entry: second.entry, place: Town.Spot.estate.id), as: "investigator")
    try await town.pass(.seconds(1))
    #expect(try await said(town).pieces.map(\.place) == [Town.Spot.estate.id, Town.Spot.estate.id])
    #expect(try await said(town).pieces.contains(where: \.isLooked) == false)
    #expect(try await town.contacts("c1") == ["other close 1 3600 proposed"])
    let left = try await town.rows("SELECT venue FROM visit WHERE person = 'case'")
    #expect(left.map { $0.text(0) } == Array(repeating: Town.Spot.estate.rawValue, count: 2))
    #expect(try await town.violations().isEmpty)
  }

  @Test("two cases that name one unknown venue share its lead, and are resolved together")
  func sharedLead() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    try await town.report("c2", of: "other", onset: "2022-11-28")
    let first = try await stay(town, "28", "10:00", "10:30", at: "海云")
    let second = try await town.submit(
      NoteStay(
        infection: CaseID("c2"), day: day("28"), from: "10:00", to: "11:00",
        venue: VenueID("海云")), as: "investigator")
    #expect(first.lead != nil && second.lead == first.lead)
    try await town.submit(StrikeEntry(entry: first.entry, reason: "记错了"), as: "investigator")
    func states() async throws -> [LeadState] {
      try await town.ask(ListLeadsToCheck(place: nil), for: .investigation).leads.map(\.state)
    }
    // The other case's word still stands.
    #expect(try await states() == [.waiting])
    let again = try await stay(town, "28", "10:00", "10:30", at: "海云")
    #expect(again.lead == first.lead)
    try await town.submit(
      ResolveEntry(entry: again.entry, place: Town.Spot.estate.id), as: "investigator")
    #expect(try await states() == [.verified])
    let venues = try await town.rows("SELECT DISTINCT venue FROM visit")
    #expect(venues.map { $0.text(0) } == [Town.Spot.estate.rawValue])
    #expect(try await town.violations().isEmpty)
  }

  @Test("a vehicle that others used is looked for; a way alone is not")
  func rides() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    func ride(_ transport: InterviewTransport, _ line: String?) async throws -> InterviewKept {
      try await town.submit(
        NoteRide(
          infection: Self.c1, day: day("28"), from: "08:00", to: "08:30", transport: transport,
          line: line), as: "investigator")
    }
    #expect(try await ride(.bus, "6路").lead != nil)
    #expect(try await ride(.ownCar, nil).lead == nil)
    let visits = try await town.rows(
      "SELECT visit.venue, venue.kind FROM visit JOIN venue ON venue.spot = visit.spot")
    #expect(visits.map { "\($0.text(0)) \($0.text(1))" } == ["公交 6路 transport"])
    #expect(try await town.violations().isEmpty)
  }

  @Test("what a gap is, is named day by day, and closed by what is told, not known or refused")
  func gaps() async throws {
    let town = try await Town()
    try await town.report("c1", of: "case", onset: "2022-11-28")
    _ = try await stay(town, "27", "00:00", "14:10", at: "饭店")
    _ = try await stay(town, "27", "17:40", "00:00", at: "饭店")
    func line(_ text: String) async throws -> InterviewOfCase.DayLine {
      try #require(try await said(town).days.first { $0.day.text == "2022-11-\(text)" })
    }
    let before = try await line("27")
    #expect(before.isInfectious && before.pieces == 2)
    #expect(before.gaps == [TimeSpan(town.moment("27T14:10"), town.moment("27T17:40"))])
    // Today ends now: nobody is asked for hours that have not been.
    let today = try await line("29").gaps
    #expect(today.map(\.from) == [town.moment("29T00:00")] && today.map(\.to) == [town.now])
    try await town.submit(
      NoteAnswer(
        infection: Self.c1, topic: .day, answer: .notKnown, day: day("27"), from: "14:10",
        to: "17:40"), as: "investigator")
    try await town.submit(
      NoteAnswer(infection: Self.c1, topic: .day, words: "下雨", day: day("26")), as: "investigator")
    try await town.submit(
      NoteAnswer(infection: Self.c1, topic: .day, answer: .refused, day: day("28")),
      as: "investigator")
    #expect(try await line("27").gaps.isEmpty)
    #expect(try await line("28").gaps.isEmpty)
    // A remark tells nothing of where somebody was.
    #expect(try await line("26").gaps.count == 1)
    #expect(try await said(town).days.count >= 15)
  }
}
