import Kernel

/// Statements about what one contact of a person told while it stands back behind another.
extension ContactsStore {
  static let lending = Migration(
    "contacts-0004", "ALTER TABLE exposure ADD COLUMN lent_by TEXT",
    "CREATE INDEX exposure_lent ON exposure (lent_by) WHERE lent_by IS NOT NULL")

  /// Lets what was told of one contact count for another of the same person.
  func lendTold(from contact: Contact, to other: Contact) throws {
    // Numbered after everything that the other has, of whichever case.
    let next =
      try transaction.row(
        "SELECT COALESCE(MAX(ordinal), -1) + 1 FROM exposure WHERE contact = \(other.id)"
      )?.integer(0) ?? 0
    try transaction.execute(
      """
      UPDATE exposure
      SET contact = \(other.id), person = \(other.person), ordinal = ordinal + \(next),
        lent_by = COALESCE(lent_by, \(contact.id))
      WHERE contact = \(contact.id) AND by_hand = 1
      """)
  }

  /// Gives back what a contact had told before it stood back; answers the contacts that lose it.
  func giveBackTold(to contact: Contact) throws -> [Contact] {
    let borrowers = try borrowers(of: contact.id)
    try transaction.execute(
      """
      UPDATE exposure
      SET contact = \(contact.id), person = \(contact.person), lent_by = NULL
      WHERE lent_by = \(contact.id) AND lent_by IS NOT NULL
      """)
    return try borrowers.compactMap { try find($0.id) }
  }

  /// The contacts for which counts what was told of one that stands back.
  func borrowers(of contact: ContactID) throws -> [Contact] {
    try transaction.rows(
      """
      SELECT DISTINCT contact
      FROM exposure
      WHERE lent_by = \(contact) AND lent_by IS NOT NULL
      ORDER BY contact
      LIMIT 100
      """
    ).compactMap { try find($0.id(0)) }
  }
}
