import Kernel

/// From when on two files are shown to somebody as perhaps one person.
package struct DuplicatesPolicy: PolicySection {
  package static let key = "duplicates"

  /// The probability from which on a pair is listed; 0.5 is as likely the same person as not.
  package let reviewFrom: Double
  /// So many people of the register are searched at once; more need a smaller area.
  package let searchAtMost: Int

  private enum CodingKeys: String, CodingKey {
    case reviewFrom = "review_from"
    case searchAtMost = "search_at_most"
  }

  package var faults: [Words] {
    guard reviewFrom > 0, reviewFrom <= 0.5 else {
      return [
        Words(
          "重复人员的核对起点须大于 0、不超过 0.5",
          "the probability from which duplicates are reviewed must be above 0 and at most 0.5")
      ]
    }
    guard searchAtMost > 1 else {
      return [
        Words("一次查重的人数须大于 1", "the people searched at once must be more than 1")
      ]
    }
    return []
  }
}
