import Kernel

/// The answer of the check of many numbers: `number,verdict,reason,normalised`.
///
/// The only place that repeats numbers, to the person who brought them; it is never kept.
package enum IdentityReport {
  package static let header = ["number", "verdict", "reason", "normalised"]

  /// The lines of a plain file: blank ones are skipped, and so is a first line that is no number.
  package static func lines(of bytes: [UInt8]) -> [String] {
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    var lines = body.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .map { String(decoding: $0, as: UTF8.self).trimmingWhitespace() }
      .filter { !$0.isEmpty }
    if let first = lines.first, !isNumber(first) { lines.removeFirst() }
    return lines
  }

  /// Judges each cell, empty ones too, in the order given.
  package static func table(
    of cells: [String], areas: AreaCodes, asOf: Day, language: Language
  ) -> PlainTable {
    PlainTable(
      header: header,
      rows: cells.map { cell in
        let (verdict, valid) = IdentityCheck.verdict(cell, areas: areas, asOf: asOf)
        return [cell, verdict.rawValue, verdict.reason(language), valid?.normalised ?? ""]
      })
  }

  /// A line is a number, right or wrong, when at least half of it are digits.
  private static func isNumber(_ line: String) -> Bool {
    let digits = line.unicodeScalars.filter { $0.properties.numericType != nil }.count
    return digits * 2 >= line.unicodeScalars.count
  }
}
