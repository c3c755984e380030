/// A value that a statement carries to the database or brings back.
package enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case bytes([UInt8])
}

/// A type that can stand as an argument of a statement.
package protocol SQLArgument {
  var sqlValue: SQLValue { get }
}

extension String: SQLArgument { package var sqlValue: SQLValue { .text(self) } }
extension Int: SQLArgument { package var sqlValue: SQLValue { .integer(Int64(self)) } }
extension Int64: SQLArgument { package var sqlValue: SQLValue { .integer(self) } }
extension Double: SQLArgument { package var sqlValue: SQLValue { .real(self) } }
extension Instant: SQLArgument { package var sqlValue: SQLValue { .integer(milliseconds) } }
extension Optional: SQLArgument where Wrapped: SQLArgument {
  package var sqlValue: SQLValue {
    switch self {
    case .none: .null
    case .some(let value): value.sqlValue
    }
  }
}
extension Array: SQLArgument where Element == UInt8 {
  package var sqlValue: SQLValue { .bytes(self) }
}

/// One statement in the portable dialect: text and arguments, never mixed.
///
/// `"… WHERE id = \(id)"` becomes a placeholder with an argument; there is no other way to put a
/// value into a statement. Each engine's driver renders its own placeholders.
package struct SQL: ExpressibleByStringInterpolation, Hashable, Sendable {
  /// The text between the placeholders: always one more piece than there are arguments.
  package private(set) var pieces: [String]
  package private(set) var arguments: [SQLValue]

  package init(stringLiteral value: String) {
    pieces = [value]
    arguments = []
  }

  package init(stringInterpolation: StringInterpolation) {
    pieces = stringInterpolation.pieces
    arguments = stringInterpolation.arguments
  }

  /// A statement that was taken apart before.
  init(pieces: [String], arguments: [SQLValue]) {
    precondition(pieces.count == arguments.count + 1, "there is a piece more than arguments")
    self.pieces = pieces
    self.arguments = arguments
  }

  /// The statement with each placeholder written by `placeholder`, which gets its number from 1.
  package func text(placeholder: (Int) -> String) -> String {
    var text = pieces[0]
    for number in 1..<pieces.count { text += placeholder(number) + pieces[number] }
    return text
  }

  /// Gathers text and arguments apart.
  package struct StringInterpolation: StringInterpolationProtocol {
    var pieces: [String] = [""]
    var arguments: [SQLValue] = []

    package init(literalCapacity: Int, interpolationCount: Int) {
      pieces.reserveCapacity(interpolationCount + 1)
      arguments.reserveCapacity(interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) { pieces[pieces.count - 1] += literal }

    package mutating func appendInterpolation<Value: SQLArgument>(_ value: Value) {
      arguments.append(value.sqlValue)
      pieces.append("")
    }

    package mutating func appendInterpolation<Value: SQLArgument>(_ value: Value?) {
      arguments.append(value?.sqlValue ?? .null)
      pieces.append("")
    }

    /// Joins another statement's text and arguments, for conditions composed from parts.
    package mutating func appendInterpolation(_ statement: SQL) {
      pieces[pieces.count - 1] += statement.pieces[0]
      pieces.append(contentsOf: statement.pieces.dropFirst())
      arguments.append(contentsOf: statement.arguments)
    }
  }
}

extension SQL {
  /// Values parted by commas, for `IN (…)`; the list must not be empty.
  package static func list(_ values: some Collection<some SQLArgument>) -> SQL {
    precondition(!values.isEmpty, "a list of values in a statement has at least one")
    var pieces = [String](repeating: ", ", count: values.count + 1)
    pieces[0] = ""
    pieces[values.count] = ""
    return SQL(pieces: pieces, arguments: values.map { $0.sqlValue })
  }

  /// A condition on rows whose path column lies inside an area, as one range of an index: of what
  /// stands in paths only the dot sorts before the `/` at the end of the range. (Two ranges joined
  /// by OR made SQLite read whole tables.)
  ///
  /// - Parameter column: a column's name written in code, never something a person gave.
  package static func inside(_ area: PlacePath, column: StaticString) -> SQL {
    if area == .everywhere { return "1 = 1" }
    let name = SQL(stringLiteral: "\(column)")
    return "(\(name) >= \(area) AND \(name) < \(area.endOfRange))"
  }

  /// The same for the first rows of an ordered list. From a street up nearly all lies inside, and the
  /// first rows are found by the order; further down by the place. Left alone, SQLite sorts a whole
  /// district for ten rows.
  package static func listed(_ area: PlacePath, column: StaticString) -> SQL {
    let isWide = area.text.split(separator: ".").count <= 3
    if !isWide || area == .everywhere { return inside(area, column: column) }
    let name = SQL(stringLiteral: "\(column)")
    return "(\(name) || '' >= \(area) AND \(name) || '' < \(area.endOfRange))"
  }
}
