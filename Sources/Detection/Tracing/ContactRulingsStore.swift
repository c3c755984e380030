import Gazette
import Kernel
import Registry

/// What an investigator ruled of one exposure: it was less than the rules make of it.
struct ContactRuling: Sendable {
  let contact: ContactID
  let at: Instant
  let by: String
  let reason: String
  /// The exposure as it was.
  let was: Exposure
  let kind: ContactKind
  /// What is right of its span.
  let span: TimeSpan
}

/// Statements about rulings and about how contacts changed.
struct ContactRulingsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "contacts-0005",
    """
    CREATE TABLE contact_ruling (
      contact TEXT NOT NULL REFERENCES contact (id), number BIGINT NOT NULL, at BIGINT NOT NULL,
      sender TEXT NOT NULL, reason TEXT NOT NULL, infection TEXT NOT NULL, person TEXT NOT NULL,
      degree BIGINT NOT NULL, basis TEXT NOT NULL, via TEXT, venue TEXT, was_kind TEXT NOT NULL,
      was_from BIGINT NOT NULL, was_to BIGINT NOT NULL, kind TEXT NOT NULL,
      from_at BIGINT NOT NULL, to_at BIGINT NOT NULL, PRIMARY KEY (contact, number),
      CHECK (from_at <= to_at))
    """,
    "CREATE INDEX contact_ruling_infection ON contact_ruling (infection)",
    """
    CREATE TABLE contact_change (
      contact TEXT NOT NULL REFERENCES contact (id), number BIGINT NOT NULL, at BIGINT NOT NULL,
      sender TEXT NOT NULL, was_state TEXT NOT NULL, state TEXT NOT NULL, was_kind TEXT NOT NULL,
      kind TEXT NOT NULL, reason TEXT, PRIMARY KEY (contact, number))
    """)

  private static let columns: SQL = """
    contact, at, sender, reason, infection, person, degree, basis, via, venue, was_kind, was_from,
    was_to, kind, from_at, to_at
    """

  func add(_ ruling: ContactRuling) throws {
    let was = ruling.was
    try transaction.execute(
      """
      INSERT INTO contact_ruling (contact, number, at, sender, reason, infection, person, degree,
        basis, via, venue, was_kind, was_from, was_to, kind, from_at, to_at)
      SELECT \(ruling.contact), COALESCE(MAX(number), 0) + 1, \(ruling.at), \(ruling.by),
        \(ruling.reason), \(was.infection), \(was.person), \(was.degree), \(was.basis.rawValue),
        \(was.via), \(was.venue), \(was.kind.rawValue), \(was.span.from), \(was.span.to),
        \(ruling.kind.rawValue), \(ruling.span.from), \(ruling.span.to)
      FROM contact_ruling
      WHERE contact = \(ruling.contact)
      """)
  }

  /// What was ruled of exposures to a case, the oldest first.
  func about(_ infection: CaseID) throws -> [ContactRuling] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM contact_ruling
      WHERE infection = \(infection)
      ORDER BY at, contact, number
      LIMIT 100000
      """
    ).map(Self.ruling)
  }

  /// What was ruled of a contact, the oldest first.
  func of(_ contact: ContactID) throws -> [ContactRuling] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM contact_ruling
      WHERE contact = \(contact)
      ORDER BY number
      LIMIT 1000
      """
    ).map(Self.ruling)
  }

  /// Notes that a contact became something else.
  func note(
    _ contact: Contact, was before: Contact, at now: Instant, by account: String, reason: String?
  ) throws {
    try transaction.execute(
      """
      INSERT INTO contact_change (contact, number, at, sender, was_state, state, was_kind, kind,
        reason)
      SELECT \(contact.id), COALESCE(MAX(number), 0) + 1, \(now), \(account),
        \(before.state.rawValue), \(contact.state.rawValue), \(before.kind.rawValue),
        \(contact.kind.rawValue), \(reason)
      FROM contact_change
      WHERE contact = \(contact.id)
      """)
  }

  /// One way in which a contact became something else.
  struct Change {
    let at: Instant
    let by: String
    let wasState: Contact.State
    let state: Contact.State
    let wasKind: ContactKind
    let kind: ContactKind
    let reason: String?
  }

  /// How a contact changed, the oldest first.
  func changes(of contact: ContactID) throws -> [Change] {
    try transaction.rows(
      """
      SELECT at, sender, was_state, state, was_kind, kind, reason
      FROM contact_change
      WHERE contact = \(contact)
      ORDER BY number
      LIMIT 1000
      """
    ).map { row in
      Change(
        at: row.instant(0), by: row.text(1),
        wasState: Contact.State(rawValue: row.text(2)) ?? .withdrawn,
        state: Contact.State(rawValue: row.text(3)) ?? .withdrawn,
        wasKind: ContactKind(rawValue: row.text(4)) ?? .general,
        kind: ContactKind(rawValue: row.text(5)) ?? .general, reason: row.optionalText(6))
    }
  }

  /// Who confirmed a contact when, the oldest first.
  func confirmations(
    of contact: ContactID
  ) throws -> [(at: Instant, issuer: String, approver: String?)] {
    try transaction.rows(
      """
      SELECT at, issuer, approver
      FROM contact_confirmation
      WHERE contact = \(contact)
      ORDER BY at
      LIMIT 1000
      """
    ).map { ($0.instant(0), $0.text(1), $0.optionalText(2)) }
  }

  private static func ruling(_ row: Row) -> ContactRuling {
    let wasKind = ContactKind(rawValue: row.text(10)) ?? .general
    let was = TimeSpan(row.instant(11), row.instant(12))
    return ContactRuling(
      contact: row.id(0), at: row.instant(1), by: row.text(2), reason: row.text(3),
      was: Exposure(
        person: row.id(5), infection: row.id(4), degree: row.integer(6), kind: wasKind,
        basis: Exposure.Basis(rawValue: row.text(7)) ?? .venue, via: row.optionalID(8),
        venue: row.optionalID(9), span: was, seconds: 0, sources: []),
      kind: ContactKind(rawValue: row.text(13)) ?? wasKind,
      span: TimeSpan(row.instant(14), row.instant(15)))
  }
}

extension ContactsStore {
  /// Puts right what somebody told of an exposure.
  func correctTold(_ exposure: Exposure, of contact: ContactID, to corrected: Exposure) throws {
    try transaction.execute(
      """
      UPDATE exposure
      SET kind = \(corrected.kind.rawValue), from_at = \(corrected.span.from),
        to_at = \(corrected.span.to), seconds = \(corrected.seconds)
      WHERE contact = \(contact) AND infection = \(exposure.infection) AND by_hand = 1
        AND from_at = \(exposure.span.from) AND to_at = \(exposure.span.to)
        AND basis = \(exposure.basis.rawValue)
      """)
  }
}
