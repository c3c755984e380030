/// Remembers which fields a decoder asked for, so that unknown ones can be named.
final class FieldsReading {
  private var asked: Set<[String]> = []
  private var takenWhole: Set<[String]> = []

  func ask(_ path: FieldsPath, _ key: String) { asked.insert(path.names + [key]) }

  /// Notes that a value was taken as it is: nothing in it can be unknown.
  func takeWhole(_ path: FieldsPath) { takenWhole.insert(path.names) }

  /// The first field, in order of name, that nothing asked for.
  func unread(in fields: Fields, path: [String] = []) -> String? {
    if takenWhole.contains(path) { return nil }
    switch fields {
    case .object(let members):
      for (key, value) in members.sorted(by: { $0.key < $1.key }) {
        let inner = path + [key]
        guard asked.contains(inner) else { return inner.joined(separator: ".") }
        if let unread = unread(in: value, path: inner) { return unread }
      }
      return nil
    case .list(let list):
      for (index, value) in list.enumerated() {
        if let unread = unread(in: value, path: path + [String(index)]) { return unread }
      }
      return nil
    case .null, .flag, .integer, .real, .text:
      return nil
    }
  }
}

/// Where a decoder stands: grows by a step without copying what lies above, because a file brings
/// millions of cells and the path is asked for only when one of them is wrong.
indirect enum FieldsPath {
  case root
  case member(of: FieldsPath, any CodingKey)

  /// The keys from the root down.
  var keys: [any CodingKey] {
    switch self {
    case .root: []
    case .member(let above, let key): above.keys + [key]
    }
  }

  /// The names of the keys from the root down.
  var names: [String] { keys.map(\.stringValue) }
}

/// Decodes any `Decodable` from ``Fields``, forgiving what spreadsheets do to values: a number may
/// come as text, an empty text means that nothing is known. What the program itself wrote is taken as
/// it is.
struct FieldsDecoder: Decoder {
  let fields: Fields
  let path: FieldsPath
  /// Nil when unknown fields are let pass.
  let reading: FieldsReading?
  /// Whether the program itself wrote it: an empty text is a text then, and every text whole.
  let isOwn: Bool
  var codingPath: [any CodingKey] { path.keys }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  init(_ fields: Fields, at path: FieldsPath, reading: FieldsReading?, isOwn: Bool = false) {
    self.fields = fields
    self.path = path
    self.reading = reading
    self.isOwn = isOwn
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = fields else { throw mismatch([String: Fields].self) }
    return KeyedDecodingContainer(
      FieldsObject<Key>(members: members, path: path, reading: reading, isOwn: isOwn))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .list(let list) = fields else { throw mismatch([Fields].self) }
    return FieldsList(list: list, path: path, reading: reading, isOwn: isOwn)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  func mismatch(_ type: any Any.Type) -> DecodingError {
    .typeMismatch(type, .init(codingPath: codingPath, debugDescription: fields.brief))
  }

  var isNothing: Bool {
    switch fields {
    case .null: true
    case .text(let text): !isOwn && text.trimmingWhitespace().isEmpty
    case .flag, .integer, .real, .list, .object: false
    }
  }
}

extension FieldsDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { isNothing }

  func decode(_ type: Bool.Type) throws -> Bool {
    switch fields {
    case .flag(let flag): return flag
    case .integer(0): return false
    case .integer(1): return true
    case .text(let text):
      switch text.trimmingWhitespace().lowercased() {
      case "0", "false", "no", "否": return false
      case "1", "true", "yes", "on", "是": return true
      default: throw mismatch(type)
      }
    case .null, .integer, .real, .list, .object: throw mismatch(type)
    }
  }

  func decode(_ type: String.Type) throws -> String {
    switch fields {
    case .text(let text):
      // The character that ends a text in a database would cut what follows it.
      guard !text.utf8.contains(0) else { throw mismatch(type) }
      return isOwn ? text : text.trimmingWhitespace()
    case .integer(let number): return String(number)
    case .real(let number):
      // A number of more digits than a real holds would come back as another one.
      guard abs(number) < 9_007_199_254_740_992 else { throw mismatch(type) }
      return String(number)
    case .null, .flag, .list, .object: throw mismatch(type)
    }
  }

  func decode(_ type: Double.Type) throws -> Double {
    let number: Double
    switch fields {
    case .integer(let integer): number = Double(integer)
    case .real(let real): number = real
    case .text(let text):
      guard let read = Double(text.trimmingWhitespace()) else { throw mismatch(type) }
      number = read
    case .null, .flag, .list, .object: throw mismatch(type)
    }
    guard number.isFinite else { throw mismatch(type) }
    return number
  }

  private func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
    switch fields {
    case .integer(let number):
      guard let value = Value(exactly: number) else { throw mismatch(type) }
      return value
    case .text(let text):
      guard let value = Value(text.trimmingWhitespace()) else { throw mismatch(type) }
      return value
    case .real(let number):
      guard let value = Value(exactly: number) else { throw mismatch(type) }
      return value
    case .null, .flag, .list, .object: throw mismatch(type)
    }
  }

  func decode(_ type: Float.Type) throws -> Float {
    let number = Float(try decode(Double.self))
    guard number.isFinite else { throw mismatch(type) }
    return number
  }

  func decode(_ type: Int.Type) throws -> Int { try integer(type) }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
  func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if Value.self == Fields.self, let same = fields as? Value {
      reading?.takeWhole(path)
      return same
    }
    return try Value(from: self)
  }
}

/// The members of an object.
private struct FieldsObject<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let members: [String: Fields]
  let path: FieldsPath
  let reading: FieldsReading?
  let isOwn: Bool

  var codingPath: [any CodingKey] { path.keys }
  /// The names under which something is given; a name without a value says nothing.
  var allKeys: [Key] {
    let keys = members.keys.compactMap(Key.init(stringValue:))
    return keys.filter { !member($0).isNothing }
  }

  func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

  private func member(_ key: Key) -> FieldsDecoder {
    reading?.ask(path, key.stringValue)
    return FieldsDecoder(
      members[key.stringValue] ?? .null, at: .member(of: path, key), reading: reading,
      isOwn: isOwn)
  }

  func decodeNil(forKey key: Key) throws -> Bool { member(key).isNothing }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    let member = member(key)
    // A type that takes nothing for a value decodes it; any other misses it.
    if member.isNothing && !(type is any ExpressibleByNilLiteral.Type) {
      throw DecodingError.keyNotFound(
        key, .init(codingPath: codingPath, debugDescription: "nothing given"))
    }
    return try member.decode(type)
  }

  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    let member = member(key)
    return member.isNothing ? nil : try member.decode(type)
  }

  // The cells of a table are texts: they go the short way, without a container for each.
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
    let member = member(key)
    return member.isNothing ? nil : try member.decode(type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try member(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try member(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    FieldsDecoder(.object(members), at: path, reading: reading, isOwn: isOwn)
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { member(key) }
}

/// A position in a list.
struct ListPosition: CodingKey {
  let intValue: Int?
  var stringValue: String { String(intValue ?? 0) }
  init(_ index: Int) { intValue = index }
  init?(intValue: Int) { self.intValue = intValue }
  init?(stringValue: String) { nil }
}

/// The members of a list, in order.
private struct FieldsList: UnkeyedDecodingContainer {
  let list: [Fields]
  let path: FieldsPath
  let reading: FieldsReading?
  let isOwn: Bool
  var currentIndex = 0

  var codingPath: [any CodingKey] { path.keys }
  var count: Int? { list.count }
  var isAtEnd: Bool { currentIndex >= list.count }

  private mutating func next() throws -> FieldsDecoder {
    let position = ListPosition(currentIndex)
    guard !isAtEnd else {
      throw DecodingError.valueNotFound(
        Fields.self, .init(codingPath: codingPath + [position], debugDescription: "end of list"))
    }
    reading?.ask(path, position.stringValue)
    defer { currentIndex += 1 }
    return FieldsDecoder(
      list[currentIndex], at: .member(of: path, position), reading: reading, isOwn: isOwn)
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, case .null = list[currentIndex] else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try next().decode(type)
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try next() }
}
