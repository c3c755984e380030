import Kernel

/// Statements about exposures that somebody told of and took back.
extension ContactsStore {
  /// Removes what an account told of a contact's exposure to a case in a span, wherever it counts
  /// since files were merged.
  func removeTold(
    of contact: ContactID, to infection: CaseID, by account: String, in span: TimeSpan
  ) throws {
    try transaction.execute(
      """
      DELETE FROM exposure
      WHERE (contact = \(contact) OR lent_by = \(contact)) AND infection = \(infection) AND by_hand = 1
        AND told_by = \(account) AND from_at = \(span.from) AND to_at = \(span.to)
      """)
  }
}
