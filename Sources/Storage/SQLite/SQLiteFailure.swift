import CSQLite
import Kernel

extension StorageFailure {
  /// The engine's error in the words of the seam. Values never appear in it.
  ///
  /// - Parameters:
  ///   - code: SQLite's extended result code.
  ///   - database: where it happened; nil when it could not even be opened.
  init(sqlite code: Int32, _ database: OpaquePointer?) {
    let message = String(cString: database.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
    self.init(Self.kind(ofSQLite: code), "SQLite \(code): \(message)")
  }

  private static func kind(ofSQLite code: Int32) -> Kind {
    // The shared memory beside the file did not find room; nothing durable is in it.
    if code == Int32(SQLITE_SHARED_MEMORY_SIZE) { return .full }
    // The primary code stands in the lowest byte.
    return switch code & 0xFF {
    // A wrong statement or too large a value is the command's own defect, like a broken constraint.
    case SQLITE_CONSTRAINT, SQLITE_ERROR, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_TOOBIG: .constraint
    case SQLITE_FULL: .full
    case SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY: .broken
    default: .unavailable
    }
  }
}
