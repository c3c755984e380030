import Gazette
import Kernel
import Registry

/// Statements about the frozen lists of rounds.
package struct RosterStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  func insert(_ cell: RosterCell, of round: RoundID) throws {
    let counts = cell.counts
    try transaction.put(
      """
      INSERT INTO roster_cell (round, path, number, first, last, listed, exempt, away, refused,
        reswab, sampled, tested, members)
      VALUES (\(round), \(cell.key.path), \(cell.key.number),
        \(cell.members.first?.person.text ?? ""), \(cell.members.last?.person.text ?? ""),
        \(counts.listed), \(counts.exempt), \(counts.away), \(counts.refused), \(counts.reswab),
        \(counts.sampled), \(counts.tested), \(cell.packed))
      """)
  }

  func update(_ cell: RosterCell, of round: RoundID) throws {
    let counts = cell.counts
    try transaction.put(
      """
      UPDATE roster_cell
      SET exempt = \(counts.exempt), away = \(counts.away), refused = \(counts.refused),
        reswab = \(counts.reswab), sampled = \(counts.sampled), tested = \(counts.tested),
        members = \(cell.packed)
      WHERE round = \(round) AND path = \(cell.key.path) AND number = \(cell.key.number)
      """)
  }

  /// The cells of some places in which a person can stand.
  func cells(of round: RoundID, at paths: [PlacePath], holding person: PersonID) throws
    -> [RosterCell]
  {
    try transaction.rows(
      """
      SELECT path, number, members
      FROM roster_cell
      WHERE round = \(round) AND path IN (\(SQL.list(paths))) AND first <= \(person)
        AND last >= \(person)
      ORDER BY path, number
      """
    ).compactMap(Self.cell)
  }

  func cell(_ key: RosterCell.Key, of round: RoundID) throws -> RosterCell? {
    try transaction.row(
      """
      SELECT path, number, members
      FROM roster_cell
      WHERE round = \(round) AND path = \(key.path) AND number = \(key.number)
      """
    ).flatMap(Self.cell)
  }

  /// The number of the next cell of a place.
  func nextNumber(of round: RoundID, at path: PlacePath) throws -> Int {
    try transaction.row(
      """
      SELECT COALESCE(MAX(number), 0) + 1
      FROM roster_cell
      WHERE round = \(round) AND path = \(path)
      """)?.integer(0) ?? 1
  }

  /// Keeps how many stood how in a place, when the list itself goes.
  func keep(_ counts: RosterCounts, of round: RoundID, at path: PlacePath) throws {
    try transaction.put(
      """
      INSERT INTO roster_total (round, path, listed, exempt, away, refused, reswab, sampled, tested)
      VALUES (\(round), \(path), \(counts.listed), \(counts.exempt), \(counts.away),
        \(counts.refused), \(counts.reswab), \(counts.sampled), \(counts.tested))
      """)
  }

  /// Hands over how many stood how in each community of a round whose list was deleted, by path.
  func eachTotal(
    of round: RoundID, in area: PlacePath, _ body: (PlacePath, RosterCounts) throws -> Void
  ) throws {
    try transaction.eachRow(
      """
      SELECT path, listed, exempt, away, refused, reswab, sampled, tested
      FROM roster_total
      WHERE round = \(round) AND \(SQL.inside(area, column: "path"))
      ORDER BY path
      """
    ) { try body(PlacePath($0.text(0)), Self.counts($0, from: 1)) }
  }

  /// Hands over how many stand how in each place with doors inside an area, by path.
  package func eachCount(
    of round: RoundID, in area: PlacePath, _ body: (PlacePath, RosterCounts) throws -> Void
  ) throws {
    try transaction.eachRow(
      """
      SELECT path, listed, exempt, away, refused, reswab, sampled, tested
      FROM roster_cell
      WHERE round = \(round) AND \(SQL.inside(area, column: "path"))
      ORDER BY path, number
      """
    ) { try body(PlacePath($0.text(0)), Self.counts($0, from: 1)) }
  }

  /// How many stand how inside an area.
  package func counts(of round: RoundID, in area: PlacePath) throws -> RosterCounts {
    try transaction.row(
      """
      SELECT COALESCE(SUM(listed), 0), COALESCE(SUM(exempt), 0), COALESCE(SUM(away), 0),
        COALESCE(SUM(refused), 0), COALESCE(SUM(reswab), 0), COALESCE(SUM(sampled), 0),
        COALESCE(SUM(tested), 0)
      FROM roster_cell
      WHERE round = \(round) AND \(SQL.inside(area, column: "path"))
      """
    ).map { Self.counts($0, from: 0) } ?? RosterCounts()
  }

  /// Where inside an area, behind a path, somebody is neither sampled nor away with a reason; by path.
  func unanswered(
    of round: RoundID, in area: PlacePath, after: PlacePath?, limit: Int
  ) throws -> [PlacePath] {
    try transaction.rows(
      """
      SELECT DISTINCT path
      FROM roster_cell
      WHERE round = \(round) AND path >= \(Self.start(area, after))
        AND path > \(after?.text ?? "") AND path < \(area.endOfRange)
        AND listed > exempt + away + refused + sampled + tested
      ORDER BY path
      LIMIT \(limit)
      """
    ).map { PlacePath($0.text(0)) }
  }

  /// Where in the primary key a page begins: without it each page would read all pages before it.
  private static func start(_ area: PlacePath, _ after: PlacePath?) -> String {
    max(area.text, after?.text ?? "")
  }

  /// The cells inside an area that hold somebody who should be tested and is not, by path.
  package func unfinished(
    of round: RoundID, in area: PlacePath, withExempt: Bool = false, after: RosterCell.Key?,
    limit: Int
  ) throws -> [RosterCell] {
    let left: SQL = withExempt ? "listed > tested" : "listed > exempt + tested"
    return try transaction.rows(
      """
      SELECT path, number, members
      FROM roster_cell
      WHERE round = \(round) AND \(SQL.inside(area, column: "path"))
        AND path >= \(Self.start(area, after?.path))
        AND (path, number) > (\(after?.path.text ?? ""), \(after?.number ?? 0))
        AND \(left)
      ORDER BY path, number
      LIMIT \(limit)
      """
    ).compactMap(Self.cell)
  }

  /// Hands over every cell of a round; nil for one whose bytes are damaged.
  func eachCell(
    of round: RoundID, _ body: (RosterCell.Key, RosterCell?, RosterCounts) throws -> Void
  ) throws {
    try transaction.eachRow(
      """
      SELECT path, number, members, listed, exempt, away, refused, reswab, sampled, tested
      FROM roster_cell
      WHERE round = \(round)
      ORDER BY path, number
      """
    ) { row in
      let key = RosterCell.Key(path: PlacePath(row.text(0)), number: row.integer(1))
      try body(key, Self.cell(row), Self.counts(row, from: 3))
    }
  }

  /// Hands over the cells inside an area, by path, for as long as they are asked for.
  func eachCell(
    of round: RoundID, in area: PlacePath, _ goesOn: (RosterCell) throws -> Bool
  ) throws {
    var last: RosterCell.Key?
    var isAsked = true
    while isAsked {
      let cells = try transaction.rows(
        """
        SELECT path, number, members
        FROM roster_cell
        WHERE round = \(round) AND \(SQL.inside(area, column: "path"))
          AND (path, number) > (\(last?.path.text ?? ""), \(last?.number ?? 0))
        ORDER BY path, number
        LIMIT \(Self.cellsAtOnce)
        """
      ).compactMap(Self.cell)
      for cell in cells where isAsked { isAsked = try goesOn(cell) }
      last = cells.last?.key
      isAsked = isAsked && cells.count == Self.cellsAtOnce
    }
  }

  private static let cellsAtOnce = 200

  private static func counts(_ row: Row, from first: Int) -> RosterCounts {
    var counts = RosterCounts()
    counts.listed = row.integer(first)
    counts.exempt = row.integer(first + 1)
    counts.away = row.integer(first + 2)
    counts.refused = row.integer(first + 3)
    counts.reswab = row.integer(first + 4)
    counts.sampled = row.integer(first + 5)
    counts.tested = row.integer(first + 6)
    return counts
  }

  private static func cell(_ row: Row) -> RosterCell? {
    guard let bytes = row.bytes(2), let members = RosterCell.members(packed: bytes) else {
      return nil
    }
    return RosterCell(
      key: RosterCell.Key(path: PlacePath(row.text(0)), number: row.integer(1)),
      members: members)
  }

  // MARK: Reading the register

  /// Somebody in the register as a list takes them up.
  struct Candidate {
    let person: PersonID
    let path: PlacePath
    let homeLevel: PlaceLevel
    let birthDay: Day?
    let tags: [String]
    let isAway: Bool
  }

  /// The path of the person so many places behind a path, in the register's order; nil when there
  /// are not so many.
  func path(behind path: PlacePath?, inside area: PlacePath, by count: Int) throws -> PlacePath? {
    try transaction.row(
      """
      SELECT path
      FROM person
      WHERE merged_into IS NULL AND \(SQL.inside(area, column: "path"))
        AND path > \(path?.text ?? "")
      ORDER BY path, id
      LIMIT 1 OFFSET \(count)
      """
    ).map { PlacePath($0.text(0)) }
  }

  /// Whether somebody's number in the register begins with something.
  func hasPerson(beginning prefix: String) throws -> Bool {
    try transaction.row(
      """
      SELECT 1
      FROM person
      WHERE id >= \(prefix) AND id < \(prefix + "\u{7f}")
      LIMIT 1
      """) != nil
  }

  /// The fingerprints of the slips that people hold at a moment.
  func slips(of people: [PersonID], at moment: Instant) throws -> [PersonID: [String]] {
    if people.isEmpty { return [:] }
    let rows = try transaction.rows(
      """
      SELECT person, fingerprint
      FROM slip
      WHERE person IN (\(SQL.list(people))) AND issued_at <= \(moment) AND expires_at > \(moment)
      ORDER BY person, issued_at
      """)
    return Dictionary(grouping: rows) { row -> PersonID in row.id(0) }
      .mapValues { $0.map { $0.text(1) } }
  }

  /// Hands over who lived between two paths, the first one not included, when a round opened; not whoever
  /// was only swabbed there, and lives nowhere that is known.
  func eachCandidate(
    inside area: PlacePath, after: PlacePath?, through: PlacePath?, openedAt: Instant,
    _ body: (Candidate) throws -> Void
  ) throws {
    let end: SQL = through.map { "person.path <= \($0)" } ?? "1 = 1"
    try transaction.eachRow(
      """
      SELECT person.id, person.path, place.level, person.birth_day, person.tags,
        person.away_since
      FROM person
      JOIN place ON place.id = person.home
      WHERE person.merged_into IS NULL AND \(SQL.inside(area, column: "person.path"))
        AND person.path > \(after?.text ?? "") AND \(end)
        AND person.opened_at <= \(openedAt) AND person.home_since <= \(openedAt)
        AND NOT (\(StrangersStore.isStranger))
      ORDER BY person.path, person.id
      """
    ) { try body(Self.candidate($0)) }
  }

  /// Hands over who lived in an area when a round opened and moved before it was frozen, with the
  /// home of then.
  func eachMoved(
    inside area: PlacePath, openedAt: Instant, _ body: (Candidate) throws -> Void
  ) throws {
    try transaction.eachRow(
      """
      SELECT person.id, residence.path, place.level, person.birth_day, person.tags,
        person.away_since
      FROM residence
      JOIN person ON person.id = residence.person
      JOIN place ON place.path = residence.path
      WHERE residence.kind = 'home' AND \(SQL.inside(area, column: "residence.path"))
        AND residence.from_at <= \(openedAt) AND residence.until_at > \(openedAt)
        AND person.merged_into IS NULL AND person.opened_at <= \(openedAt)
        AND NOT EXISTS (
          SELECT 1 FROM swab_stranger
          WHERE swab_stranger.person = person.id AND swab_stranger.place = residence.value)
      ORDER BY residence.path, person.id
      """
    ) { try body(Self.candidate($0)) }
  }

  private static func candidate(_ row: Row) -> Candidate {
    Candidate(
      person: row.id(0), path: PlacePath(row.text(1)),
      homeLevel: PlaceLevel(rawValue: row.text(2)) ?? .household,
      birthDay: row.optionalText(3).flatMap { Day($0) },
      tags: row.text(4).split(separator: "|").map(String.init),
      isAway: row.optionalInteger(5) != nil)
  }
}
