import Gazette
import Kernel
import Registry

/// Statements about cases.
package struct CasesStore {
  package let transaction: any Transaction

  package init(_ transaction: any Transaction) { self.transaction = transaction }

  private static let columns: SQL = """
    id, person, kind, source, district, path, found_in, found_in_place, reported_at, recorded_at,
    onset_on, sampled_at, sex, age, converted_at, converted_as, withdrawn_at, withdrawal_reason,
    is_history
    """

  /// A case by its number, nil when there is none.
  package func find(_ id: CaseID) throws -> Infection? {
    try transaction.row("SELECT \(Self.columns) FROM infection WHERE id = \(id)")
      .map(Self.infection)
  }

  /// A case that must be there.
  package func get(_ id: CaseID) throws -> Infection {
    guard let found = try find(id) else {
      throw Refusal.notFound(Words("病例", "case"), id.text, field: "case")
    }
    return found
  }

  /// The case whose conversion was reported under a number.
  func converted(as id: CaseID) throws -> Infection? {
    try transaction.row("SELECT \(Self.columns) FROM infection WHERE converted_as = \(id)")
      .map(Self.infection)
  }

  /// The cases of a person by any identifier that were not withdrawn, the latest first.
  package func cases(of person: PersonID) throws -> [Infection] {
    let people = SQL.list(try ResidentsStore(transaction).identifiers(of: person))
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM infection
      WHERE person IN (\(people)) AND withdrawn_at IS NULL
      ORDER BY reported_at DESC, id
      LIMIT 100
      """
    ).map(Self.infection)
  }

  /// The cases reported in a window by people who live in an area, the earliest first unless the
  /// latest are wanted first.
  package func reported(
    in area: PlacePath, from: Instant?, to: Instant?, withdrawn: Bool, latestFirst: Bool = false,
    after: (at: Instant, id: CaseID)?, limit: Int
  ) throws -> [Infection] {
    let start: SQL = from.map { "reported_at >= \($0)" } ?? "1 = 1"
    let end: SQL = to.map { "reported_at < \($0)" } ?? "1 = 1"
    let following: SQL =
      after.map { last in
        latestFirst
          ? "(reported_at, id) < (\(last.at), \(last.id))"
          : "(reported_at, id) > (\(last.at), \(last.id))"
      } ?? "1 = 1"
    let order: SQL = latestFirst ? "reported_at DESC, id DESC" : "reported_at, id"
    let kept: SQL = withdrawn ? "1 = 1" : "withdrawn_at IS NULL"
    return try transaction.rows(
      """
      SELECT \(Self.columns)
      FROM infection
      WHERE \(start) AND \(end) AND \(following) AND \(kept)
        AND \(SQL.inside(area, column: "path"))
      ORDER BY \(order)
      LIMIT \(limit)
      """
    ).map(Self.infection)
  }

  func insert(_ infection: Infection) throws {
    try transaction.execute(
      """
      INSERT INTO infection (id, person, kind, source, district, path, found_in, found_in_place,
        reported_at, recorded_at, onset_on, sampled_at, sex, age, is_history)
      VALUES (\(infection.id), \(infection.person), \(infection.kind.rawValue),
        \(infection.source), \(infection.district), \(infection.path), \(infection.foundIn),
        \(infection.foundInPlace), \(infection.reportedAt), \(infection.recordedAt),
        \(infection.onsetOn), \(infection.sampledAt), \(infection.sex?.rawValue),
        \(infection.age), \(infection.isHistory ? 1 : 0))
      """)
  }

  /// Saves all that can be put right of a case, its conversion and its withdrawal.
  func update(_ infection: Infection) throws {
    try transaction.execute(
      """
      UPDATE infection
      SET kind = \(infection.kind.rawValue), source = \(infection.source),
        district = \(infection.district), path = \(infection.path),
        found_in = \(infection.foundIn), found_in_place = \(infection.foundInPlace),
        reported_at = \(infection.reportedAt), onset_on = \(infection.onsetOn),
        sampled_at = \(infection.sampledAt), sex = \(infection.sex?.rawValue),
        age = \(infection.age), converted_at = \(infection.convertedAt),
        converted_as = \(infection.convertedAs), withdrawn_at = \(infection.withdrawnAt),
        withdrawal_reason = \(infection.withdrawalReason)
      WHERE id = \(infection.id)
      """)
  }

  func addChange(_ change: CaseChange, to id: CaseID) throws {
    try transaction.execute(
      """
      INSERT INTO infection_change (infection, number, at, field, was, became, reason, sender)
      SELECT \(id), COALESCE(MAX(number), 0) + 1, \(change.at), \(change.field), \(change.was),
        \(change.became), \(change.reason), \(change.sender)
      FROM infection_change
      WHERE infection = \(id)
      """)
  }

  /// What was put right of a case, the oldest first.
  package func changes(of id: CaseID) throws -> [CaseChange] {
    try transaction.rows(
      """
      SELECT at, field, was, became, reason, sender
      FROM infection_change
      WHERE infection = \(id)
      ORDER BY number
      LIMIT 1000
      """
    ).map { row in
      CaseChange(
        at: row.instant(0), field: row.text(1), was: row.optionalText(2),
        became: row.optionalText(3), reason: row.text(4), sender: row.text(5))
    }
  }

  private static func infection(_ row: Row) -> Infection {
    Infection(
      id: row.id(0), person: row.id(1), kind: InfectionKind(rawValue: row.text(2)) ?? .confirmed,
      source: row.optionalText(3), district: row.id(4), path: PlacePath(row.text(5)),
      foundIn: row.optionalText(6), foundInPlace: row.optionalID(7), reportedAt: row.instant(8),
      recordedAt: row.instant(9), onsetOn: row.optionalText(10).flatMap { Day($0) },
      sampledAt: row.optionalInstant(11), sex: row.optionalText(12).flatMap(Sex.init),
      age: row.optionalInteger(13), convertedAt: row.optionalInstant(14),
      convertedAs: row.optionalID(15), withdrawnAt: row.optionalInstant(16),
      withdrawalReason: row.optionalText(17), isHistory: row.integer(18) == 1)
  }
}
