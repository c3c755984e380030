import Gazette
import Kernel
import Registry

/// Statements about who in a zone has a negative result, and about contacts of its infections.
package struct ZoneTestsStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  /// Keeps a result of somebody who lives in a zone or is a contact of its infection.
  func keep(_ person: PersonID, sampledAt: Instant, isNegative: Bool) throws {
    try transaction.execute(
      """
      INSERT INTO zone_test (person, sampled_at, negative)
      VALUES (\(person), \(sampledAt), \(isNegative ? 1 : 0))
      ON CONFLICT (person, sampled_at) DO UPDATE 
      SET negative = excluded.negative
      """)
  }

  /// Which of these people are contacts of infections of standing zones.
  func contacts(among people: [PersonID]) throws -> Set<PersonID> {
    guard !people.isEmpty else { return [] }
    return Set(
      try transaction.rows(
        """
        SELECT DISTINCT evidence.person
        FROM evidence
        JOIN zone_infection ON zone_infection.infection = evidence.infection
        JOIN zone ON zone.id = zone_infection.zone
        WHERE evidence.person IN (\(SQL.list(people))) AND evidence.kind = 'contact'
          AND evidence.withdrawn_at IS NULL AND zone.state = 'standing'
        """
      ).map { $0.id(0) })
  }

  /// The latest sample under each of many identifiers.
  func lastSamples(
    of people: [PersonID]
  ) throws -> [PersonID: (at: Instant, isNegative: Bool)] {
    var samples: [PersonID: (at: Instant, isNegative: Bool)] = [:]
    for start in stride(from: 0, to: people.count, by: 500) {
      let part = people[start..<min(start + 500, people.count)]
      let rows = try transaction.rows(
        """
        SELECT zone_test.person, zone_test.sampled_at, zone_test.negative
        FROM zone_test
        JOIN (
          SELECT person, MAX(sampled_at) AS sampled_at
          FROM zone_test
          WHERE person IN (\(SQL.list(part)))
          GROUP BY person
        ) AS last ON last.person = zone_test.person AND last.sampled_at = zone_test.sampled_at
        ORDER BY zone_test.person
        LIMIT 500
        """)
      for row in rows { samples[row.id(0)] = (row.instant(1), row.integer(2) == 1) }
    }
    return samples
  }

  /// The people of a merged file are tested as the file that lives on.
  func copy(from merged: PersonID, to survivor: PersonID) throws {
    try transaction.execute(
      """
      INSERT INTO zone_test (person, sampled_at, negative)
      SELECT \(survivor), sampled_at, negative FROM zone_test WHERE person = \(merged)
      ON CONFLICT (person, sampled_at) DO NOTHING
      """)
  }

  /// Forgets results older than any clause looks back.
  func forget(before moment: Instant) throws {
    try transaction.execute("DELETE FROM zone_test WHERE sampled_at < \(moment)")
  }

  /// The contacts of an infection that are restricted as a clause says, withdrawn ones aside.
  func contacts(
    of infection: CaseID, under clause: String
  ) throws -> [(contact: ContactID, person: PersonID, path: PlacePath, exposedAt: Instant)] {
    try transaction.rows(
      """
      SELECT evidence.reference, evidence.person, evidence.path, evidence.counted_from
      FROM evidence
      WHERE evidence.infection = \(infection) AND evidence.kind = 'contact'
        AND evidence.withdrawn_at IS NULL AND EXISTS (
          SELECT 1
          FROM restriction_evidence AS link
          JOIN restriction ON restriction.id = link.restriction
          WHERE link.kind = 'contact' AND link.reference = evidence.reference
            AND link.infection = evidence.infection AND restriction.clause = \(clause))
      ORDER BY evidence.counted_from DESC, evidence.reference
      LIMIT 5000
      """
    ).map { ($0.id(0), $0.id(1), PlacePath($0.text(2)), $0.instant(3)) }
  }

  /// Who lives in an area, is at home, and has no negative sample since a moment or a later one
  /// that was not negative: by door, in the order of the doors.
  ///
  /// - Parameters:
  ///   - bornUntil: the birthday of the youngest who is waited for.
  ///   - now: who is in hospital or in central isolation now is not waited for.
  package func untested(
    in area: PlacePath, since: Instant, bornUntil: Day, at now: Instant
  ) throws -> [(door: PlaceID, people: Int)] {
    try transaction.rows(
      """
      SELECT person.home, COUNT(*)
      FROM person
      WHERE \(SQL.inside(area, column: "person.path")) AND person.merged_into IS NULL
        AND person.away_since IS NULL
        AND (person.birth_day IS NULL OR person.birth_day <= \(bornUntil))
        AND NOT EXISTS (
          SELECT 1
          FROM zone_test AS last
          WHERE last.person = person.id AND last.sampled_at >= \(since) AND last.negative = 1
            AND NOT EXISTS (
              SELECT 1
              FROM zone_test AS later
              WHERE later.person = last.person AND later.sampled_at > last.sampled_at
                AND later.negative = 0))
        AND NOT EXISTS (
          SELECT 1
          FROM restriction
          JOIN restriction_phase AS phase ON phase.restriction = restriction.id
          WHERE restriction.person = person.id AND restriction.ended_at IS NULL
            AND phase.kind IN ('central_isolation', 'hospital')
            AND phase.from_at <= \(now) AND phase.until_at > \(now))
      GROUP BY person.home, person.path
      ORDER BY person.path, person.home
      LIMIT 5000
      """
    ).map { ($0.id(0), $0.integer(1)) }
  }

  /// How many behind each door of an area have a negative sample since a moment, in the order of the
  /// doors: what a round that is complete was computed from.
  func tested(in area: PlacePath, since: Instant) throws -> [(door: PlaceID, people: Int)] {
    try transaction.rows(
      """
      SELECT person.home, COUNT(*)
      FROM person
      WHERE \(SQL.inside(area, column: "person.path")) AND person.merged_into IS NULL AND EXISTS (
        SELECT 1
        FROM zone_test AS last
        WHERE last.person = person.id AND last.sampled_at >= \(since) AND last.negative = 1)
      GROUP BY person.home, person.path
      ORDER BY person.path, person.home
      LIMIT 500
      """
    ).map { ($0.id(0), $0.integer(1)) }
  }
}
