import Kernel

/// Rows on their way into a table by COPY: one statement for all of them, whose references are
/// looked at when it ends.
final class PostgresCopy {
  private let wire: PostgresWire
  private var buffer: [UInt8] = []

  private static let bytesAtOnce = 1 << 16

  init(into table: MovedTable, on wire: PostgresWire) throws {
    self.wire = wire
    try wire.beginCopy("COPY \(table.name) (\(table.columnList)) FROM STDIN")
  }

  func add(_ row: Row) throws {
    for (place, value) in row.values.enumerated() {
      if place > 0 { buffer.append(UInt8(ascii: "\t")) }
      switch value {
      case .null: buffer += #"\N"#.utf8
      case .integer(let number): buffer += String(number).utf8
      case .real(let number): buffer += number.postgresText.utf8
      case .text(let text): addEscaped(text)
      case .bytes(let bytes): buffer += #"\\x\#(Hex.text(bytes))"#.utf8
      }
    }
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.bytesAtOnce { try send() }
  }

  func finish() throws {
    try send()
    try wire.endCopy()
  }

  private func send() throws {
    try wire.sendCopy(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  private func addEscaped(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"): buffer += #"\\"#.utf8
      case UInt8(ascii: "\t"): buffer += #"\t"#.utf8
      case UInt8(ascii: "\n"): buffer += #"\n"#.utf8
      case UInt8(ascii: "\r"): buffer += #"\r"#.utf8
      default: buffer.append(byte)
      }
    }
  }
}
