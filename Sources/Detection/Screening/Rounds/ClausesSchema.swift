import Kernel

extension Screening {
  /// What mass testing takes over from tables that are made after its own.
  package static let takenOver = Slice(
    name: "screening-taken-over", migrations: [ScreeningTables.clausesOfBefore])
}

extension ScreeningTables {
  /// Who was isolated by which clause already when this was not told yet with each restriction.
  static let clausesOfBefore = Migration(
    "screening-0022",
    """
    INSERT INTO screening_clause (restriction, person, clause)
    SELECT id, person, clause
    FROM restriction
    WHERE ended_at IS NULL
    ON CONFLICT (restriction) DO NOTHING
    """)
}
