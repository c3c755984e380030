/// What a workbook says a cell is; everything in a text file is text.
package enum CellKind: Sendable {
  case text
  case number
  /// A number with more digits than a spreadsheet keeps: 18-digit identity numbers end in 000.
  case impreciseNumber
  case date
  case boolean
  case error
  case formulaWithoutValue
}

/// One row as it stands in the file, before the header gives its cells names.
struct Record: Sendable {
  /// The row's number as a person sees it; the header is row 1.
  var number: Int
  /// The line of the file on which it begins.
  var line: Int
  var cells: [String] = []
  /// One for each cell of a workbook; empty for text files.
  var kinds: [CellKind] = []
  /// What is wrong with this row alone; reading can go on.
  var fault: SpreadsheetFault?

  /// Whether there is nothing in it, not even something wrong.
  var isEmpty: Bool {
    fault == nil && cells.allSatisfy(\.isEmpty) && !kinds.contains(.formulaWithoutValue)
  }
}

/// How far a file was read, for a progress bar.
package struct ReadingProgress: Equatable, Sendable {
  package let bytesRead: Int
  package let bytesTotal: Int

  /// The share read, from 0 to 1.
  package var fraction: Double {
    bytesTotal == 0 ? 1 : min(1, Double(bytesRead) / Double(bytesTotal))
  }
}

/// Hands out the rows of a file one after another.
protocol RecordReading {
  /// Whether every row must have as many cells as the header.
  var isStrictWidth: Bool { get }
  var progress: ReadingProgress { get }
  /// The next row; `nil` at the end. A thrown fault ends the file.
  mutating func next() throws(SpreadsheetFault) -> Record?
}
