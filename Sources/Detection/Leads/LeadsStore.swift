import Kernel
import Registry

/// Statements about leads.
struct LeadsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "leads-0001",
    """
    CREATE TABLE lead (
      id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, title TEXT NOT NULL, category TEXT,
      urgency TEXT NOT NULL, name TEXT NOT NULL, requirement_sealed BYTEA, address_sealed BYTEA,
      identity_sealed BYTEA, identity_index TEXT, phone_sealed BYTEA, phone_index TEXT,
      person TEXT, place TEXT NOT NULL REFERENCES place (id), path TEXT NOT NULL,
      routing TEXT NOT NULL, state TEXT NOT NULL, received_at BIGINT NOT NULL,
      deadline BIGINT NOT NULL, measure TEXT, verified_at BIGINT,
      CHECK (urgency IN ('expedited', 'urgent', 'ordinary')),
      CHECK (state IN ('waiting', 'assigned', 'verified')),
      CHECK ((state = 'verified') = (verified_at IS NOT NULL)),
      CHECK ((verified_at IS NULL) = (measure IS NULL)),
      CHECK ((identity_sealed IS NULL) = (identity_index IS NULL)),
      CHECK ((phone_sealed IS NULL) = (phone_index IS NULL)))
    """,
    "CREATE INDEX lead_fingerprint ON lead (fingerprint)",
    "CREATE INDEX lead_state ON lead (state, deadline, id)",
    "CREATE INDEX lead_path ON lead (path, state)",
    "CREATE INDEX lead_deadline ON lead (deadline, id)",
    "CREATE INDEX lead_identity ON lead (identity_index) WHERE identity_index IS NOT NULL",
    "CREATE INDEX lead_phone ON lead (phone_index) WHERE phone_index IS NOT NULL",
    """
    CREATE TABLE lead_result (
      lead TEXT NOT NULL REFERENCES lead (id), number BIGINT NOT NULL, measure TEXT NOT NULL,
      found_sealed BYTEA, last_test_on TEXT, linked_sealed BYTEA, colour TEXT,
      at BIGINT NOT NULL, sender TEXT NOT NULL, reason TEXT, PRIMARY KEY (lead, number))
    """,
    """
    CREATE TABLE lead_move (
      lead TEXT NOT NULL REFERENCES lead (id), number BIGINT NOT NULL, at BIGINT NOT NULL,
      sender TEXT NOT NULL, from_place TEXT NOT NULL, to_place TEXT NOT NULL,
      reason TEXT NOT NULL, PRIMARY KEY (lead, number))
    """)

  private static let columns: SQL = """
    id, title, category, urgency, name, person, place, path, routing, state, received_at, deadline,
    measure, verified_at, fingerprint, requirement_sealed, address_sealed, identity_sealed,
    identity_index, phone_sealed, phone_index
    """

  func find(_ id: LeadID) throws -> Lead? {
    try transaction.row("SELECT \(Self.columns) FROM lead WHERE id = \(id)").map(Self.lead)
  }

  /// A lead that must be there.
  func get(_ id: LeadID) throws -> Lead {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("线索", "lead"), id.text, field: "lead")
    }
    return found
  }

  /// The lead with the same content.
  func find(fingerprint: String) throws -> Lead? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM lead
      WHERE fingerprint = \(fingerprint)
      ORDER BY id
      LIMIT 1
      """
    ).map(Self.lead)
  }

  /// Leads checked since a moment that carry one of the numbers of a lead, the latest first.
  func checked(like lead: Lead, since: Instant) throws -> [Lead] {
    var found: [Lead] = []
    if let index = lead.sealed.identityIndex {
      found += try checked(
        where: "identity_index = \(index) AND identity_index IS NOT NULL", since)
    }
    if let index = lead.sealed.phoneIndex {
      found += try checked(where: "phone_index = \(index) AND phone_index IS NOT NULL", since)
    }
    var seen: Set<LeadID> = [lead.id]
    return found.sorted { ($1.verifiedAt ?? since, $0.id) < ($0.verifiedAt ?? since, $1.id) }
      .filter { seen.insert($0.id).inserted }
  }

  private func checked(where condition: SQL, _ since: Instant) throws -> [Lead] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM lead
      WHERE \(condition) AND verified_at >= \(since)
      ORDER BY verified_at DESC, id
      LIMIT 20
      """
    ).map(Self.lead)
  }

  /// Which leads a list is of.
  struct Selection: Sendable {
    var state: LeadState?
    var urgency: LeadUrgency?
    var category: String?
    var measure: LeadMeasure?
    /// Those due before a moment.
    var dueBefore: Instant?

    fileprivate var condition: SQL {
      let parts: [SQL?] = [
        state.map { "state = \($0.rawValue)" }, urgency.map { "urgency = \($0.rawValue)" },
        category.map { "category = \($0)" }, measure.map { "measure = \($0.rawValue)" },
        dueBefore.map { "deadline < \($0) AND state <> 'verified'" },
      ]
      return parts.compactMap(\.self).reduce("1 = 1") { "\($0) AND \($1)" }
    }
  }

  /// Leads inside an area by deadline.
  func inside(
    _ area: PlacePath, _ selection: Selection = Selection(),
    after: (deadline: Instant, id: LeadID)? = nil, limit: Int
  ) throws -> [Lead] {
    let following: SQL =
      after.map { "(deadline, id) > (\($0.deadline), \($0.id))" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM lead
      WHERE \(SQL.inside(area, column: "path")) AND \(selection.condition) AND \(following)
      ORDER BY deadline, id
      LIMIT \(limit)
      """
    ).map(Self.lead)
  }

  /// How many leads of each state there are inside an area, and how many of the open ones are late.
  func counts(
    inside area: PlacePath, at now: Instant
  ) throws -> (states: [LeadState: Int], late: Int) {
    var states: [LeadState: Int] = [:]
    var late = 0
    let rows = try transaction.rows(
      """
      SELECT state, COUNT(*), CAST(SUM(CASE WHEN deadline < \(now) THEN 1 ELSE 0 END) AS BIGINT)
      FROM lead
      WHERE \(SQL.inside(area, column: "path"))
      GROUP BY state
      """)
    for row in rows {
      guard let state = LeadState(rawValue: row.text(0)) else { continue }
      states[state] = row.integer(1)
      if state != .verified { late += row.integer(2) }
    }
    return (states, late)
  }

  /// How many open leads each place inside an area has.
  func open(inside area: PlacePath) throws -> [PlaceID: Int] {
    let rows = try transaction.rows(
      """
      SELECT place, COUNT(*)
      FROM lead
      WHERE \(SQL.inside(area, column: "path")) AND state = 'assigned'
      GROUP BY place
      """)
    return Dictionary(rows.map { ($0.id(0), $0.integer(1)) }) { first, _ in first }
  }

  /// The categories that leads of an area have.
  func categories(inside area: PlacePath) throws -> [String] {
    try transaction.rows(
      """
      SELECT DISTINCT category
      FROM lead
      WHERE \(SQL.inside(area, column: "path")) AND category IS NOT NULL
      ORDER BY category
      LIMIT 50
      """
    ).map { $0.text(0) }
  }

  private static func lead(_ row: Row) -> Lead {
    Lead(
      id: row.id(0), title: row.text(1), category: row.optionalText(2),
      urgency: LeadUrgency(rawValue: row.text(3)) ?? .ordinary, name: Redacted(row.text(4)),
      person: row.optionalID(5), place: row.id(6), path: PlacePath(row.text(7)),
      routing: LeadRouting(rawValue: row.text(8)) ?? .none,
      state: LeadState(rawValue: row.text(9)) ?? .waiting, receivedAt: row.instant(10),
      deadline: row.instant(11), measure: row.optionalText(12).flatMap(LeadMeasure.init),
      verifiedAt: row.optionalInstant(13), fingerprint: row.text(14),
      sealed: SealedLead(
        requirement: row.bytes(15), address: row.bytes(16), identity: row.bytes(17),
        identityIndex: row.optionalText(18), phone: row.bytes(19),
        phoneIndex: row.optionalText(20)))
  }
}
