/// Statements about obligations.
package struct ObligationStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  static let columns: SQL = """
    id, kind, subject, person, place, path, seat, claimed_by, opened_at, deadline, state, rung,
    escalated_to, escalated_at, closed_at, closed_by, proof, reason, struck_off_at, policy
    """

  func open(_ obligation: Obligation, nextEscalation: Instant?) throws {
    try transaction.put(
      """
      INSERT INTO obligation (id, kind, subject, person, place, path, seat, opened_at, deadline,
        state, rung, next_escalation_at, policy)
      VALUES (\(obligation.id), \(obligation.kind), \(obligation.subject), \(obligation.person),
        \(obligation.place), \(obligation.path), \(obligation.seat.description),
        \(obligation.openedAt), \(obligation.deadline), 'open', 0, \(nextEscalation),
        \(obligation.policy))
      """)
  }

  /// The obligation with an identifier.
  package func find(_ id: ObligationID) throws -> Obligation? {
    try transaction.row("SELECT \(Self.columns) FROM obligation WHERE id = \(id)")
      .map(Self.obligation)
  }

  /// An obligation that must be there.
  package func get(_ id: ObligationID) throws -> Obligation {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("事项", "obligation"), id.text, field: "obligation")
    }
    return found
  }

  /// The obligations with these numbers, those that are there.
  package func find(_ ids: some Collection<ObligationID>) throws -> [ObligationID: Obligation] {
    var found: [ObligationID: Obligation] = [:]
    let ids = ids.sorted()
    for start in stride(from: 0, to: ids.count, by: Self.mostNumbers) {
      let part = ids[start..<min(start + Self.mostNumbers, ids.count)]
      let rows = try transaction.rows(
        "SELECT \(Self.columns) FROM obligation WHERE id IN (\(SQL.list(part)))")
      for obligation in rows.map(Self.obligation) { found[obligation.id] = obligation }
    }
    return found
  }

  /// How many values one statement carries.
  private static let mostNumbers = 500

  /// What is still owed of one kind about one subject.
  package func owed(_ kind: String, about subject: String) throws -> [Obligation] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM obligation
      WHERE subject = \(subject) AND kind = \(kind) AND closed_at IS NULL
      ORDER BY deadline, id
      LIMIT 1000
      """
    ).map(Self.obligation)
  }

  /// Everything ever owed about a subject, oldest deadline first.
  package func about(_ subject: String) throws -> [Obligation] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM obligation
      WHERE subject = \(subject)
      ORDER BY deadline, id
      LIMIT 1000
      """
    ).map(Self.obligation)
  }

  /// What is still owed about each of some subjects, oldest deadline first.
  package func owed(aboutAny subjects: [String]) throws -> [String: [Obligation]] {
    if subjects.isEmpty { return [:] }
    let owed = try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM obligation
      WHERE subject IN (\(SQL.list(subjects))) AND closed_at IS NULL
      ORDER BY deadline, id
      LIMIT 100000
      """
    ).map(Self.obligation)
    return Dictionary(grouping: owed, by: \.subject)
  }

  /// What is still owed that concerns a person, oldest deadline first.
  package func owed(concerning person: PersonID) throws -> [Obligation] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM obligation
      WHERE person = \(person) AND closed_at IS NULL
      ORDER BY deadline, id
      LIMIT 10000
      """
    ).map(Self.obligation)
  }

  /// Puts an obligation at another place, under the seat that owes it there. Nobody has claimed it
  /// any more.
  func move(_ id: ObligationID, to place: PlaceID, _ path: PlacePath, seat: Seat) throws {
    try transaction.put(
      """
      UPDATE obligation
      SET place = \(place), path = \(path), seat = \(seat.description), claimed_by = NULL,
        claimed_at = NULL, state = 'open'
      WHERE id = \(id)
      """)
  }

  /// Lets the ladder of an obligation be told from its first rung; who was told on another ladder
  /// before stands in the journal.
  func restartEscalation(_ id: ObligationID, next: Instant?) throws {
    try transaction.put("DELETE FROM escalation WHERE obligation = \(id)")
    try transaction.put(
      """
      UPDATE obligation
      SET rung = 0, escalated_to = NULL, escalated_at = NULL, next_escalation_at = \(next)
      WHERE id = \(id)
      """)
  }

  /// What is owed inside an area, the youngest first.
  package func newest(
    in path: PlacePath, filter: ObligationFilter, after: Cursor?, limit: Int
  ) throws -> [Obligation] {
    let following: SQL = after.map { "(opened_at, id) < (\($0.deadline), \($0.id))" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM obligation
      WHERE closed_at IS NULL AND \(following) AND \(filter.condition)
        AND \(SQL.listed(path, column: "path"))
      ORDER BY opened_at DESC, id DESC
      LIMIT \(limit)
      """
    ).map(Self.obligation)
  }

  /// What is owed inside an area, by deadline.
  package func owed(
    in path: PlacePath, filter: ObligationFilter = ObligationFilter(), after: Cursor?, limit: Int
  ) throws -> [Obligation] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM obligation
      WHERE closed_at IS NULL AND \(Self.following(after)) AND \(filter.condition)
        AND \(SQL.listed(path, column: "path"))
      ORDER BY deadline, id
      LIMIT \(limit)
      """
    ).map(Self.obligation)
  }

  /// What is late inside an area: still owed after its deadline, or closed late and not struck off; or only the latter.
  package func late(
    in path: PlacePath, at now: Instant, filter: ObligationFilter = ObligationFilter(),
    isClosed: Bool = false, after: Cursor?, limit: Int
  ) throws -> [Obligation] {
    let closed: SQL = isClosed ? "closed_at IS NOT NULL" : "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM obligation
      WHERE struck_off_at IS NULL AND deadline < \(now)
        AND (closed_at IS NULL OR closed_at > deadline) AND \(closed)
        AND \(SQL.inside(path, column: "path")) AND \(Self.following(after))
        AND \(filter.condition)
      ORDER BY deadline, id
      LIMIT \(limit)
      """
    ).map(Self.obligation)
  }

  /// What was closed inside an area since an instant, the latest first.
  package func closed(in path: PlacePath, since: Instant, limit: Int) throws -> [Obligation] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM obligation
      WHERE closed_at >= \(since) AND \(SQL.inside(path, column: "path"))
      ORDER BY closed_at DESC, id
      LIMIT \(limit)
      """
    ).map(Self.obligation)
  }

  /// How much is owed in an area, how much of it is late, and how much was closed since an instant.
  package func counts(
    in path: PlacePath, at now: Instant, closedSince: Instant
  ) throws -> (owed: Int, late: Int, closed: Int) {
    let owed = try transaction.row(
      """
      SELECT COUNT(*), COUNT(CASE WHEN deadline < \(now) THEN 1 END)
      FROM obligation
      WHERE closed_at IS NULL AND \(SQL.inside(path, column: "path"))
      """)
    let closed = try transaction.row(
      """
      SELECT COUNT(*)
      FROM obligation
      WHERE closed_at >= \(closedSince) AND \(SQL.inside(path, column: "path"))
      """)
    return (owed?.integer(0) ?? 0, owed?.integer(1) ?? 0, closed?.integer(0) ?? 0)
  }

  /// Those whose next rung is due to be told.
  func dueForEscalation(at now: Instant, limit: Int) throws -> [Obligation] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM obligation
      WHERE next_escalation_at <= \(now)
      ORDER BY next_escalation_at, id
      LIMIT \(limit)
      """
    ).map(Self.obligation)
  }

  /// Whether the next rung of any is due to be told.
  func isEscalationDue(at now: Instant) throws -> Bool {
    try transaction.row(
      "SELECT 1 FROM obligation WHERE next_escalation_at <= \(now) LIMIT 1") != nil
  }

  func escalate(_ id: ObligationID, rung: Int, to seat: Seat, at: Instant, next: Instant?) throws {
    try transaction.put(
      """
      UPDATE obligation
      SET rung = \(rung), escalated_to = \(seat.description), escalated_at = \(at),
        next_escalation_at = \(next)
      WHERE id = \(id)
      """)
    try transaction.put(
      """
      INSERT INTO escalation (obligation, rung, seat, at)
      VALUES (\(id), \(rung), \(seat.description), \(at))
      """)
  }

  /// Nobody is left to be told.
  func endEscalation(_ id: ObligationID) throws {
    try transaction.put(
      "UPDATE obligation SET next_escalation_at = NULL WHERE id = \(id)")
  }

  /// Who was told when, from the first rung.
  package func escalations(of id: ObligationID) throws -> [(rung: Int, seat: Seat?, at: Instant)] {
    try transaction.rows(
      "SELECT rung, seat, at FROM escalation WHERE obligation = \(id) ORDER BY rung LIMIT 100"
    ).map { ($0.integer(0), Seat($0.text(1)), $0.instant(2)) }
  }

  func claim(_ id: ObligationID, by account: AccountID, at: Instant) throws {
    try transaction.put(
      """
      UPDATE obligation
      SET state = 'claimed', claimed_by = \(account), claimed_at = \(at)
      WHERE id = \(id)
      """)
  }

  func close(
    _ obligation: Obligation, state: Obligation.State, at: Instant, by sender: String,
    proof: String?, reason: String?
  ) throws {
    let id = obligation.id
    try countClosed(in: obligation.path, at: at)
    try transaction.put(
      """
      UPDATE obligation
      SET state = \(state.rawValue), closed_at = \(at), closed_by = \(sender), proof = \(proof),
        reason = \(reason), next_escalation_at = NULL
      WHERE id = \(id)
      """)
  }

  func strikeOff(_ id: ObligationID, at: Instant) throws {
    try transaction.put("UPDATE obligation SET struck_off_at = \(at) WHERE id = \(id)")
  }

  func addAttempt(
    _ id: ObligationID, at: Instant, by sender: String, outcome: String, note: String?
  ) throws {
    // A phone that was without network hands over several calls at one door in one moment.
    let last = try transaction.row(
      "SELECT MAX(at) FROM attempt WHERE obligation = \(id) AND at >= \(at)")?.optionalInstant(0)
    try transaction.put(
      """
      INSERT INTO attempt (obligation, at, sender, outcome, note)
      VALUES (\(id), \(last.map { $0 + .milliseconds(1) } ?? at), \(sender), \(outcome),
        \(note))
      """)
  }

  /// How often nobody could finish what is still owed in an area, and when it was last tried.
  package func attempts(
    inside path: PlacePath
  ) throws -> [ObligationID: (count: Int, last: Instant)] {
    let rows = try transaction.rows(
      """
      SELECT attempt.obligation, COUNT(*), MAX(attempt.at)
      FROM obligation
      JOIN attempt ON attempt.obligation = obligation.id
      WHERE obligation.closed_at IS NULL AND \(SQL.inside(path, column: "obligation.path"))
      GROUP BY attempt.obligation
      LIMIT 10000
      """)
    return Dictionary(
      rows.map { ($0.id(0), ($0.integer(1), $0.instant(2))) }
    ) { first, _ in first }
  }

  /// The calls at the door that did not finish it, the latest first.
  package func attempts(
    of id: ObligationID
  ) throws -> [(at: Instant, sender: String, outcome: String, note: String?)] {
    try transaction.rows(
      """
      SELECT at, sender, outcome, note
      FROM attempt
      WHERE obligation = \(id)
      ORDER BY at DESC
      LIMIT 100
      """
    ).map { ($0.instant(0), $0.text(1), $0.text(2), $0.optionalText(3)) }
  }

  /// A place in a list that is ordered by deadline.
  package struct Cursor: Sendable {
    package let deadline: Instant
    package let id: ObligationID

    package init(deadline: Instant, id: ObligationID) {
      self.deadline = deadline
      self.id = id
    }

    /// The place that an earlier page named; nil at the beginning.
    package init?(_ written: String?) throws(Refusal) {
      guard let written else { return nil }
      let parts = written.split(separator: "/", maxSplits: 1)
      guard parts.count == 2, let deadline = Int64(parts[0]) else {
        throw .malformed(
          "after", written, expected: Words("上一页给出的值", "the value that the page before gave"))
      }
      self.init(
        deadline: Instant(milliseconds: deadline), id: ObligationID(trusted: String(parts[1])))
    }

    /// As a page names it.
    package var text: String { "\(deadline.milliseconds)/\(id.text)" }
  }

  private static func following(_ cursor: Cursor?) -> SQL {
    guard let cursor else { return "1 = 1" }
    return "(deadline, id) > (\(cursor.deadline), \(cursor.id))"
  }

  static func obligation(_ row: Row) -> Obligation {
    Obligation(
      id: row.id(0), kind: row.text(1), subject: row.text(2), person: row.optionalID(3),
      place: row.id(4), path: PlacePath(row.text(5)),
      seat: Seat(row.text(6)) ?? Seat(role: row.text(6), place: row.id(4)),
      claimedBy: row.optionalID(7), openedAt: row.instant(8), deadline: row.instant(9),
      state: Obligation.State(rawValue: row.text(10)) ?? .open, rung: row.integer(11),
      escalatedTo: row.optionalText(12).flatMap(Seat.init), escalatedAt: row.optionalInstant(13),
      closedAt: row.optionalInstant(14), closedBy: row.optionalText(15),
      proof: row.optionalText(16), reason: row.optionalText(17),
      struckOffAt: row.optionalInstant(18), policy: row.text(19))
  }
}
