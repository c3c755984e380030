import Kernel

/// What must hold of what cases said.
enum InterviewInvariants {
  static let all: [Invariant] = [
    Invariant(
      "I-33", "a stay that a case told, and nobody struck, is among the visits",
      violations: """
        SELECT interview_entry.id
        FROM interview_entry
        WHERE interview_entry.has_visit = 1 AND interview_entry.struck_at IS NULL AND NOT EXISTS (
          SELECT 1
          FROM visit
          WHERE visit.venue = interview_entry.venue AND visit.from_at = interview_entry.from_at
            AND visit.to_at = interview_entry.to_at AND visit.source = 'interview')
        ORDER BY interview_entry.id LIMIT 20
        """),
    Invariant(
      "I-7", "what a case said and the registry does not know is kept as a lead",
      violations: """
        SELECT interview_entry.id
        FROM interview_entry
        LEFT JOIN lead ON lead.id = interview_entry.lead
        WHERE interview_entry.lead IS NOT NULL AND lead.id IS NULL
        ORDER BY interview_entry.id LIMIT 20
        """),
  ]
}
