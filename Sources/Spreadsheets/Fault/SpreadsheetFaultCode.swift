/// Every problem that a table can have.
package enum SpreadsheetFaultCode: String, CaseIterable, Sendable {
  case fileNotFound = "file_not_found"
  case fileUnreadable = "file_unreadable"
  case fileUnwritable = "file_unwritable"
  case fileEmpty = "file_empty"
  case notTable = "not_table"
  case oldExcel = "old_excel"
  case binaryWorkbook = "binary_workbook"
  case encrypted = "encrypted"
  case notWorkbook = "not_workbook"

  case encodingUnknown = "encoding_unknown"
  case encodingDamaged = "encoding_damaged"
  case encodingUnavailable = "encoding_unavailable"
  case nullByte = "null_byte"

  case quoteUnterminated = "quote_unterminated"
  case textAfterQuote = "text_after_quote"
  case fieldTooLong = "field_too_long"
  case recordTooLong = "record_too_long"
  case columnsTooMany = "columns_too_many"
  case rowTooShort = "row_too_short"
  case rowTooLong = "row_too_long"

  case headerMissing = "header_missing"
  case columnMissing = "column_missing"
  case columnDoubled = "column_doubled"

  case archiveDamaged = "archive_damaged"
  case archiveUnsupported = "archive_unsupported"
  case archiveTooLarge = "archive_too_large"
  case markupDamaged = "markup_damaged"
  case markupForbidden = "markup_forbidden"
  case sheetMissing = "sheet_missing"
  case cellDamaged = "cell_damaged"
  case cellError = "cell_error"
  case formulaWithoutValue = "formula_without_value"
}
