import Engines
import Testing
import Town

@testable import Detection
@testable import Kernel

/// Each question about leads and links is answered from an index.
@Suite("How leads and links are found") struct LeadPlansTests {
  private static let place = PlaceID(trusted: "p")

  private static func lead(at now: Instant) -> Lead {
    Lead(
      id: LeadID(trusted: "l"), title: "t", category: nil, urgency: .urgent, name: Redacted("n"),
      person: nil, place: place, path: PlacePath("1.1.1"), routing: .given, state: .assigned,
      receivedAt: now, deadline: now, fingerprint: "f",
      sealed: SealedLead(
        identity: [1], identityIndex: "i", phone: [1], phoneIndex: "p"))
  }

  @Test("no list of leads or links reads a whole table")
  func indices() async throws {
    let town = try await Town()
    let now = town.now
    let (steps, scans) = try await town.desk.storage.read { transaction in
      let plan = try QueryPlan(transaction)
      let leads = LeadsStore(plan)
      let area = PlacePath("1.1.1")
      _ = try leads.find(fingerprint: "f")
      _ = try leads.find(LeadID(trusted: "l"))
      _ = try leads.checked(like: Self.lead(at: now), since: now)
      _ = try leads.inside(area, .init(state: .waiting), limit: 9)
      _ = try leads.inside(area, .init(dueBefore: now), limit: 9)
      _ = try leads.inside(.everywhere, after: (now, LeadID(trusted: "l")), limit: 9)
      _ = try leads.inside(.everywhere, limit: 9)
      _ = try leads.counts(inside: area, at: now)
      _ = try leads.open(inside: area)
      _ = try leads.categories(inside: area)
      _ = try leads.results(of: LeadID(trusted: "l")) { _, _ in "" }
      _ = try leads.moves(of: LeadID(trusted: "l"))
      let links = TransmissionStore(plan)
      _ = try links.links(of: CaseID(trusted: "c"))
      _ = try links.confirmed(of: CaseID(trusted: "c"))
      _ = try links.infected(by: CaseID(trusted: "c"))
      return (plan.steps, plan.scans)
    }
    #expect(steps.count > 15)
    #expect(scans == [], "\(steps)")
  }
}
