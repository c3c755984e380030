import Kernel

/// What must hold of leads at any moment.
enum LeadsInvariants {
  static let all: [Invariant] = [
    Invariant(
      "I-6", "a lead that is to be checked is owed by exactly one seat",
      violations: """
        SELECT lead.id
        FROM lead
        WHERE lead.state = 'assigned' AND (
          SELECT COUNT(*)
          FROM obligation
          WHERE obligation.subject = lead.id AND obligation.kind = 'leads.verify'
            AND obligation.closed_at IS NULL) <> 1
        ORDER BY lead.id LIMIT 20
        """),
    Invariant(
      "I-7", "a lead that was checked, or waits, is owed by nobody",
      violations: """
        SELECT lead.id
        FROM lead
        JOIN obligation ON obligation.subject = lead.id
        WHERE lead.state <> 'assigned' AND obligation.kind = 'leads.verify'
          AND obligation.closed_at IS NULL
        ORDER BY lead.id LIMIT 20
        """),
    Invariant(
      "I-6", "where leads wait to be split, somebody owes it",
      violations: """
        SELECT DISTINCT lead.place
        FROM lead
        WHERE lead.state = 'waiting' AND NOT EXISTS (
          SELECT 1
          FROM obligation
          WHERE obligation.subject = lead.place AND obligation.kind = 'leads.split'
            AND obligation.closed_at IS NULL)
        ORDER BY lead.place LIMIT 20
        """),
    Invariant(
      "I-7", "a checked lead has its result",
      violations: """
        SELECT lead.id
        FROM lead
        WHERE (lead.state = 'verified') <> EXISTS (
          SELECT 1 FROM lead_result WHERE lead_result.lead = lead.id)
        ORDER BY lead.id LIMIT 20
        """),
  ]
}
