import Kernel

/// What identifiers of delegations name.
package enum DelegationTag {}
package typealias DelegationID = ID<DelegationTag>

/// An office that its holder hands to a colleague for a bounded time; the holder keeps it.
package struct Delegation: Codable, Sendable {
  package let delegation: DelegationID
  package let giver: AccountID
  package let taker: AccountID
  package let role: String
  package let place: PlaceID
  package let from: Instant
  package let until: Instant
  package let reason: String
  /// When somebody ended it before its time.
  package let endedAt: Instant?

  private enum CodingKeys: String, CodingKey {
    case delegation
    case giver
    case taker
    case role
    case place
    case from
    case until
    case reason
    case endedAt = "ended_at"
  }

  /// Whether the colleague acts by it at a moment.
  package func isRunning(at now: Instant) -> Bool {
    endedAt == nil && from <= now && now < until
  }
}

/// Rules for handing an office to a colleague.
package struct DelegationPolicy: PolicySection {
  package static let key = "delegation"

  package let longestDays: Int
  /// For how long a colleague is told that it was over, and keeps what they had claimed by it.
  package let toldDays: Int
  /// Duties that stay with their holder: approving what another asked for, appointing, inviting.
  package let notDelegable: [String]

  private enum CodingKeys: String, CodingKey {
    case longestDays = "longest_days"
    case toldDays = "told_days"
    case notDelegable = "not_delegable"
  }

  package var faults: [Words] {
    longestDays < 1 || toldDays < 0
      ? [Words("longest_days 至少为 1", "longest_days is at least 1")] : []
  }

  /// Names of duties that nobody has.
  package func faults(beside others: PolicyLibrary, on day: Day) -> [Words] {
    OfficesPolicy.faults(duties: notDelegable, in: others, on: day)
  }
}
