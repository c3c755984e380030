import Kernel

/// What identifiers of shifts name.
package enum ShiftTag {}
package typealias ShiftID = ID<ShiftTag>

/// A span during which an office that is tied to shifts is held.
package struct Shift: Codable, Sendable {
  package let shift: ShiftID
  package let account: AccountID
  package let role: String
  package let place: PlaceID
  package let begins: Instant
  package let ends: Instant
  /// Who extended it last; nil when nobody did.
  package let extendedBy: AccountID?
  /// Who ended it before its time; nil when it runs, or ran, as planned.
  package let endedBy: AccountID?

  /// Whether it was taken back before it began: it gives nothing and is in nobody's way.
  package var isCancelled: Bool { begins == ends }

  private enum CodingKeys: String, CodingKey {
    case shift
    case account
    case role
    case place
    case begins
    case ends
    case extendedBy = "extended_by"
    case endedBy = "ended_by"
  }
}

/// A span during which an office is held: of a shift, or of a delegation.
struct HeldSpan: Sendable {
  let begins: Instant
  let ends: Instant
  /// Whether somebody ended it: then it is over at once.
  let isCutShort: Bool
}

/// Rules for shifts that end access.
package struct ShiftsPolicy: PolicySection {
  package static let key = "shifts"

  /// For how long an office is still held after its shift, for handing over.
  package let graceMinutes: Int
  /// For how long what was done in a shift without network is still taken after it.
  package let takeHours: Int
  package let longestHours: Int
  /// By how much a shift is extended at a time, at most.
  package let extendHours: Int

  private enum CodingKeys: String, CodingKey {
    case graceMinutes = "grace_minutes"
    case takeHours = "take_hours"
    case longestHours = "longest_hours"
    case extendHours = "extend_hours"
  }

  package var faults: [Words] {
    graceMinutes < 0 || [takeHours, longestHours, extendHours].contains { $0 < 1 }
      ? [Words("各项时长至少为 1（宽限可为 0）", "every duration is at least 1; the grace may be 0")] : []
  }
}
