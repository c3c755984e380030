import Foundation
import Kernel
import Storage

/// What stands in a backup, one after another: a head, files of the folder, then each table with its
/// rows and their digest, then the end. The rows are written the same whichever engine they come
/// from, so that a backup of one engine is restored on another.
enum BackupRecord {
  /// What the backup is, as JSON.
  case head([UInt8])
  case file(name: String, [UInt8])
  case table(name: String, columns: String)
  case row([SQLValue])
  case tableEnd(rows: Int, digest: String)
  case end
}

extension BackupWriter {
  func write(_ record: BackupRecord) throws {
    switch record {
    case .head(let json): try write("H", json)
    case .file(let name, let bytes): try write("F", name.encoded + bytes)
    case .table(let name, let columns): try write("T", name.encoded + columns.encoded)
    case .row(let values): try write("R", values.flatMap(\.encoded))
    case .tableEnd(let rows, let digest):
      try write("E", UInt64(rows).bigEndianBytes + digest.encoded)
    case .end: try write("Z", [])
    }
  }

  private func write(_ kind: Unicode.Scalar, _ body: [UInt8]) throws {
    try write([UInt8(ascii: kind)] + UInt32(body.count).bigEndianBytes + body)
  }
}

extension BackupReader {
  /// The next record.
  ///
  /// - Throws: a refusal when the backup is damaged.
  func next() throws -> BackupRecord {
    do { return try record() } catch is EncodedValues.Damaged { throw Refusal.damagedBackup }
  }

  private func record() throws -> BackupRecord {
    let kind = try read(1).first
    var body = EncodedValues(try read(Int(try number(4))))
    switch kind {
    case UInt8(ascii: "H"): return .head(Array(body.rest))
    case UInt8(ascii: "F"): return .file(name: try body.text(), Array(body.rest))
    case UInt8(ascii: "T"): return .table(name: try body.text(), columns: try body.text())
    case UInt8(ascii: "R"):
      var values: [SQLValue] = []
      while !body.rest.isEmpty { values.append(try body.value()) }
      return .row(values)
    case UInt8(ascii: "E"):
      return .tableEnd(rows: Int(try body.number(8)), digest: try body.text())
    case UInt8(ascii: "Z"): return .end
    default: throw Refusal.damagedBackup
    }
  }

  private func number(_ bytes: Int) throws -> UInt64 {
    try read(bytes).reduce(0) { $0 << 8 | UInt64($1) }
  }
}

/// What a backup says of itself before anything else.
package struct BackupHead: Codable, Sendable {
  /// The form of the records.
  package let form: Int
  package let madeAt: Instant
  /// The steps of the schema that had been taken, in their order.
  package let schema: [String]
  /// How many entries the journal had, and its head.
  package let entries: Int
  package let head: String

  static let form = 1
}
