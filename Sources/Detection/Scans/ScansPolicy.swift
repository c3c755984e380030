import Kernel

/// How long scans and other visits are kept, and how soon new ones are acted on.
package struct ScansPolicy: PolicySection {
  package static let key = "scans"

  /// After so many days visits, encounters and scans are deleted.
  package let keepDays: Int
  /// No scan lasts longer; somebody forgot to leave.
  package let longestHours: Int
  /// So long after a list of scans the cases are computed anew that it may concern: lists come all the
  /// time, and one computation serves all that came meanwhile.
  package let recomputeSeconds: Int

  private enum CodingKeys: String, CodingKey {
    case keepDays = "keep_days"
    case longestHours = "longest_hours"
    case recomputeSeconds = "recompute_seconds"
  }

  package var faults: [Words] {
    keepDays < 1 || longestHours < 1 || recomputeSeconds < 0
      ? [Words("天数、小时数或秒数无效", "a number of days, hours or seconds makes no sense")] : []
  }
}
