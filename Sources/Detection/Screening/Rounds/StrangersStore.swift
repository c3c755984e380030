import Gazette
import Kernel

/// Statements about people who are known only because they were swabbed somewhere: their files stand at the
/// area of that round until somebody writes down where they live, and until then they live nowhere.
struct StrangersStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// A row of `person` whose home nobody ever said.
  static let isStranger: SQL = """
    person.incomplete = 1 AND EXISTS (
      SELECT 1 FROM swab_stranger
      WHERE swab_stranger.person = person.id AND swab_stranger.place = person.home)
    """

  func note(_ person: PersonID, at place: PlaceID, _ moment: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO swab_stranger (person, place, noted_at)
      VALUES (\(person), \(place), \(moment))
      ON CONFLICT (person) DO NOTHING
      """)
  }

  /// Whether nobody ever said where a person lives.
  func isStranger(_ person: PersonID) throws -> Bool {
    try transaction.row("SELECT 1 FROM person WHERE id = \(person) AND \(Self.isStranger)") != nil
  }

  /// How many of them were filed inside an area by a moment.
  func count(inside area: PlacePath, openedBy moment: Instant) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM swab_stranger
      JOIN person ON person.id = swab_stranger.person AND person.home = swab_stranger.place
      WHERE person.incomplete = 1 AND person.merged_into IS NULL
        AND person.opened_at <= \(moment) AND \(SQL.inside(area, column: "person.path"))
      """)?.integer(0) ?? 0
  }
}
