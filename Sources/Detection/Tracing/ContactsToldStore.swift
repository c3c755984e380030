import Kernel

/// Statements about exposures that somebody told of and took back.
extension ContactsStore {
  /// Removes what an account told of a contact's exposure to a case in a span.
  func removeTold(
    of contact: ContactID, to infection: CaseID, by account: String, in span: TimeSpan
  ) throws {
    try transaction.execute(
      """
      DELETE FROM exposure
      WHERE contact = \(contact) AND infection = \(infection) AND by_hand = 1
        AND told_by = \(account) AND from_at = \(span.from) AND to_at = \(span.to)
      """)
  }
}
