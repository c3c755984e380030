import Kernel
import Spreadsheets
import Visits

/// Rows of encounters from files, for a search that needs no data folder.
struct EncounterRows {
  private static let columns = SearchRows.columns(
    of: "encounters", needed: ["person_a", "person_b", "at", "seconds"])

  private let files: [SearchRows]
  private let progress: ProgressLine
  private(set) var clock = SearchClock()

  init(_ files: [String], voice: Voice) throws {
    self.files = try files.map { try SearchRows($0, columns: Self.columns, voice: voice) }
    progress = ProgressLine(voice, Words("已读取", "read:"))
  }

  /// Lets all rows come past a search.
  mutating func companions(_ search: EncounterSearch) throws {
    defer { progress.finish() }
    var clock = clock
    let one = PaddedText()
    let other = PaddedText()
    defer { self.clock = clock }
    for file in files {
      try file.read(noting: true, progress: progress) { row throws(RowFault) in
        let at = try clock.seconds(row, "at")
        guard let seconds = row["seconds"]?.trimmingWhitespace() else {
          throw RowFault.missing("seconds")
        }
        guard let length = UInt32(seconds) else { throw RowFault.noSeconds }
        guard let first = row["person_a"]?.trimmingWhitespace() else {
          throw RowFault.missing("person_a")
        }
        guard let second = row["person_b"]?.trimmingWhitespace() else {
          throw RowFault.missing("person_b")
        }
        search.take(one.field(first), other.field(second), at: at, seconds: length)
      }
    }
  }
}
