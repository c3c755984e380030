import Kernel

/// Statements about the codes that were given out for labels.
struct LabelsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// The last number that was given out; 0 before the first.
  func last() throws -> Int {
    try transaction.row(
      "SELECT first, count FROM tube_label_run ORDER BY first DESC LIMIT 1"
    ).map { $0.integer(0) + $0.integer(1) - 1 } ?? 0
  }

  /// What was given out last.
  func latest(limit: Int) throws -> [(first: Int, count: Int, madeAt: Instant)] {
    try transaction.rows(
      """
      SELECT first, count, made_at
      FROM tube_label_run
      ORDER BY first DESC
      LIMIT \(limit)
      """
    ).map { ($0.integer(0), $0.integer(1), $0.instant(2)) }
  }

  /// Whether so many codes from a number on were given out in one roll.
  func isGivenOut(_ first: Int, count: Int) throws -> Bool {
    guard first > 0, count > 0 else { return false }
    return try transaction.row(
      """
      SELECT first, count
      FROM tube_label_run
      WHERE first <= \(first)
      ORDER BY first DESC
      LIMIT 1
      """
    ).map { run in
      // Both numbers come from an address and may be as large as numbers are: nothing is added to them.
      first - run.integer(0) <= run.integer(1) - count
    } ?? false
  }

  func reserve(_ first: Int, count: Int, at now: Instant, by sender: String) throws {
    try transaction.put(
      """
      INSERT INTO tube_label_run (first, count, made_at, made_by)
      VALUES (\(first), \(count), \(now), \(sender))
      """)
  }
}
