import Kernel
import Simulator
import Town

/// What is owed to people who are restricted, and how many one account may restrict.
extension NaiveChecks {
  /// Each restriction has had a notice from the moment it held, within the policy's time (I-17).
  func notices() async throws -> [String] {
    try await town.rows(
      """
      SELECT restriction.id, restriction.start_at, notice.opened_at, notice.deadline
      FROM restriction
      LEFT JOIN obligation AS notice
        ON notice.subject = restriction.id AND notice.kind = 'restrictions.notify'
      ORDER BY restriction.id
      """
    ).compactMap { row in
      let start = row.instant(1)
      guard let opened = row.optionalInstant(2), let deadline = row.optionalInstant(3) else {
        return "I-17: nobody has to tell of \(row.text(0))"
      }
      let minutes = NaivePolicy.edition(at: start).notice
      let isInTime = opened <= start + .minutes(5) && deadline <= start + .minutes(minutes)
      return isInTime ? nil : "I-17: \(row.text(0)) is told late"
    }
  }

  /// Within any 24 hours no account caused more under one clause than it may alone (I-20).
  func crowds() async throws -> [String] {
    let rows = try await town.rows(
      """
      SELECT journal.sender, restriction.clause, restriction.start_at
      FROM restriction
      JOIN journal ON journal.subject = restriction.id AND journal.name = 'restrictions.started'
      WHERE restriction.issuer = 'rules' AND restriction.evidence_kind <> 'contact'
        AND journal.sender <> 'clock'
      ORDER BY restriction.start_at
      """)
    let confirmed = try await town.rows(
      """
      SELECT sender, 'contacts', at FROM journal
      WHERE name = 'contacts.confirmed' AND sender <> 'clock'
      ORDER BY at
      """)
    return Dictionary(grouping: rows + confirmed) { "\($0.text(0)) \($0.text(1))" }.flatMap {
      cause, rows in
      rows.indices.compactMap { index -> String? in
        let at = rows[index].instant(2)
        let most = NaivePolicy.edition(at: at).clauses[rows[index].text(1)]?.alone ?? 20
        guard index >= most, at - rows[index - most].instant(2) < .hours(24) else { return nil }
        return "I-20: \(cause) is more than \(most) within a day"
      }
    }
  }

  /// Whoever has a fever or a symptom at a check is owed a doctor from that moment on (I-40).
  func symptoms() async throws -> [String] {
    let doctors = Dictionary(
      grouping: try await town.rows(
        """
        SELECT subject, opened_at, deadline, closed_at
        FROM obligation
        WHERE kind = 'restrictions.medical'
        """)
    ) { $0.text(0) }
    return try await town.rows(
      """
      SELECT id, subject, closed_at, proof
      FROM obligation
      WHERE kind = 'restrictions.health' AND state = 'done'
      ORDER BY id
      """
    ).compactMap { row -> String? in
      let proof = try Fields.json(Array(row.text(3).utf8))
      let at = row.instant(2)
      let edition = NaivePolicy.edition(at: at)
      let celsius = Double(proof["temperature"].string) ?? 0
      let isWell = ["", "none"].contains(proof["symptom"].string)
      if celsius < edition.fever && isWell { return nil }
      let isSeen = (doctors[row.text(1)] ?? []).contains { doctor in
        doctor.instant(1) <= at && doctor.instant(2) <= at + .minutes(edition.medical)
          && doctor.optionalInstant(3) ?? now >= at
      }
      return isSeen ? nil : "I-40: nobody sees to \(row.text(1)) after \(row.text(0))"
    }
  }
}
