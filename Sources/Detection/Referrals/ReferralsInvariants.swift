import Kernel

/// What must hold of hand-overs at any moment.
enum ReferralsInvariants {
  static let all: [Invariant] = [
    Invariant("I-35", "a confirmed contact is handed over to one area") { context in
      let policy = try context.policy(ReferralsPolicy.self)
      let kinds = policy.foundHours.keys.sorted()
      if kinds.isEmpty { return [] }
      return try context.transaction.rows(
        """
        SELECT contact.id
        FROM contact
        WHERE contact.state = 'confirmed' AND contact.confirmed_kind IN (\(SQL.list(kinds)))
          AND NOT EXISTS (
            SELECT 1
            FROM referral
            WHERE referral.contact = contact.id
              AND referral.state IN ('sent', 'accepted', 'returned', 'found'))
        ORDER BY contact.id LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant(
      "I-35", "what counts as handed over concerns a confirmed contact",
      violations: """
        SELECT referral.id
        FROM referral
        JOIN contact ON contact.id = referral.contact
        WHERE referral.state IN ('sent', 'accepted', 'returned', 'found')
          AND contact.state <> 'confirmed'
        ORDER BY referral.id LIMIT 20
        """),
    Invariant(
      "I-35", "a hand-over that nobody has answered, found or redirected is owed by somebody",
      violations: """
        SELECT referral.id
        FROM referral
        WHERE referral.state IN ('sent', 'accepted', 'returned')
          AND NOT EXISTS (
            SELECT 1
            FROM obligation
            WHERE obligation.subject = referral.id AND obligation.closed_at IS NULL
              AND obligation.kind IN ('referrals.answer', 'referrals.find', 'referrals.redirect'))
        ORDER BY referral.id LIMIT 20
        """),
    Invariant(
      "I-42", "both sides of a move said so, and they are two",
      violations: """
        SELECT id
        FROM referral
        WHERE arrived_at IS NOT NULL
          AND (departed_at IS NULL OR departed_by = arrived_by OR arrived_at < departed_at)
        ORDER BY id LIMIT 20
        """),
  ]
}
