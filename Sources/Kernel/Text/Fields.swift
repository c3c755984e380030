/// A tree of values as a form, a spreadsheet row, a JSON body or a policy file brings them.
package enum Fields: Hashable, Sendable {
  case null
  case flag(Bool)
  case integer(Int64)
  case real(Double)
  case text(String)
  case list([Fields])
  case object([String: Fields])

  /// Reads a JSON text.
  ///
  /// - Throws: a refusal when it is not JSON, names a member twice or is nested too deeply.
  package static func json(_ bytes: [UInt8]) throws(Refusal) -> Fields {
    try JSONReader.read(bytes)
  }

  /// The value as compact JSON with sorted keys.
  package static func jsonBytes(_ value: some Encodable) throws -> [UInt8] {
    try FieldsEncoder.bytes(value)
  }

  /// The member of an object, null when there is none.
  package subscript(_ key: String) -> Fields {
    if case .object(let members) = self { members[key] ?? .null } else { .null }
  }

  /// Decodes a value, naming the field when something is missing or malformed.
  ///
  /// - Parameter strict: whether a field that nothing reads is refused, so that a misspelt name
  ///   does not pass silently.
  package func decoded<Value: Decodable>(
    _ type: Value.Type = Value.self, strict: Bool = true
  ) throws(Refusal) -> Value {
    try decoded(reading: strict ? FieldsReading() : nil, isOwn: false)
  }

  /// Decodes what the program itself wrote, such as an answer: an empty text is a text there, where
  /// in a file of somebody's it says nothing. Fields that nothing reads are let pass.
  package func decodedAnswer<Value: Decodable>(
    _ type: Value.Type = Value.self
  ) throws(Refusal) -> Value {
    try decoded(reading: nil, isOwn: true)
  }

  private func decoded<Value: Decodable>(
    reading: FieldsReading?, isOwn: Bool
  ) throws(Refusal) -> Value {
    do {
      let value = try FieldsDecoder(self, at: .root, reading: reading, isOwn: isOwn)
        .decode(Value.self)
      if let unread = reading?.unread(in: self) {
        throw Refusal(
          .invalid, "field.unknown",
          Words("不认识的字段“\(unread)”，请删去或更正", "There is no field “\(unread)”; remove or correct it"),
          field: unread)
      }
      return value
    } catch let refusal as Refusal {
      throw refusal
    } catch let error as DecodingError {
      throw Refusal(decoding: error, in: self)
    } catch {
      throw Refusal(.invalid, "field.malformed", Words("内容无法识别", "The content cannot be read"))
    }
  }
}

extension Fields: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int64.self) {
      self = .integer(number)
    } else if let number = try? container.decode(Double.self) {
      self = .real(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([Fields].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: Fields].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let flag): try container.encode(flag)
    case .integer(let number): try container.encode(number)
    case .real(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    case .object(let members): try container.encode(members)
    }
  }
}

extension Refusal {
  /// What a person is told when decoding failed.
  fileprivate init(decoding error: DecodingError, in fields: Fields) {
    switch error {
    case .keyNotFound(let key, let context):
      self = .missing((context.codingPath + [key]).fieldName)
    case .valueNotFound(_, let context):
      self = .missing(context.codingPath.fieldName)
    case .typeMismatch(_, let context), .dataCorrupted(let context):
      let value = context.codingPath.reduce(fields) { $0.member($1) }
      let name = context.codingPath.fieldName
      if name.isEmpty {
        self = Refusal(
          .invalid, "field.malformed",
          Words("内容应为由名称和值组成的对象", "This should be an object of names and values"))
      } else if case .text("") = value {
        self = .missing(name)
      } else {
        self = .malformed(
          name, value.brief,
          expected: Words("该字段允许的内容", "one of the values that this field takes"))
      }
    @unknown default:
      self = Refusal(.invalid, "field.malformed", Words("内容无法识别", "The content cannot be read"))
    }
  }
}

extension Fields {
  /// The member of an object or the value at a position of a list, null when there is none.
  fileprivate func member(_ key: any CodingKey) -> Fields {
    if case .list(let list) = self, let index = key.intValue, list.indices.contains(index) {
      return list[index]
    }
    return self[key.stringValue]
  }

  /// The value in short, for a message.
  var brief: String {
    switch self {
    case .null: ""
    case .flag(let flag): String(flag)
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text): text
    case .list: "[…]"
    case .object: "{…}"
    }
  }
}
