import Kernel

/// Statements about where people lived, were registered, worked and were away before.
package struct ResidencesStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Keeps a span that has ended. Two changes in one moment leave no span between them.
  func keep(_ former: FormerResidence) throws {
    guard former.from < former.until else { return }
    try transaction.execute(
      """
      INSERT INTO residence (person, kind, value, path, from_at, until_at)
      VALUES (\(former.person), \(former.kind.rawValue), \(former.value), \(former.path),
        \(former.from), \(former.until))
      """)
  }

  /// The ended spans of a person, the latest first.
  package func of(_ person: PersonID, limit: Int = 200) throws -> [FormerResidence] {
    try transaction.rows(
      """
      SELECT person, kind, value, path, from_at, until_at
      FROM residence
      WHERE person = \(person)
      ORDER BY from_at DESC, kind
      LIMIT \(limit)
      """
    ).map { row in
      FormerResidence(
        person: row.id(0), kind: FormerResidence.Kind(rawValue: row.text(1)) ?? .home,
        value: row.text(2), path: row.optionalText(3).map { PlacePath($0) }, from: row.instant(4),
        until: row.instant(5))
    }
  }

  /// Who lived behind a door at some time of a span and does no longer.
  package func livedAt(_ home: PlaceID, from: Instant, to: Instant) throws -> [PersonID] {
    try transaction.rows(
      """
      SELECT DISTINCT person
      FROM residence
      WHERE path = (SELECT path FROM place WHERE place.id = \(home)) AND kind = 'home'
        AND until_at > \(from) AND from_at < \(to)
      ORDER BY person
      LIMIT 1000
      """
    ).map { $0.id(0) }
  }

  /// Who lived in an area at a moment, as the register knew it then; by identifier.
  package func living(
    in area: PlacePath, at moment: Instant, after: PersonID? = nil, limit: Int
  ) throws -> [PersonID] {
    try transaction.rows(
      """
      SELECT id
      FROM (\(Self.living(in: area, at: moment))) covered
      WHERE id > \(after?.text ?? "")
      ORDER BY id
      LIMIT \(limit)
      """
    ).map { $0.id(0) }
  }

  /// How many lived in an area at a moment.
  package func count(in area: PlacePath, at moment: Instant) throws -> Int {
    try transaction.row(
      "SELECT COUNT(*) FROM (\(Self.living(in: area, at: moment))) covered")?.integer(0) ?? 0
  }

  // Every home is either the present one, in the file, or an ended span.
  private static func living(in area: PlacePath, at moment: Instant) -> SQL {
    """
    SELECT id
    FROM person
    WHERE \(SQL.inside(area, column: "path")) AND home_since <= \(moment) AND merged_into IS NULL
    UNION ALL
    SELECT residence.person
    FROM residence
    WHERE \(SQL.inside(area, column: "residence.path")) AND residence.kind = 'home'
      AND residence.from_at <= \(moment) AND residence.until_at > \(moment)
      AND EXISTS (
        SELECT 1 FROM person WHERE person.id = residence.person AND person.merged_into IS NULL)
    """
  }
}
