import Kernel

/// Text in which `%` and two digits stand for a byte.
enum PercentText {
  /// The text that was meant; nil when a sign is malformed or the bytes are not UTF-8.
  static func decode(_ text: some StringProtocol, plusIsSpace: Bool) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%") {
        guard rest.count >= 2,
          let value = Hex.bytes(String(decoding: rest.prefix(2), as: UTF8.self))
        else { return nil }
        bytes.append(contentsOf: value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// A text that may stand inside an address.
  static func encode(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        encoded += "%" + Hex.text([byte]).uppercased()
      }
    }
    return encoded
  }
}

/// One field of a form or of what stands behind a question mark.
struct FormPair: Hashable, Sendable {
  let name: String
  let value: String

  /// How many fields a form may have.
  static let most = 2_000

  /// All fields of an encoded form; nil when it is malformed.
  static func all(in text: Substring) -> [FormPair]? {
    var pairs: [FormPair] = []
    for part in text.split(separator: "&", omittingEmptySubsequences: true) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pairs.count < most,
        let name = PercentText.decode(sides[0], plusIsSpace: true), !name.isEmpty,
        let value = PercentText.decode(sides.count > 1 ? sides[1] : "", plusIsSpace: true)
      else { return nil }
      pairs.append(FormPair(name: name, value: value))
    }
    return pairs
  }

  /// The fields as they stand behind a question mark.
  static func text(_ pairs: [FormPair]) -> String {
    pairs.map { "\(PercentText.encode($0.name))=\(PercentText.encode($0.value))" }
      .joined(separator: "&")
  }
}

extension Fields {
  /// How deep a form's names may nest.
  private static let deepestForm = 8

  /// The object that a form's fields say: dotted names nest (`proof.temperature`), numbers as parts
  /// make lists (`rows.0.name`), a name that comes twice makes one too, and so does a single one
  /// where the shape asks for a list.
  init(form pairs: [FormPair], shape: Shape) throws(Refusal) {
    var root = FormNode()
    for pair in pairs {
      let parts = pair.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      guard parts.count <= Self.deepestForm, !parts.contains("") else {
        throw Refusal(
          .invalid, "form.name",
          Words("表单字段名无法识别", "The name of a form's field cannot be read"), field: "form")
      }
      root.put(pair.value, at: parts[...])
    }
    self = root.fields(shape)
  }
}

/// A form's fields on their way to an object.
private struct FormNode {
  var values: [String] = []
  var members: [String: FormNode] = [:]

  mutating func put(_ value: String, at path: ArraySlice<String>) {
    guard let first = path.first else {
      values.append(value)
      return
    }
    members[first, default: FormNode()].put(value, at: path.dropFirst())
  }

  func fields(_ shape: Shape) -> Fields {
    if members.isEmpty {
      if values.isEmpty { return .object([:]) }
      if case .list = shape {
        return .list(values.filter { !$0.isEmpty }.map(Fields.text))
      }
      return values.count == 1 ? .text(values[0]) : .list(values.map(Fields.text))
    }
    let places = members.keys.compactMap { Int($0) }.sorted()
    if places.count == members.count {
      let element: Shape = if case .list(let element) = shape { element } else { .any }
      return .list(places.compactMap { members[String($0)]?.fields(element) })
    }
    return .object(
      Dictionary(
        uniqueKeysWithValues: members.map { name, node in
          (name, node.fields(shape.member(name)?.shape ?? .any))
        }))
  }
}
