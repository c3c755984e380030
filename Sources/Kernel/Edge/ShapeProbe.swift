/// Finds out what a `Decodable` type asks for: every value it asks is written down and answered with
/// a plausible one, so that it goes on asking.
enum ShapeProbe {
  /// How deep a shape is followed; a type that holds itself ends here.
  private static let deepest = 8

  /// What a type looks like, and one value of it where one could be made.
  static func shape<Value: Decodable>(
    of type: Value.Type, depth: Int
  ) -> (shape: Shape, value: Value?) {
    if depth > deepest { return (.any, nil) }
    if let described = type as? any Described.Type {
      return (described.shape, try? described.shape.example.decoded(type, strict: false))
    }
    if let choices = Self.choices(of: type) {
      let first = choices.first.map(Fields.text) ?? .null
      return (.choice(choices), try? first.decoded(type, strict: false))
    }
    if let collection = type as? any ProbedCollection.Type {
      let (shape, value) = collection.probed(depth: depth + 1)
      return (shape, value as? Value)
    }
    let record = ShapeRecord(depth: depth)
    let value = try? Value(from: ProbeDecoder(record: record))
    return (record.shape, value)
  }

  /// The texts of an enumeration that can list its cases.
  private static func choices<Value>(of type: Value.Type) -> [String]? {
    guard let listed = type as? any CaseIterable.Type else { return nil }
    func texts<Listed: CaseIterable>(_ type: Listed.Type) -> [String]? {
      let texts = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
      return texts.isEmpty ? nil : texts
    }
    return texts(listed)
  }
}

/// A list, a map or an optional, whose element is asked for by itself.
protocol ProbedCollection {
  static func probed(depth: Int) -> (shape: Shape, value: Any?)
}

extension Array: ProbedCollection where Element: Decodable {
  static func probed(depth: Int) -> (shape: Shape, value: Any?) {
    (.list(ShapeProbe.shape(of: Element.self, depth: depth).shape), [Element]())
  }
}

extension Dictionary: ProbedCollection where Key == String, Value: Decodable {
  static func probed(depth: Int) -> (shape: Shape, value: Any?) {
    (.map(ShapeProbe.shape(of: Value.self, depth: depth).shape), [String: Value]())
  }
}

extension Optional: ProbedCollection where Wrapped: Decodable {
  static func probed(depth: Int) -> (shape: Shape, value: Any?) {
    (ShapeProbe.shape(of: Wrapped.self, depth: depth).shape, Wrapped?.none)
  }
}

/// What one type has asked for so far.
private final class ShapeRecord {
  let depth: Int
  private var single: Shape?
  private var members: [Shape.Member] = []
  /// The keys of which it was asked whether there is anything.
  var mayBeMissing: Set<String> = []

  init(depth: Int) { self.depth = depth }

  var shape: Shape {
    single ?? .object(members)
  }

  func note(_ shape: Shape) { single = shape }

  func note(_ name: String, _ shape: Shape, required: Bool) {
    if members.contains(where: { $0.name == name }) { return }
    members.append(
      Shape.Member(
        name: name, shape: shape, isRequired: required && !mayBeMissing.contains(name)))
  }
}

/// Thrown where no value can be made up.
private struct ProbeEnds: Error {}

/// Hands a type what it asks for and writes it down.
private struct ProbeDecoder: Decoder {
  let record: ShapeRecord
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(ProbeObject<Key>(record: record))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    record.note(.list(.any))
    throw ProbeEnds()
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { ProbeSingle(record: record) }
}

extension ShapeRecord {
  fileprivate func value<Value: Decodable>(_ type: Value.Type) throws -> (Shape, Value) {
    let primitive: (Shape, Any)? =
      switch type {
      case is Bool.Type: (.flag, true)
      case is String.Type: (.text(format: nil, example: "…"), "…")
      case is Double.Type: (.number, 0.5)
      case is Float.Type: (.number, Float(0.5))
      default: integer(type).map { (.integer, $0) }
      }
    if let (shape, value) = primitive, let value = value as? Value { return (shape, value) }
    let found = ShapeProbe.shape(of: type, depth: depth + 1)
    guard let value = found.value else { throw Unmade(shape: found.shape) }
    return (found.shape, value)
  }

  private func integer<Value>(_ type: Value.Type) -> Any? {
    guard let type = type as? any FixedWidthInteger.Type else { return nil }
    func one<Number: FixedWidthInteger>(_ type: Number.Type) -> Any { Number(1) }
    return one(type)
  }

  /// A shape is known but no value of it.
  fileprivate struct Unmade: Error {
    let shape: Shape
  }
}

private struct ProbeSingle: SingleValueDecodingContainer {
  let record: ShapeRecord
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { false }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    do {
      let (shape, value) = try record.value(type)
      record.note(shape)
      return value
    } catch let unmade as ShapeRecord.Unmade {
      record.note(unmade.shape)
      throw ProbeEnds()
    }
  }
}

private struct ProbeObject<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let record: ShapeRecord
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { [] }

  func contains(_ key: Key) -> Bool { true }

  // A number or text that may be missing is asked this first and then decoded.
  func decodeNil(forKey key: Key) -> Bool {
    record.mayBeMissing.insert(key.stringValue)
    return false
  }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    do {
      let (shape, value) = try record.value(type)
      record.note(key.stringValue, shape, required: true)
      return value
    } catch let unmade as ShapeRecord.Unmade {
      record.note(key.stringValue, unmade.shape, required: true)
      throw ProbeEnds()
    }
  }

  // What may be missing is answered with nothing, so that the type need not make sense of it.
  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) -> Value? {
    let shape: Shape
    do {
      shape = try record.value(type).0
    } catch let unmade as ShapeRecord.Unmade {
      shape = unmade.shape
    } catch {
      shape = .any
    }
    record.note(key.stringValue, shape, required: false)
    return nil
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> { throw unknown(key) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    throw unknown(key)
  }

  func superDecoder() throws -> any Decoder { throw ProbeEnds() }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw unknown(key) }

  private func unknown(_ key: Key) -> ProbeEnds {
    record.note(key.stringValue, .any, required: true)
    return ProbeEnds()
  }
}
