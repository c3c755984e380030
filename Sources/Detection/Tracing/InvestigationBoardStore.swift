import Kernel
import Registry

/// Statements about the investigations that ask something of somebody.
extension InvestigationStore {
  static let board = Migration(
    "investigation-0002",
    """
    CREATE INDEX investigation_open ON investigation (path, infection)
    WHERE concluded_at IS NULL AND withdrawn_at IS NULL
    """)

  /// How many are open in an area, and how many of them are late.
  func countOpen(in area: PlacePath, at now: Instant) throws -> (open: Int, late: Int) {
    let row = try transaction.row(
      """
      SELECT COUNT(*), COUNT(CASE WHEN next_due < \(now) THEN 1 END)
      FROM (\(Self.open(area))) AS opened
      """)
    return (row?.integer(0) ?? 0, row?.integer(1) ?? 0)
  }

  /// Those that are open in an area, what is due first first.
  func open(in area: PlacePath, limit: Int) throws -> [Investigation] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM (\(Self.open(area))) AS opened
      ORDER BY CASE WHEN next_due IS NULL THEN 1 ELSE 0 END, next_due, reported_at, infection
      LIMIT \(limit)
      """
    ).map(Self.investigation)
  }

  /// How many contacts of each open case of an area wait to be decided.
  func proposed(in area: PlacePath) throws -> [CaseID: Int] {
    let rows = try transaction.rows(
      """
      SELECT exposure.infection, COUNT(DISTINCT contact.id)
      FROM (\(Self.open(area))) AS opened
      JOIN exposure ON exposure.infection = opened.infection
      JOIN contact ON contact.id = exposure.contact
      WHERE contact.state = 'proposed'
      GROUP BY exposure.infection
      LIMIT 100000
      """)
    return Dictionary(rows.map { ($0.id(0), $0.integer(1)) }) { first, _ in first }
  }

  /// What is open in an area, with what is due next. What a file told of long ago asks nothing of
  /// anybody, unless contacts are to be decided.
  static func open(_ area: PlacePath) -> SQL {
    """
    SELECT \(columns), (
        SELECT MIN(obligation.deadline)
        FROM obligation
        WHERE obligation.subject = investigation.infection AND obligation.closed_at IS NULL)
      AS next_due
    FROM investigation
    WHERE \(SQL.inside(area, column: "investigation.path")) AND concluded_at IS NULL
      AND withdrawn_at IS NULL AND (
        EXISTS (
          SELECT 1
          FROM obligation
          WHERE obligation.subject = investigation.infection AND obligation.closed_at IS NULL)
        OR EXISTS (
          SELECT 1
          FROM exposure
          JOIN contact ON contact.id = exposure.contact
          WHERE exposure.infection = investigation.infection AND contact.state = 'proposed'))
    """
  }
}
