import Kernel

/// Somebody's turn at an isolation site.
package enum SiteTurnTag {}
/// Somebody's time in the closed loop of a site, from the day of entering.
package enum SiteLoopTag {}

package typealias SiteTurnID = ID<SiteTurnTag>
package typealias SiteLoopID = ID<SiteLoopTag>

/// Somebody's turn at an isolation site.
package struct SiteTurn: Sendable {
  package let id: SiteTurnID
  package let site: PlaceID
  /// The post's code in the policy.
  package let post: String
  package let account: AccountID
  package let from: Instant
  package let until: Instant

  var rosterTurn: RosterTurn { RosterTurn(account: account, from: from, until: until) }
}

/// Somebody's time in the closed loop of a site.
package struct SiteLoop: Sendable {
  package let id: SiteLoopID
  package let site: PlaceID
  package let account: AccountID
  package let enteredAt: Instant
  /// When the negative sample was taken with which they entered.
  package let testedAt: Instant
  package let leftAt: Instant?
  /// The edition that said what follows; nil when none said anything.
  package let edition: String?
  /// From when on open posts are theirs again; nil as long as they are inside.
  package let openFrom: Instant?
}

/// A time during which a post of a site has fewer people than it needs.
package struct SiteGap: Codable, Hashable, Sendable {
  package let post: String
  package let from: Instant
  package let until: Instant
  package let present: Int
  package let needed: Int
}

/// Judgement about who works at a site, without any row.
package enum SiteStaffRules {
  /// The stretches of a span in which a post has to be held: all of it, or its hours of each day.
  package static func hours(
    of post: SiteStaffPolicy.Post, from: Instant, until: Instant, zone: Zone
  ) -> [(from: Instant, until: Instant)] {
    guard let first = post.from, let last = post.until else { return [(from, until)] }
    let days = Day(of: from, in: zone).number...Day(of: until, in: zone).number
    return days.compactMap { number in
      let midnight = Day(number: number).start(in: zone)
      let start = max(from, midnight + .minutes(first.minutes))
      let end = min(until, midnight + .minutes(last.minutes))
      return start < end ? (from: start, until: end) : nil
    }
  }

  /// Every gap of each post in a span.
  package static func gaps(
    _ turns: [SiteTurn], _ posts: [SiteStaffPolicy.Post], from: Instant, until: Instant,
    zone: Zone
  ) -> [SiteGap] {
    posts.flatMap { post in
      let held = turns.filter { $0.post == post.code }.map(\.rosterTurn)
      return hours(of: post, from: from, until: until, zone: zone).flatMap { span in
        RosterRules.holes(in: held, needed: post.people, from: span.from, until: span.until)
          .map {
            SiteGap(
              post: post.code, from: $0.from, until: $0.until, present: $0.present,
              needed: post.people)
          }
      }
    }
  }

  /// From when on somebody who leaves a loop takes open posts again: when as many days as the
  /// edition names are complete, the day of leaving being day 0; at once where it names none.
  package static func openFrom(
    leaving now: Instant, _ policy: ClosedLoopPolicy?, zone: Zone
  ) -> Instant {
    guard let policy else { return now }
    return (Day(of: now, in: zone) + policy.days).end(in: zone)
  }

  /// Whether those who entered on a day are tested on another one.
  package static func isTestDay(_ day: Day, entered: Day, every days: Int) -> Bool {
    day > entered && (day - entered) % days == 0
  }
}
