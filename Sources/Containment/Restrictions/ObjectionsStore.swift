import Kernel

/// An objection of a person to what is asked of them.
package struct Objection: Sendable {
  package let id: ObjectionID
  package let restriction: RestrictionID
  package let raisedAt: Instant
  package let raisedBy: String
  package let dueAt: Instant
  package let decidedAt: Instant?
  package let isUpheld: Bool?
  /// When the clock noted that nobody had decided in time.
  package let lapsedAt: Instant?
}

/// A restriction that an office asks for and a second person has yet to approve.
package struct RestrictionRequest: Sendable {
  package let id: RestrictionID
  package let person: PersonID
  package let clause: String
  package let evidence: Evidence
  package let issuer: String
  package let issuerOrganisations: String
  package let place: PlaceID
  package let path: PlacePath
  package let askedAt: Instant
  package let decidedAt: Instant?
}

/// Statements about objections, and about restrictions that wait for a second person.
package struct ObjectionsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL =
    "id, restriction, raised_at, raised_by, due_at, decided_at, upheld, lapsed_at"

  func insert(_ objection: Objection, ground: String) throws {
    try transaction.execute(
      """
      INSERT INTO objection (id, restriction, raised_at, raised_by, due_at, ground)
      VALUES (\(objection.id), \(objection.restriction), \(objection.raisedAt),
        \(objection.raisedBy), \(objection.dueAt), \(ground))
      """)
  }

  /// The objection with an identifier, nil when there is none.
  package func find(_ id: ObjectionID) throws -> Objection? {
    try transaction.row("SELECT \(Self.columns) FROM objection WHERE id = \(id)")
      .map(Self.objection)
  }

  /// The objections to a restriction, the youngest first.
  package func to(_ restriction: RestrictionID) throws -> [Objection] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM objection
      WHERE restriction = \(restriction)
      ORDER BY raised_at DESC, id DESC
      LIMIT 50
      """
    ).map(Self.objection)
  }

  /// The one that nobody has decided.
  package func undecided(to restriction: RestrictionID) throws -> Objection? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM objection
      WHERE restriction = \(restriction) AND decided_at IS NULL
      """
    ).map(Self.objection)
  }

  /// Those whose time is over and that the clock has not noted yet.
  func overdue(at now: Instant, limit: Int) throws -> [Objection] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM objection
      WHERE decided_at IS NULL AND lapsed_at IS NULL AND due_at <= \(now)
      ORDER BY due_at, id
      LIMIT \(limit)
      """
    ).map(Self.objection)
  }

  func noteLapse(_ id: ObjectionID, at now: Instant) throws {
    try transaction.execute("UPDATE objection SET lapsed_at = \(now) WHERE id = \(id)")
  }

  func decide(
    _ id: ObjectionID, upheld: Bool, at now: Instant, by sender: String, reason: String
  ) throws {
    try transaction.execute(
      """
      UPDATE objection
      SET decided_at = \(now), decided_by = \(sender), upheld = \(upheld ? 1 : 0),
        reason = \(reason)
      WHERE id = \(id)
      """)
  }

  func write(ground: String, of id: ObjectionID) throws {
    try transaction.execute("UPDATE objection SET ground = \(ground) WHERE id = \(id)")
  }

  /// What the person said; only for whom decides.
  package func ground(of id: ObjectionID) throws -> Redacted<String>? {
    try transaction.row("SELECT ground FROM objection WHERE id = \(id)")
      .map { Redacted($0.text(0)) }
  }

  func insert(_ request: RestrictionRequest) throws {
    try transaction.execute(
      """
      INSERT INTO restriction_request (id, person, clause, evidence_kind, evidence, issuer,
        issuer_organisations, place, path, asked_at)
      VALUES (\(request.id), \(request.person), \(request.clause),
        \(request.evidence.kind.rawValue), \(request.evidence.reference), \(request.issuer),
        \(request.issuerOrganisations), \(request.place), \(request.path), \(request.askedAt))
      """)
  }

  /// The request with an identifier, nil when there is none.
  package func request(_ id: RestrictionID) throws -> RestrictionRequest? {
    try transaction.row(
      """
      SELECT id, person, clause, evidence_kind, evidence, issuer, issuer_organisations, place,
        path, asked_at, decided_at
      FROM restriction_request
      WHERE id = \(id)
      """
    ).map(Self.request)
  }

  /// Requests of an area that wait for a second person, the oldest first.
  package func waiting(in path: PlacePath, limit: Int) throws -> [RestrictionRequest] {
    try transaction.rows(
      """
      SELECT id, person, clause, evidence_kind, evidence, issuer, issuer_organisations, place,
        path, asked_at, decided_at
      FROM restriction_request
      WHERE decided_at IS NULL AND \(SQL.inside(path, column: "path"))
      ORDER BY asked_at, id
      LIMIT \(limit)
      """
    ).map(Self.request)
  }

  /// Puts the requests about a person that wait for a second person at another place.
  func move(requestsAbout person: PersonID, to place: PlaceID, _ path: PlacePath) throws {
    try transaction.execute(
      """
      UPDATE restriction_request
      SET place = \(place), path = \(path)
      WHERE person = \(person) AND decided_at IS NULL
      """)
  }

  func settle(_ id: RestrictionID, at now: Instant, by sender: String) throws {
    try transaction.execute(
      """
      UPDATE restriction_request
      SET decided_at = \(now), decided_by = \(sender)
      WHERE id = \(id)
      """)
  }

  private static func objection(_ row: Row) -> Objection {
    Objection(
      id: row.id(0), restriction: row.id(1), raisedAt: row.instant(2), raisedBy: row.text(3),
      dueAt: row.instant(4), decidedAt: row.optionalInstant(5),
      isUpheld: row.optionalInteger(6).map { $0 == 1 }, lapsedAt: row.optionalInstant(7))
  }

  private static func request(_ row: Row) -> RestrictionRequest {
    RestrictionRequest(
      id: row.id(0), person: row.id(1), clause: row.text(2),
      evidence: Evidence(
        kind: EvidenceKind(rawValue: row.text(3)) ?? .contact, reference: row.text(4)),
      issuer: row.text(5), issuerOrganisations: row.text(6), place: row.id(7),
      path: PlacePath(row.text(8)), askedAt: row.instant(9), decidedAt: row.optionalInstant(10))
  }
}
