import Gazette
import Kernel

/// A span of reporting time, `[from, to)`.
package struct BulletinWindow: Hashable, Sendable {
  package let from: Instant
  package let to: Instant

  /// A window that has a length.
  package init(from: Instant, to: Instant) throws(Refusal) {
    guard from < to else {
      throw Refusal(
        .invalid, "bulletin.window",
        Words("起止时间颠倒或相同，请更正", "The window has no length; give from before to"),
        field: "to")
    }
    self.from = from
    self.to = to
  }
}

/// The numbers of a bulletin, in the form in which programs read them.
///
/// `converted` are among the confirmed. An infection that was reported as asymptomatic and converted
/// inside one window is counted once, as confirmed.
package struct BulletinFigures: Codable, Sendable {
  package let from: Instant
  package let to: Instant
  package let total: Int
  package let confirmed: Int
  package let asymptomatic: Int
  package let converted: Int
  package let byKind: [String: Int]
  /// By the policy's codes.
  package let bySource: [String: Int]
  /// By the names of the registry.
  package let byDistrict: [String: Int]
  package let corrections: [CorrectionLine]
  package let reconciles: Bool
  package let differences: [ReconciliationDifference]

  private enum CodingKeys: String, CodingKey {
    case from
    case to
    case total
    case confirmed
    case asymptomatic
    case converted
    case corrections
    case reconciles
    case differences
    case byKind = "by_kind"
    case bySource = "by_source"
    case byDistrict = "by_district"
  }
}

/// A change, recorded in a bulletin's window, of what an earlier one counted.
package struct CorrectionLine: Codable, Sendable {
  /// What was done.
  package enum What: String, Codable, Sendable {
    case corrected
    case withdrawn
    /// Reported into a window that was published already.
    case late
  }

  package let infection: CaseID
  package let what: What
  package let field: String?
  package let recordedAt: Instant
  /// When the case had been reported.
  package let reportedAt: Instant
  /// What it adds to the number of infections before this window: -1, 0 or 1.
  package let change: Int

  private enum CodingKeys: String, CodingKey {
    case what
    case field
    case change
    case infection = "case"
    case recordedAt = "recorded_at"
    case reportedAt = "reported_at"
  }
}

/// A breakdown that does not add up, or not to what was declared, and the row that is to blame.
package struct ReconciliationDifference: Codable, Sendable {
  /// `by_district`, as in the figures.
  package let breakdown: String
  /// The row of the breakdown, nil when the whole is meant.
  package let key: String?
  package let counted: Int
  package let declared: Int?
  /// Cases behind the row, the first of them.
  package let cases: [CaseID]
  package let words: Words
}

/// Numbers that somebody typed, to be compared with the line list. Rows may be named by code or by
/// words; a breakdown that is given must be whole.
package struct DeclaredBreakdown: Codable, Sendable {
  package let total: Int?
  package let confirmed: Int?
  package let asymptomatic: Int?
  package let converted: Int?
  package let byKind: [String: Int]?
  package let bySource: [String: Int]?
  package let byDistrict: [String: Int]?

  private enum CodingKeys: String, CodingKey {
    case total
    case confirmed
    case asymptomatic
    case converted
    case byKind = "by_kind"
    case bySource = "by_source"
    case byDistrict = "by_district"
  }

  package init(
    total: Int? = nil, confirmed: Int? = nil, asymptomatic: Int? = nil, converted: Int? = nil,
    byKind: [String: Int]? = nil, bySource: [String: Int]? = nil, byDistrict: [String: Int]? = nil
  ) {
    self.total = total
    self.confirmed = confirmed
    self.asymptomatic = asymptomatic
    self.converted = converted
    self.byKind = byKind
    self.bySource = bySource
    self.byDistrict = byDistrict
  }
}

/// Entries of the line list that a window counts alike.
package struct LineGroup: Hashable, Sendable {
  package let district: PlaceID
  package let source: String?
  /// As what the window counts it.
  package let kind: InfectionKind
  /// Among the confirmed, those that were asymptomatic before.
  package let isConverted: Bool
  package let count: Int
}
