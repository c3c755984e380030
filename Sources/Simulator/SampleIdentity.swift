import Kernel

/// Well-formed identity numbers and telephone numbers of people who do not exist.
package enum SampleIdentity {
  /// Weights and check characters of GB 11643-1999.
  private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  private static let checks = Array("10X98765432")

  /// An 18-digit number for a birth day; `order` makes it unique within county and day.
  package static func number(county: String, birth: Day, isFemale: Bool, order: Int) -> String {
    let (year, month, day) = birth.parts
    let sequence = order * 2 % 1_000 + (isFemale ? 0 : 1)
    let body = county + padded(year, 4) + padded(month, 2) + padded(day, 2) + padded(sequence, 3)
    let sum = zip(body.utf8, weights).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
    return body + String(checks[sum % 11])
  }

  /// A telephone number from a block that no operator has given out.
  package static func phone(_ order: Int) -> String { "100" + padded(order % 100_000_000, 8) }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
