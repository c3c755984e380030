import CPostgres
import Kernel

/// Rows on their way into a table by COPY: one statement for all of them, whose references are
/// looked at when it ends.
final class PostgresCopy {
  private let wire: PostgresWire
  private var buffer: [UInt8] = []

  private static let bytesAtOnce = 1 << 16

  init(into table: String, _ columns: String, on wire: PostgresWire) throws {
    self.wire = wire
    try wire.beginCopy("COPY \(table) (\(columns)) FROM STDIN")
  }

  func add(_ values: [SQLValue]) throws {
    for (place, value) in values.enumerated() {
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

  @discardableResult
  func finish() throws -> PostgresAnswer {
    try send()
    return try wire.endCopy()
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

extension PostgresWire {
  /// Begins to send rows.
  fileprivate func beginCopy(_ text: String) throws {
    guard PQsendQuery(handle, text) == 1, let result = try nextResult() else { throw lost() }
    guard PQresultStatus(result) == PGRES_COPY_IN else {
      while let more = try nextResult() { PQclear(more) }
      try answer(result)
      throw StorageFailure(.constraint, "PostgreSQL does not take rows")
    }
    PQclear(result)
  }

  fileprivate func sendCopy(_ bytes: [UInt8]) throws {
    let sent = bytes.withUnsafeBytes { buffer in
      PQputCopyData(
        handle, buffer.bindMemory(to: CChar.self).baseAddress, Int32(buffer.count))
    }
    guard sent == 1 else { throw lost() }
  }

  fileprivate func endCopy() throws -> PostgresAnswer {
    guard PQputCopyEnd(handle, nil) == 1 else { throw lost() }
    return try answer(lastResult())
  }
}
