import Kernel

/// Statements about colours that were told, codes that were revoked, and who shows whose code.
struct PassesStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  // MARK: Colours

  /// What the district last knew of somebody who is not green.
  struct Told: Sendable {
    let person: PersonID
    let since: Instant
    /// The colour, its end, and what follows by itself.
    let course: PassCourse

    var colour: CodeColour { course.colour }
    /// Nobody who is green is told of.
    var holdsUntil: Instant { course.holdsUntil ?? since }
  }

  private static let toldColumns: SQL =
    "person, colour, since_at, holds_until, next_colour, next_until"

  /// What was last known of a person; nil for somebody who was green.
  func told(of person: PersonID) throws -> Told? {
    try transaction.row(
      """
      SELECT \(Self.toldColumns)
      FROM pass_standing
      WHERE person = \(person)
      """
    ).flatMap(Self.told)
  }

  /// Everybody who is not green, in order.
  func told(after person: String, limit: Int) throws -> [Told] {
    try transaction.rows(
      """
      SELECT \(Self.toldColumns)
      FROM pass_standing
      WHERE person > \(person)
      ORDER BY person
      LIMIT \(limit)
      """
    ).compactMap(Self.told)
  }

  /// Those whose colour has changed by itself since it was noted.
  func told(endedBy now: Instant, limit: Int) throws -> [Told] {
    try transaction.rows(
      """
      SELECT \(Self.toldColumns)
      FROM pass_standing
      WHERE holds_until <= \(now)
      ORDER BY holds_until, person
      LIMIT \(limit)
      """
    ).compactMap(Self.told)
  }

  private static func told(_ row: Row) -> Told? {
    guard let colour = CodeColour(rawValue: row.text(1)) else { return nil }
    return Told(
      person: row.id(0), since: row.instant(2),
      course: PassCourse(
        colour: colour, holdsUntil: row.instant(3),
        nextColour: row.optionalText(4).flatMap(CodeColour.init) ?? .green,
        nextUntil: row.optionalInstant(5)))
  }

  func tell(_ told: Told) throws {
    let next = told.course.nextUntil.map { _ in told.course.nextColour.rawValue }
    try transaction.execute(
      """
      INSERT INTO pass_standing (person, colour, since_at, holds_until, next_colour, next_until)
      VALUES (\(told.person), \(told.colour.rawValue), \(told.since), \(told.holdsUntil),
        \(next), \(told.course.nextUntil))
      ON CONFLICT (person) DO UPDATE
      SET colour = excluded.colour, since_at = excluded.since_at,
        holds_until = excluded.holds_until, next_colour = excluded.next_colour,
        next_until = excluded.next_until
      """)
  }

  func forget(_ person: PersonID) throws {
    try transaction.execute("DELETE FROM pass_standing WHERE person = \(person)")
  }

  // MARK: Revocations

  /// Revokes all codes of a bearer that are valid from a moment or earlier; what was revoked stays so.
  func revoke(
    _ bearer: String, of person: PersonID?, before: Instant, until: Instant, because reason: String
  ) throws {
    try transaction.execute(
      """
      INSERT INTO pass_revocation (bearer, person, before_at, kept_until, reason)
      VALUES (\(bearer), \(person), \(before), \(until), \(reason))
      ON CONFLICT (bearer) DO UPDATE
      SET before_at = CASE
          WHEN excluded.before_at > pass_revocation.before_at THEN excluded.before_at
          ELSE pass_revocation.before_at
        END,
        kept_until = CASE
          WHEN excluded.kept_until > pass_revocation.kept_until THEN excluded.kept_until
          ELSE pass_revocation.kept_until
        END,
        reason = excluded.reason
      """)
  }

  /// Until when the codes of a bearer are revoked; nil for none.
  func revoked(_ bearer: String) throws -> Instant? {
    try transaction.row(
      """
      SELECT before_at
      FROM pass_revocation
      WHERE bearer = \(bearer)
      """
    )?.instant(0)
  }

  /// What can still matter, the newest first, so that the oldest are left out where it is too much.
  func revocations(at now: Instant, limit: Int) throws -> [(bearer: String, before: Instant)] {
    try transaction.rows(
      """
      SELECT bearer, before_at
      FROM pass_revocation
      WHERE kept_until > \(now)
      ORDER BY kept_until DESC, bearer DESC
      LIMIT \(limit)
      """
    ).map { ($0.text(0), $0.instant(1)) }
  }

  /// How many stand on the list now.
  func count(at now: Instant) throws -> Int {
    try transaction.row("SELECT COUNT(*) FROM pass_revocation WHERE kept_until > \(now)")?
      .integer(0) ?? 0
  }

  func forgetRevocations(keptUntil now: Instant) throws {
    try transaction.execute("DELETE FROM pass_revocation WHERE kept_until <= \(now)")
  }

  // MARK: Care

  /// Somebody who shows another's code.
  struct Care: Sendable {
    let person: PersonID
    let carer: PersonID
    let since: Instant
    /// Whether the person agreed, which a child need not.
    let consent: Bool
  }

  /// Those whose codes somebody shows.
  func caredFor(by carers: [PersonID]) throws -> [Care] {
    try transaction.rows(
      """
      SELECT person, carer, since_at, consent
      FROM pass_care
      WHERE carer IN (\(SQL.list(carers))) AND ended_at IS NULL
      ORDER BY since_at, person
      LIMIT 50
      """
    ).map(Self.care)
  }

  /// Those who show somebody's code.
  func carers(of people: [PersonID]) throws -> [Care] {
    try transaction.rows(
      """
      SELECT person, carer, since_at, consent
      FROM pass_care
      WHERE person IN (\(SQL.list(people))) AND ended_at IS NULL
      ORDER BY since_at, carer
      LIMIT 50
      """
    ).map(Self.care)
  }

  func insert(_ care: Care, by sender: String) throws {
    try transaction.execute(
      """
      INSERT INTO pass_care (person, carer, since_at, consent, noted_by)
      VALUES (\(care.person), \(care.carer), \(care.since), \(care.consent ? 1 : 0), \(sender))
      """)
  }

  func end(_ care: Care, at now: Instant, by sender: String) throws {
    try transaction.execute(
      """
      UPDATE pass_care
      SET ended_at = \(now), ended_by = \(sender)
      WHERE person = \(care.person) AND carer = \(care.carer) AND ended_at IS NULL
      """)
  }

  private static func care(_ row: Row) -> Care {
    Care(
      person: row.id(0), carer: row.id(1), since: row.instant(2), consent: row.integer(3) == 1)
  }
}
