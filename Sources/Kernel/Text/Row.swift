/// One row of an answer, read from left to right by position.
package struct Row: Sendable {
  package let values: [SQLValue]

  package init(_ values: [SQLValue]) { self.values = values }

  /// The text in a column that cannot be null.
  package func text(_ column: Int) -> String { optionalText(column) ?? "" }

  /// The text in a column, nil when null.
  package func optionalText(_ column: Int) -> String? {
    if case .text(let text) = values[column] { text } else { nil }
  }

  /// The whole number in a column that cannot be null.
  package func integer(_ column: Int) -> Int { optionalInteger(column) ?? 0 }

  /// The whole number in a column, nil when null.
  package func optionalInteger(_ column: Int) -> Int? {
    switch values[column] {
    case .integer(let number): Int(number)
    case .real(let number): Int(exactly: number.rounded(.towardZero))
    case .null, .text, .bytes: nil
    }
  }

  /// The number with a fraction in a column, nil when null.
  package func optionalReal(_ column: Int) -> Double? {
    switch values[column] {
    case .integer(let number): Double(number)
    case .real(let number): number
    case .null, .text, .bytes: nil
    }
  }

  /// The instant in a column that cannot be null.
  package func instant(_ column: Int) -> Instant { Instant(milliseconds: Int64(integer(column))) }

  /// The instant in a column, nil when null.
  package func optionalInstant(_ column: Int) -> Instant? {
    optionalInteger(column).map { Instant(milliseconds: Int64($0)) }
  }

  /// The bytes in a column, nil when null.
  package func bytes(_ column: Int) -> [UInt8]? {
    if case .bytes(let bytes) = values[column] { bytes } else { nil }
  }

  /// The identifier in a column that cannot be null.
  package func id<Tag>(_ column: Int) -> ID<Tag> { ID(trusted: text(column)) }

  /// The identifier in a column, nil when null.
  package func optionalID<Tag>(_ column: Int) -> ID<Tag>? {
    optionalText(column).map { ID(trusted: $0) }
  }
}
