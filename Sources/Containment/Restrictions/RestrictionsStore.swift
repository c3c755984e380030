import Kernel
import Registry

/// Statements about restrictions and their phases.
package struct RestrictionsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    id, person, kind, clause, edition, evidence_kind, evidence, issuer, issuer_organisations,
    approver, place, path, start_at, end_at, limit_at, counted_from, appeal, opened_until,
    suspends_at, ended_at, end_reason
    """

  /// The one condition for a restriction that holds now; `Restriction.isEffective` says the same.
  ///
  /// What is past its end, or waits too long for the decision of an objection, does not hold at
  /// any read, whether or not the clock's job has run.
  static func effective(at now: Instant) -> SQL {
    """
    ended_at IS NULL AND start_at <= \(now) AND end_at > \(now)
    AND (suspends_at IS NULL OR suspends_at > \(now))
    """
  }

  /// What holds rests on evidence that nobody has withdrawn: asked at every read of one person, so that
  /// nobody is held while the clock's job lets thousands go part by part (RELIABILITY 3.3, 1 and 5).
  /// That it ends no later than its clause allows, the table itself checks.
  private static let rests: SQL = """
    EXISTS (
      SELECT 1
      FROM restriction_evidence AS link
      JOIN evidence ON evidence.kind = link.kind AND evidence.reference = link.reference
        AND evidence.person = link.person AND evidence.infection = link.infection
      WHERE link.restriction = restriction.id AND evidence.withdrawn_at IS NULL)
    """

  func insert(_ restriction: Restriction) throws {
    try transaction.execute(
      """
      INSERT INTO restriction (id, person, kind, clause, edition, evidence_kind, evidence, issuer,
        issuer_organisations, approver, place, path, start_at, end_at, limit_at, counted_from,
        appeal, opened_until)
      VALUES (\(restriction.id), \(restriction.person), \(restriction.kind.rawValue),
        \(restriction.clause), \(restriction.edition), \(restriction.evidence.kind.rawValue),
        \(restriction.evidence.reference), \(restriction.issuer),
        \(restriction.issuerOrganisations), \(restriction.approver), \(restriction.place),
        \(restriction.path), \(restriction.start), \(restriction.end), \(restriction.limit),
        \(restriction.countedFrom), \(restriction.appeal), \(restriction.openedUntil))
      """)
  }

  func replacePhases(of id: RestrictionID, with phases: [RestrictionPhase]) throws {
    try transaction.execute("DELETE FROM restriction_phase WHERE restriction = \(id)")
    for (index, phase) in phases.enumerated() {
      try transaction.execute(
        """
        INSERT INTO restriction_phase (restriction, ordinal, kind, from_at, until_at, day_one)
        VALUES (\(id), \(index + 1), \(phase.kind.rawValue), \(phase.from), \(phase.until),
          \(phase.dayOne))
        """)
    }
  }

  func move(_ id: RestrictionID, end: Instant, countedFrom: Instant) throws {
    try transaction.execute(
      """
      UPDATE restriction
      SET end_at = \(end), counted_from = \(countedFrom)
      WHERE id = \(id)
      """)
  }

  func noteOpened(_ id: RestrictionID, until: Instant) throws {
    try transaction.execute(
      "UPDATE restriction SET opened_until = \(until) WHERE id = \(id)")
  }

  func noteOpened(_ ids: [RestrictionID], until: Instant) throws {
    for part in ids.sorted().chunks(of: 500) {
      try transaction.execute(
        "UPDATE restriction SET opened_until = \(until) WHERE id IN (\(SQL.list(part)))")
    }
  }

  func suspend(_ id: RestrictionID, from: Instant?) throws {
    try transaction.execute("UPDATE restriction SET suspends_at = \(from) WHERE id = \(id)")
  }

  func end(_ id: RestrictionID, at: Instant, reason: EndReason, by sender: String) throws {
    try transaction.execute(
      """
      UPDATE restriction
      SET ended_at = \(at), end_reason = \(reason.rawValue), ended_by = \(sender)
      WHERE id = \(id)
      """)
  }

  /// The restriction with an identifier, nil when there is none.
  package func find(_ id: RestrictionID) throws -> Restriction? {
    try transaction.row("SELECT \(Self.columns) FROM restriction WHERE id = \(id)")
      .map(Self.restriction)
  }

  /// A restriction that must be there.
  package func get(_ id: RestrictionID) throws -> Restriction {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("管控措施", "restriction"), id.text, field: "restriction")
    }
    return found
  }

  /// A person is restricted under whichever of their identifiers (decision 5).
  private func identifiers(of person: PersonID) throws -> SQL {
    SQL.list(try ResidentsStore(transaction).identifiers(of: person))
  }

  /// Puts everything that nobody has ended of a person at another place.
  func move(allOf person: PersonID, to place: PlaceID, _ path: PlacePath) throws {
    let people = try identifiers(of: person)
    try transaction.execute(
      """
      UPDATE restriction
      SET place = \(place), path = \(path)
      WHERE person IN (\(people)) AND ended_at IS NULL
      """)
  }

  /// Everything that was ever asked of a person, the youngest first.
  package func all(of person: PersonID) throws -> [Restriction] {
    let people = try identifiers(of: person)
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM restriction
      WHERE person IN (\(people))
      ORDER BY start_at DESC, id DESC
      LIMIT 100
      """
    ).map(Self.restriction)
  }

  /// How many began at a moment or later.
  package func begun(since moment: Instant) throws -> Int {
    try transaction.row("SELECT COUNT(*) FROM restriction WHERE start_at >= \(moment)")?
      .integer(0) ?? 0
  }

  /// What holds for a person now.
  package func effective(for person: PersonID, at now: Instant) throws -> [Restriction] {
    let people = try identifiers(of: person)
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM restriction
      WHERE person IN (\(people)) AND \(Self.effective(at: now)) AND \(Self.rests)
      ORDER BY start_at, id
      LIMIT 100
      """
    ).map(Self.restriction)
  }

  /// Those of a person that nobody has ended, suspended ones among them.
  func running(for person: PersonID, at now: Instant) throws -> [Restriction] {
    let people = try identifiers(of: person)
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM restriction
      WHERE person IN (\(people)) AND ended_at IS NULL AND end_at > \(now)
      ORDER BY start_at, id
      LIMIT 100
      """
    ).map(Self.restriction)
  }

  /// Those of many identifiers that nobody has ended, each with its identifier.
  func running(
    ofAny people: [PersonID], at now: Instant
  ) throws -> [(id: RestrictionID, person: PersonID)] {
    try people.chunks(of: 500).flatMap { part in
      try transaction.rows(
        """
        SELECT id, person
        FROM restriction
        WHERE person IN (\(SQL.list(part))) AND ended_at IS NULL AND end_at > \(now)
        """
      ).map { ($0.id(0), $0.id(1)) }
    }
  }

  /// Those that nobody has ended.
  func unended(limit: Int) throws -> [Restriction] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM restriction
      WHERE ended_at IS NULL
      ORDER BY end_at, id
      LIMIT \(limit)
      """
    ).map(Self.restriction)
  }

  /// Those of a person by a clause that are past their end and that nobody has closed yet.
  func past(for person: PersonID, under clause: String, at now: Instant) throws -> [Restriction] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM restriction
      WHERE person = \(person) AND clause = \(clause) AND ended_at IS NULL AND end_at <= \(now)
      ORDER BY id
      LIMIT 10
      """
    ).map(Self.restriction)
  }

  /// Those past their end that the clock has not closed yet.
  func past(at now: Instant, limit: Int) throws -> [Restriction] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM restriction
      WHERE ended_at IS NULL AND end_at <= \(now)
      ORDER BY end_at, id
      LIMIT \(limit)
      """
    ).map(Self.restriction)
  }

  /// Those that hold and whose obligations are opened to less than a moment.
  func toOpen(until: Instant, at now: Instant, limit: Int) throws -> [Restriction] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM restriction
      WHERE opened_until < \(until) AND opened_until < end_at AND \(Self.effective(at: now))
      ORDER BY opened_until, id
      LIMIT \(limit)
      """
    ).map(Self.restriction)
  }

  /// Those that nobody has ended and that run under none of these clauses.
  func running(
    outside clauses: [String], at now: Instant, limit: Int
  ) throws -> [Restriction] {
    let isOutside: SQL = clauses.isEmpty ? "1 = 1" : "clause NOT IN (\(SQL.list(clauses)))"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM restriction
      WHERE ended_at IS NULL AND end_at > \(now) AND \(isOutside)
      ORDER BY end_at, id
      LIMIT \(limit)
      """
    ).map(Self.restriction)
  }

  /// A place in a list that is ordered by end.
  package struct Cursor: Sendable {
    package let end: Instant
    package let id: RestrictionID
  }

  /// What is in a state in an area, under one clause when one is named, by end: the first first, or the
  /// last.
  package func list(
    in path: PlacePath, _ state: RestrictionState, clause: String? = nil, latest: Bool = false,
    at now: Instant, after: Cursor?, limit: Int
  ) throws -> [Restriction] {
    let following: SQL =
      after.map {
        latest
          ? "(end_at, id) < (\($0.end), \($0.id))" : "(end_at, id) > (\($0.end), \($0.id))"
      } ?? "1 = 1"
    let wanted: SQL = clause.map { "clause = \($0)" } ?? "1 = 1"
    let order: SQL = latest ? "end_at DESC, id DESC" : "end_at, id"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM restriction
      WHERE \(Self.condition(state, at: now)) AND \(SQL.listed(path, column: "path"))
        AND \(following) AND \(wanted)
      ORDER BY \(order)
      LIMIT \(limit)
      """
    ).map(Self.restriction)
  }

  private static func condition(_ state: RestrictionState, at now: Instant) -> SQL {
    switch state {
    case .effective: effective(at: now)
    case .suspended: "ended_at IS NULL AND end_at > \(now) AND suspends_at <= \(now)"
    case .ended: "(ended_at IS NOT NULL OR end_at <= \(now))"
    }
  }

  /// The phases of a restriction in their order.
  package func phases(of id: RestrictionID) throws -> [RestrictionPhase] {
    try transaction.rows(
      """
      SELECT kind, from_at, until_at, day_one
      FROM restriction_phase
      WHERE restriction = \(id)
      ORDER BY ordinal
      LIMIT 100
      """
    ).map { row in
      RestrictionPhase(
        kind: RestrictionKind(rawValue: row.text(0)) ?? .notice, from: row.instant(1),
        until: row.instant(2), dayOne: Day(row.text(3)) ?? Day(of: row.instant(1), in: .china))
    }
  }

  /// How many restrictions hold inside an area now, by the kind of their present phase, and how
  /// many of them end before a moment.
  package func counts(
    in path: PlacePath, at now: Instant, endingBefore: Instant
  ) throws -> [(kind: RestrictionKind, effective: Int, ending: Int)] {
    try transaction.rows(
      """
      SELECT phase.kind, COUNT(*), COUNT(CASE WHEN held.end_at <= \(endingBefore) THEN 1 END)
      FROM (
        SELECT id, end_at
        FROM restriction
        WHERE \(Self.effective(at: now)) AND \(SQL.inside(path, column: "path"))
      ) AS held
      JOIN restriction_phase AS phase ON phase.restriction = held.id
        AND phase.from_at <= \(now) AND phase.until_at > \(now)
      GROUP BY phase.kind
      ORDER BY phase.kind
      """
    ).map { row in
      (RestrictionKind(rawValue: row.text(0)) ?? .notice, row.integer(1), row.integer(2))
    }
  }

  /// How many in an area that nobody has ended run under each clause at a moment.
  func runningByClause(
    in path: PlacePath = .everywhere, at now: Instant
  ) throws -> [(clause: String, count: Int)] {
    try transaction.rows(
      """
      SELECT clause, COUNT(*)
      FROM restriction
      WHERE ended_at IS NULL AND end_at > \(now) AND \(SQL.inside(path, column: "path"))
      GROUP BY clause
      ORDER BY clause
      LIMIT 1000
      """
    ).map { ($0.text(0), $0.integer(1)) }
  }

  static func restriction(_ row: Row) -> Restriction {
    Restriction(
      id: row.id(0), person: row.id(1), kind: RestrictionKind(rawValue: row.text(2)) ?? .notice,
      clause: row.text(3), edition: row.text(4),
      evidence: Evidence(
        kind: EvidenceKind(rawValue: row.text(5)) ?? .contact, reference: row.text(6)),
      issuer: row.text(7), issuerOrganisations: row.text(8), approver: row.optionalText(9),
      place: row.id(10), path: PlacePath(row.text(11)), start: row.instant(12),
      end: row.instant(13), limit: row.instant(14), countedFrom: row.instant(15),
      appeal: row.text(16), openedUntil: row.instant(17), suspendsAt: row.optionalInstant(18),
      endedAt: row.optionalInstant(19), endReason: row.optionalText(20).flatMap(EndReason.init))
  }
}
