import Gazette
import Kernel

/// Statements about who is isolated by which clause, as the restrictions of others were told: for rounds of
/// those whose test is due.
struct ClausesStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// What is owed of a test that an edition asks for on a day; its subject is the restriction.
  private static let test = "restrictions.test"

  func start(_ restriction: RestrictionID, of person: PersonID, by clause: String) throws {
    try transaction.execute(
      """
      INSERT INTO screening_clause (restriction, person, clause)
      VALUES (\(restriction), \(person), \(clause))
      ON CONFLICT (restriction) DO NOTHING
      """)
  }

  func end(_ restriction: RestrictionID) throws {
    try transaction.execute("DELETE FROM screening_clause WHERE restriction = \(restriction)")
  }

  /// The clauses by which somebody is isolated now.
  func clauses(limit: Int) throws -> [String] {
    try transaction.rows(
      "SELECT DISTINCT clause FROM screening_clause ORDER BY clause LIMIT \(limit)"
    ).map { $0.text(0) }
  }

  /// Who is isolated by a clause and owes a test by a moment, as their edition says.
  func due(by moment: Instant, under clause: String, limit: Int) throws -> [PersonID] {
    try transaction.rows(
      """
      SELECT DISTINCT person
      FROM screening_clause
      WHERE clause = \(clause) AND EXISTS (
        SELECT 1 FROM obligation
        WHERE obligation.subject = screening_clause.restriction
          AND obligation.kind = \(Self.test) AND obligation.closed_at IS NULL
          AND obligation.deadline <= \(moment))
      ORDER BY person
      LIMIT \(limit)
      """
    ).map { $0.id(0) }
  }
}
