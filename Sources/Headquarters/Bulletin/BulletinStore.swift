import Gazette
import Kernel
import Registry

/// What a row of the line list is asked for.
package struct LineFilter: Sendable {
  package var kind: InfectionKind?
  /// A code of the policy's list; empty for those without a source.
  package var source: String?
  package var district: PlaceID?
  package var area: PlacePath = .everywhere

  package init(
    kind: InfectionKind? = nil, source: String? = nil, district: PlaceID? = nil,
    area: PlacePath = .everywhere
  ) {
    self.kind = kind
    self.source = source
    self.district = district
    self.area = area
  }
}

/// Statements about the line list.
package struct LineListStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// One entry of the line list.
  package struct Entry: Sendable {
    package let infection: CaseID
    package let person: PersonID
    package let standing: CaseStanding
  }

  private static let columns: SQL =
    "infection, person, kind, source, district, found_in, reported_at, converted_at"

  func live(_ infection: CaseID) throws -> Entry? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM bulletin_entry
      WHERE infection = \(infection) AND until_entry IS NULL
      """
    ).map(Self.entry)
  }

  func close(_ infection: CaseID, at entry: Int) throws {
    try transaction.execute(
      """
      UPDATE bulletin_entry
      SET until_entry = \(entry)
      WHERE infection = \(infection) AND until_entry IS NULL
      """)
  }

  func open(
    _ infection: CaseID, of person: PersonID, _ standing: CaseStanding, at entry: Int
  ) throws {
    try transaction.execute(
      """
      INSERT INTO bulletin_entry (infection, since_entry, person, kind, source, district,
        found_in, reported_at, converted_at)
      VALUES (\(infection), \(entry), \(person), \(standing.kind.rawValue), \(standing.source),
        \(standing.district), \(standing.foundIn), \(standing.reportedAt),
        \(standing.convertedAt))
      """)
  }

  /// How many entries a window counts, by all that breakdowns tell apart.
  ///
  /// - Parameter entry: the journal's entry as of which the list is read; nil for now.
  package func groups(
    _ window: BulletinWindow, in area: PlacePath = .everywhere, asOf entry: Int? = nil
  ) throws -> [LineGroup] {
    try transaction.rows(
      """
      SELECT district, source, counted, converted, COUNT(*)
      FROM (
        SELECT district, source,
          CASE WHEN \(Self.isAsymptomatic(window)) THEN 'asymptomatic' ELSE 'confirmed' END
            AS counted,
          CASE WHEN \(Self.isConverted(window)) THEN 1 ELSE 0 END AS converted
        FROM bulletin_entry
        WHERE \(Self.isCounted(window)) AND \(Self.isStanding(entry)) AND \(Self.lives(in: area))
      ) AS line
      GROUP BY district, source, counted, converted
      ORDER BY district, source NULLS FIRST, counted, converted
      """
    ).map { row in
      LineGroup(
        district: row.id(0), source: row.optionalText(1),
        kind: InfectionKind(rawValue: row.text(2)) ?? .confirmed,
        isConverted: row.integer(3) == 1, count: row.integer(4))
    }
  }

  /// The entries that a window counts under a filter, by case.
  package func rows(
    _ window: BulletinWindow, _ filter: LineFilter, asOf entry: Int? = nil,
    after: CaseID? = nil, limit: Int
  ) throws -> [Entry] {
    let kind: SQL
    switch filter.kind {
    case nil: kind = "1 = 1"
    case .asymptomatic: kind = Self.isAsymptomatic(window)
    case .confirmed: kind = "NOT (\(Self.isAsymptomatic(window)))"
    case .converted: kind = Self.isConverted(window)
    }
    let source: SQL =
      filter.source.map { $0.isEmpty ? "source IS NULL" : "source = \($0)" } ?? "1 = 1"
    let district: SQL = filter.district.map { "district = \($0)" } ?? "1 = 1"
    let following: SQL = after.map { "infection > \($0)" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM bulletin_entry
      WHERE \(Self.isCounted(window)) AND \(Self.isStanding(entry)) AND (\(kind)) AND \(source)
        AND \(district) AND \(Self.lives(in: filter.area)) AND \(following)
      ORDER BY infection
      LIMIT \(limit)
      """
    ).map(Self.entry)
  }

  /// How many infections were reported in a span, whatever became of them.
  package func reported(from: Instant?, to: Instant, asOf entry: Int? = nil) throws -> Int {
    let start: SQL = from.map { "reported_at >= \($0)" } ?? "1 = 1"
    return try transaction.row(
      """
      SELECT COUNT(*)
      FROM bulletin_entry
      WHERE \(start) AND reported_at < \(to) AND \(Self.isStanding(entry))
      """)?.integer(0) ?? 0
  }

  /// People whom a window counts more than once, with how often.
  package func doubled(
    _ window: BulletinWindow, asOf entry: Int? = nil
  ) throws -> [(person: PersonID, count: Int)] {
    try transaction.rows(
      """
      SELECT person, COUNT(*)
      FROM bulletin_entry
      WHERE \(Self.isCounted(window)) AND \(Self.isStanding(entry))
      GROUP BY person
      HAVING COUNT(*) > 1
      ORDER BY person
      LIMIT 20
      """
    ).map { ($0.id(0), $0.integer(1)) }
  }

  /// The cases of a person that a window counts.
  package func cases(
    of person: PersonID, in window: BulletinWindow, asOf entry: Int? = nil
  ) throws -> [CaseID] {
    try transaction.rows(
      """
      SELECT infection
      FROM bulletin_entry
      WHERE \(Self.isCounted(window)) AND \(Self.isStanding(entry)) AND person = \(person)
      ORDER BY infection
      LIMIT 20
      """
    ).map { $0.id(0) }
  }

  private static func isCounted(_ window: BulletinWindow) -> SQL {
    """
    ((reported_at >= \(window.from) AND reported_at < \(window.to))
      OR (converted_at >= \(window.from) AND converted_at < \(window.to)))
    """
  }

  private static func isAsymptomatic(_ window: BulletinWindow) -> SQL {
    """
    kind = 'asymptomatic' AND (converted_at IS NULL OR converted_at < \(window.from)
      OR converted_at >= \(window.to))
    """
  }

  private static func isConverted(_ window: BulletinWindow) -> SQL {
    """
    kind = 'converted' OR (converted_at >= \(window.from) AND converted_at < \(window.to))
    """
  }

  private static func isStanding(_ entry: Int?) -> SQL {
    guard let entry else { return "until_entry IS NULL" }
    return "since_entry <= \(entry) AND (until_entry IS NULL OR until_entry > \(entry))"
  }

  private static func lives(in area: PlacePath) -> SQL {
    if area == .everywhere { return "1 = 1" }
    return """
      EXISTS (SELECT 1 FROM place
        WHERE place.id = district AND \(SQL.inside(area, column: "place.path")))
      """
  }

  private static func entry(_ row: Row) -> Entry {
    Entry(
      infection: row.id(0), person: row.id(1),
      standing: CaseStanding(
        kind: InfectionKind(rawValue: row.text(2)) ?? .confirmed, source: row.optionalText(3),
        district: row.id(4), foundIn: row.optionalID(5), reportedAt: row.instant(6),
        convertedAt: row.optionalInstant(7)))
  }
}
