import Testing

@testable import Spreadsheets

@Suite("Spreadsheets") struct SpreadsheetsTests {}
