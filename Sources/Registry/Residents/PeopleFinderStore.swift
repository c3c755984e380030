import Kernel

/// Statements that find people by what is on paper.
extension ResidentsStore {
  /// Live files in an area with a telephone number: a committee's may stand in many.
  func owners(ofPhone index: String, in area: PlacePath, limit: Int) throws -> [Resident] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM person
      WHERE phone_index = \(index) AND phone_index IS NOT NULL
        AND \(SQL.inside(area, column: "path || ''")) AND merged_into IS NULL
      ORDER BY id
      LIMIT \(limit)
      """
    ).map(Self.resident)
  }

  /// Live files in an area whose telephone or identity number ends so, by blind index.
  func ending(
    _ tails: (identity: String, phone: String), in area: PlacePath, limit: Int
  ) throws -> [Resident] {
    // Two statements, so that each one has its index.
    let conditions: [SQL] = [
      "phone_tail = \(tails.phone) AND phone_tail IS NOT NULL",
      "identity_tail = \(tails.identity) AND identity_tail IS NOT NULL",
    ]
    return try conditions.flatMap { condition in
      try transaction.rows(
        """
        SELECT \(Self.columns)
        FROM person
        WHERE \(condition) AND \(SQL.inside(area, column: "path")) AND merged_into IS NULL
        ORDER BY path
        LIMIT \(limit)
        """
      ).map(Self.resident)
    }
  }

  /// Live files in an area whose name begins so.
  func named(startingWith text: String, in area: PlacePath, limit: Int) throws -> [Resident] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM person
      WHERE name >= \(text) AND name < \(text + Self.lastSign)
        AND \(SQL.inside(area, column: "path")) AND merged_into IS NULL
      ORDER BY name, path
      LIMIT \(limit)
      """
    ).map(Self.resident)
  }

  /// Live files in an area whose name's initials begin so.
  func withInitials(_ text: String, in area: PlacePath, limit: Int) throws -> [Resident] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM person
      WHERE initials >= \(text) AND initials < \(text + Self.lastSign)
        AND \(SQL.inside(area, column: "path")) AND merged_into IS NULL
      ORDER BY initials, path
      LIMIT \(limit)
      """
    ).map(Self.resident)
  }

  /// Sorts behind whatever may follow in a text.
  private static let lastSign = "\u{10FFFF}"
}
