import Kernel
import Registry

/// Statements about what restrictions rest on.
package struct EvidenceStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = "kind, reference, person, infection, place, path, counted_from"

  static let waiting = Migration(
    "restrictions-0003", "ALTER TABLE evidence ADD COLUMN waiting_under TEXT",
    "CREATE INDEX evidence_waiting ON evidence (reference) WHERE waiting_under IS NOT NULL")

  /// Whoever goes through what waits, or rests on a zone, part by part reads each row once.
  static let inParts = Migration(
    "restrictions-0005", "DROP INDEX evidence_waiting",
    """
    CREATE INDEX evidence_waiting_next ON evidence (reference, person, infection)
    WHERE waiting_under IS NOT NULL
    """, "DROP INDEX restriction_evidence_kind",
    """
    CREATE INDEX restriction_evidence_next ON restriction_evidence (kind, reference, restriction)
    """)

  static let people = Migration(
    "restrictions-0004",
    "CREATE INDEX evidence_person ON evidence (person, kind) WHERE withdrawn_at IS NULL")

  /// Notes a piece of evidence; one that was withdrawn and comes again counts again.
  ///
  /// - Parameter clause: the clause by which the person has still to be restricted for it.
  func note(_ noted: NotedEvidence, at now: Instant, waitingUnder clause: String? = nil) throws {
    try transaction.execute(
      """
      INSERT INTO evidence (kind, reference, person, infection, place, path, counted_from, noted_at,
        waiting_under)
      VALUES (\(noted.evidence.kind.rawValue), \(noted.evidence.reference), \(noted.person),
        \(noted.infection?.text ?? ""), \(noted.place), \(noted.path), \(noted.countedFrom),
        \(now), \(clause))
      ON CONFLICT (kind, reference, person, infection) DO UPDATE
      SET place = excluded.place, path = excluded.path, counted_from = excluded.counted_from,
        withdrawn_at = NULL, waiting_under = excluded.waiting_under
      """)
  }

  /// What was noted and has not restricted anybody yet.
  ///
  /// - Parameter after: the reference and the person looked at last.
  func waiting(
    after: (reference: String, person: String)?, limit: Int
  ) throws -> [(noted: NotedEvidence, clause: String)] {
    let following: SQL =
      after.map { "(reference, person) > (\($0.reference), \($0.person))" } ?? "1 = 1"
    return try transaction.rows(
      """
      SELECT \(Self.columns), waiting_under
      FROM evidence
      WHERE waiting_under IS NOT NULL AND \(following)
      ORDER BY reference, person, infection
      LIMIT \(limit)
      """
    ).map { (Self.noted($0), $0.text(7)) }
  }

  /// Nothing has to follow from a piece of evidence any more.
  func settle(_ noted: NotedEvidence) throws {
    try transaction.execute(
      """
      UPDATE evidence
      SET waiting_under = NULL
      WHERE kind = \(noted.evidence.kind.rawValue) AND reference = \(noted.evidence.reference)
        AND person = \(noted.person) AND infection = \(noted.infection?.text ?? "")
      """)
  }

  /// Counts a piece of evidence from another moment; who is restricted for it, or waits to be, stays
  /// as it is.
  func count(_ evidence: Evidence, about people: [PersonID], from moment: Instant) throws {
    try transaction.execute(
      """
      UPDATE evidence
      SET counted_from = \(moment)
      WHERE kind = \(evidence.kind.rawValue) AND reference = \(evidence.reference)
        AND person IN (\(SQL.list(people))) AND withdrawn_at IS NULL
      """)
  }

  /// Counts a piece of evidence from another moment, about everybody about whom it counts from one.
  func count(_ evidence: Evidence, from moment: Instant, insteadOf before: Instant) throws {
    try transaction.execute(
      """
      UPDATE evidence
      SET counted_from = \(moment)
      WHERE kind = \(evidence.kind.rawValue) AND reference = \(evidence.reference)
        AND counted_from = \(before) AND withdrawn_at IS NULL
      """)
  }

  /// The evidence of a kind about a person that nobody has withdrawn; the latest leads.
  func standing(_ evidence: Evidence, about person: PersonID) throws -> NotedEvidence? {
    try standing(evidence, about: ResidentsStore(transaction).identifiers(of: person))
  }

  /// The same about a person of whom all identifiers are known.
  func standing(_ evidence: Evidence, about people: [PersonID]) throws -> NotedEvidence? {
    try transaction.row(
      """
      SELECT \(Self.columns)
      FROM evidence
      WHERE kind = \(evidence.kind.rawValue) AND reference = \(evidence.reference)
        AND person IN (\(SQL.list(people))) AND withdrawn_at IS NULL
      ORDER BY counted_from DESC, infection
      LIMIT 1
      """
    ).map(Self.noted)
  }

  /// Whether anybody has evidence of a kind that nobody has withdrawn.
  func isAny(_ kind: EvidenceKind) throws -> Bool {
    try transaction.row(
      """
      SELECT 1 FROM evidence WHERE kind = \(kind.rawValue) AND withdrawn_at IS NULL LIMIT 1
      """) != nil
  }

  /// Evidence of a kind about any of these people, under whichever of their identifiers, that was noted
  /// before a moment and that nobody has withdrawn.
  func standing(
    _ kind: EvidenceKind, among people: [PersonID], before moment: Instant
  ) throws -> [NotedEvidence] {
    let residents = ResidentsStore(transaction)
    let live = try residents.liveIdentifiers(of: Set(people))
    let all = try residents.identifiers(of: Set(people.map { live[$0] ?? $0 }))
    return try Set(all.values.flatMap { $0 } + people).sorted().chunks(of: 500).flatMap { part in
      try transaction.rows(
        """
        SELECT \(Self.columns)
        FROM evidence
        WHERE kind = \(kind.rawValue) AND person IN (\(SQL.list(part)))
          AND noted_at < \(moment) AND withdrawn_at IS NULL
        ORDER BY person, reference
        """
      ).map(Self.noted)
    }
  }

  /// All evidence about a person that nobody has withdrawn, the latest first.
  func standing(about people: [PersonID]) throws -> [NotedEvidence] {
    try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM evidence
      WHERE person IN (\(SQL.list(people))) AND withdrawn_at IS NULL
      ORDER BY counted_from DESC, kind, reference
      LIMIT 100
      """
    ).map(Self.noted)
  }

  func withdraw(_ evidence: Evidence, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE evidence
      SET withdrawn_at = \(now), waiting_under = NULL
      WHERE kind = \(evidence.kind.rawValue) AND reference = \(evidence.reference)
        AND withdrawn_at IS NULL
      """)
  }

  /// Lets fall what a piece of evidence said before it was told anew, of another case.
  func supersede(_ noted: NotedEvidence, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE evidence
      SET withdrawn_at = \(now), waiting_under = NULL
      WHERE kind = \(noted.evidence.kind.rawValue) AND reference = \(noted.evidence.reference)
        AND person = \(noted.person) AND infection <> \(noted.infection?.text ?? "")
        AND withdrawn_at IS NULL
      """)
  }

  func withdraw(restingOn infection: CaseID, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE evidence
      SET withdrawn_at = \(now), waiting_under = NULL
      WHERE infection = \(infection) AND withdrawn_at IS NULL
      """)
  }

  /// Lets a restriction rest on a noted piece of evidence.
  func attach(_ noted: NotedEvidence, to restriction: RestrictionID, at now: Instant) throws {
    try transaction.execute(
      """
      INSERT INTO restriction_evidence (restriction, kind, reference, person, infection, added_at)
      VALUES (\(restriction), \(noted.evidence.kind.rawValue), \(noted.evidence.reference),
        \(noted.person), \(noted.infection?.text ?? ""), \(now))
      ON CONFLICT (restriction, kind, reference, infection) DO NOTHING
      """)
  }

  /// Withdraws a kind of evidence of those who live in an area.
  func withdraw(_ evidence: Evidence, inside path: PlacePath, at now: Instant) throws {
    try transaction.execute(
      """
      UPDATE evidence
      SET withdrawn_at = \(now), waiting_under = NULL
      WHERE kind = \(evidence.kind.rawValue) AND reference = \(evidence.reference)
        AND \(SQL.inside(path, column: "path")) AND withdrawn_at IS NULL
      """)
  }

  /// Restrictions that nobody has ended and that rest, among others, on evidence that was withdrawn.
  func restingOnWithdrawn(_ evidence: Evidence, limit: Int) throws -> [RestrictionID] {
    try transaction.rows(
      """
      SELECT DISTINCT link.restriction
      FROM restriction_evidence AS link
      JOIN evidence ON evidence.kind = link.kind AND evidence.reference = link.reference
        AND evidence.person = link.person AND evidence.infection = link.infection
      JOIN restriction ON restriction.id = link.restriction
      WHERE link.kind = \(evidence.kind.rawValue) AND link.reference = \(evidence.reference)
        AND evidence.withdrawn_at IS NOT NULL AND restriction.ended_at IS NULL
      ORDER BY link.restriction
      LIMIT \(limit)
      """
    ).map { $0.id(0) }
  }

  /// Lets a restriction rest on a piece of evidence no longer.
  func detach(_ evidence: Evidence, from restriction: RestrictionID) throws {
    try transaction.execute(
      """
      DELETE FROM restriction_evidence
      WHERE restriction = \(restriction) AND kind = \(evidence.kind.rawValue)
        AND reference = \(evidence.reference)
      """)
  }

  /// What a restriction rests on and nobody has withdrawn, the one that counts latest first.
  package func holding(_ restriction: RestrictionID) throws -> [NotedEvidence] {
    try transaction.rows(
      """
      SELECT evidence.kind, evidence.reference, evidence.person, evidence.infection,
        evidence.place, evidence.path, evidence.counted_from
      FROM restriction_evidence AS link
      JOIN evidence ON evidence.kind = link.kind AND evidence.reference = link.reference
        AND evidence.person = link.person AND evidence.infection = link.infection
      WHERE link.restriction = \(restriction) AND evidence.withdrawn_at IS NULL
      ORDER BY evidence.counted_from DESC, evidence.reference, evidence.infection
      LIMIT 500
      """
    ).map(Self.noted)
  }

  /// Restrictions that nobody has ended and that rest, among others, on a piece of evidence.
  func restrictions(
    restingOn evidence: Evidence, after: RestrictionID? = nil, limit: Int = 1_000
  ) throws -> [RestrictionID] {
    try transaction.rows(
      """
      SELECT DISTINCT link.restriction
      FROM restriction_evidence AS link
      JOIN restriction ON restriction.id = link.restriction
      WHERE link.kind = \(evidence.kind.rawValue) AND link.reference = \(evidence.reference)
        AND link.restriction > \(after?.text ?? "") AND restriction.ended_at IS NULL
      ORDER BY link.restriction
      LIMIT \(limit)
      """
    ).map { $0.id(0) }
  }

  /// Restrictions that nobody has ended and that rest, among others, on a case.
  func restrictions(restingOn infection: CaseID) throws -> [RestrictionID] {
    try transaction.rows(
      """
      SELECT DISTINCT link.restriction
      FROM restriction_evidence AS link
      JOIN restriction ON restriction.id = link.restriction
      WHERE link.infection = \(infection) AND restriction.ended_at IS NULL
      ORDER BY link.restriction
      LIMIT 10000
      """
    ).map { $0.id(0) }
  }

  private static func noted(_ row: Row) -> NotedEvidence {
    NotedEvidence(
      evidence: Evidence(
        kind: EvidenceKind(rawValue: row.text(0)) ?? .contact, reference: row.text(1)),
      person: row.id(2), infection: row.text(3).isEmpty ? nil : row.id(3), place: row.id(4),
      path: PlacePath(row.text(5)), countedFrom: row.instant(6))
  }
}
