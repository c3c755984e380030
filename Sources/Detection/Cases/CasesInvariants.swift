import Kernel

/// What must hold of cases at any moment.
enum CasesInvariants {
  static let all: [Invariant] = [
    Invariant(
      "I-32", "every case that is no history has an investigation on the clock",
      violations: """
        SELECT id
        FROM infection
        WHERE is_history = 0 AND NOT EXISTS (
          SELECT 1
          FROM obligation
          WHERE obligation.subject = infection.id AND obligation.kind = 'cases.investigate'
            AND obligation.opened_at <= infection.recorded_at)
        ORDER BY id
        LIMIT 20
        """),
    Invariant(
      "I-32", "an investigation still open after its deadline was escalated",
      violations: """
        SELECT infection.id
        FROM infection
        JOIN obligation ON obligation.subject = infection.id
        WHERE obligation.kind = 'cases.investigate' AND obligation.closed_at IS NULL
          AND obligation.rung = 0 AND obligation.next_escalation_at IS NULL
        ORDER BY infection.id
        LIMIT 20
        """),
    Invariant(
      "I-31", "a conversion follows the report of an asymptomatic infection",
      violations: """
        SELECT id
        FROM infection
        WHERE converted_at IS NOT NULL AND (kind <> 'asymptomatic' OR converted_at < reported_at)
        ORDER BY id
        LIMIT 20
        """),
  ]
}
