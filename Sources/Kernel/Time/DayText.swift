extension Day: CustomStringConvertible, SQLArgument {
  /// `2022-11-29`.
  package var text: String {
    let (year, month, day) = parts
    return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
  }

  package var description: String { text }
  package var sqlValue: SQLValue { .text(text) }

  /// A day written as `2022-11-29`, `2022/1/9` or `20221129`; nil when it is none.
  package init?(_ written: String) {
    let text = Array(written.trimmingWhitespace().utf8)
    if text.count == 8, let all = Self.number(text[...]) {
      self.init(year: all / 10_000, month: all / 100 % 100, day: all % 100)
      return
    }
    guard let separator = text.first(where: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") })
    else { return nil }
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[1].count <= 2, parts[2].count <= 2,
      let year = Self.number(parts[0]), let month = Self.number(parts[1]),
      let day = Self.number(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// ISO weekday: Monday is 1, Sunday 7.
  package var weekday: Int { ((number + 3) % 7 + 7) % 7 + 1 }

  static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count < 18 else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Day: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let day = Day(text) else {
      throw Refusal.malformed(
        decoder.codingPath.fieldName, text,
        expected: Words("日期，如 2022-11-29", "a day such as 2022-11-29"))
    }
    self = day
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension [any CodingKey] {
  /// The path as a person reads it: `rows.3.reported_at`.
  var fieldName: String { map(\.stringValue).joined(separator: ".") }
}
