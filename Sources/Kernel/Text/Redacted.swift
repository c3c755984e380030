/// A personal value on its way through the code: it prints as stars, in logs and errors too.
package struct Redacted<Value: Sendable>: Sendable, CustomStringConvertible, CustomReflectable {
  /// The value itself; reading it is a decision that a reviewer can search for.
  package let revealed: Value

  package init(_ value: Value) { revealed = value }

  package var description: String { "＊＊＊" }
  /// Nothing of it is seen by whatever looks into values, such as `dump`.
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Redacted: Equatable where Value: Equatable {}

/// How a personal value is shown before somebody states why they need the whole of it.
package enum Mask {
  /// A name with all but its first character hidden: 赵小明 → 赵＊＊.
  package static func name(_ name: String) -> String {
    guard let first = name.first else { return "" }
    return String(first) + String(repeating: "＊", count: max(1, min(name.count - 1, 3)))
  }

  /// A telephone number with only its last four digits.
  package static func phone(_ phone: String) -> String {
    guard phone.count > 6 else { return phone.isEmpty ? "" : "＊＊＊" }
    return "＊＊＊" + phone.suffix(4)
  }

  /// An identity number with the region's first two and the last two characters.
  package static func identity(_ number: String) -> String {
    guard number.count > 6 else { return number.isEmpty ? "" : "＊＊＊" }
    return "\(number.prefix(2))＊＊＊\(number.suffix(2))"
  }
}
