/// How often the journal is signed and kept elsewhere.
package struct JournalPolicy: PolicySection {
  package static let key = "journal"

  /// After so many minutes a journal that has grown is signed.
  package let checkpointMinutes: Int
  /// After so many entries it is signed sooner.
  package let checkpointEntries: Int
  /// Seconds between two looks for what has to be kept elsewhere.
  package let shipSeconds: Int
  /// How large a file of shipped changes grows before the next is begun, in megabytes.
  package let segmentMegabytes: Int
  /// For how many days shipped changes are kept; a backup has to be younger.
  package let keepDays: Int

  private enum CodingKeys: String, CodingKey {
    case checkpointMinutes = "checkpoint_minutes"
    case checkpointEntries = "checkpoint_entries"
    case shipSeconds = "ship_seconds"
    case segmentMegabytes = "segment_megabytes"
    case keepDays = "keep_days"
  }

  package var faults: [Words] {
    let numbers = [checkpointMinutes, checkpointEntries, shipSeconds, segmentMegabytes, keepDays]
    return numbers.allSatisfy { $0 > 0 }
      ? [] : [Words("各项数字须大于 0", "each of its numbers is above 0")]
  }
}
