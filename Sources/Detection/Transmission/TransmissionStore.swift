import Kernel

/// Statements about links between cases and their sources.
struct TransmissionStore {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  static let schema = Migration(
    "transmission-0001",
    """
    CREATE TABLE transmission_link (
      id TEXT PRIMARY KEY, infection TEXT NOT NULL, origin TEXT NOT NULL, infector TEXT,
      cluster TEXT, basis TEXT, venue TEXT, exposed_from BIGINT, exposed_to BIGINT,
      seconds BIGINT NOT NULL, state TEXT NOT NULL, made_at BIGINT NOT NULL,
      made_by TEXT NOT NULL, decided_at BIGINT, decided_by TEXT, reason TEXT, replaces TEXT,
      CHECK (origin IN ('case', 'venue', 'imported', 'unknown')),
      CHECK ((origin = 'case') = (infector IS NOT NULL)),
      CHECK ((origin = 'venue') = (cluster IS NOT NULL)),
      CHECK (infector IS NULL OR infector <> infection),
      CHECK (state IN ('proposed', 'confirmed', 'rejected', 'withdrawn')),
      CHECK (state NOT IN ('rejected', 'withdrawn') OR reason IS NOT NULL),
      CHECK (exposed_from IS NULL OR exposed_to IS NULL OR exposed_from <= exposed_to))
    """,
    """
    CREATE UNIQUE INDEX transmission_confirmed ON transmission_link (infection)
    WHERE state = 'confirmed'
    """,
    "CREATE INDEX transmission_infection ON transmission_link (infection, id)",
    """
    CREATE INDEX transmission_infector ON transmission_link (infector, infection)
    WHERE infector IS NOT NULL
    """)

  private static let columns: SQL = """
    id, infection, origin, infector, cluster, basis, venue, exposed_from, exposed_to, seconds,
    state, reason
    """

  func find(_ id: TransmissionLinkID) throws -> TransmissionLink? {
    try transaction.row("SELECT \(Self.columns) FROM transmission_link WHERE id = \(id)")
      .map(Self.link)
  }

  /// A link that must be there.
  func get(_ id: TransmissionLinkID) throws -> TransmissionLink {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("传播链接", "link"), id.text, field: "link")
    }
    return found
  }

  /// All that was ever said of a case's source, the oldest first.
  func links(of infection: CaseID) throws -> [TransmissionLink] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM transmission_link
      WHERE infection = \(infection)
      ORDER BY COALESCE(decided_at, made_at), id
      LIMIT 1000
      """
    ).map(Self.link)
  }

  /// The confirmed source of a case.
  func confirmed(of infection: CaseID) throws -> TransmissionLink? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM transmission_link
      WHERE infection = \(infection) AND state = 'confirmed'
      """
    ).map(Self.link)
  }

  /// The cases that a case is said to have infected, proposed or confirmed.
  func infected(by infector: CaseID) throws -> [CaseID] {
    try transaction.rows(
      """
      SELECT DISTINCT infection
      FROM transmission_link
      WHERE infector = \(infector) AND infector IS NOT NULL
        AND state IN ('proposed', 'confirmed')
      ORDER BY infection
      LIMIT 10000
      """
    ).map { $0.id(0) }
  }

  func add(
    _ link: TransmissionLink, id: TransmissionLinkID, at now: Instant, by sender: String,
    replaces: TransmissionLinkID? = nil
  ) throws {
    let decided: Instant? = link.state == .proposed ? nil : now
    try transaction.execute(
      """
      INSERT INTO transmission_link (id, infection, origin, infector, cluster, basis, venue,
        exposed_from, exposed_to, seconds, state, made_at, made_by, decided_at, decided_by, reason,
        replaces)
      VALUES (\(id), \(link.infection), \(link.origin.code), \(link.origin.infector),
        \(link.origin.cluster), \(link.basis?.rawValue), \(link.venue), \(link.exposedFrom),
        \(link.exposedTo), \(link.seconds), \(link.state.rawValue), \(now), \(sender),
        \(decided), \(decided == nil ? nil : sender), \(link.reason), \(replaces))
      """)
  }

  func decide(
    _ id: TransmissionLinkID, _ state: TransmissionState, reason: String?, at now: Instant,
    by sender: String
  ) throws {
    try transaction.execute(
      """
      UPDATE transmission_link
      SET state = \(state.rawValue), reason = \(reason), decided_at = \(now),
        decided_by = \(sender)
      WHERE id = \(id)
      """)
  }

  private static func link(_ row: Row) -> TransmissionLink {
    let origin: TransmissionOrigin =
      switch row.text(2) {
      case "case": .infector(row.id(3))
      case "venue": .cluster(row.id(4))
      case "imported": .imported
      default: .unknown
      }
    return TransmissionLink(
      id: row.id(0), infection: row.id(1), origin: origin,
      basis: row.optionalText(5).flatMap(TransmissionBasis.init), venue: row.optionalID(6),
      exposedFrom: row.optionalInstant(7), exposedTo: row.optionalInstant(8),
      state: TransmissionState(rawValue: row.text(10)) ?? .proposed, seconds: row.integer(9),
      reason: row.optionalText(11))
  }
}
