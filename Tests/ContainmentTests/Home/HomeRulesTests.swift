import Gazette
import Registry
import Testing
import Town

@testable import Containment
@testable import Kernel

@Suite("Judgement about isolation at home") struct HomeRulesTests {
  private let noon = at("2022-07-05T12:00")
  private let evening = at("2022-07-05T20:00")

  private func check(
    _ deadline: Instant, _ state: Obligation.State = .open, closed: Instant? = nil
  ) -> Obligation {
    Obligation(
      id: ObligationID(trusted: deadline.text(in: .china)), kind: "restrictions.health",
      subject: "r", person: nil, place: Town.Spot.door201.id, path: .everywhere,
      seat: Seat(role: "grid_worker", place: Town.Spot.grid.id), claimedBy: nil,
      openedAt: deadline - .hours(12), deadline: deadline, state: state, rung: 0,
      escalatedTo: nil, escalatedAt: nil, closedAt: closed, closedBy: nil, proof: nil,
      reason: nil, struckOffAt: nil, policy: "")
  }

  private func due(_ checks: [Obligation], at time: String) -> String {
    switch HomeRules.due(among: checks, at: at("2022-07-05T\(time)"), gapMinutes: 180) {
    case .due(let check): check.deadline == noon ? "noon" : "evening"
    case .notYet(let from): from.text(in: .china)
    case .nothing: "nothing"
    }
  }

  @Test("a report answers the first check of the day that nobody has answered")
  func order() {
    let done = check(noon, .done, closed: at("2022-07-05T08:00"))
    let late = check(noon, .done, closed: at("2022-07-05T13:00"))
    #expect(due([check(evening), check(noon)], at: "08:00") == "noon")
    #expect(due([check(noon), check(evening)], at: "13:00") == "noon")
    #expect(due([done, check(evening)], at: "11:59") == noon.text(in: .china))
    #expect(due([done, check(evening)], at: "12:00") == "evening")
    // Two reports of one hour are no morning and no evening.
    #expect(
      due([late, check(evening)], at: "15:59") == at("2022-07-05T16:00").text(in: .china))
    #expect(due([late, check(evening)], at: "16:00") == "evening")
    #expect(due([check(noon, .waived, closed: noon), check(evening)], at: "08:00") == "evening")
    #expect(due([done], at: "18:00") == "nothing")
    #expect(due([], at: "18:00") == "nothing")
  }

  private func held(
    _ id: String, _ kind: RestrictionKind, from: String, until: String, suspends: String? = nil,
    asks: HomeAsks = HomeAsks(checklist: true, deliveries: true, silence: true)
  ) -> HeldAtHome {
    let (from, until) = (at("2022-07-\(from)T00:00"), at("2022-07-\(until)T00:00"))
    let restriction = Restriction(
      id: RestrictionID(trusted: id), person: Town.zhao, kind: kind, clause: id, edition: "cn-9@1",
      evidence: Evidence(kind: .contact, reference: "c"), issuer: "rules", issuerOrganisations: "",
      approver: nil, place: Town.Spot.door201.id, path: .everywhere, start: from, end: until,
      limit: until, countedFrom: from, appeal: "", openedUntil: from,
      suspendsAt: suspends.map { at("2022-07-\($0)T00:00") }, endedAt: nil, endReason: nil)
    let phase = RestrictionPhase(
      kind: kind, from: from, until: until, dayOne: Day(of: from, in: .china))
    return HeldAtHome(restriction: restriction, phases: [phase], asks: asks)
  }

  @Test(
    "isolation is named before monitoring, the longer before the shorter, and the needs are joined")
  func asked() {
    let quiet = HomeAsks(checklist: false, deliveries: true, silence: false)
    func asked(_ held: [HeldAtHome]) -> (now: AskedAtHome?, next: Instant?) {
      HomeRules.asked(of: held, at: noon)
    }
    #expect(asked([]).now == nil && asked([]).next == nil)
    let monitored = held("m", .homeMonitoring, from: "01", until: "20")
    let only = asked([monitored]).now
    #expect(only?.asks == HomeAsks(checklist: false, deliveries: false, silence: true))
    let short = held("s", .homeIsolation, from: "04", until: "08", asks: quiet)
    let both = asked([monitored, short])
    #expect(both.now?.restriction.text == "s" && both.now?.kind == .homeIsolation)
    #expect(both.now?.asks == HomeAsks(checklist: false, deliveries: true, silence: true))
    #expect(both.next == at("2022-07-08T00:00"))
    let long = held("l", .homeIsolation, from: "04", until: "09")
    for order in [[short, long], [long, short]] {
      #expect(asked(order).now?.restriction.text == "l" && asked(order).now?.asks.checklist == true)
    }
    // What begins later, or is lifted before, is when to look again.
    let later = held("x", .homeIsolation, from: "07", until: "09")
    #expect(asked([later]).now == nil && asked([later]).next == at("2022-07-07T00:00"))
    let lifted = held("y", .homeIsolation, from: "04", until: "09", suspends: "06")
    #expect(asked([lifted]).next == at("2022-07-06T00:00"))
    // What asks for nobody to look is nothing to look after.
    #expect(asked([held("z", .homeIsolation, from: "04", until: "09", asks: .nothing)]).now == nil)
    #expect(asked([held("k", .centralIsolation, from: "04", until: "09")]).now == nil)
  }

  @Test("what is not said to be met is not met")
  func unmet() {
    var proof = Town.sixRules()
    func rules() throws -> [HomeRule] {
      HomeRules.unmet(in: try Fields.json(try Fields.jsonBytes(proof)))
    }
    #expect((try? rules()) == [])
    proof["air"] = "no"
    proof["door"] = nil
    #expect((try? rules()) == [.air, .door])
  }

  @Test(
    "the ways of a trip follow one another",
    arguments: [
      (Outing.State.approved, Outing.State.out), (.out, .there), (.there, .back), (.back, .home),
    ])
  func legs(from: Outing.State, to: Outing.State) {
    #expect(HomeRules.next(of: from) == to)
  }

  @Test("what is over or not decided has no next leg")
  func noLegs() {
    for state in [Outing.State.asked, .declined, .cancelled, .home] {
      #expect(HomeRules.next(of: state) == nil)
    }
  }
}
