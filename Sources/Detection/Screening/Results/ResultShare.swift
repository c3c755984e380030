import Gazette
import Kernel

/// How many results there are, and how many of them are not negative.
struct ResultShare: Equatable, Sendable {
  private(set) var rows = 0
  private(set) var abnormal = 0

  init(rows: Int = 0, abnormal: Int = 0) {
    self.rows = rows
    self.abnormal = abnormal
  }

  init(of rows: [ResultRow]) {
    self.init(rows: rows.count, abnormal: rows.count { $0.result.holds })
  }

  static func + (one: Self, other: Self) -> Self {
    Self(rows: one.rows + other.rows, abnormal: one.abnormal + other.abnormal)
  }

  /// Whether there are enough of them to look at, and too large a share is not negative.
  func isTooAbnormal(_ policy: ScreeningPolicy.Plausibility) -> Bool {
    rows >= policy.rateFromRows && Double(abnormal) > policy.mostShare * Double(rows)
  }
}

extension Work {
  /// What was taken of a laboratory within the policy's time before now without anybody having looked.
  func lately(
    of laboratory: LaboratoryID, _ policy: ScreeningPolicy.Plausibility
  ) throws -> ResultShare {
    try ResultPaceStore(transaction).taken(
      of: laboratory, after: Self.minute(of: now) - policy.rateMinutes)
  }

  /// Counts what was just taken of a laboratory, and forgets what is too long ago to be looked at.
  func count(
    _ share: ResultShare, of laboratory: LaboratoryID, _ policy: ScreeningPolicy.Plausibility
  ) throws {
    guard share.rows > 0 else { return }
    let minute = Self.minute(of: now)
    let store = ResultPaceStore(transaction)
    try store.add(share, of: laboratory, minute: minute)
    try store.forget(laboratory, upTo: minute - policy.rateMinutes)
  }

  /// The minute in which something happens, counted from 1970.
  private static func minute(of instant: Instant) -> Int { Int(instant.milliseconds / 60_000) }
}
