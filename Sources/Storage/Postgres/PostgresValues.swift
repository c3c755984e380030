import CPostgres
import Kernel

/// The engine's types that the portable dialect meets, by their numbers in its catalogue.
enum PostgresType {
  static let bool: UInt32 = 16
  static let bytes: UInt32 = 17
  static let int8: UInt32 = 20
  static let int2: UInt32 = 21
  static let int4: UInt32 = 23
  static let text: UInt32 = 25
  static let oid: UInt32 = 26
  static let float4: UInt32 = 700
  static let float8: UInt32 = 701
  static let numeric: UInt32 = 1700
  /// Left to the engine, which takes it from what stands around.
  static let unspecified: UInt32 = 0
}

/// Arguments of one statement as libpq takes them.
struct PostgresArguments {
  /// All values one after another, each with a zero behind it.
  private var bytes: [UInt8] = []
  private var starts: [Int?] = []
  private var lengths: [Int32] = []
  private var formats: [Int32] = []
  private(set) var types: [UInt32] = []

  private static let asText: Int32 = 0
  private static let asBytes: Int32 = 1

  /// - Throws: a ``StorageFailure`` for a text that the engine could not give back whole.
  init(_ values: [SQLValue]) throws {
    for value in values {
      switch value {
      case .null: add(nil as [UInt8]?, PostgresType.unspecified, Self.asText)
      case .integer(let number): add(String(number).utf8, PostgresType.int8, Self.asText)
      case .real(let number): add(number.postgresText.utf8, PostgresType.float8, Self.asText)
      case .text(let text):
        guard !text.utf8.contains(0) else {
          throw StorageFailure(.constraint, "a text holds the zero character")
        }
        add(text.utf8, PostgresType.text, Self.asText)
      case .bytes(let value): add(value, PostgresType.bytes, Self.asBytes)
      }
    }
  }

  private mutating func add(
    _ value: (some Collection<UInt8>)?, _ type: UInt32, _ format: Int32
  ) {
    types.append(type)
    formats.append(format)
    guard let value else {
      starts.append(nil)
      lengths.append(0)
      return
    }
    starts.append(bytes.count)
    lengths.append(Int32(value.count))
    bytes.append(contentsOf: value)
    bytes.append(0)
  }

  /// Lends everything as libpq wants it.
  func lend<Result>(
    _ use: (
      _ count: Int32, _ values: [UnsafePointer<CChar>?], _ lengths: [Int32], _ formats: [Int32]
    ) -> Result
  ) -> Result {
    bytes.withUnsafeBytes { buffer in
      let base = buffer.bindMemory(to: CChar.self).baseAddress
      let values = starts.map { start in start.flatMap { start in base.map { $0 + start } } }
      return use(Int32(starts.count), values, lengths, formats)
    }
  }
}

extension Double {
  /// As the engine reads it, to the last bit.
  var postgresText: String {
    isInfinite ? (self < 0 ? "-Infinity" : "Infinity") : isNaN ? "NaN" : description
  }
}

/// An answer of the server, cleared when nobody needs it any more.
final class PostgresAnswer {
  private let result: OpaquePointer
  private let types: [UInt32]
  let count: Int

  init(_ result: OpaquePointer) {
    self.result = result
    types = (0..<PQnfields(result)).map { PQftype(result, $0) }
    count = Int(PQntuples(result))
  }

  deinit { PQclear(result) }

  /// What was done, such as `INSERT 0 3`.
  var tag: String { String(cString: PQcmdStatus(result)) }

  /// Whether it changed anything: rows, or the tables themselves.
  var isChange: Bool {
    let tag = self.tag
    return changed > 0 || ["CREATE", "ALTER", "DROP", "COPY"].contains { tag.hasPrefix($0) }
  }

  /// How many rows were changed.
  var changed: Int {
    let tag = self.tag
    let isChange = ["INSERT", "UPDATE", "DELETE"].contains { tag.hasPrefix($0) }
    return isChange ? Int(String(cString: PQcmdTuples(result))) ?? 0 : 0
  }

  func row(_ index: Int) -> Row {
    Row(types.indices.map { value(Int32(index), Int32($0), types[$0]) })
  }

  var rows: [Row] { (0..<count).map(row) }

  private func value(_ row: Int32, _ column: Int32, _ type: UInt32) -> SQLValue {
    guard PQgetisnull(result, row, column) == 0 else { return .null }
    let length = Int(PQgetlength(result, row, column))
    let bytes = UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: length)
    switch type {
    case PostgresType.bool: return .integer(bytes.first == UInt8(ascii: "t") ? 1 : 0)
    case PostgresType.int2, PostgresType.int4, PostgresType.int8, PostgresType.oid:
      return Self.integer(bytes).map(SQLValue.integer) ?? Self.text(bytes)
    case PostgresType.float4, PostgresType.float8: return Self.real(bytes)
    // Sums of whole numbers are whole, as in SQLite; means have a fraction.
    case PostgresType.numeric: return Self.integer(bytes).map(SQLValue.integer) ?? Self.real(bytes)
    case PostgresType.bytes: return .bytes(Self.unhexed(bytes))
    default: return Self.text(bytes)
    }
  }

  private static func text(_ bytes: UnsafeRawBufferPointer) -> SQLValue {
    .text(String(decoding: bytes, as: UTF8.self))
  }

  private static func real(_ bytes: UnsafeRawBufferPointer) -> SQLValue {
    .real(Double(String(decoding: bytes, as: UTF8.self)) ?? .nan)
  }

  private static func integer(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    let isNegative = bytes.first == UInt8(ascii: "-")
    var number: Int64 = 0
    for byte in bytes.dropFirst(isNegative ? 1 : 0) {
      let digit = Int64(byte) - 48
      guard (0...9).contains(digit) else { return nil }
      let (tenfold, isTooLong) = number.multipliedReportingOverflow(by: 10)
      // Downwards, because the least number has no positive counterpart.
      let (next, isTooLarge) = tenfold.subtractingReportingOverflow(digit)
      guard !isTooLong && !isTooLarge else { return nil }
      number = next
    }
    if isNegative { return number }
    return number == .min ? nil : -number
  }

  /// `\x00ff` as bytes.
  private static func unhexed(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    func digit(_ byte: UInt8) -> UInt8 { byte < 58 ? byte - 48 : byte - 87 }
    return stride(from: 2, to: text.count - 1, by: 2)
      .map { digit(text[$0]) << 4 | digit(text[$0 + 1]) }
  }
}
