import Kernel

/// What must hold of contacts at any moment.
enum TracingInvariants {
  static let all: [Invariant] = [
    Invariant(
      "I-33", "no case is a contact of itself",
      violations: """
        SELECT exposure.contact
        FROM exposure
        JOIN investigation ON investigation.infection = exposure.infection
        WHERE exposure.person = investigation.person
          OR (exposure.via IS NOT NULL AND exposure.via = exposure.person)
        ORDER BY exposure.contact LIMIT 20
        """),
    Invariant(
      "I-33", "an exposure to a case lies inside the case's window",
      violations: """
        SELECT exposure.contact
        FROM exposure
        JOIN investigation ON investigation.infection = exposure.infection
        JOIN contact ON contact.id = exposure.contact
        WHERE exposure.degree = 1 AND exposure.by_hand = 0 AND investigation.stale = 0
          AND contact.state IN ('proposed', 'confirmed', 'became_case')
          AND (exposure.from_at < investigation.window_start
            OR exposure.to_at > investigation.window_end)
        ORDER BY exposure.contact LIMIT 20
        """),
    Invariant(
      "I-33", "a contact of a contact has a close contact of the same case before it",
      violations: """
        SELECT exposure.contact
        FROM exposure
        JOIN investigation ON investigation.infection = exposure.infection
        JOIN contact ON contact.id = exposure.contact
        WHERE exposure.degree = 2 AND investigation.stale = 0
          AND contact.state IN ('proposed', 'confirmed', 'became_case')
          AND NOT EXISTS (
            SELECT 1
            FROM exposure primary_one
            WHERE primary_one.infection = exposure.infection
              AND primary_one.person = exposure.via AND primary_one.degree = 1
              AND primary_one.kind = 'close' AND primary_one.from_at < exposure.to_at)
        ORDER BY exposure.contact LIMIT 20
        """),
    Invariant(
      "I-34", "a person is one contact, however many exposures there are",
      violations: """
        SELECT person
        FROM contact
        WHERE state IN ('proposed', 'confirmed')
        GROUP BY person
        HAVING COUNT(*) > 1
        ORDER BY person LIMIT 20
        """),
    Invariant(
      "I-34", "a contact rests on at least one exposure, all of the same person",
      violations: """
        SELECT contact.id
        FROM contact
        WHERE (contact.state IN ('proposed', 'confirmed')
            AND NOT EXISTS (SELECT 1 FROM exposure WHERE exposure.contact = contact.id))
          OR EXISTS (
            SELECT 1
            FROM exposure
            WHERE exposure.contact = contact.id AND exposure.person <> contact.person)
        ORDER BY contact.id LIMIT 20
        """),
    Invariant(
      "I-35", "a confirmed contact has been handed to the area of the home",
      violations: """
        SELECT contact.id
        FROM contact
        WHERE contact.state = 'confirmed'
          AND NOT EXISTS (
            SELECT 1
            FROM journal
            WHERE journal.subject = contact.id AND journal.name = 'contacts.confirmed')
        ORDER BY contact.id LIMIT 20
        """),
    Invariant(
      "I-16", "what one account told, another confirmed, and a contact rests on more than a word",
      violations: """
        SELECT exposure.contact
        FROM exposure
        WHERE exposure.told_by = exposure.confirmed_by
        UNION ALL
        SELECT contact.id
        FROM contact
        WHERE contact.state = 'confirmed' AND NOT EXISTS (
          SELECT 1
          FROM exposure
          WHERE exposure.contact = contact.id
            AND (exposure.told_by IS NULL OR exposure.confirmed_by IS NOT NULL))
        LIMIT 20
        """),
    Invariant(
      "I-20", "nobody confirmed more people alone than the policy of the day allows"
    ) { context in
      try aloneTooMany(
        """
        SELECT issuer, person, at, contact
        FROM contact_confirmation
        WHERE approver IS NULL
        ORDER BY issuer, at, contact
        LIMIT 1000000
        """, in: context)
    },
    Invariant(
      "I-16", "nobody freed more contacts alone by rejecting them than the policy of the day allows"
    ) { context in
      try aloneTooMany(
        """
        SELECT issuer, person, at, contact
        FROM contact_rejection
        WHERE approver IS NULL
        ORDER BY issuer, at, contact
        LIMIT 1000000
        """, in: context)
    },
  ]

  /// The decisions with which an account went beyond what it may do alone.
  private static func aloneTooMany(
    _ decisions: SQL, in context: Invariant.Context
  ) throws -> [String] {
    var recent: [(issuer: String, person: String, at: Instant)] = []
    var found: [String] = []
    let rows = try context.transaction.rows(decisions)
    for row in rows {
      let (issuer, at) = (row.text(0), row.instant(2))
      let day = Day(of: at, in: context.rules.zone)
      let limit = try context.rules.policies.section(ContactsPolicy.self, on: day)
        .section.confirmedAlone
      recent.removeAll { $0.issuer != issuer || $0.at <= at - .hours(limit.hours) }
      recent.append((issuer, row.text(1), at))
      if Set(recent.map(\.person)).count > limit.people { found.append(row.text(3)) }
    }
    return Array(found.prefix(20))
  }
}
