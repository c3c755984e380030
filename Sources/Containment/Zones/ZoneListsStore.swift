import Kernel

/// Statements about published lists of zones.
package struct ZoneListsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Who took a list out, when and why stays known when it is imported again.
  static let keptForEver = Migration(
    "zones-0008",
    """
    CREATE TABLE zone_list_taken (
      as_of BIGINT NOT NULL, city_code TEXT NOT NULL, taken_at BIGINT NOT NULL, taken_by TEXT,
      taken_reason TEXT, lines BIGINT NOT NULL, back_at BIGINT, back_by TEXT,
      PRIMARY KEY (as_of, city_code, taken_at))
    """,
    """
    INSERT INTO zone_list_taken (as_of, city_code, taken_at, taken_by, taken_reason, lines)
    SELECT as_of, city_code, taken_at, MAX(taken_by), MAX(taken_reason), COUNT(*)
    FROM listed_zone
    WHERE taken_at IS NOT NULL
    GROUP BY as_of, city_code, taken_at
    """,
    "CREATE INDEX zone_list_taken_at ON zone_list_taken (taken_at)")

  /// Keeps a line.
  ///
  /// - Returns: false when exactly this line is there already.
  func insert(_ listing: ZoneListing, at now: Instant, by sender: String) throws -> Bool {
    let known = try transaction.row(
      """
      SELECT taken_at
      FROM listed_zone
      WHERE as_of = \(listing.asOf) AND city_code = \(listing.zone.city)
        AND county = \(listing.zone.county) AND area = \(listing.zone.area)
        AND level = \(listing.level.rawValue)
      """)
    if let known {
      if known.optionalInstant(0) == nil { return false }
      try transaction.execute(
        """
        UPDATE listed_zone SET taken_at = NULL, taken_by = NULL, taken_reason = NULL
        WHERE as_of = \(listing.asOf) AND city_code = \(listing.zone.city)
          AND county = \(listing.zone.county) AND area = \(listing.zone.area)
          AND level = \(listing.level.rawValue)
        """)
      try transaction.execute(
        """
        UPDATE zone_list_taken SET back_at = \(now), back_by = \(sender)
        WHERE as_of = \(listing.asOf) AND city_code = \(listing.zone.city) AND back_at IS NULL
        """)
      return true
    }
    try transaction.execute(
      """
      INSERT INTO listed_zone (as_of, city_code, county, area, level)
      VALUES (\(listing.asOf), \(listing.zone.city), \(listing.zone.county), \(listing.zone.area),
        \(listing.level.rawValue))
      """)
    return true
  }

  /// Takes a list out; answers how many lines it had.
  func takeOut(
    asOf moment: Instant, city: String, at now: Instant, by sender: String, because reason: String
  ) throws -> Int {
    let lines = try transaction.execute(
      """
      UPDATE listed_zone SET taken_at = \(now), taken_by = \(sender), taken_reason = \(reason)
      WHERE as_of = \(moment) AND city_code = \(city) AND taken_at IS NULL
      """)
    if lines > 0 {
      try transaction.execute(
        """
        INSERT INTO zone_list_taken (as_of, city_code, taken_at, taken_by, taken_reason, lines)
        VALUES (\(moment), \(city), \(now), \(sender), \(reason), \(lines))
        ON CONFLICT (as_of, city_code, taken_at) DO UPDATE
        SET lines = zone_list_taken.lines + excluded.lines
        """)
    }
    return lines
  }

  /// When a city published lists, the five nearest to a moment.
  func moments(of city: String, near moment: Instant) throws -> [Instant] {
    try transaction.rows(
      """
      SELECT as_of, ABS(as_of - \(moment)) AS far
      FROM listed_zone
      WHERE city_code = \(city) AND taken_at IS NULL
      GROUP BY as_of
      ORDER BY far, as_of
      LIMIT 5
      """
    ).map { $0.instant(0) }
  }

  /// The lists that were taken out, the youngest decision first.
  func takenOut(limit: Int) throws -> [TakenOutZoneLists.List] {
    try transaction.rows(
      """
      SELECT as_of, city_code, taken_at, taken_by, taken_reason, lines, back_at, back_by
      FROM zone_list_taken
      ORDER BY taken_at DESC, as_of DESC, city_code
      LIMIT \(limit)
      """
    ).map {
      TakenOutZoneLists.List(
        asOf: $0.instant(0), city: $0.text(1), takenAt: $0.instant(2), by: $0.optionalText(3),
        reason: $0.optionalText(4), lines: $0.integer(5), backAt: $0.optionalInstant(6),
        backBy: $0.optionalText(7))
    }
  }

  /// The lines in order of publication, without those that were taken out.
  package func listings(skipping count: Int, limit: Int) throws -> [ZoneListing] {
    try transaction.rows(
      """
      SELECT as_of, city_code, county, area, level
      FROM listed_zone
      WHERE taken_at IS NULL
      ORDER BY as_of, city_code, county, area, level
      LIMIT \(limit) OFFSET \(count)
      """
    ).map {
      ZoneListing(
        asOf: $0.instant(0),
        zone: ListedZone(city: $0.text(1), county: $0.text(2), area: $0.text(3)),
        level: ZoneLevel(rawValue: $0.text(4)) ?? .low)
    }
  }
}
