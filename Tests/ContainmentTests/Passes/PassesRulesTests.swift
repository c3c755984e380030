import Kernel
import Registry
import Testing

@testable import Containment

@Suite("Colours") struct PassesRulesTests {
  private let now = at("2022-07-04T08:00")

  private func restriction(
    _ clause: String, until hours: Int, from: Int = -1, suspends: Int? = nil, ended: Bool = false
  ) -> Restriction {
    Restriction(
      id: RestrictionID(trusted: "r-\(clause)-\(hours)"), person: PersonID(trusted: "p"),
      kind: .homeIsolation, clause: clause, edition: "cn-9@1",
      evidence: Evidence(kind: .contact, reference: "c"), issuer: "rules",
      issuerOrganisations: "", approver: nil, place: PlaceID(trusted: "x"), path: PlacePath("1"),
      start: now + .hours(from), end: now + .hours(hours), limit: now + .hours(900),
      countedFrom: now, appeal: "", openedUntil: now, suspendsAt: suspends.map { now + .hours($0) },
      endedAt: ended ? now : nil, endReason: ended ? .released : nil)
  }

  private func standing(_ restrictions: Restriction...) -> PassStanding {
    PassesRules.standing(of: restrictions, at: now) {
      CodeColour(rawValue: $0.clause) ?? .red
    }
  }

  @Test("nothing, what is over, suspended, to come or only told leaves the code green")
  func green() {
    let held = [
      standing(), standing(restriction("red", until: 0)),
      standing(restriction("red", until: 9, ended: true)),
      standing(restriction("red", until: 9, suspends: 0)),
      standing(restriction("red", until: 9, from: 1)), standing(restriction("green", until: 9)),
    ]
    for standing in held {
      #expect(standing.colour == .green && standing.restriction == nil)
      #expect(standing.holdsUntil == nil)
    }
  }

  @Test("the highest colour decides, then the latest end; it holds until that ends or is lifted")
  func deciding() {
    let one = standing(restriction("yellow", until: 90), restriction("red", until: 5))
    #expect(one.colour == .red && one.holdsUntil == now + .hours(5))
    let two = standing(restriction("red", until: 5), restriction("red", until: 9))
    #expect(two.restriction?.id.text == "r-red-9" && two.holdsUntil == now + .hours(9))
    let lifted = standing(restriction("red", until: 9, suspends: 3))
    #expect(lifted.colour == .red && lifted.holdsUntil == now + .hours(3))
    #expect(standing(restriction("unknown", until: 2)).colour == .red)
  }

  @Test("the order in which restrictions are listed changes nothing")
  func order() {
    let all = [
      restriction("yellow", until: 40), restriction("red", until: 5), restriction("red", until: 9),
      restriction("green", until: 99),
    ]
    let colour: (Restriction) -> CodeColour = { CodeColour(rawValue: $0.clause) ?? .red }
    let first = PassesRules.standing(of: all, at: now, colour: colour)
    let other = PassesRules.standing(of: all.reversed(), at: now, colour: colour)
    #expect(first.restriction?.id == other.restriction?.id)
    #expect(first.restriction?.id.text == "r-red-9")
  }

  @Test("a code never outlasts what it says, nor begins before what was revoked")
  func validity() throws {
    func validity(_ holds: Duration?, revoked: Duration? = nil) -> (from: Instant, minutes: Int)? {
      PassesRules.validity(
        issuedAt: now + .milliseconds(400), hours: 12, holdsUntil: holds.map { now + $0 },
        revoked: revoked.map { now + $0 })
    }
    let plain = try #require(validity(nil))
    #expect(plain.from == now && plain.minutes == 720)
    #expect(validity(.hours(30))?.minutes == 720)
    #expect(validity(.minutes(90))?.minutes == 90)
    #expect(validity(.seconds(119))?.minutes == 1)
    #expect(validity(.seconds(59))?.minutes == nil && validity(.seconds(-1))?.minutes == nil)
    #expect(validity(nil, revoked: .zero)?.from == now + .seconds(1))
    #expect(validity(nil, revoked: .seconds(-1))?.from == now)
    #expect(validity(.minutes(2), revoked: .zero)?.minutes == 1)
  }

  @Test(
    "what was issued before is revoked when it says something else, and not when it ends itself")
  func outdates() {
    func outdates(
      _ colour: CodeColour, _ end: Duration?, _ now: CodeColour, _ holds: Duration?
    ) -> Bool {
      PassesRules.outdates(
        (colour, end.map { self.now + $0 }),
        PassStanding(
          colour: now, restriction: nil, holdsUntil: holds.map { self.now + $0 }),
        at: self.now, longestHours: 24)
    }
    #expect(outdates(.green, nil, .red, .hours(99)))
    #expect(outdates(.green, nil, .yellow, .hours(1)))
    #expect(outdates(.yellow, .hours(9), .red, .hours(99)))
    #expect(outdates(.red, .hours(9), .green, nil), "released early")
    #expect(outdates(.red, .hours(9), .red, .hours(3)), "an end moved forward")
    #expect(!outdates(.green, nil, .green, nil))
    #expect(!outdates(.red, .hours(9), .red, .hours(99)), "the code ends, another says the same")
    #expect(!outdates(.red, .hours(99), .red, .hours(50)), "no code reaches either end")
    #expect(outdates(.red, .hours(99), .red, .hours(20)))
    #expect(!outdates(.red, .zero, .green, nil), "it ended with what it said")
  }

  @Test("what codes said just before a moment, also when the clock has not come round since")
  func said() {
    let told = PassCourse(
      colour: .red, holdsUntil: now, nextColour: .yellow, nextUntil: now + .hours(3))
    let cases: [(course: PassCourse, at: Duration, colour: CodeColour, until: Duration?)] = [
      (.green, .zero, .green, nil),
      (told, .milliseconds(-1), .red, .zero),
      (told, .zero, .yellow, .hours(3)),
      (told, .seconds(40), .yellow, .hours(3)),
      (PassCourse(colour: .red, holdsUntil: now), .zero, .green, nil),
      (PassCourse(colour: .yellow, holdsUntil: now), .milliseconds(-1), .yellow, .zero),
    ]
    for one in cases {
      let said = one.course.said(before: now + one.at)
      #expect(said.colour == one.colour && said.holdsUntil == one.until.map { now + $0 })
    }
  }

  @Test("what follows by itself is what still holds when the first has ended or is lifted")
  func course() {
    func course(_ restrictions: Restriction...) -> PassCourse {
      PassesRules.course(of: restrictions, at: now) { CodeColour(rawValue: $0.clause) ?? .red }
        .course
    }
    #expect(course() == .green)
    #expect(
      course(restriction("red", until: 5)) == PassCourse(colour: .red, holdsUntil: now + .hours(5)))
    let falling = course(restriction("red", until: 5), restriction("yellow", until: 90))
    #expect(falling.nextColour == .yellow && falling.nextUntil == now + .hours(90))
    let lifted = course(restriction("red", until: 90, suspends: 2), restriction("red", until: 9))
    #expect(lifted.colour == .red && lifted.holdsUntil == now + .hours(2))
    #expect(lifted.nextColour == .red && lifted.nextUntil == now + .hours(9))
  }

  @Test("in the time between an end and the clock’s turn, whoever fetched a code was told the next")
  func gap() {
    /// Told red, then something until later; the red ended so long ago, and this holds now.
    func outdates(
      _ next: (CodeColour, Duration?), _ now: CodeColour, _ holds: Duration?
    ) -> Bool {
      let told = PassCourse(
        colour: .red, holdsUntil: self.now - .seconds(30), nextColour: next.0,
        nextUntil: next.1.map { self.now + $0 })
      return PassesRules.outdates(
        told.said(before: self.now),
        PassStanding(colour: now, restriction: nil, holdsUntil: holds.map { self.now + $0 }),
        at: self.now, longestHours: 24)
    }
    #expect(outdates((.green, nil), .red, .hours(99)), "restricted anew, or an objection rejected")
    #expect(outdates((.green, nil), .yellow, .hours(99)))
    #expect(!outdates((.green, nil), .green, nil), "the clock’s turn")
    #expect(!outdates((.yellow, .hours(9)), .yellow, .hours(9)), "it fell to what held besides")
    #expect(outdates((.yellow, .hours(9)), .red, .hours(99)))
    #expect(outdates((.yellow, .hours(9)), .yellow, .hours(2)), "and its end was moved forward")
    #expect(outdates((.yellow, .hours(9)), .green, nil), "and it was ended early")
    #expect(!outdates((.yellow, .seconds(-1)), .green, nil), "both have ended")
    #expect(
      outdates((.yellow, .seconds(-1)), .red, .hours(1)), "both have ended, and then came another")
  }

  @Test("since when somebody has had their colour begins anew after a gap, and goes on without one")
  func since() {
    let before = now - .hours(30)
    func since(_ told: PassCourse?, _ colour: CodeColour) -> Instant {
      PassesRules.since(told.map { ($0, before) }, colour, at: now)
    }
    let ended = now - .seconds(30)
    let cases: [(told: PassCourse?, colour: CodeColour, since: Instant)] = [
      (nil, .red, now),
      (PassCourse(colour: .red, holdsUntil: now + .hours(1)), .red, before),
      (PassCourse(colour: .red, holdsUntil: now + .hours(1)), .yellow, now),
      (PassCourse(colour: .red, holdsUntil: ended), .red, now),
      (
        PassCourse(
          colour: .red, holdsUntil: ended, nextColour: .red, nextUntil: now + .hours(2)), .red,
        before
      ),
      (
        PassCourse(
          colour: .red, holdsUntil: ended, nextColour: .yellow, nextUntil: now + .hours(2)),
        .yellow, ended
      ),
    ]
    for one in cases { #expect(since(one.told, one.colour) == one.since) }
  }

  @Test("codes that may be shown were issued today or, while they are valid, the day before")
  func days() {
    func days(_ text: String, _ hours: Int) -> [String] {
      PassesRules.issuingDays(
        at: at(text), longestHours: hours, aheadSeconds: 120, zone: .china
      ).map(\.text)
    }
    #expect(days("2022-07-04T23:00", 12) == ["2022-07-04"])
    #expect(days("2022-07-04T08:00", 12) == ["2022-07-03", "2022-07-04"])
    #expect(days("2022-07-04T08:00", 24) == ["2022-07-03", "2022-07-04"])
    #expect(days("2022-07-04T23:57", 12) == ["2022-07-04"])
    #expect(days("2022-07-04T23:58", 12) == ["2022-07-04", "2022-07-05"])
  }

  @Test(
    "a revocation reaches as far ahead as somebody may still issue, and never falls behind another")
  func revokedUntil() {
    func until(_ day: String, _ now: String, _ earlier: String? = nil) -> Instant? {
      Day(day).map {
        PassesRules.revokedUntil(
          of: $0, at: at(now) + .milliseconds(700), aheadSeconds: 120,
          earlier: earlier.map { at($0) }, zone: .china)
      }
    }
    let cases: [(day: String, now: String, earlier: String?, until: String)] = [
      ("2022-07-04", "2022-07-04T08:00", nil, "2022-07-04T08:02"),
      ("2022-07-04", "2022-07-04T08:00", "2022-07-04T07:00", "2022-07-04T08:02"),
      // A code may have been issued that begins a second after.
      ("2022-07-04", "2022-07-04T08:00", "2022-07-04T08:02", "2022-07-04T08:02:01"),
      ("2022-07-04", "2022-07-04T08:00", "2022-07-04T08:03", "2022-07-04T08:03:01"),
      // The same for everybody, whenever it was.
      ("2022-07-03", "2022-07-04T08:00", nil, "2022-07-04T00:02"),
      ("2022-07-03", "2022-07-04T23:00", "2022-07-04T00:02", "2022-07-04T00:02"),
      ("2022-07-04", "2022-07-04T23:58", nil, "2022-07-05T00:02"),
      ("2022-07-05", "2022-07-04T23:58", nil, "2022-07-05T00:00"),
    ]
    for one in cases {
      #expect(
        until(one.day, one.now, one.earlier) == at(one.until),
        "\(one.day) at \(one.now)")
    }
  }
}
