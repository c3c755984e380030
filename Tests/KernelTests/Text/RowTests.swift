import Testing

@testable import Kernel

@Suite("A row") struct RowTests {
  @Test("gives numbers where there are any, and never ends the process")
  func numbers() {
    let row = Row([
      .integer(7), .real(2.9), .real(1e300), .real(.nan), .null, .text("7"), .bytes([7]),
    ])
    #expect(row.values.indices.map { row.optionalInteger($0) } == [7, 2, nil, nil, nil, nil, nil])
    #expect(row.integer(2) == 0 && row.optionalReal(0) == 7 && row.optionalReal(1) == 2.9)
  }

  @Test("gives texts, bytes, identifiers and instants, or nothing")
  func others() {
    let row = Row([.text("a"), .bytes([1]), .null, .integer(5)])
    #expect(row.text(0) == "a" && row.optionalText(1) == nil && row.text(2) == "")
    #expect(row.bytes(1) == [1] && row.bytes(0) == nil)
    #expect((row.id(0) as PersonID).text == "a" && (row.optionalID(2) as PersonID?) == nil)
    #expect(row.instant(3).milliseconds == 5 && row.optionalInstant(2) == nil)
  }
}
