import Gazette
import Kernel

/// Reserves codes for labels that are printed: no code is ever given out twice.
package struct MakeLabels: Command {
  package struct Answer: Codable, Sendable {
    package let codes: [String]
  }

  package static let name = "screening.makeLabels"
  package static let duty: Duty = "screening.labels"
  /// How many labels one roll has at most.
  package static let most = 10_000
  package let count: Int

  package init(count: Int) { self.count = count }

  package func area(in work: Work) -> Area { .eachChecked }

  package func perform(in work: Work) throws -> Answer {
    try Self.require(count, written: String(count))
    let store = LabelsStore(work.transaction)
    let first = try store.last() + 1
    try store.reserve(first, count: count, at: work.now, by: work.authority.sender.text)
    try work.record(LabelsMade(first: first, count: count))
    return Answer(codes: (first..<(first + count)).map { LabelRules.code($0) })
  }

  /// Refuses what no roll has.
  static func require(_ count: Int?, written: String) throws(Refusal) {
    if let count, (1...most).contains(count) { return }
    throw .malformed(
      "count", written, expected: Words("1–\(most) 张", "1 to \(most) labels"))
  }
}

/// Labels were made.
package struct LabelsMade: Fact {
  package static let name = "screening.labelsMade"
  package static let words = Words("已制作采样管标签", "Labels of tubes made")
  package static let about = Matter.district
  package let first: Int
  package let count: Int
  package var subject: String { "labels" }
}

/// How labels are written.
package enum LabelRules {
  /// Letters and digits that nobody mistakes for one another.
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
  private static let digits = 7

  /// The code of a number: `T`, seven letters or digits, and one that finds a wrong or swapped one.
  package static func code(_ number: Int) -> String {
    var rest = number
    var letters: [Character] = []
    for _ in 0..<digits {
      letters.append(alphabet[rest % alphabet.count])
      rest /= alphabet.count
    }
    let body = String(letters.reversed())
    return "T\(body)\(check(body))"
  }

  /// Whether a code has the form of a label that the district prints, with a last letter that fits.
  static func isLabel(_ code: String) -> Bool {
    guard code.count == digits + 2, code.first == "T", let last = code.last else { return false }
    let body = String(code.dropFirst().dropLast())
    return body.allSatisfy(alphabet.contains) && check(body) == last
  }

  /// Each place weighs otherwise and odd, so that one wrong letter always shows, and of two swapped
  /// neighbours nearly all.
  static func check(_ body: String) -> Character {
    let sum = body.enumerated().reduce(0) { sum, place in
      sum + (2 * place.offset + 3) * (alphabet.firstIndex(of: place.element) ?? 0)
    }
    return alphabet[sum % alphabet.count]
  }
}
