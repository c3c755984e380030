/// A bound that no policy file may move.
///
/// A policy is data, so that a district can follow a new edition without a new program. That also lets
/// whoever edits the file take the limits out of it, and the editor may be the very official who wants
/// a list of people restricted (RELIABILITY 3.3; Zhengzhou, June 2022). What protects people from the
/// editor is therefore no data: these bounds are the constitution of the program, kept in its code,
/// and looked at whenever a file is checked or loaded. A file may be stricter than a bound.
package struct PolicyBound: Sendable {
  /// The field as the file writes it, below its section, such as `alone.people`.
  package let field: String
  package let range: ClosedRange<Int>

  /// - Parameter range: every value that a file may have, both ends among them.
  package init(_ field: String, _ range: ClosedRange<Int>) {
    self.field = field
    self.range = range
  }

  /// What is wrong with a value, naming the field and the bound; nil when it lies inside.
  package func fault(_ value: Int) -> Words? {
    if range.contains(value) { return nil }
    let (least, most) = (range.lowerBound, range.upperBound)
    if most == .max {
      return Words(
        "\(field) 为 \(value)，不得小于 \(least)，任何版本都不能放宽",
        "\(field) is \(value); no edition may have less than \(least)")
    }
    return Words(
      "\(field) 为 \(value)，只能是 \(least) 到 \(most)，任何版本都不能放宽",
      "\(field) is \(value); in every edition it is from \(least) to \(most)")
  }
}
