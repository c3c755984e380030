import Gazette
import Kernel
import Registry

/// Statements about contacts and their exposures.
struct ContactsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "contacts-0001",
    """
    CREATE TABLE contact (
      id TEXT PRIMARY KEY, person TEXT NOT NULL, home TEXT NOT NULL, path TEXT NOT NULL,
      state TEXT NOT NULL, kind TEXT NOT NULL, degree BIGINT NOT NULL, first_at BIGINT NOT NULL,
      last_at BIGINT NOT NULL, confirmed_kind TEXT, told_last_at BIGINT,
      proposed_at BIGINT NOT NULL, decided_at BIGINT, decided_by TEXT, reason TEXT,
      CHECK (state IN ('proposed', 'confirmed', 'rejected', 'became_case', 'withdrawn')),
      CHECK (state <> 'confirmed' OR confirmed_kind IS NOT NULL),
      CHECK (state <> 'rejected' OR reason IS NOT NULL))
    """,
    """
    CREATE UNIQUE INDEX contact_live ON contact (person)
    WHERE state IN ('proposed', 'confirmed')
    """,
    "CREATE INDEX contact_person ON contact (person, proposed_at)",
    "CREATE INDEX contact_area ON contact (path, id)",
    "CREATE INDEX contact_state ON contact (state, path, id)",
    """
    CREATE TABLE exposure (
      contact TEXT NOT NULL REFERENCES contact (id), infection TEXT NOT NULL, ordinal BIGINT NOT NULL,
      person TEXT NOT NULL, degree BIGINT NOT NULL, kind TEXT NOT NULL, basis TEXT NOT NULL,
      via TEXT, venue TEXT, from_at BIGINT NOT NULL, to_at BIGINT NOT NULL,
      seconds BIGINT NOT NULL, sources TEXT NOT NULL, by_hand BIGINT NOT NULL,
      PRIMARY KEY (contact, infection, by_hand, ordinal), CHECK (from_at <= to_at),
      CHECK ((degree = 2) = (via IS NOT NULL)), CHECK (by_hand IN (0, 1)))
    """,
    "CREATE INDEX exposure_infection ON exposure (infection, contact)")

  static let secondWord = Migration(
    "contacts-0002", "ALTER TABLE exposure ADD COLUMN told_by TEXT",
    "ALTER TABLE exposure ADD COLUMN confirmed_by TEXT")

  private static let columns: SQL = """
    id, person, home, path, state, kind, degree, first_at, last_at, confirmed_kind, told_last_at,
    proposed_at, decided_at, decided_by, reason
    """

  func find(_ id: ContactID) throws -> Contact? {
    try transaction.row("SELECT \(Self.columns) FROM contact WHERE id = \(id)")
      .map(Self.contact)
  }

  /// The contacts of these identifiers, by identifier.
  func find(_ ids: [ContactID]) throws -> [Contact] {
    try ids.sorted().chunks(of: 500).flatMap { part in
      try transaction.rows(
        """
        SELECT \(Self.columns)
        FROM contact
        WHERE id IN (\(SQL.list(part)))
        ORDER BY id
        LIMIT 500
        """
      ).map(Self.contact)
    }
  }

  /// A contact that must be there.
  func get(_ id: ContactID) throws -> Contact {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("密接", "contact"), id.text, field: "contact")
    }
    return found
  }

  /// Every contact that a person was or is by any identifier, the latest first.
  func all(of person: PersonID) throws -> [Contact] {
    let people = SQL.list(try ResidentsStore(transaction).identifiers(of: person))
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM contact
      WHERE person IN (\(people))
      ORDER BY proposed_at DESC, id DESC
      LIMIT 1000
      """
    ).map(Self.contact)
  }

  /// Every contact of these identifiers.
  func all(of people: Set<PersonID>) throws -> [Contact] {
    try people.sorted().chunks(of: 500).flatMap { part in
      try transaction.rows(
        """
        SELECT \(Self.columns)
        FROM contact
        WHERE person IN (\(SQL.list(part)))
        ORDER BY person, proposed_at DESC, id DESC
        LIMIT 100000
        """
      ).map(Self.contact)
    }
  }

  /// The contact that a person is now: that of the identifier itself, otherwise that of another
  /// file of the same person.
  func live(_ person: PersonID) throws -> Contact? {
    let all = try all(of: person).filter(\.state.isLive)
    return all.first { $0.person == person } ?? all.first { $0.state == .confirmed } ?? all.first
  }

  /// Puts the live contacts of a person at another home.
  func move(_ person: PersonID, to home: PlaceID, _ path: PlacePath) throws {
    try transaction.execute(
      """
      UPDATE contact
      SET home = \(home), path = \(path)
      WHERE person = \(person) AND state IN ('proposed', 'confirmed')
      """)
  }

  /// Those with an exposure to a case, by identifier.
  func ofCase(_ infection: CaseID) throws -> [Contact] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM contact
      WHERE id IN (SELECT contact FROM exposure WHERE infection = \(infection))
      ORDER BY id
      LIMIT 1000000
      """
    ).map(Self.contact)
  }

  /// Where the cases lie to which a contact was exposed.
  func places(of contact: ContactID) throws -> [PlacePath] {
    try transaction.rows(
      """
      SELECT DISTINCT path
      FROM investigation
      WHERE infection IN (SELECT infection FROM exposure WHERE contact = \(contact))
      ORDER BY path
      LIMIT 1000
      """
    ).map { PlacePath($0.text(0)) }
  }

  /// How many contacts of a case there are of each state, and how many of those ask for a new
  /// decision.
  func counts(of infection: CaseID) throws -> [(state: Contact.State, count: Int, review: Int)] {
    try transaction.rows(
      """
      SELECT state, COUNT(*),
        COUNT(CASE WHEN state = 'confirmed' AND (COALESCE(confirmed_kind, '') <> kind
          OR COALESCE(told_last_at, -1) <> last_at) THEN 1 END)
      FROM contact
      WHERE id IN (SELECT contact FROM exposure WHERE infection = \(infection))
      GROUP BY state
      """
    ).map { row in
      (Contact.State(rawValue: row.text(0)) ?? .withdrawn, row.integer(1), row.integer(2))
    }
  }

  /// How many contacts of a case wait for a decision.
  func countProposed(of infection: CaseID) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM contact
      WHERE state = 'proposed'
        AND id IN (SELECT contact FROM exposure WHERE infection = \(infection))
      """)?.integer(0) ?? 0
  }

  /// Contacts inside an area, in the order of their homes.
  func inside(
    _ area: PlacePath, state: Contact.State?, after: (path: PlacePath, id: String)?, limit: Int
  ) throws -> [Contact] {
    let wanted: SQL = state.map { "state = \($0.rawValue)" } ?? "1 = 1"
    let following: SQL = after.map { "(path, id) > (\($0.path), \($0.id))" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM contact
      WHERE \(wanted) AND \(SQL.inside(area, column: "path")) AND \(following)
      ORDER BY path, id
      LIMIT \(limit)
      """
    ).map(Self.contact)
  }

  /// How many contacts of each state there are inside an area.
  func counts(inside area: PlacePath) throws -> [Contact.State: Int] {
    var counts: [Contact.State: Int] = [:]
    let rows = try transaction.rows(
      """
      SELECT state, COUNT(*)
      FROM contact
      WHERE \(SQL.inside(area, column: "path"))
      GROUP BY state
      """)
    for row in rows {
      if let state = Contact.State(rawValue: row.text(0)) { counts[state] = row.integer(1) }
    }
    return counts
  }

  func add(_ contact: Contact) throws {
    try transaction.execute(
      """
      INSERT INTO contact (id, person, home, path, state, kind, degree, first_at, last_at,
        proposed_at, reason)
      VALUES (\(contact.id), \(contact.person), \(contact.home), \(contact.path),
        \(contact.state.rawValue), \(contact.kind.rawValue), \(contact.degree),
        \(contact.firstAt), \(contact.lastAt), \(contact.proposedAt), \(contact.reason))
      """)
  }

  func update(_ contact: Contact) throws {
    try transaction.execute(
      """
      UPDATE contact
      SET state = \(contact.state.rawValue), kind = \(contact.kind.rawValue),
        degree = \(contact.degree), first_at = \(contact.firstAt), last_at = \(contact.lastAt),
        confirmed_kind = \(contact.confirmedKind?.rawValue),
        told_last_at = \(contact.toldLastAt), decided_at = \(contact.decidedAt),
        decided_by = \(contact.decidedBy), reason = \(contact.reason)
      WHERE id = \(contact.id)
      """)
  }

  private static let exposureColumns: SQL = """
    person, infection, degree, kind, basis, via, venue, from_at, to_at, seconds, sources, told_by,
    confirmed_by
    """

  /// All exposures of a contact, to any case, by time.
  func exposures(of contact: ContactID) throws -> [Exposure] {
    try transaction.rows(
      """
      SELECT \(Self.exposureColumns)
      FROM exposure
      WHERE contact = \(contact)
      ORDER BY from_at, to_at, infection, by_hand, ordinal
      LIMIT 100000
      """
    ).map(Self.exposure)
  }

  /// The exposures of many contacts, to any case, each contact's by time.
  func exposures(of contacts: [ContactID]) throws -> [ContactID: [Exposure]] {
    var found: [ContactID: [Exposure]] = [:]
    for part in contacts.chunks(of: 500) {
      let rows = try transaction.rows(
        """
        SELECT \(Self.exposureColumns), contact
        FROM exposure
        WHERE contact IN (\(SQL.list(part)))
        ORDER BY contact, from_at, to_at, infection, by_hand, ordinal
        LIMIT 1000000
        """)
      for row in rows { found[row.id(13), default: []].append(Self.exposure(row)) }
    }
    return found
  }

  /// The exposures of a contact to one case, computed or told.
  func exposures(
    of contact: ContactID, to infection: CaseID, byHand: Bool
  ) throws -> [Exposure] {
    try transaction.rows(
      """
      SELECT \(Self.exposureColumns)
      FROM exposure
      WHERE contact = \(contact) AND infection = \(infection) AND by_hand = \(byHand ? 1 : 0)
      ORDER BY ordinal
      LIMIT 100000
      """
    ).map(Self.exposure)
  }

  /// All exposures to a case by contact; those that were told only, or all.
  func exposures(to infection: CaseID, onlyByHand: Bool) throws -> [(ContactID, Exposure)] {
    let wanted: SQL = onlyByHand ? "by_hand = 1" : "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.exposureColumns), contact
      FROM exposure
      WHERE infection = \(infection) AND \(wanted)
      ORDER BY contact, from_at, to_at, by_hand, ordinal
      LIMIT 1000000
      """
    ).map { ($0.id(13), Self.exposure($0)) }
  }

  /// Replaces the computed exposures of a contact to a case.
  ///
  /// - Parameter isNew: whether the contact has none yet.
  func replace(
    _ exposures: [Exposure], of contact: ContactID, to infection: CaseID, isNew: Bool = false
  ) throws {
    if !isNew { try dropComputed(of: contact, to: infection) }
    for (ordinal, exposure) in exposures.enumerated() {
      try insert(exposure, of: contact, ordinal: ordinal, byHand: false)
    }
  }

  private func dropComputed(of contact: ContactID, to infection: CaseID) throws {
    try transaction.execute(
      """
      DELETE FROM exposure
      WHERE contact = \(contact) AND infection = \(infection) AND by_hand = 0
      """)
  }

  /// Adds an exposure that an investigator was told of.
  func addByHand(_ exposure: Exposure, of contact: ContactID) throws {
    let next = try transaction.row(
      """
      SELECT COALESCE(MAX(ordinal), -1) + 1
      FROM exposure
      WHERE contact = \(contact) AND infection = \(exposure.infection) AND by_hand = 1
      """)?.integer(0)
    try insert(exposure, of: contact, ordinal: next ?? 0, byHand: true)
  }

  /// Notes who confirmed what was told of a contact and nobody had confirmed: never the teller.
  func confirmTold(of contact: ContactID, by account: String, _ second: String?) throws {
    for who in [account, second].compactMap(\.self) {
      try transaction.execute(
        """
        UPDATE exposure
        SET confirmed_by = \(who)
        WHERE contact = \(contact) AND by_hand = 1 AND confirmed_by IS NULL
          AND told_by <> \(who)
        """)
    }
  }

  /// Removes every exposure to a case, told ones too.
  func removeExposures(to infection: CaseID) throws {
    try transaction.execute("DELETE FROM exposure WHERE infection = \(infection)")
  }

  private func insert(
    _ exposure: Exposure, of contact: ContactID, ordinal: Int, byHand: Bool
  ) throws {
    try transaction.execute(
      """
      INSERT INTO exposure (contact, infection, ordinal, person, degree, kind, basis, via, venue,
        from_at, to_at, seconds, sources, by_hand, told_by)
      VALUES (\(contact), \(exposure.infection), \(ordinal), \(exposure.person),
        \(exposure.degree), \(exposure.kind.rawValue), \(exposure.basis.rawValue),
        \(exposure.via), \(exposure.venue), \(exposure.span.from), \(exposure.span.to),
        \(exposure.seconds), \(exposure.sources.joined(separator: "|")), \(byHand ? 1 : 0),
        \(exposure.toldBy))
      """)
  }

  private static func exposure(_ row: Row) -> Exposure {
    Exposure(
      person: row.id(0), infection: row.id(1), degree: row.integer(2),
      kind: ContactKind(rawValue: row.text(3)) ?? .general,
      basis: Exposure.Basis(rawValue: row.text(4)) ?? .interview, via: row.optionalID(5),
      venue: row.optionalID(6), span: TimeSpan(row.instant(7), row.instant(8)),
      seconds: row.integer(9), sources: row.text(10).split(separator: "|").map(String.init),
      toldBy: row.optionalText(11), confirmedBy: row.optionalText(12))
  }

  private static func contact(_ row: Row) -> Contact {
    Contact(
      id: row.id(0), person: row.id(1), home: row.id(2), path: PlacePath(row.text(3)),
      state: Contact.State(rawValue: row.text(4)) ?? .withdrawn,
      kind: ContactKind(rawValue: row.text(5)) ?? .general, degree: row.integer(6),
      firstAt: row.instant(7), lastAt: row.instant(8),
      confirmedKind: row.optionalText(9).flatMap(ContactKind.init),
      toldLastAt: row.optionalInstant(10), proposedAt: row.instant(11),
      decidedAt: row.optionalInstant(12), decidedBy: row.optionalText(13),
      reason: row.optionalText(14))
  }
}
