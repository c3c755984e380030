import Kernel
import Registry
import Testing
import Town

@testable import Containment

@Suite("Being released from an isolation site") struct ReleaseTests {
  private func stayed() async throws -> (Town, SiteStayID) {
    let town = try await Town.withZhao()
    try await town.readyHotel()
    try await town.confirm(exposedAt: town.now)
    return (town, try await town.bring())
  }

  @Test(
    "a sample counts for its day and makes up for it until the next one",
    arguments: [
      ([(1, true), (3, true)], ["negative", "negative", "toCome"]),
      // Taken a day late: still that test's.
      ([(2, true), (3, true)], ["negative", "negative", "toCome"]),
      ([(0, true), (3, true)], ["missing", "negative", "toCome"]),
      ([(1, true), (1, false), (4, true)], ["positive", "negative", "toCome"]),
      ([(1, true), (3, true), (7, true)], ["negative", "negative", "negative"]),
      ([], ["missing", "missing", "toCome"]),
    ] as [([(Int, Bool)], [String])])
  func tests(_ samples: [(Int, Bool)], _ expected: [String]) throws {
    let zero = try #require(Day("2022-07-04"))
    let found = IsolationRules.tests(
      on: [zero + 1, zero + 3, zero + 7], dayZero: zero,
      results: samples.map { ((zero + $0.0).start(in: .china) + .hours(9), $0.1) },
      today: zero + 7, zone: .china)
    #expect(found.map { "\($0.state)" } == expected)
    #expect(found.map(\.number) == [1, 3, 7])
  }

  @Test("two scales agree within the policy's share, both sides of the boundary")
  func scales() {
    #expect(IsolationRules.agree(10_000, 10_200, tolerancePercent: 2))
    #expect(!IsolationRules.agree(10_000, 10_201, tolerancePercent: 2))
    #expect(IsolationRules.agree(10_000, 9_800, tolerancePercent: 2))
    #expect(!IsolationRules.agree(10_000, 9_799, tolerancePercent: 2))
  }

  @Test("days, tests and notice: while one is missing nobody is released, and the measure goes on")
  func complete() async throws {
    let (town, stay) = try await stayed()
    for day in 1...7 {
      try await town.pass(.days(1))
      if [1, 2, 3, 5, 7].contains(day) {
        try await town.submit(
          RecordResult(stay: stay, sampledAt: town.now, negative: true), as: "street")
      }
      // The notice is owed within the last day, not before.
      #expect(try await town.owed("isolation.notice").count == (day < 7 ? 0 : 1))
    }
    #expect(
      await town.refused(ReleaseStay(stay: stay)) == "isolation.daysNotComplete")
    #expect(await town.refused(LetGo(stay: stay)) == "isolation.daysNotComplete")
    try await town.pass(.hours(16))
    #expect(town.now == at("2022-07-12T00:00"))
    #expect(try await town.owed("isolation.release").count == 1)
    #expect(await town.refused(ReleaseStay(stay: stay)) == "isolation.noticeMissing")
    try await town.finishFirst("isolation.notice")
    try await town.submit(ReleaseStay(stay: stay), as: "street")
    // The measure itself goes on at home, and is asked there.
    let view = try #require(try await town.own().first)
    #expect(view.state == .effective && view.kind == .homeMonitoring)
    #expect(
      try await town.owed("restrictions.health").allSatisfy {
        $0.place == Town.Spot.door201.id
      })
    #expect(try await town.hotelNow().site.movements.released == 1)
    try await town.catchUp()
    #expect(try await town.violations() == [:])
    // Nobody leaves before: an entry that says so is seen.
    try await town.change("UPDATE isolation_stay SET left_at = left_at - 60000")
    try await town.change("UPDATE isolation_movement SET at = at - 60000")
    #expect(try await town.violations()["I-41"] == [stay.text])
  }

  @Test("one minute before the end the days are not complete")
  func boundary() async throws {
    let (town, stay) = try await stayed()
    try await town.pass(at("2022-07-11T23:59") - town.now)
    #expect(await town.refused(LetGo(stay: stay)) == "isolation.daysNotComplete")
    try await town.pass(.minutes(1))
    #expect(await town.refused(ReleaseStay(stay: stay)) == "isolation.testsMissing")
    #expect(await town.refused(LetGo(stay: stay)) == nil)
  }

  @Test("whom no measure holds is let go, and the missing test is owed at home")
  func nobodyIsKept() async throws {
    let (town, stay) = try await stayed()
    try await town.pass(at("2022-07-12T00:01") - town.now)
    let owed = try await town.owed("isolation.release")
    #expect(owed.map(\.deadline) == [at("2022-07-12T02:00")])
    #expect(await town.refused(ReleaseStay(stay: stay)) == "isolation.testsMissing")
    try await town.submit(LetGo(stay: stay), as: "street")
    #expect(try await town.owed("isolation.missing").map(\.place) == [Town.Spot.door201.id])
    #expect(try await town.hotelNow().site.counts.present == 0)
    try await town.catchUp()
    #expect(try await town.violations() == [:])
  }

  @Test("a measure that ends early frees at once; a notice of another day counts no longer")
  func measureDecides() async throws {
    let (town, stay) = try await stayed()
    try await town.pass(at("2022-07-11T08:00") - town.now)
    try await town.finishFirst("isolation.notice")
    #expect(try await town.ask(ShowStay(stay: stay), for: .containment).finding.isNoticeGiven)
    try await town.confirm("contact-2", case: "c-2", exposedAt: at("2022-07-06T08:00"))
    let moved = try await town.ask(ShowStay(stay: stay), for: .containment)
    #expect(!moved.finding.isNoticeGiven && moved.finding.until == at("2022-07-14T00:00"))
    try await town.pass(.minutes(1))
    #expect(try await town.owed("isolation.release").isEmpty)
    try await town.withdraw("contact-1")
    try await town.withdraw("contact-2")
    try await town.pass(.minutes(1))
    let owed = try await town.owed("isolation.release")
    #expect(owed.count == 1)
    try await town.change("UPDATE obligation SET subject = 'gone' WHERE kind = 'isolation.release'")
    try await town.pass(.minutes(5))
    #expect(try await town.violations()["I-41"] == [stay.text])
  }

  @Test("a positive sample is owed a report at once and releases nobody")
  func positive() async throws {
    let (town, stay) = try await stayed()
    try await town.pass(.days(1))
    try await town.submit(
      RecordResult(stay: stay, sampledAt: town.now, negative: false), as: "street")
    #expect(try await town.owed("isolation.positive").first?.deadline == town.now + .minutes(30))
    let finding = try await town.ask(ShowStay(stay: stay), for: .containment).finding
    #expect(finding.tests.first?.state == .positive && !finding.areTestsComplete)
    #expect(
      await town.refused(
        RecordResult(stay: stay, sampledAt: town.now + .minutes(1), negative: true))
        == "isolation.sampledAt")
  }

  @Test("a positive sample becomes negative by the word of another office only")
  func corrected() async throws {
    let (town, stay) = try await stayed()
    try await town.pass(.days(1))
    let sampled = town.now
    let negative = RecordResult(stay: stay, sampledAt: sampled, negative: true)
    try await town.submit(negative, as: "street")
    try await town.submit(
      RecordResult(stay: stay, sampledAt: sampled, negative: false), as: "street")
    #expect(await town.refused(negative, as: "street") == "isolation.samePerson")
    let kept = { try await town.ask(ShowStay(stay: stay), for: .containment).finding }
    #expect(try await kept().tests.first?.state == .positive)
    try await town.submit(negative, as: "duty")
    #expect(try await kept().tests.first?.state == .negative)
    #expect(try await town.owed("isolation.positive").isEmpty)
  }

  @Test("results of rounds count for those who stay")
  func rounds() async throws {
    let (town, stay) = try await stayed()
    try await town.pass(.days(1))
    try await town.test([Town.zhao])
    let finding = try await town.ask(ShowStay(stay: stay), for: .containment).finding
    #expect(finding.tests.map { "\($0.state)" }.prefix(2) == ["negative", "toCome"])
  }
}
