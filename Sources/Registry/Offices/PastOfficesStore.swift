import Kernel

/// Which offices somebody held at some moment: their own, and those that a colleague had handed to them.
/// For whoever reads what was done and looked at: it was done by the one as by the other.
package struct PastOfficesStore {
  package let transaction: any Transaction
  /// For how long a colleague still acted by an office that was handed over, after its time.
  private let grace: Int

  package init(_ transaction: any Transaction, _ policy: ShiftsPolicy) {
    self.transaction = transaction
    grace = Int(Duration.minutes(policy.graceMinutes).inMilliseconds)
  }

  /// The posts that an account held at a moment, its own first, then the widest.
  package func seats(of account: AccountID, at moment: Instant) throws -> [Seat] {
    try transaction.rows(
      """
      SELECT 0 AS given, office.path, office.role, office.place
      FROM office
      WHERE office.account = \(account) AND \(Self.ran("office", at: "\(moment)"))
      UNION ALL
      SELECT 1 AS given, delegation.path, delegation.role, delegation.place
      FROM delegation
      WHERE delegation.taker = \(account) AND \(acted(at: "\(moment)"))
      ORDER BY 1, 2, 3
      LIMIT 500
      """
    ).map { Seat(role: $0.text(2), place: $0.id(3)) }
  }

  /// A condition of a statement: that whoever sent a row held a role when it was written.
  ///
  /// - Parameters:
  ///   - sender: the column that names the sender.
  ///   - moment: the column with the moment.
  package func held(_ role: String, by sender: SQL, at moment: SQL) -> SQL {
    """
    (EXISTS (
      SELECT 1
      FROM office
      WHERE office.account = \(sender) AND office.role = \(role) AND \(Self.ran("office", at: moment)))
    OR EXISTS (
      SELECT 1
      FROM delegation
      WHERE delegation.taker = \(sender) AND delegation.role = \(role) AND \(acted(at: moment))))
    """
  }

  /// That a colleague acted by a delegation at a moment: until somebody ended it, or the giver's office,
  /// or some minutes after it ran out.
  private func acted(at moment: SQL) -> SQL {
    """
    delegation.from_at <= \(moment) AND delegation.until_at > \(moment) - \(grace)
      AND (delegation.ended_at IS NULL OR delegation.ended_at > \(moment))
      AND EXISTS (
        SELECT 1
        FROM office given
        WHERE given.account = delegation.giver AND given.role = delegation.role
          AND given.place = delegation.place AND \(Self.ran("given", at: moment)))
    """
  }

  private static func ran(_ office: SQL, at moment: SQL) -> SQL {
    """
    \(office).from_at <= \(moment)
      AND (\(office).until_at IS NULL OR \(office).until_at > \(moment))
    """
  }
}
