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

  @Test("codes that may be shown were issued today or, while they are valid, the day before")
  func days() {
    func days(_ text: String, _ hours: Int) -> [String] {
      PassesRules.issuingDays(at: at(text), longestHours: hours, zone: .china).map(\.text)
    }
    #expect(days("2022-07-04T23:00", 12) == ["2022-07-04"])
    #expect(days("2022-07-04T08:00", 12) == ["2022-07-03", "2022-07-04"])
    #expect(days("2022-07-04T08:00", 24) == ["2022-07-03", "2022-07-04"])
  }
}
