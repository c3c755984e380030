import Kernel

/// From when on two files are shown to somebody as perhaps one person.
package struct DuplicatesPolicy: PolicySection {
  package static let key = "duplicates"

  /// The probability from which on a pair is listed; 0.5 is as likely the same person as not.
  package let reviewFrom: Double

  private enum CodingKeys: String, CodingKey {
    case reviewFrom = "review_from"
  }

  package var faults: [Words] {
    guard reviewFrom > 0, reviewFrom <= 0.5 else {
      return [
        Words(
          "重复人员的核对起点须大于 0、不超过 0.5",
          "the probability from which duplicates are reviewed must be above 0 and at most 0.5")
      ]
    }
    return []
  }
}
