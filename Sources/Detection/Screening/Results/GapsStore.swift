import Gazette
import Kernel

/// Numbers of a laboratory's lists that were passed over, as one run of them was noted.
package struct ListGap: Codable, Sendable {
  package let laboratory: LaboratoryID
  /// The first number that was passed over; with the laboratory the name of the gap.
  package let first: Int
  /// The numbers of it of which nothing is known yet.
  package let missing: [Int]
  package let notedAt: Instant
  /// Where the people of the list that passed them over are; nil where nobody knows.
  let path: PlacePath?

  private enum CodingKeys: String, CodingKey {
    case laboratory
    case first
    case missing
    case path
    case notedAt = "noted_at"
  }

  /// What an obligation about it is about.
  static func subject(_ laboratory: LaboratoryID, first: Int) -> String {
    "\(laboratory.text)/\(first)"
  }
}

/// What became of numbers that never come.
package enum GapReason: String, Codable, CaseIterable, Sendable {
  /// The laboratory counted on without a list.
  case skipped
  /// Its results came under another number.
  case resent
  /// Its results were entered by hand, or came in a file.
  case otherWay = "other_way"

  package var words: Words {
    switch self {
    case .skipped: Words("机构跳号，没有这批结果", "the laboratory skipped the number: there is no such list")
    case .resent: Words("已用别的批号上报", "its results came under another number")
    case .otherWay: Words("已手工录入或用文件导入", "its results came by hand or in a file")
    }
  }
}

/// Statements about numbers of lists that were passed over.
struct GapsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Numbers whose signed list waits for two people: those are not missing.
  private static let waiting: SQL = """
    EXISTS (
      SELECT 1 FROM result_batch
      WHERE result_batch.laboratory = result_gap.laboratory
        AND result_batch.sequence = result_gap.number AND result_batch.state = 'quarantined'
        AND result_batch.tube IS NULL AND result_batch.reasons NOT LIKE '%signature%'
        AND result_batch.reasons NOT LIKE '%no_key%')
    """

  func note(
    _ numbers: ClosedRange<Int>, of laboratory: LaboratoryID, at path: PlacePath?, _ now: Instant
  ) throws {
    for number in numbers {
      try transaction.put(
        """
        INSERT INTO result_gap (laboratory, number, first, noted_at, path)
        VALUES (\(laboratory), \(number), \(numbers.lowerBound), \(now), \(path))
        """)
    }
  }

  /// The gap to which a number belongs of which nothing is known yet; nil for any other number.
  func first(of laboratory: LaboratoryID, holding number: Int) throws -> Int? {
    try transaction.row(
      """
      SELECT first
      FROM result_gap
      WHERE laboratory = \(laboratory) AND number = \(number) AND closed_at IS NULL
      """
    ).map { $0.integer(0) }
  }

  /// Whether numbers of a gap are missing still.
  func isOpen(_ laboratory: LaboratoryID, first: Int) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM result_gap
      WHERE laboratory = \(laboratory) AND first = \(first) AND closed_at IS NULL
        AND NOT \(Self.waiting)
      LIMIT 1
      """) != nil
  }

  /// Whether somebody said that a number never comes.
  func isExplained(_ number: Int, of laboratory: LaboratoryID) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM result_gap
      WHERE laboratory = \(laboratory) AND number = \(number) AND reason IS NOT NULL
      """) != nil
  }

  func came(_ number: Int, of laboratory: LaboratoryID, at now: Instant, by sender: String) throws {
    try transaction.put(
      """
      UPDATE result_gap
      SET closed_at = \(now), closed_by = \(sender), reason = NULL
      WHERE laboratory = \(laboratory) AND number = \(number)
      """)
  }

  func explain(
    _ laboratory: LaboratoryID, first: Int, _ reason: GapReason, at now: Instant, by sender: String
  ) throws {
    try transaction.put(
      """
      UPDATE result_gap
      SET closed_at = \(now), closed_by = \(sender), reason = \(reason.rawValue)
      WHERE laboratory = \(laboratory) AND first = \(first) AND closed_at IS NULL
        AND NOT \(Self.waiting)
      """)
  }

  /// The gaps that are open, the oldest first; those of one laboratory where one is named.
  func open(of laboratory: LaboratoryID? = nil, limit: Int) throws -> [ListGap] {
    let whose: SQL = laboratory.map { "laboratory = \($0)" } ?? "1 = 1"
    let rows = try transaction.rows(
      """
      SELECT laboratory, first, number, noted_at, path
      FROM result_gap
      WHERE closed_at IS NULL AND \(whose) AND NOT \(Self.waiting)
      ORDER BY noted_at, laboratory, first, number
      LIMIT \(limit)
      """)
    var gaps: [ListGap] = []
    for row in rows {
      let (laboratory, first): (LaboratoryID, Int) = (row.id(0), row.integer(1))
      let isSame = gaps.last.map { $0.laboratory == laboratory && $0.first == first } ?? false
      let before = isSame ? gaps.removeLast().missing : []
      gaps.append(
        ListGap(
          laboratory: laboratory, first: first, missing: before + [row.integer(2)],
          notedAt: row.instant(3), path: row.optionalText(4).map { PlacePath($0) }))
    }
    return gaps
  }
}
