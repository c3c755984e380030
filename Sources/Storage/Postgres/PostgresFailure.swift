import CPostgres
import Kernel

extension StorageFailure {
  /// The engine's error in the words of the seam. Values never appear in it: where the engine's own
  /// sentence may quote one, only its code and what of the schema it names are told.
  init(postgres state: String, message: String, schema: [String]) {
    let place = schema.isEmpty ? "" : " (\(schema.joined(separator: ", ")))"
    switch state.prefix(2) {
    // Broken constraints, values that do not fit, wrong statements, what the engine does not do or
    // only in smaller pieces, and whatever follows one of these in the same transaction: defects of
    // the command alone.
    case "23", "44": self.init(.constraint, "PostgreSQL \(state): a constraint is broken\(place)")
    case "22": self.init(.constraint, "PostgreSQL \(state): a value does not fit\(place)")
    case "42", "0A", "54",
      "25" where state != "25006" && state != "25P03":
      self.init(.constraint, "PostgreSQL \(state): \(message)")
    case "53" where state == "53100": self.init(.full, "PostgreSQL \(state): \(message)")
    default: self.init(.unavailable, "PostgreSQL \(state): \(message)")
    }
  }

  /// The other side has gone.
  static func lost(_ message: String) -> StorageFailure {
    let line = message.split(separator: "\n").first.map(String.init) ?? "the connection is lost"
    return StorageFailure(.unavailable, "PostgreSQL: \(line)")
  }
}

/// What the server said of a statement that failed.
struct PostgresComplaint {
  let state: String
  let failure: StorageFailure
  /// Whether the session ends with it.
  let isFatal: Bool

  init(_ result: OpaquePointer) {
    func field(_ code: Int) -> String? {
      PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
    }
    state = field(POSTGRES_FIELD_STATE) ?? "?????"
    let severity = field(POSTGRES_FIELD_SEVERITY) ?? ""
    isFatal = severity == "FATAL" || severity == "PANIC"
    let schema = [
      field(POSTGRES_FIELD_TABLE), field(POSTGRES_FIELD_COLUMN),
      field(POSTGRES_FIELD_CONSTRAINT),
    ].compactMap { $0 }
    failure = StorageFailure(
      postgres: state, message: field(POSTGRES_FIELD_MESSAGE) ?? "no message",
      schema: schema)
  }

  /// Whether the same transaction may well succeed when it is run again: it lost against another.
  var hasLostAgainstAnother: Bool { ["40001", "40P01"].contains(state) }

  /// Whether the server has stopped being the one that takes writing.
  var isReadOnly: Bool { state == "25006" }
}
