import Gazette
import Kernel
import Registry

/// Statements about hand-overs.
struct ReferralsStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "referrals-0001",
    """
    CREATE TABLE referral (
      id TEXT PRIMARY KEY, contact TEXT NOT NULL, person TEXT NOT NULL, infection TEXT NOT NULL,
      kind TEXT NOT NULL, from_place TEXT NOT NULL, from_path TEXT NOT NULL,
      to_place TEXT NOT NULL, path TEXT NOT NULL, letter TEXT UNIQUE, state TEXT NOT NULL,
      sent_at BIGINT NOT NULL, sent_by TEXT NOT NULL, answer_due BIGINT NOT NULL,
      answered_at BIGINT, answered_by TEXT, returned TEXT, result_due BIGINT NOT NULL,
      outcome TEXT, outcome_at BIGINT, outcome_by TEXT, told_at BIGINT,
      needs_move BIGINT NOT NULL, departed_at BIGINT, departed_by TEXT, site TEXT,
      arrived_at BIGINT, arrived_by TEXT, moved_at BIGINT,
      CHECK (state IN ('sent', 'accepted', 'returned', 'found', 'replaced', 'closed')),
      CHECK (state <> 'returned' OR returned IS NOT NULL),
      CHECK (state <> 'found' OR outcome_at IS NOT NULL),
      CHECK ((answered_at IS NULL) = (answered_by IS NULL)), CHECK (needs_move IN (0, 1)),
      CHECK (arrived_by IS NULL OR departed_by IS NULL OR arrived_by <> departed_by))
    """,
    """
    CREATE UNIQUE INDEX referral_active ON referral (contact)
    WHERE state IN ('sent', 'accepted', 'returned', 'found')
    """,
    "CREATE INDEX referral_path ON referral (path, id)",
    "CREATE INDEX referral_from ON referral (from_path, id)",
    "CREATE INDEX referral_person ON referral (person)")

  /// Each hand-over asks for the earlier ones of its contact.
  static let contactIndex = Migration(
    "referrals-0002", "CREATE INDEX referral_contact ON referral (contact, sent_at)")

  static let columns: SQL = """
    id, contact, person, infection, kind, from_place, from_path, to_place, path, letter, state,
    sent_at, sent_by, answer_due, answered_at, answered_by, returned, result_due, outcome,
    outcome_at, outcome_by, told_at, needs_move, departed_at, departed_by, site, arrived_at,
    arrived_by, moved_at
    """
  private static let active: SQL = "state IN ('sent', 'accepted', 'returned', 'found')"

  /// A hand-over that must be there.
  func get(_ id: ReferralID) throws -> Referral {
    let found = try transaction.row("SELECT \(Self.columns) FROM referral WHERE id = \(id)")
      .map(Self.referral)
    guard let found else {
      throw Refusal.notFound(Words("推送", "hand-over"), id.text, field: "referral")
    }
    return found
  }

  /// The one that counts for a contact.
  func active(of contact: ContactID) throws -> Referral? {
    try transaction.row(
      "SELECT \(Self.columns) FROM referral WHERE contact = \(contact) AND \(Self.active)"
    ).map(Self.referral)
  }

  /// Those that count for a person, by any identifier.
  func active(of person: PersonID) throws -> [Referral] {
    let people = SQL.list(try ResidentsStore(transaction).identifiers(of: person))
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM referral
      WHERE person IN (\(people)) AND \(Self.active)
      ORDER BY id
      LIMIT 100
      """
    ).map(Self.referral)
  }

  /// Every hand-over of a contact, the first first.
  func all(of contact: ContactID) throws -> [Referral] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM referral
      WHERE contact = \(contact)
      ORDER BY sent_at, id
      LIMIT 1000
      """
    ).map(Self.referral)
  }

  /// Those that count for the contacts of a case.
  func ofCase(_ infection: CaseID) throws -> [Referral] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM referral
      WHERE \(Self.active)
        AND contact IN (SELECT contact FROM exposure WHERE infection = \(infection))
      ORDER BY id
      LIMIT 1000000
      """
    ).map(Self.referral)
  }

  /// Those that count and go to an area, or come from it to somewhere else.
  func inside(
    _ area: PlacePath, _ direction: ReferralDirection, _ show: ReferralShow, at now: Instant,
    kind: ContactKind? = nil, newest: Bool = false, after: ReferralID?, limit: Int
  ) throws -> [Referral] {
    // Without its type the condition would be a text, and go as an argument.
    let following: SQL = after.map { newest ? "id < \($0)" : "id > \($0)" } ?? "1 = 1"
    let ofKind: SQL = kind.map { "kind = \($0.rawValue)" } ?? "1 = 1"
    let order: SQL = newest ? "id DESC" : "id"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM referral
      WHERE \(Self.active) AND \(Self.lies(area, direction, isListed: true))
        AND \(Self.wanted(show, now)) AND \(following) AND \(ofKind)
      ORDER BY \(order)
      LIMIT \(limit)
      """
    ).map(Self.referral)
  }

  /// How many hand-overs there are of each standing for each open case of an area.
  func countsByCase(
    openIn area: PlacePath, at now: Instant
  ) throws -> [CaseID: ReferralCounts] {
    let rows = try transaction.rows(
      """
      SELECT told.infection, \(Self.standings(now))
      FROM (
        SELECT DISTINCT exposure.infection, exposure.contact
        FROM (\(InvestigationStore.open(area))) AS opened
        JOIN exposure ON exposure.infection = opened.infection) AS told
      JOIN referral ON referral.contact = told.contact
      WHERE \(Self.active)
      GROUP BY told.infection
      LIMIT 100000
      """)
    return Dictionary(rows.map { ($0.id(0), Self.counts($0)) }) { first, _ in first }
  }

  /// How a hand-over stands: as much of it as a table of thousands needs.
  struct Standing {
    let referral: ReferralID
    let contact: ContactID
    let state: Referral.State
    let toldAt: Instant?
    let movedAt: Instant?
    /// One for each way in which it is shown.
    let counts: ReferralCounts
  }

  /// How those stand that count for the contacts of a case.
  func standings(ofCase infection: CaseID, at now: Instant) throws -> [Standing] {
    try transaction.rows(
      """
      SELECT id, \(Self.ways(now) { "CASE WHEN \($0) THEN 1 ELSE 0 END" }), contact, state,
        told_at, moved_at
      FROM referral
      WHERE \(Self.active)
        AND contact IN (SELECT contact FROM exposure WHERE infection = \(infection))
      ORDER BY id
      LIMIT 1000000
      """
    ).map { row in
      Standing(
        referral: row.id(0), contact: row.id(9),
        state: Referral.State(rawValue: row.text(10)) ?? .sent, toldAt: row.optionalInstant(11),
        movedAt: row.optionalInstant(12), counts: Self.counts(row))
    }
  }

  private static func standings(_ now: Instant) -> SQL {
    ways(now) { "SUM(CASE WHEN \($0) THEN 1 ELSE 0 END)" }
  }

  /// A column for each way in which hand-overs are shown, in the order of ``counts(_:)``.
  private static func ways(_ now: Instant, _ column: (SQL) -> SQL) -> SQL {
    func way(_ show: ReferralShow) -> SQL { column(wanted(show, now)) }
    return """
      \(way(.all)), \(way(.unanswered)), \(way(.silent)), \(way(.returned)),
        \(way(.unfound)), \(way(.untold)), \(way(.unmoved)), \(way(.moving))
      """
  }

  private static func counts(_ row: Row) -> ReferralCounts {
    ReferralCounts(
      all: row.integer(1), unanswered: row.integer(2), silent: row.integer(3),
      returned: row.integer(4), unfound: row.integer(5), untold: row.integer(6),
      unmoved: row.integer(7), moving: row.integer(8))
  }

  /// How many hand-overs there are of each standing, by the area they go to.
  func counts(
    inside area: PlacePath, _ direction: ReferralDirection, at now: Instant
  ) throws -> [(path: PlacePath, counts: ReferralCounts)] {
    try transaction.rows(
      """
      SELECT path, \(Self.standings(now))
      FROM referral
      WHERE \(Self.active) AND \(Self.lies(area, direction))
      GROUP BY path
      ORDER BY path
      LIMIT 100000
      """
    ).map { (PlacePath($0.text(0)), Self.counts($0)) }
  }

  private static func lies(
    _ area: PlacePath, _ direction: ReferralDirection, isListed: Bool = false
  ) -> SQL {
    switch direction {
    case .incoming where isListed: SQL.listed(area, column: "path")
    case .incoming: SQL.inside(area, column: "path")
    case .outgoing:
      "\(SQL.inside(area, column: "from_path")) AND NOT (\(SQL.inside(area, column: "path")))"
    }
  }

  private static func wanted(_ show: ReferralShow, _ now: Instant) -> SQL {
    switch show {
    case .all: "1 = 1"
    case .unanswered: "state = 'sent'"
    case .silent: "state = 'sent' AND answer_due < \(now)"
    case .returned: "state = 'returned'"
    case .unfound: "state IN ('sent', 'accepted', 'returned')"
    case .untold: "told_at IS NULL"
    case .unmoved: "needs_move = 1 AND moved_at IS NULL"
    case .moving: "departed_at IS NOT NULL AND arrived_at IS NULL AND moved_at IS NULL"
    }
  }

  /// How many letters a district sent in a year, so that the next has the next number.
  func letters(with prefix: String) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(*)
      FROM referral
      WHERE letter >= \(prefix) AND letter < \(prefix + "~")
      """)?.integer(0) ?? 0
  }

  func add(_ referral: Referral) throws {
    try transaction.execute(
      """
      INSERT INTO referral (id, contact, person, infection, kind, from_place, from_path, to_place,
        path, letter, state, sent_at, sent_by, answer_due, result_due, told_at, needs_move,
        moved_at)
      VALUES (\(referral.id), \(referral.contact), \(referral.person), \(referral.infection),
        \(referral.kind.rawValue), \(referral.from), \(referral.fromPath), \(referral.to),
        \(referral.path), \(referral.letter), \(referral.state.rawValue), \(referral.sentAt),
        \(referral.sentBy), \(referral.answerDue), \(referral.resultDue),
        \(referral.journey.toldAt), \(referral.journey.needsMove ? 1 : 0),
        \(referral.journey.movedAt))
      """)
  }

  func update(_ referral: Referral) throws {
    let journey = referral.journey
    try transaction.execute(
      """
      UPDATE referral
      SET person = \(referral.person), infection = \(referral.infection),
        kind = \(referral.kind.rawValue), state = \(referral.state.rawValue),
        answered_at = \(referral.answeredAt), answered_by = \(referral.answeredBy),
        returned = \(referral.returned?.rawValue), outcome = \(referral.outcome?.rawValue),
        outcome_at = \(referral.outcomeAt), outcome_by = \(referral.outcomeBy),
        told_at = \(journey.toldAt), needs_move = \(journey.needsMove ? 1 : 0),
        departed_at = \(journey.departedAt), departed_by = \(journey.departedBy),
        site = \(journey.site), arrived_at = \(journey.arrivedAt),
        arrived_by = \(journey.arrivedBy), moved_at = \(journey.movedAt)
      WHERE id = \(referral.id)
      """)
  }

  static func referral(_ row: Row) -> Referral {
    var journey = ReferralJourney()
    journey.toldAt = row.optionalInstant(21)
    journey.needsMove = row.integer(22) == 1
    journey.departedAt = row.optionalInstant(23)
    journey.departedBy = row.optionalText(24)
    journey.site = row.optionalText(25)
    journey.arrivedAt = row.optionalInstant(26)
    journey.arrivedBy = row.optionalText(27)
    journey.movedAt = row.optionalInstant(28)
    return Referral(
      id: row.id(0), contact: row.id(1), person: row.id(2), infection: row.id(3),
      kind: ContactKind(rawValue: row.text(4)) ?? .general, from: row.id(5),
      fromPath: PlacePath(row.text(6)), to: row.id(7), path: PlacePath(row.text(8)),
      letter: row.optionalText(9), state: Referral.State(rawValue: row.text(10)) ?? .closed,
      sentAt: row.instant(11), sentBy: row.text(12), answerDue: row.instant(13),
      answeredAt: row.optionalInstant(14), answeredBy: row.optionalText(15),
      returned: row.optionalText(16).flatMap(ReturnReason.init), resultDue: row.instant(17),
      outcome: row.optionalText(18).flatMap(ReferralOutcome.init),
      outcomeAt: row.optionalInstant(19), outcomeBy: row.optionalText(20), journey: journey)
  }
}

extension ReferralsStore {
  /// The hand-over with a number, and the one whose letter has it.
  func numbered(_ text: String) throws -> [Referral] {
    let written = SQL.list([text, text.uppercased(), text.lowercased()])
    // Two statements, so that each one has its index.
    return try ["id IN (\(written))", "letter IN (\(written))"].flatMap { (condition: SQL) in
      try transaction.rows("SELECT \(Self.columns) FROM referral WHERE \(condition) LIMIT 10")
        .map(Self.referral)
    }
  }
}
