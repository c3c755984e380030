import Gazette
import Kernel

/// Whether a case that one account told beyond its limit waits for a second person, or one has declined it.
enum ZoneDoubt: Sendable {
  case waits
  case declined
}

/// An infection in doubt that a zone rests on all the same.
struct DoubtedGround: Sendable {
  let zone: ZoneID
  let infection: CaseID
}

/// Statements about infections that are claims until a second person has looked: they ground nothing
/// (decision 30). What was told and believed before, and waits now because somebody said more of it, is
/// no claim.
enum ZoneDoubtStore {
  /// That `held` is what makes its infection doubtful.
  private static let isDoubted: SQL = """
    held.kind = \(EvidenceKind.infection.rawValue)
      AND (held.decided_at IS NULL OR held.approved = 0)
      AND NOT EXISTS (
        SELECT 1
        FROM restriction_evidence AS link
        JOIN restriction ON restriction.id = link.restriction
        WHERE link.kind = held.kind AND link.reference = held.reference
          AND link.added_at < held.at
          AND (restriction.end_reason IS NULL OR restriction.end_reason <> 'evidence_withdrawn'))
    """

  /// That nothing is doubtful about the infection of a row of `zone_case`.
  static let isCredible: SQL = """
    NOT EXISTS (
      SELECT 1
      FROM restriction_held AS held
      WHERE held.reference = zone_case.infection AND \(isDoubted))
    """

  /// That nothing is doubtful about the infection of a row of `zone_infection`.
  static let isCredibleInZone: SQL = """
    NOT EXISTS (
      SELECT 1
      FROM restriction_held AS held
      WHERE held.reference = zone_infection.infection AND \(isDoubted))
    """

  /// What is doubtful about an infection; nil when nothing is.
  static func doubt(
    of infection: CaseID, in transaction: any Transaction
  ) throws -> ZoneDoubt? {
    try transaction.row(
      """
      SELECT decided_at
      FROM restriction_held AS held
      WHERE held.reference = \(infection) AND \(isDoubted)
      ORDER BY held.at DESC
      LIMIT 1
      """
    ).map { $0.optionalInstant(0) == nil ? .waits : .declined }
  }

  /// Zones and proposals that rest, among others, on an infection in doubt.
  static func grounds(in transaction: any Transaction, limit: Int) throws -> [DoubtedGround] {
    try transaction.rows(
      """
      SELECT DISTINCT zone.id, counted.infection
      FROM zone
      JOIN zone_infection AS counted ON counted.zone = zone.id
      JOIN restriction_held AS held ON held.reference = counted.infection
      WHERE zone.state IN ('proposed', 'standing') AND counted.withdrawn_at IS NULL
        AND \(isDoubted)
      ORDER BY 1, 2
      LIMIT \(limit)
      """
    ).map { DoubtedGround(zone: $0.id(0), infection: $0.id(1)) }
  }
}
