import CSQLite
import Glibc
import Kernel

/// A prepared statement. One user at a time.
final class SQLiteStatement {
  private let database: OpaquePointer
  private let handle: OpaquePointer
  /// Whether its rows are being handed over.
  private(set) var isRunning = false

  /// - Throws: a failure when the statement is wrong.
  init(_ text: String, on database: OpaquePointer) throws {
    var handle: OpaquePointer?
    let code = sqlite3_prepare_v3(
      database, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
    guard code == SQLITE_OK, let handle else { throw StorageFailure(sqlite: code, database) }
    self.database = database
    self.handle = handle
  }

  deinit { sqlite3_finalize(handle) }

  /// Runs it with arguments and hands over each row that it brings.
  func run(_ arguments: [SQLValue], _ body: (Row) throws -> Void) throws {
    isRunning = true
    defer {
      sqlite3_reset(handle)
      isRunning = false
    }
    try bind(arguments)
    while true {
      let code = sqlite3_step(handle)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw StorageFailure(sqlite: code, database) }
      try body(row)
    }
  }

  private func bind(_ arguments: [SQLValue]) throws {
    var place: Int32 = 0
    for argument in arguments {
      place += 1
      let code =
        switch argument {
        case .null: sqlite3_bind_null(handle, place)
        case .integer(let number): sqlite3_bind_int64(handle, place, number)
        case .real(let number): sqlite3_bind_double(handle, place, number)
        case .text(let text): try bind(text, at: place)
        case .bytes(let bytes):
          bytes.isEmpty
            ? sqlite3_bind_zeroblob(handle, place, 0)
            : bytes.withUnsafeBytes {
              sqlite_bind_bytes_copied(handle, place, $0.baseAddress, Int32($0.count))
            }
        }
      guard code == SQLITE_OK else { throw StorageFailure(sqlite: code, database) }
    }
    guard place == sqlite3_bind_parameter_count(handle) else {
      throw StorageFailure(.constraint, "a statement has other arguments than places for them")
    }
  }

  private func bind(_ text: String, at place: Int32) throws -> Int32 {
    var text = text
    return try text.withUTF8 { bytes in
      // SQLite takes no address for null, and an empty text has none.
      guard let start = bytes.baseAddress else {
        return sqlite_bind_text_copied(handle, place, "", 0)
      }
      guard bytes.count < Int(Int32.max), memchr(start, 0, bytes.count) == nil else {
        // SQLite would cut the text there, and PostgreSQL takes none such.
        throw StorageFailure(.constraint, "a text holds the zero character")
      }
      return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
        sqlite_bind_text_copied(handle, place, $0, Int32(bytes.count))
      }
    }
  }

  private var row: Row {
    Row((0..<sqlite3_column_count(handle)).map(value))
  }

  private func value(_ column: Int32) -> SQLValue {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, column))
    case SQLITE_TEXT:
      let start = sqlite3_column_text(handle, column)
      let count = Int(sqlite3_column_bytes(handle, column))
      return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
    case SQLITE_BLOB:
      let start = sqlite3_column_blob(handle, column)
      let count = Int(sqlite3_column_bytes(handle, column))
      return .bytes(Array(UnsafeRawBufferPointer(start: start, count: count)))
    default: return .null
    }
  }
}
