/// How much a table may ask of the machine before it is refused.
///
/// These are bounds of the format, far above any honest table, not policy.
package struct ReadingLimits: Sendable {
  /// Longest cell, in bytes; spreadsheet programs stop at 32,767 characters.
  package var fieldBytes = 1 << 20
  /// Longest row, in bytes.
  package var recordBytes = 4 << 20
  /// Most columns: what spreadsheet programs can show.
  package var columns = 16_384
  /// Most rows of a sheet: what spreadsheet programs can show.
  package var sheetRows = 1_048_576
  /// Most files inside a workbook.
  package var archiveEntries = 4_096
  /// Largest file inside a workbook that is read as a stream, unpacked.
  package var streamedBytes = 2 << 30
  /// Largest file inside a workbook that is kept in memory, unpacked.
  package var heldBytes = 256 << 20
  /// Most shared texts of a workbook.
  package var sharedTexts = 10_000_000
  /// How much larger than its packed form a file may become; deflate's bombs reach 1,000.
  package var ratio = 300
  /// Most bytes taken from a pipe.
  package var pipedBytes = 4 << 30

  package init() {}
}
