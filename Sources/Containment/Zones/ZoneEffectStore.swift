import Gazette
import Kernel

/// Statements about whom a zone restricts.
struct ZoneEffect {
  let transaction: any Transaction

  init(_ transaction: any Transaction) { self.transaction = transaction }

  /// How many restrictions rest on a zone.
  func restricted(by zone: ZoneID) throws -> Int {
    try transaction.row(
      """
      SELECT COUNT(DISTINCT link.restriction)
      FROM restriction_evidence AS link
      JOIN restriction ON restriction.id = link.restriction
      WHERE link.kind = 'zone_residence' AND link.reference = \(zone)
        AND restriction.ended_at IS NULL
      """)?.integer(0) ?? 0
  }
}
