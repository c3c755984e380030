/// Encodes any `Encodable` for ``JSONNode`` to write.
struct FieldsEncoder: Encoder {
  let node: JSONNode
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// The value as compact JSON with sorted keys.
  static func bytes(_ value: some Encodable) throws -> [UInt8] {
    var bytes: [UInt8] = []
    switch try written(value) {
    case .fields(let fields): try JSONText.write(fields, to: &bytes)
    case .node(let node): try node.write(to: &bytes)
    }
    return bytes
  }

  /// What stands for a value; texts and numbers go the short way, without a container for each.
  static func written<Value: Encodable>(_ value: Value) throws -> JSONNode.Value {
    if Value.self == String.self, let text = value as? String { return .fields(.text(text)) }
    if Value.self == Int.self, let number = value as? Int {
      return .fields(.integer(Int64(number)))
    }
    if Value.self == Fields.self, let fields = value as? Fields { return .fields(fields) }
    let node = JSONNode()
    try value.encode(to: FieldsEncoder(node: node))
    return .node(node)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    node.becomeObject()
    return KeyedEncodingContainer(WrittenObject<Key>(node: node))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.becomeList()
    return WrittenList(node: node)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { self }

  /// A whole number as JSON has it.
  static func whole(_ number: some FixedWidthInteger) throws -> JSONNode.Value {
    guard let whole = Int64(exactly: number) else {
      throw EncodingError.invalidValue(
        number, .init(codingPath: [], debugDescription: "the number is too large"))
    }
    return .fields(.integer(whole))
  }
}

extension FieldsEncoder: SingleValueEncodingContainer {
  func encodeNil() { node.set(.fields(.null)) }
  func encode(_ value: Bool) { node.set(.fields(.flag(value))) }
  func encode(_ value: String) { node.set(.fields(.text(value))) }
  func encode(_ value: Double) { node.set(.fields(.real(value))) }
  func encode(_ value: Float) { node.set(.fields(.real(Double(value)))) }
  func encode(_ value: Int) { node.set(.fields(.integer(Int64(value)))) }
  func encode(_ value: Int8) throws { node.set(try Self.whole(value)) }
  func encode(_ value: Int16) throws { node.set(try Self.whole(value)) }
  func encode(_ value: Int32) throws { node.set(try Self.whole(value)) }
  func encode(_ value: Int64) throws { node.set(.fields(.integer(value))) }
  func encode(_ value: UInt) throws { node.set(try Self.whole(value)) }
  func encode(_ value: UInt8) throws { node.set(try Self.whole(value)) }
  func encode(_ value: UInt16) throws { node.set(try Self.whole(value)) }
  func encode(_ value: UInt32) throws { node.set(try Self.whole(value)) }
  func encode(_ value: UInt64) throws { node.set(try Self.whole(value)) }
  func encode<Value: Encodable>(_ value: Value) throws { node.set(try Self.written(value)) }
}

/// The members of an object.
private struct WrittenObject<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let node: JSONNode
  var codingPath: [any CodingKey] { [] }

  func encodeNil(forKey key: Key) { node.set(.fields(.null), for: key.stringValue) }

  func encode(_ value: Bool, forKey key: Key) {
    node.set(.fields(.flag(value)), for: key.stringValue)
  }

  func encode(_ value: String, forKey key: Key) {
    node.set(.fields(.text(value)), for: key.stringValue)
  }

  func encode(_ value: Int, forKey key: Key) {
    node.set(.fields(.integer(Int64(value))), for: key.stringValue)
  }

  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
    node.set(try FieldsEncoder.written(value), for: key.stringValue)
  }

  private func nested(_ key: String) -> FieldsEncoder {
    let child = JSONNode()
    node.set(.node(child), for: key)
    return FieldsEncoder(node: child)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> { nested(key.stringValue).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    nested(key.stringValue).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { nested("super") }
  func superEncoder(forKey key: Key) -> any Encoder { nested(key.stringValue) }
}

/// The members of a list, in order.
private struct WrittenList: UnkeyedEncodingContainer {
  let node: JSONNode
  var codingPath: [any CodingKey] { [] }
  var count: Int { node.count }

  func encodeNil() { node.append(.fields(.null)) }

  func encode<Value: Encodable>(_ value: Value) throws {
    node.append(try FieldsEncoder.written(value))
  }

  private func nested() -> FieldsEncoder {
    let child = JSONNode()
    node.append(.node(child))
    return FieldsEncoder(node: child)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) -> KeyedEncodingContainer<Nested> { nested().container(keyedBy: type) }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }
  func superEncoder() -> any Encoder { nested() }
}
