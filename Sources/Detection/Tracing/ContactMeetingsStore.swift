import Gazette
import Kernel

extension ContactsStore {
  /// Where and when a contact met a case: as much of an exposure as a table of thousands needs.
  struct Meeting {
    let contact: ContactID
    let basis: Exposure.Basis
    let venue: VenueID?
    let span: TimeSpan
  }

  /// All meetings with a case, each contact's by time.
  func meetings(with infection: CaseID) throws -> [Meeting] {
    try transaction.rows(
      """
      SELECT contact, basis, venue, from_at, to_at
      FROM exposure
      WHERE infection = \(infection)
      ORDER BY contact, from_at, to_at
      LIMIT 1000000
      """
    ).map { row in
      Meeting(
        contact: row.id(0), basis: Exposure.Basis(rawValue: row.text(1)) ?? .interview,
        venue: row.optionalID(2), span: TimeSpan(row.instant(3), row.instant(4)))
    }
  }
}
