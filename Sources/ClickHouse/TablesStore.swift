/// The tables: stays by venue, the same by person, and the days that were deleted.
///
/// A row counts copies of one stay. Equal rows are added up whenever parts are merged, and go away at
/// zero, so that a withdrawal is a row with -1 and needs no search. Nothing relies on merging having
/// happened: every question adds up what it reads.
struct TablesStore {
  let address: ClickHouseAddress

  private var database: String { address.database }
  /// What one machine holds, by venue. A venue's stays are all on one machine.
  var venues: String { "\(database).visits" }
  /// The same rows by person.
  var people: String { "\(database).visits_of_people" }
  private var copying: String { "\(database).visits_to_people" }
  var dropped: String { "\(database).dropped_days" }
  /// What all machines hold.
  var allVenues: String { address.cluster == nil ? venues : "\(database).visits_everywhere" }
  var allPeople: String {
    address.cluster == nil ? people : "\(database).visits_of_people_everywhere"
  }

  private static let columns = """
    day UInt16, venue String, since UInt32, until UInt32, person String, source UInt8, copies Int64
    """

  /// Rows between two marks of the index: questions read many short stretches.
  private static let stretch = 1_024

  /// What each machine is told, in order; told again it changes nothing.
  var preparation: [String] {
    var statements = [
      "CREATE DATABASE IF NOT EXISTS \(database)",
      table(venues, order: "venue, since, until, person, source"),
      table(people, order: "person, since, until, venue, source"),
      """
      CREATE MATERIALIZED VIEW IF NOT EXISTS \(copying) TO \(people)
      AS SELECT day, venue, since, until, person, source, copies
      FROM \(venues)
      """,
      """
      CREATE TABLE IF NOT EXISTS \(dropped) (day UInt16, at UInt32, rows UInt64, sum UInt64)
      ENGINE = MergeTree ORDER BY day
      """,
    ]
    if let cluster = address.cluster {
      statements += [
        everywhere(allVenues, of: venues, cluster), everywhere(allPeople, of: people, cluster),
      ]
    }
    return statements
  }

  private func table(_ name: String, order: String) -> String {
    """
    CREATE TABLE IF NOT EXISTS \(name) (\(Self.columns))
    ENGINE = SummingMergeTree(copies)
    PARTITION BY day
    ORDER BY (\(order))
    SETTINGS index_granularity = \(Self.stretch)
    """
  }

  private func everywhere(_ name: String, of table: String, _ cluster: String) -> String {
    let part = table.dropFirst(database.count + 1)
    return """
      CREATE TABLE IF NOT EXISTS \(name) (\(Self.columns))
      ENGINE = Distributed(\(cluster), \(database), \(part), cityHash64(venue))
      """
  }

  /// Takes rows of one day in.
  var insertion: String {
    """
    INSERT INTO \(allVenues) (day, venue, since, until, person, source, copies)
    FORMAT RowBinary
    """
  }

  // MARK: - Retention

  /// How many stays a day has, and a sum over them that does not depend on their order.
  func contents(of day: UInt32) -> String {
    """
    SELECT toUInt64(sum(held)), toUInt64(sum(held * cityHash64(venue, person, since, until, source)))
    FROM (
      SELECT venue, person, since, until, source, toUInt64(sum(copies)) AS held
      FROM \(allVenues)
      WHERE day = \(day)
      GROUP BY venue, person, since, until, source
      HAVING sum(copies) > 0
    ) AS stays
    FORMAT RowBinary
    """
  }

  /// What a machine is told to delete a day.
  func deletion(of day: UInt32) -> [String] {
    [venues, people].map { "ALTER TABLE \($0) DROP PARTITION \(day)" }
  }

  /// The rows that a machine still has of a day, in either order.
  func rest(of day: UInt32) -> String {
    """
    SELECT toUInt64(sum(found))
    FROM (
      SELECT count() AS found FROM \(venues) WHERE day = \(day)
      UNION ALL
      SELECT count() AS found FROM \(people) WHERE day = \(day)
    ) AS tables
    FORMAT RowBinary
    """
  }

  /// Writes down that a day was deleted.
  func noting(_ day: DroppedNumbers) -> String {
    """
    INSERT INTO \(dropped) (day, at, rows, sum)
    VALUES (\(day.day), \(day.at), \(day.rows), \(day.sum))
    """
  }

  /// All days that were deleted.
  var droppedDays: String {
    """
    SELECT day, min(at), max(rows), max(sum)
    FROM \(dropped)
    GROUP BY day
    ORDER BY day
    FORMAT RowBinary
    """
  }

  /// A deleted day as numbers of a statement.
  struct DroppedNumbers {
    let day: UInt32
    let at: UInt32
    let rows: UInt64
    let sum: UInt64
  }
}
