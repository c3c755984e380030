import Kernel

extension Isolation {
  /// Bags of before were labelled by hand: no other way was there.
  static let labels = Migration(
    "isolation-0005", "ALTER TABLE isolation_bag ADD COLUMN labelled_at BIGINT",
    "ALTER TABLE isolation_bag ADD COLUMN label_made TEXT",
    """
    UPDATE isolation_bag SET labelled_at = weighed_at, label_made = 'written'
    WHERE handover IS NOT NULL
    """,
    """
    CREATE INDEX isolation_bag_bare ON isolation_bag (site) WHERE labelled_at IS NULL
    """)
}

/// Statements about medical waste: bags labelled and weighed, and what was handed over.
package struct WasteStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  func insert(_ bag: WasteBag, at site: PlaceID, by account: String) throws {
    try transaction.execute(
      """
      INSERT INTO isolation_bag (site, label, kind, grams, weighed_at, weighed_by)
      VALUES (\(site), \(bag.label), \(bag.kind), \(bag.grams), \(bag.weighedAt), \(account))
      """)
  }

  /// How many bags a site has labelled since a moment.
  func count(at site: PlaceID, since: Instant) throws -> Int {
    try transaction.row(
      "SELECT COUNT(*) FROM isolation_bag WHERE site = \(site) AND weighed_at >= \(since)"
    )?.integer(0) ?? 0
  }

  /// The bags that stand at a site, the oldest first.
  package func waiting(at site: PlaceID) throws -> [WasteBag] {
    try transaction.rows(
      """
      SELECT label, kind, grams, weighed_at, labelled_at, label_made
      FROM isolation_bag
      WHERE site = \(site) AND handover IS NULL
      ORDER BY weighed_at, label
      LIMIT 5000
      """
    ).map(Self.bag)
  }

  /// The bags with a number, one of a site at most.
  func labelled(_ label: String, limit: Int) throws -> [(site: PlaceID, bag: WasteBag)] {
    try transaction.rows(
      """
      SELECT label, kind, grams, weighed_at, labelled_at, label_made, site
      FROM isolation_bag
      WHERE site IN (SELECT place FROM isolation_site) AND label = \(label)
      ORDER BY site
      LIMIT \(limit)
      """
    ).map { ($0.id(6), Self.bag($0)) }
  }

  /// Since when the oldest bag waits that nobody has taken; nil when every bag was.
  func oldestUntaken(at site: PlaceID) throws -> Instant? {
    try transaction.row(
      """
      SELECT MIN(bag.weighed_at)
      FROM isolation_bag AS bag
      LEFT JOIN isolation_handover AS handover ON handover.id = bag.handover
      WHERE bag.site = \(site) AND handover.taken_at IS NULL
      """)?.optionalInstant(0)
  }

  /// Notes that a bag bears its label.
  func label(_ label: String, at site: PlaceID, _ made: WasteLabel, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE isolation_bag
      SET labelled_at = \(now), label_made = \(made.rawValue)
      WHERE site = \(site) AND label = \(label)
      """)
  }

  /// The bags of a hand-over.
  package func bags(of handover: WasteHandoverID) throws -> [WasteBag] {
    try transaction.rows(
      """
      SELECT label, kind, grams, weighed_at, labelled_at, label_made
      FROM isolation_bag
      WHERE handover = \(handover)
      ORDER BY weighed_at, label
      LIMIT 5000
      """
    ).map(Self.bag)
  }

  /// How much a site weighed between two moments.
  package func weighed(at site: PlaceID, from: Instant, to: Instant) throws -> (
    bags: Int, grams: Int
  ) {
    let row = try transaction.row(
      """
      SELECT COUNT(*), COALESCE(SUM(grams), 0)
      FROM isolation_bag
      WHERE site = \(site) AND weighed_at >= \(from) AND weighed_at < \(to)
      """)
    return (row?.integer(0) ?? 0, row?.integer(1) ?? 0)
  }

  /// Puts every bag that stands at a site into a hand-over.
  func give(_ handover: WasteHandover) throws {
    try transaction.execute(
      """
      INSERT INTO isolation_handover (id, site, bags, grams, given_by, given_at)
      VALUES (\(handover.handover), \(handover.site), \(handover.bags), \(handover.grams),
        \(handover.givenBy), \(handover.givenAt))
      """)
    try transaction.execute(
      """
      UPDATE isolation_bag
      SET handover = \(handover.handover)
      WHERE site = \(handover.site) AND handover IS NULL
      """)
  }

  func take(
    _ id: WasteHandoverID, bags: Int, grams: Int, by account: String, at now: Instant
  ) throws {
    try transaction.execute(
      """
      UPDATE isolation_handover
      SET taken_by = \(account), taken_at = \(now), taken_bags = \(bags), taken_grams = \(grams)
      WHERE id = \(id)
      """)
  }

  /// Takes a hand-over back that the other side does not confirm: the bags stand at the site again.
  func withdraw(_ id: WasteHandoverID) throws {
    try transaction.execute("UPDATE isolation_bag SET handover = NULL WHERE handover = \(id)")
    try transaction.execute("DELETE FROM isolation_handover WHERE id = \(id)")
  }

  /// A hand-over that must be there.
  package func get(_ id: WasteHandoverID) throws -> WasteHandover {
    let row = try transaction.row(
      """
      SELECT id, site, bags, grams, given_by, given_at, taken_by, taken_at, taken_grams
      FROM isolation_handover
      WHERE id = \(id)
      """)
    guard let row else {
      throw Refusal.notFound(Words("废物交接单", "hand-over of waste"), id.text, field: "handover")
    }
    return Self.handover(row)
  }

  /// The hand-overs of a site, the youngest first.
  package func handovers(of site: PlaceID, limit: Int) throws -> [WasteHandover] {
    try transaction.rows(
      """
      SELECT id, site, bags, grams, given_by, given_at, taken_by, taken_at, taken_grams
      FROM isolation_handover
      WHERE site = \(site)
      ORDER BY given_at DESC, id
      LIMIT \(limit)
      """
    ).map(Self.handover)
  }

  private static func bag(_ row: Row) -> WasteBag {
    WasteBag(
      label: row.text(0), kind: row.text(1), grams: row.integer(2), weighedAt: row.instant(3),
      labelledAt: row.optionalInstant(4),
      labelMade: row.optionalText(5).flatMap(WasteLabel.init))
  }

  private static func handover(_ row: Row) -> WasteHandover {
    WasteHandover(
      handover: row.id(0), site: row.id(1), bags: row.integer(2), grams: row.integer(3),
      givenBy: row.text(4), givenAt: row.instant(5), takenBy: row.optionalText(6),
      takenAt: row.optionalInstant(7), takenGrams: row.optionalInteger(8))
  }
}
