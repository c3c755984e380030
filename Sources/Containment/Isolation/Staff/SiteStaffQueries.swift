import Kernel
import Registry

/// Who works at a site: the roster of the coming hours with its gaps, and who is in the loop.
package struct SiteRoster: Query {
  /// A turn with who holds it.
  package struct Turn: Codable, Sendable {
    package let turn: SiteTurnID
    package let post: String
    package let account: AccountID
    package let title: String
    package let from: Instant
    package let until: Instant
  }

  /// Somebody who is in the loop, or left it and takes no open post yet.
  package struct Member: Codable, Sendable {
    package let loop: SiteLoopID
    package let account: AccountID
    package let title: String
    package let enteredAt: Instant
    package let leftAt: Instant?
    package let openFrom: Instant?
    /// The test that is owed next.
    package let test: ObligationID?
    package let testBy: Instant?
  }

  package struct Answer: Codable, Sendable {
    package let name: String
    package let turns: [Turn]
    package let gaps: [SiteGap]
    package let members: [Member]
    /// Who answers for the guests now; empty when the post is not held.
    package let leaders: [String]
    /// Until when the roster was looked at.
    package let until: Instant
  }

  package static let name = "isolation.roster"
  package static let duty: Duty = ListSites.duty
  package static let purposes: [Purpose] = []
  package let site: PlaceID

  package init(site: PlaceID) { self.site = site }

  package func area(in reading: Reading) -> Area { .place(site) }

  package func answer(in reading: Reading) throws -> Answer {
    let found = try SitesStore(reading.transaction).get(site)
    let policy = try reading.policy(SiteStaffPolicy.self)
    let store = SiteStaffStore(reading.transaction)
    let until = reading.now + .hours(policy.rosterHours)
    let turns = try store.turns(at: site, from: reading.now, until: until)
    let loops = try store.loops(of: site, at: reading.now)
    let owed = try ObligationStore(reading.transaction).owed(aboutAny: loops.map(\.id.text))
    let shown = try turns.map { turn in
      Turn(
        turn: turn.id, post: turn.post, account: turn.account,
        title: try reading.title(of: turn.account), from: turn.from, until: turn.until)
    }
    return Answer(
      name: try reading.shortAddress(of: found.path), turns: shown,
      gaps: SiteStaffRules.gaps(
        turns, policy.posts, from: reading.now, until: until, zone: reading.zone),
      members: try loops.map { loop in
        let test = owed[loop.id.text]?.first { $0.kind == IsolationDuties.staffTest.name }
        return Member(
          loop: loop.id, account: loop.account, title: try reading.title(of: loop.account),
          enteredAt: loop.enteredAt, leftAt: loop.leftAt, openFrom: loop.openFrom,
          test: test?.id, testBy: test?.deadline)
      },
      leaders: shown.filter {
        $0.post == policy.leader && $0.from <= reading.now && $0.until > reading.now
      }.map(\.title), until: until)
  }
}
