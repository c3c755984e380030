/// Writes values as compact JSON (RFC 8259) with sorted keys, so that equal values give equal bytes.
///
/// An answer, a fact and a receipt are written for each command, on the one thread that everybody
/// waits for; the general encoder of Foundation takes several times as long.
final class JSONNode {
  /// What stands at one place of the text.
  enum Value {
    case fields(Fields)
    case node(JSONNode)
  }

  private enum Kind {
    case nothing
    case single(Value)
    case list([Value])
    case object([(key: String, value: Value)])
  }

  private var kind = Kind.nothing

  /// Makes it an object, if it is none yet.
  func becomeObject() { if case .nothing = kind { kind = .object([]) } }

  /// Makes it a list, if it is none yet.
  func becomeList() { if case .nothing = kind { kind = .list([]) } }

  func set(_ value: Value) { kind = .single(value) }

  func set(_ value: Value, for key: String) {
    guard case .object(var members) = kind else { return }
    // Taken out while it grows, so that it is not copied.
    kind = .nothing
    members.append((key, value))
    kind = .object(members)
  }

  func append(_ value: Value) {
    guard case .list(var values) = kind else { return }
    kind = .nothing
    values.append(value)
    kind = .list(values)
  }

  var count: Int { if case .list(let values) = kind { values.count } else { 0 } }

  func write(to bytes: inout [UInt8]) throws {
    switch kind {
    case .nothing: bytes.append(contentsOf: "{}".utf8)
    case .single(let value): try Self.write(value, to: &bytes)
    case .list(let values):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        try Self.write(value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      let order = members.indices.sorted {
        (members[$0].key, $0) < (members[$1].key, $1)
      }
      bytes.append(UInt8(ascii: "{"))
      var isFirst = true
      for (place, index) in order.enumerated() {
        // Of what was said twice under one name, the last counts.
        if place + 1 < order.count, members[order[place + 1]].key == members[index].key { continue }
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        JSONText.write(members[index].key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        try Self.write(members[index].value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ value: Value, to bytes: inout [UInt8]) throws {
    switch value {
    case .fields(let fields): try JSONText.write(fields, to: &bytes)
    case .node(let node): try node.write(to: &bytes)
    }
  }
}

/// The texts of single values.
enum JSONText {
  static func write(_ fields: Fields, to bytes: inout [UInt8]) throws {
    switch fields {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .integer(let number): bytes.append(contentsOf: String(number).utf8)
    case .real(let number): try write(number, to: &bytes)
    case .text(let text): write(text, to: &bytes)
    case .list(let list):
      bytes.append(UInt8(ascii: "["))
      for (index, value) in list.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        try write(value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        write(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        try write(member.value, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ number: Double, to bytes: inout [UInt8]) throws {
    guard number.isFinite else {
      throw EncodingError.invalidValue(
        number, .init(codingPath: [], debugDescription: "JSON has no such number"))
    }
    let text = String(number)
    bytes.append(contentsOf: text.hasSuffix(".0") ? text.dropLast(2).utf8 : text[...].utf8)
  }

  static func write(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { characters in
      var start = 0
      for (index, character) in characters.enumerated() where needsEscape(character) {
        bytes.append(contentsOf: characters[start..<index])
        start = index + 1
        escape(character, to: &bytes)
      }
      bytes.append(contentsOf: characters[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  @inline(__always)
  private static func needsEscape(_ character: UInt8) -> Bool {
    character < 0x20 || character == UInt8(ascii: "\"") || character == UInt8(ascii: "\\")
  }

  private static func escape(_ character: UInt8, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\\"))
    switch character {
    case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
    case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
    case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0..<0x20:
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(contentsOf: Hex.text([character]).utf8)
    default: bytes.append(character)
    }
  }
}
