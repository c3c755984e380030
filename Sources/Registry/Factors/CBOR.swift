/// A value in the part of CBOR (RFC 8949) that authenticators speak: definite lengths, the shortest form of
/// every number, names that are numbers or texts (CTAP 2, "canonical CBOR encoding form"). Anything else is
/// refused: what two readers could understand in two ways must not decide who is let in.
enum CBOR: Hashable, Sendable {
  case integer(Int64)
  case bytes([UInt8])
  case text(String)
  case list([CBOR])
  case map([CBOR: CBOR])
  case flag(Bool)
  case null

  /// How deep lists and maps may lie in each other: CTAP 2 allows four.
  static let deepest = 4

  /// The one value that some bytes are, nil when they are none or more than one.
  static func value(of bytes: [UInt8]) -> CBOR? {
    guard let (value, rest) = first(in: bytes[...]), rest.isEmpty else { return nil }
    return value
  }

  /// The value with which some bytes begin, and what follows it.
  static func first(in bytes: ArraySlice<UInt8>) -> (value: CBOR, rest: ArraySlice<UInt8>)? {
    var reader = CBORReader(rest: bytes)
    guard let value = reader.value(depth: 0) else { return nil }
    return (value, reader.rest)
  }
}

/// Reads one value after the other; nil at the first byte that is not as it must be.
private struct CBORReader {
  var rest: ArraySlice<UInt8>

  mutating func value(depth: Int) -> CBOR? {
    guard depth <= CBOR.deepest, let head = rest.popFirst() else { return nil }
    let (kind, short) = (head >> 5, head & 31)
    // Kind 7 has no number behind it: two flags and nothing; no fractions, no empty values.
    if kind == 7 { return simple(short) }
    guard let number = number(short) else { return nil }
    switch kind {
    case 0: return Int64(exactly: number).map(CBOR.integer)
    case 1: return Int64(exactly: number).map { .integer(-1 - $0) }
    case 2: return taken(number).map { .bytes(Array($0)) }
    case 3: return taken(number).flatMap { String(validating: $0, as: UTF8.self) }.map(CBOR.text)
    case 4: return list(number, depth)
    case 5: return map(number, depth)
    // Tags change what a value means.
    default: return nil
    }
  }

  private func simple(_ short: UInt8) -> CBOR? {
    switch short {
    case 20: .flag(false)
    case 21: .flag(true)
    case 22: .null
    default: nil
    }
  }

  /// The number that stands in a head or behind it, in its shortest form.
  private mutating func number(_ short: UInt8) -> UInt64? {
    let (length, least): (Int, UInt64)
    switch short {
    case 0..<24: return UInt64(short)
    case 24: (length, least) = (1, 24)
    case 25: (length, least) = (2, 1 << 8)
    case 26: (length, least) = (4, 1 << 16)
    case 27: (length, least) = (8, 1 << 32)
    // 31 begins something of a length that nobody knows yet.
    default: return nil
    }
    guard let bytes = taken(UInt64(length)) else { return nil }
    let number = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return number < least ? nil : number
  }

  private mutating func taken(_ count: UInt64) -> ArraySlice<UInt8>? {
    guard count <= UInt64(rest.count) else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return rest.prefix(Int(count))
  }

  private mutating func list(_ count: UInt64, _ depth: Int) -> CBOR? {
    // Each element takes a byte at least: a count beyond that would only exhaust the memory.
    guard count <= UInt64(rest.count) else { return nil }
    var list: [CBOR] = []
    for _ in 0..<count {
      guard let element = value(depth: depth + 1) else { return nil }
      list.append(element)
    }
    return .list(list)
  }

  private mutating func map(_ count: UInt64, _ depth: Int) -> CBOR? {
    guard count <= UInt64(rest.count / 2) else { return nil }
    var map: [CBOR: CBOR] = [:]
    for _ in 0..<count {
      guard let name = value(depth: depth + 1), name.isName, let value = value(depth: depth + 1),
        map.updateValue(value, forKey: name) == nil
      else { return nil }
    }
    return .map(map)
  }
}

extension CBOR {
  fileprivate var isName: Bool {
    switch self {
    case .integer, .text: true
    case .bytes, .list, .map, .flag, .null: false
    }
  }

  /// The member of a map by its text.
  subscript(_ name: String) -> CBOR? { self[.text(name)] }

  /// The member of a map.
  subscript(_ name: CBOR) -> CBOR? {
    if case .map(let members) = self { members[name] } else { nil }
  }

  /// The bytes, nil when it is something else.
  var asBytes: [UInt8]? {
    if case .bytes(let bytes) = self { bytes } else { nil }
  }
}
