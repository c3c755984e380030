import Kernel

/// Statements about published lists of zones.
package struct ZoneListsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Keeps a line.
  ///
  /// - Returns: false when exactly this line is there already.
  func insert(_ listing: ZoneListing) throws -> Bool {
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
    try transaction.execute(
      """
      UPDATE listed_zone SET taken_at = \(now), taken_by = \(sender), taken_reason = \(reason)
      WHERE as_of = \(moment) AND city_code = \(city) AND taken_at IS NULL
      """)
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
      SELECT as_of, city_code, taken_at, taken_by, taken_reason, COUNT(*)
      FROM listed_zone
      WHERE taken_at IS NOT NULL
      GROUP BY as_of, city_code, taken_at, taken_by, taken_reason
      ORDER BY taken_at DESC, as_of DESC, city_code
      LIMIT \(limit)
      """
    ).map {
      TakenOutZoneLists.List(
        asOf: $0.instant(0), city: $0.text(1), takenAt: $0.instant(2), by: $0.optionalText(3),
        reason: $0.optionalText(4), lines: $0.integer(5))
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
