import Gazette
import Kernel

/// Statements about swabs, what they contradict, and how fast they are taken.
package struct SwabsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    swab.tube, swab.person, swab.round, swab.cell_path, swab.cell_number, swab.listed_as,
    swab.point, swab.sampled_at, swab.operator, swab.claim, swab.device, swab.is_recheck,
    swab.withdrawn_at, swab.home, swab.late, swab.accepted_at
    """
  private static let columnCount = 16

  /// The swabs in a tube, the earliest first.
  package func inTube(_ tube: TubeCode) throws -> [Swab] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM swab
      WHERE tube = \(tube)
      ORDER BY sampled_at, claim
      LIMIT 1000
      """
    ).map { Self.swab($0) }
  }

  /// The swabs in many tubes.
  func inTubes(_ tubes: Set<TubeCode>) throws -> [TubeCode: [Swab]] {
    if tubes.isEmpty { return [:] }
    let rows = try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM swab
      WHERE tube IN (\(SQL.list(tubes.sorted())))
      ORDER BY tube, sampled_at, claim
      """)
    return Dictionary(grouping: rows.map { Self.swab($0) }, by: \.tube)
  }

  /// The swabs of a person in a round with their tubes, the earliest first.
  func of(_ people: [PersonID], in round: RoundID) throws -> [SwabWithTube] {
    try transaction.rows(
      """
      SELECT \(Self.columns), \(TubesStore.columns)
      FROM swab
      JOIN tube ON tube.code = swab.tube
      WHERE swab.person IN (\(SQL.list(people))) AND swab.round = \(round)
      ORDER BY swab.sampled_at, swab.claim
      LIMIT 1000
      """
    ).map { row in
      SwabWithTube(
        swab: Self.swab(row), tube: TubesStore.tube(row, from: Self.columnCount))
    }
  }

  /// The swabs of a person in all rounds with their tubes, the latest first.
  func latest(of people: [PersonID], limit: Int) throws -> [SwabWithTube] {
    try transaction.rows(
      """
      SELECT \(Self.columns), \(TubesStore.columns)
      FROM swab
      JOIN tube ON tube.code = swab.tube
      WHERE swab.person IN (\(SQL.list(people)))
      ORDER BY swab.sampled_at DESC, swab.claim DESC
      LIMIT \(limit)
      """
    ).map { row in
      SwabWithTube(
        swab: Self.swab(row), tube: TubesStore.tube(row, from: Self.columnCount))
    }
  }

  /// Writes a swab down; one of a person who was struck out of the tube before takes that one's place.
  func put(_ swab: Swab) throws {
    try transaction.put(
      """
      INSERT INTO swab (tube, person, round, cell_path, cell_number, listed_as, point, sampled_at,
        operator, claim, device, is_recheck, home, late)
      VALUES (\(swab.tube), \(swab.person), \(swab.round), \(swab.spot?.key.path),
        \(swab.spot?.key.number), \(swab.spot?.listed), \(swab.point), \(swab.sampledAt),
        \(swab.sampler), \(swab.claim), \(swab.device), \(swab.isRecheck ? 1 : 0),
        \(swab.home), \(swab.isLate ? 1 : 0))
      ON CONFLICT (tube, person) DO UPDATE
      SET round = excluded.round, cell_path = excluded.cell_path, cell_number = excluded.cell_number,
        listed_as = excluded.listed_as, point = excluded.point, sampled_at = excluded.sampled_at,
        operator = excluded.operator, claim = excluded.claim, device = excluded.device,
        is_recheck = excluded.is_recheck, home = excluded.home, late = excluded.late,
        accepted_at = NULL, withdrawn_at = NULL
      """)
  }

  /// Keeps of one claim that was made twice what the earlier one says.
  func update(_ swab: Swab) throws {
    try transaction.put(
      """
      UPDATE swab
      SET point = \(swab.point), sampled_at = \(swab.sampledAt), operator = \(swab.sampler),
        claim = \(swab.claim), device = \(swab.device), withdrawn_at = \(swab.withdrawnAt),
        late = \(swab.isLate ? 1 : 0), accepted_at = \(swab.acceptedAt)
      WHERE tube = \(swab.tube) AND person = \(swab.person)
      """)
  }

  /// How many were swabbed that stand on no list, and how many of them have a result.
  package func unlisted(in round: RoundID) throws -> (swabbed: Int, tested: Int) {
    let row = try transaction.row(
      """
      SELECT COUNT(DISTINCT swab.person), COUNT(DISTINCT CASE
        WHEN swab.late = 0 AND tube.result IS NOT NULL AND tube.result <> 'invalid' AND tube.voided_at IS NULL
        THEN swab.person END)
      FROM swab
      JOIN tube ON tube.code = swab.tube
      WHERE swab.round = \(round) AND swab.cell_path IS NULL AND swab.withdrawn_at IS NULL
      """)
    return (row?.integer(0) ?? 0, row?.integer(1) ?? 0)
  }

  /// The swabs of all rounds in the order of their tubes and people.
  package func page(after last: (tube: TubeCode, person: PersonID)?, limit: Int) throws -> [Swab] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM swab
      WHERE (tube, person) > (\(last?.tube.text ?? ""), \(last?.person.text ?? ""))
        AND withdrawn_at IS NULL
      ORDER BY tube, person
      LIMIT \(limit)
      """
    ).map { Self.swab($0) }
  }

  // MARK: Pace

  func count(_ difference: Int, of round: RoundID, at point: PointID?, quarter: Int) throws {
    try transaction.put(
      """
      INSERT INTO swab_pace (round, quarter, point, swabs)
      VALUES (\(round), \(quarter), \(point?.text ?? ""), \(difference))
      ON CONFLICT (round, quarter, point) DO UPDATE
      SET swabs = swab_pace.swabs + excluded.swabs
      """)
  }

  /// How many swabs were taken at each point from a quarter of an hour on.
  func pace(ofPointsIn round: RoundID, since quarter: Int) throws -> [PointID: Int] {
    let rows = try transaction.rows(
      """
      SELECT point, SUM(swabs)
      FROM swab_pace
      WHERE round = \(round) AND quarter > \(quarter) AND point <> ''
      GROUP BY point
      ORDER BY point
      LIMIT 5000
      """)
    return Dictionary(rows.map { ($0.id(0), $0.integer(1)) }) { first, _ in first }
  }

  /// How many swabs were taken in each quarter of an hour.
  package func pace(of round: RoundID) throws -> [(quarter: Int, swabs: Int)] {
    try transaction.rows(
      """
      SELECT quarter, SUM(swabs)
      FROM swab_pace
      WHERE round = \(round)
      GROUP BY quarter
      ORDER BY quarter
      LIMIT 5000
      """
    ).map { ($0.integer(0), $0.integer(1)) }
  }

  static func swab(_ row: Row) -> Swab {
    var spot: RosterSpot?
    if let path = row.optionalText(3), let number = row.optionalInteger(4),
      let listed = row.optionalText(5)
    {
      spot = RosterSpot(
        key: RosterCell.Key(path: PlacePath(path), number: number),
        listed: PersonID(trusted: listed))
    }
    var swab = Swab(
      tube: row.id(0), person: row.id(1), round: row.id(2), spot: spot, point: row.optionalID(6),
      sampledAt: row.instant(7), sampler: row.optionalText(8), claim: row.text(9),
      device: row.optionalText(10), isRecheck: row.integer(11) == 1,
      withdrawnAt: row.optionalInstant(12), home: row.optionalID(13))
    swab.isLate = row.integer(14) == 1
    swab.acceptedAt = row.optionalInstant(15)
    return swab
  }
}
