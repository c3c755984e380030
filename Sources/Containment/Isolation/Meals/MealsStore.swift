import Kernel

extension Isolation {
  static let meals = Migration(
    "isolation-0004", "ALTER TABLE isolation_stay ADD COLUMN diet TEXT",
    "ALTER TABLE isolation_stay ADD COLUMN medicine BYTEA",
    """
    CREATE TABLE isolation_meal (
      site TEXT NOT NULL REFERENCES isolation_site (place), day TEXT NOT NULL,
      meal TEXT NOT NULL, deadline BIGINT NOT NULL, obligation TEXT NOT NULL, served_at BIGINT,
      served_by TEXT, portions BIGINT, people BIGINT, doors TEXT, reason TEXT,
      PRIMARY KEY (site, day, meal),
      CHECK ((served_at IS NULL) = (portions IS NULL)),
      CHECK ((served_at IS NULL) = (people IS NULL)),
      CHECK ((doors IS NULL) = (reason IS NULL)),
      CHECK (portions IS NULL OR portions >= people OR doors IS NOT NULL))
    """,
    "CREATE INDEX isolation_meal_deadline ON isolation_meal (site, deadline)")
}

/// Statements about the meals of a site, and what its guests eat.
package struct MealsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    site, day, meal, deadline, obligation, served_at, served_by, portions, people, doors, reason
    """

  func insert(_ meal: SiteMeal) throws {
    try transaction.execute(
      """
      INSERT INTO isolation_meal (site, day, meal, deadline, obligation)
      VALUES (\(meal.site), \(meal.day), \(meal.meal), \(meal.deadline), \(meal.obligation))
      """)
  }

  func serve(
    _ meal: SiteMeal, portions: Int, people: Int, doors: [String], reason: String?,
    by account: String, at now: Instant
  ) throws {
    let missed: String? = doors.isEmpty ? nil : doors.joined(separator: " ")
    try transaction.execute(
      """
      UPDATE isolation_meal
      SET served_at = \(now), served_by = \(account), portions = \(portions), people = \(people),
        doors = \(missed), reason = \(reason)
      WHERE site = \(meal.site) AND day = \(meal.day) AND meal = \(meal.meal)
      """)
  }

  /// Takes back meals that were still to come.
  func forgetComing(at site: PlaceID, after now: Instant) throws {
    try transaction.execute(
      """
      DELETE FROM isolation_meal
      WHERE site = \(site) AND deadline > \(now) AND served_at IS NULL
      """)
  }

  /// A meal of a day, nil when the site owes none.
  package func find(_ meal: String, on day: Day, at site: PlaceID) throws -> SiteMeal? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM isolation_meal
      WHERE site = \(site) AND day = \(day) AND meal = \(meal)
      """
    ).map(Self.meal)
  }

  /// The meals of a site that are due in a span, the earliest first.
  package func meals(of site: PlaceID, from: Instant, to: Instant) throws -> [SiteMeal] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM isolation_meal
      WHERE site = \(site) AND deadline >= \(from) AND deadline < \(to)
      ORDER BY deadline, meal
      LIMIT 200
      """
    ).map(Self.meal)
  }

  /// Meals of earlier days that nobody has said anything of, the latest first.
  package func unsaid(of site: PlaceID, before moment: Instant) throws -> [SiteMeal] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM isolation_meal
      WHERE site = \(site) AND deadline < \(moment) AND served_at IS NULL
      ORDER BY deadline DESC, meal
      LIMIT 20
      """
    ).map(Self.meal)
  }

  /// Who is at a site, with what each eats.
  package func guests(of site: PlaceID) throws -> [MealGuest] {
    try transaction.rows(
      """
      SELECT id, room, diet
      FROM isolation_stay
      WHERE site = \(site) AND over = 0 AND arrived_at IS NOT NULL
      ORDER BY id
      LIMIT 10000
      """
    ).map { MealGuest(stay: $0.id(0), room: $0.optionalID(1), diet: $0.optionalText(2)) }
  }

  /// Whether anybody is at a site.
  func hasGuests(_ site: PlaceID) throws -> Bool {
    try transaction.row(
      """
      SELECT 1 FROM isolation_stay
      WHERE site = \(site) AND over = 0 AND arrived_at IS NOT NULL LIMIT 1
      """) != nil
  }

  /// The sites at which somebody is, or whose staff is in the loop.
  func inhabited() throws -> [PlaceID] {
    try transaction.rows(
      """
      SELECT site.place
      FROM isolation_site AS site
      WHERE site.closed_at IS NULL AND (
        EXISTS (
          SELECT 1 FROM isolation_stay AS stay
          WHERE stay.site = site.place AND stay.over = 0 AND stay.arrived_at IS NOT NULL)
        OR EXISTS (
          SELECT 1 FROM isolation_loop AS entered
          WHERE entered.site = site.place AND entered.left_at IS NULL))
      ORDER BY site.place
      LIMIT 1000
      """
    ).map { $0.id(0) }
  }

  private static func meal(_ row: Row) -> SiteMeal {
    SiteMeal(
      site: row.id(0), day: Day(row.text(1)) ?? Day(number: 0), meal: row.text(2),
      deadline: row.instant(3), obligation: row.id(4), servedAt: row.optionalInstant(5),
      servedBy: row.optionalText(6), portions: row.optionalInteger(7),
      people: row.optionalInteger(8), doors: MealsRules.doors(row.optionalText(9)),
      reason: row.optionalText(10))
  }
}
