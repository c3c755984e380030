import Kernel

/// What the policy says of cases: how they may have been found, and what is due when.
///
/// It stands in the gazette because two families read it: Detection judges reports by it, and
/// Headquarters words the bulletin with it. The slice of cases offers it to the policy files.
package struct CasePolicy: PolicySection {
  package static let key = "cases"

  /// A way in which an infection comes to be known (发现途径). Exactly one an infection.
  package struct Source: Decodable, Sendable {
    package let code: String
    package let words: Words
    /// How a bulletin says it: 在隔离管控中发现.
    package let phrase: Words
    /// Whether the person was isolated already; the others are found in the community (社会面).
    package let isInIsolation: Bool

    private enum CodingKeys: String, CodingKey {
      case code
      case words
      case phrase
      case isInIsolation = "in_isolation"
    }
  }

  /// Within which a case has to be recorded after it was reported (网络直报).
  package let reportWithinMinutes: Int
  /// Within which the person is in a designated hospital, in a closed loop.
  package let transferWithinMinutes: Int
  /// Within which the investigation is done.
  package let investigateWithinMinutes: Int
  /// A report older than this when it is recorded is history: nobody is sent for it any more.
  package let historyAfterHours: Int
  /// Within which a second report of one person is the same infection.
  package let sameInfectionDays: Int
  /// In the order in which lists and bulletins show them.
  package let sources: [Source]

  private enum CodingKeys: String, CodingKey {
    case sources
    case reportWithinMinutes = "report_within_minutes"
    case transferWithinMinutes = "transfer_within_minutes"
    case investigateWithinMinutes = "investigate_within_minutes"
    case historyAfterHours = "history_after_hours"
    case sameInfectionDays = "same_infection_days"
  }

  package var faults: [Words] {
    let codes = sources.map(\.code)
    if Set(codes).count != codes.count {
      return [Words("发现途径代码重复", "a source's code stands twice")]
    }
    let spans = [
      reportWithinMinutes, transferWithinMinutes, investigateWithinMinutes, historyAfterHours,
      sameInfectionDays,
    ]
    return spans.contains { $0 <= 0 } ? [Words("时限须大于零", "every span must be above zero")] : []
  }

  /// The source that a code, or its words in either language, means.
  package func source(_ written: String) -> Source? {
    sources.first { [$0.code, $0.words.chinese, $0.words.english].contains(written) }
  }
}
