import Kernel
import Spreadsheets

/// The file of rejected rows, begun with the first of them. When it cannot be written the import
/// goes on, and every reason is told at the terminal instead.
struct RejectsFile {
  private let path: String?
  private let header: [String]
  private var rows: RejectedRows?
  /// Why it cannot be written.
  private(set) var fault: SpreadsheetFault?

  /// A file at a path; none when the path is nil.
  init(path: String?, header: [String]) {
    self.path = path
    self.header = header
  }

  /// The path, when there is something in the file.
  var writtenPath: String? { rows == nil || fault != nil ? nil : path }

  /// Whether reasons are kept in it.
  var isKept: Bool { path != nil && fault == nil }

  /// Adds a row with the reason why it was not taken.
  mutating func append(_ cells: [String], number: Int, reason: String) {
    guard let path, fault == nil else { return }
    do throws(SpreadsheetFault) {
      if rows == nil { rows = try RejectedRows(path: path, header: header) }
      try rows?.append(cells: cells, number: number, reason: reason)
    } catch {
      fault = error
    }
  }

  /// Makes sure that everything is on the disk.
  mutating func finish() {
    guard fault == nil else { return }
    do throws(SpreadsheetFault) { try rows?.finish() } catch { fault = error }
  }
}
