import Kernel

/// Names what somebody asked a second person to confirm.
package enum ContactRequestTag {}
package typealias ContactRequestID = ID<ContactRequestTag>

/// More contacts than one account may confirm alone, on their way to a second person.
package struct ContactRequest: Sendable {
  package let id: ContactRequestID
  package let issuer: String
  /// The organisations of the issuer; a second person belongs to another one.
  package let issuerOrganisations: Set<String>
  package let place: PlaceID
  package let path: PlacePath
  package let askedAt: Instant
  package let decidedAt: Instant?
  /// Why they are to be no contacts; nil when they are to be confirmed.
  package let reason: RejectionReason?
}

/// Statements about who confirmed which contacts, and what waits for a second person.
struct ContactRequestsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "contacts-0003",
    """
    CREATE TABLE contact_confirmation (
      contact TEXT NOT NULL REFERENCES contact (id), person TEXT NOT NULL, at BIGINT NOT NULL,
      issuer TEXT NOT NULL, approver TEXT, PRIMARY KEY (contact, at),
      CHECK (approver IS NULL OR approver <> issuer))
    """,
    "CREATE INDEX contact_confirmation_issuer ON contact_confirmation (issuer, at)",
    """
    CREATE TABLE contact_request (
      id TEXT PRIMARY KEY, issuer TEXT NOT NULL, issuer_organisations TEXT NOT NULL,
      place TEXT NOT NULL, path TEXT NOT NULL, asked_at BIGINT NOT NULL, decided_at BIGINT,
      decided_by TEXT, approved BIGINT, CHECK (decided_by IS NULL OR decided_by <> issuer),
      CHECK ((decided_at IS NULL) = (decided_by IS NULL)))
    """,
    "CREATE INDEX contact_request_waiting ON contact_request (path) WHERE decided_at IS NULL",
    "CREATE INDEX contact_request_issuer ON contact_request (issuer) WHERE decided_at IS NULL",
    """
    CREATE TABLE contact_request_member (
      request TEXT NOT NULL REFERENCES contact_request (id),
      contact TEXT NOT NULL REFERENCES contact (id), PRIMARY KEY (request, contact))
    """)

  static let rejections = Migration(
    "contacts-0006",
    "ALTER TABLE contact_request ADD COLUMN reason TEXT",
    """
    CREATE TABLE contact_rejection (
      contact TEXT NOT NULL REFERENCES contact (id), person TEXT NOT NULL, at BIGINT NOT NULL,
      issuer TEXT NOT NULL, approver TEXT, PRIMARY KEY (contact, at),
      CHECK (approver IS NULL OR approver <> issuer))
    """,
    "CREATE INDEX contact_rejection_issuer ON contact_rejection (issuer, at)")

  /// Notes that a confirmed contact was rejected, and so freed.
  func noteRejected(
    _ contact: Contact, by issuer: String, approver: String?, at now: Instant
  ) throws {
    try note(contact, in: "contact_rejection", by: issuer, approver: approver, at: now)
  }

  /// Which confirmed contacts an account rejected alone after a moment.
  func rejectedAlone(by issuer: String, since moment: Instant) throws -> Set<PersonID> {
    try decidedAlone(in: "contact_rejection", by: issuer, since: moment)
  }

  /// Notes that a contact was confirmed: what an account has confirmed is never forgotten, whatever
  /// becomes of the contact.
  func note(_ contact: Contact, by issuer: String, approver: String?, at now: Instant) throws {
    try note(contact, in: "contact_confirmation", by: issuer, approver: approver, at: now)
  }

  /// Whom an account confirmed alone after a moment.
  func confirmedAlone(by issuer: String, since moment: Instant) throws -> Set<PersonID> {
    try decidedAlone(in: "contact_confirmation", by: issuer, since: moment)
  }

  private func note(
    _ contact: Contact, in table: SQL, by issuer: String, approver: String?, at now: Instant
  ) throws {
    try transaction.execute(
      """
      INSERT INTO \(table) (contact, person, at, issuer, approver)
      VALUES (\(contact.id), \(contact.person), \(now), \(issuer), \(approver))
      ON CONFLICT (contact, at) DO NOTHING
      """)
  }

  private func decidedAlone(
    in table: SQL, by issuer: String, since moment: Instant
  ) throws -> Set<PersonID> {
    let rows = try transaction.rows(
      """
      SELECT DISTINCT person
      FROM \(table)
      WHERE issuer = \(issuer) AND at > \(moment) AND approver IS NULL
      ORDER BY person
      LIMIT 100000
      """)
    return Set(rows.map { $0.id(0) })
  }

  private static let columns: SQL =
    "id, issuer, issuer_organisations, place, path, asked_at, decided_at, reason"

  /// A request that must be there.
  func get(_ id: ContactRequestID) throws -> ContactRequest {
    let found = try transaction.row(
      "SELECT \(Self.columns) FROM contact_request WHERE id = \(id)"
    ).map(Self.request)
    guard let found else {
      throw Refusal.notFound(Words("判定申请", "request"), id.text, field: "request")
    }
    return found
  }

  /// What an account asked for and nobody has decided.
  func waiting(of issuer: String) throws -> [ContactRequestID] {
    try transaction.rows(
      """
      SELECT id
      FROM contact_request
      WHERE issuer = \(issuer) AND decided_at IS NULL
      ORDER BY id
      LIMIT 1000
      """
    ).map { $0.id(0) }
  }

  /// What waits for a second person in an area, the oldest first.
  func waiting(in area: PlacePath, limit: Int) throws -> [ContactRequest] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM contact_request
      WHERE decided_at IS NULL AND \(SQL.inside(area, column: "path"))
      ORDER BY asked_at, id
      LIMIT \(limit)
      """
    ).map(Self.request)
  }

  /// What waits for a second person about contacts of a case, and how many of them each names.
  func waiting(about infection: CaseID) throws -> [(request: ContactRequestID, contacts: Int)] {
    try transaction.rows(
      """
      SELECT member.request, COUNT(DISTINCT member.contact)
      FROM contact_request
      JOIN contact_request_member member ON member.request = contact_request.id
      JOIN exposure ON exposure.contact = member.contact
      WHERE contact_request.decided_at IS NULL AND exposure.infection = \(infection)
      GROUP BY member.request
      ORDER BY member.request
      LIMIT 100
      """
    ).map { ($0.id(0), $0.integer(1)) }
  }

  /// The contacts that a request names, in their order.
  func contacts(
    of request: ContactRequestID, after: ContactID? = nil, limit: Int = 100_000
  ) throws -> [ContactID] {
    try transaction.rows(
      """
      SELECT contact
      FROM contact_request_member
      WHERE request = \(request) AND contact > \(after?.text ?? "")
      ORDER BY contact
      LIMIT \(limit)
      """
    ).map { $0.id(0) }
  }

  func add(_ request: ContactRequest, _ contacts: [ContactID]) throws {
    let organisations = request.issuerOrganisations.sorted().joined(separator: "|")
    try transaction.execute(
      """
      INSERT INTO contact_request (id, issuer, issuer_organisations, place, path, asked_at, reason)
      VALUES (\(request.id), \(request.issuer), \(organisations), \(request.place),
        \(request.path), \(request.askedAt), \(request.reason?.rawValue))
      """)
    for contact in contacts {
      try transaction.execute(
        """
        INSERT INTO contact_request_member (request, contact)
        VALUES (\(request.id), \(contact))
        """)
    }
  }

  func settle(
    _ id: ContactRequestID, approved: Bool, at now: Instant, by account: String
  ) throws {
    try transaction.execute(
      """
      UPDATE contact_request
      SET decided_at = \(now), decided_by = \(account), approved = \(approved ? 1 : 0)
      WHERE id = \(id)
      """)
  }

  private static func request(_ row: Row) -> ContactRequest {
    ContactRequest(
      id: row.id(0), issuer: row.text(1),
      issuerOrganisations: Set(row.text(2).split(separator: "|").map(String.init)),
      place: row.id(3), path: PlacePath(row.text(4)), askedAt: row.instant(5),
      decidedAt: row.optionalInstant(6),
      reason: row.optionalText(7).flatMap(RejectionReason.init))
  }
}
