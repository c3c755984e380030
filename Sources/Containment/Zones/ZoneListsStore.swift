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
      SELECT 1
      FROM listed_zone
      WHERE as_of = \(listing.asOf) AND city_code = \(listing.zone.city)
        AND county = \(listing.zone.county) AND area = \(listing.zone.area)
        AND level = \(listing.level.rawValue)
      """)
    if known != nil { return false }
    try transaction.execute(
      """
      INSERT INTO listed_zone (as_of, city_code, county, area, level)
      VALUES (\(listing.asOf), \(listing.zone.city), \(listing.zone.county), \(listing.zone.area),
        \(listing.level.rawValue))
      """)
    return true
  }

  /// The lines in order of publication.
  package func listings(skipping count: Int, limit: Int) throws -> [ZoneListing] {
    try transaction.rows(
      """
      SELECT as_of, city_code, county, area, level
      FROM listed_zone
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
