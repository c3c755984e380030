import Kernel
import Simulator
import Town

/// A restriction with what its end must follow from.
private struct EndingRow {
  let id: String
  let person: String
  let clause: String
  let edition: String
  let evidence: String
  let start: Instant
  let end: Instant
  let endedAt: Instant?
  let reason: String
  let issuer: String

  init(_ row: Row) {
    id = row.text(0)
    person = row.text(1)
    clause = row.text(2)
    edition = row.text(3)
    evidence = row.text(4)
    start = row.instant(5)
    end = row.instant(6)
    endedAt = row.optionalInstant(7)
    reason = row.optionalText(8) ?? ""
    issuer = row.text(9)
  }
}

/// The last word of the journal on when a restriction ends.
private struct LastCount {
  let end: Instant
  let dayZero: Day
}

extension NaiveChecks {
  /// Nobody is held later than what their restriction rests on and its clause ask, in the edition that
  /// decided it, and nobody is free earlier unless for a reason that is there to be seen.
  func ends() async throws -> [String] {
    let files = try await NaiveFiles(of: town)
    let rows = try await town.rows(
      """
      SELECT id, person, clause, edition, evidence_kind, start_at, end_at, ended_at, end_reason, issuer
      FROM restriction
      ORDER BY id
      """
    ).map(EndingRow.init)
    let counts = try await lastCounts()
    let standing = try await standingEvidence()
    // Who is treated as a case is isolated as nothing else: what else they have is not counted anew.
    let treated = Set(
      rows.filter { $0.evidence == "case" && $0.endedAt == nil }.map { files.current($0.person) })
    var faults: [String] = []
    for row in rows {
      // What ended days ago was looked at on the days before.
      if let endedAt = row.endedAt, endedAt < now - .days(2) { continue }
      faults += countFaults(row, counts[row.id])
      let isCase = row.evidence != "case" && treated.contains(files.current(row.person))
      if row.endedAt == nil, row.issuer == "rules", !isCase {
        let day = standing[row.id].map { Day(of: $0, in: .china) }
        if let zero = counts[row.id]?.dayZero, day != zero {
          faults.append(
            "I-41: \(row.id), \(row.clause) of \(row.person), counts from \(zero), not \(day?.text ?? "anything")"
          )
        }
      }
      guard let endedAt = row.endedAt else {
        if row.end <= now { faults.append("I-41: \(row.id) is past its end and not closed") }
        continue
      }
      if endedAt > row.end { faults.append("I-41: \(row.id) was held beyond its end") }
      if endedAt < row.end, !(try await isFreeRightly(row, endedAt, rows, files, counts)) {
        faults.append(
          "I-41: \(row.id), \(row.clause) of \(row.person), ended early, \(row.reason), without cause"
        )
      }
    }
    return faults
  }

  /// The end that follows from the clause and the day that counts is the end that holds.
  private func countFaults(_ row: EndingRow, _ last: LastCount?) -> [String] {
    guard let last else { return ["I-41: nothing says when \(row.id) ends"] }
    let edition = NaivePolicy.edition(at: row.start)
    guard let clause = edition.clauses[row.clause] else {
      return ["I-41: \(row.id) was counted by \(edition.reference), which has no \(row.clause)"]
    }
    var faults: [String] = []
    if row.edition != edition.reference {
      faults.append("I-41: \(row.id) names \(row.edition), not \(edition.reference)")
    }
    let expected = (last.dayZero + clause.days).end(in: .china)
    if last.end != expected || row.end != expected {
      faults.append(
        "I-41: \(row.id) ends at \(row.end.text(in: .china)), not \(expected.text(in: .china))")
    }
    return faults
  }

  private func lastCounts() async throws -> [String: LastCount] {
    var counts: [String: LastCount] = [:]
    for row in try await town.rows(
      """
      SELECT subject, payload
      FROM journal
      WHERE name IN ('restrictions.started', 'restrictions.moved')
      ORDER BY sequence
      """)
    {
      let payload = try Fields.json(Array(row.text(1).utf8))
      guard let end = Instant(payload["end"].string, in: .china),
        let day = Day(payload["dayZero"].string)
      else { continue }
      counts[row.text(0)] = LastCount(end: end, dayZero: day)
    }
    return counts
  }

  /// From when the latest evidence counts on which each restriction rests.
  private func standingEvidence() async throws -> [String: Instant] {
    var latest: [String: Instant] = [:]
    for row in try await town.rows(
      """
      SELECT held.restriction, MAX(evidence.counted_from)
      FROM restriction_evidence AS held
      JOIN evidence ON evidence.kind = held.kind AND evidence.reference = held.reference
        AND evidence.person = held.person AND evidence.infection = held.infection
      WHERE evidence.withdrawn_at IS NULL
      GROUP BY held.restriction
      """)
    { latest[row.text(0)] = row.instant(1) }
    return latest
  }

  /// Whether what ended before its end did so for its reason.
  private func isFreeRightly(
    _ row: EndingRow, _ endedAt: Instant, _ rows: [EndingRow], _ files: NaiveFiles,
    _ counts: [String: LastCount]
  ) async throws -> Bool {
    let own = rows.filter {
      files.current($0.person) == files.current(row.person) && $0.id != row.id
    }
    switch row.reason {
    case "renewed":
      return own.contains { $0.clause == row.clause && $0.start == endedAt }
    case "became_case":
      // The case may be that of another file, which was taken for theirs: then it holds again.
      let isCase = own.contains {
        $0.evidence == "case" && $0.start <= endedAt && $0.endedAt ?? $0.end >= endedAt
      }
      if isCase || isHeldAgain(row, since: endedAt, own, counts) { return true }
      // Or the contact was the other one's, too.
      return try await isThere(
        """
        SELECT 1
        FROM restriction_evidence AS held
        JOIN contact ON contact.id = held.reference
        WHERE held.restriction = \(row.id) AND held.kind = 'contact' AND contact.state = 'withdrawn'
        """)
    case "evidence_withdrawn":
      // What was withdrawn for a while is noted as if it had stood all the time.
      if isHeldAgain(row, since: endedAt, own, counts) { return true }
      return try await latest(of: row.id, at: endedAt).allSatisfy { counted in
        let days = NaivePolicy.edition(at: row.start).clauses[row.clause]?.days ?? 0
        return (Day(of: counted, in: .china) + days).end(in: .china) <= endedAt
      }
    case "objection_upheld":
      return try await isThere(
        """
        SELECT 1 FROM objection
        WHERE restriction = \(row.id) AND upheld = 1 AND decided_at = \(endedAt)
        """)
    case "edition_ended":
      return NaivePolicy.edition(at: endedAt).clauses[row.clause] == nil
    case "tested_negative": return row.evidence == "positive_tube"
    case "released", "no_longer_needed":
      // One office asked and another agreed, or the zone, or the kind of case, is no longer what it was.
      let isSaid = try await isThere(
        """
        SELECT 1
        FROM journal
        JOIN receipt ON receipt.command = journal.command
        WHERE journal.subject = \(row.id) AND journal.name = 'restrictions.ended'
          AND (receipt.name = 'cases.correct' OR receipt.name = 'restrictions.approveEnd' AND EXISTS (
            SELECT 1
            FROM journal AS asked
            WHERE asked.subject = journal.subject AND asked.name = 'restrictions.releaseAsked'
              AND asked.sequence < journal.sequence AND asked.sender <> journal.sender))
        """)
      if isSaid { return true }
      return try await latest(of: row.id, at: endedAt).isEmpty
    default: return false
    }
  }

  /// Whether the same is asked of the person again, as long as the edition of today would still ask it.
  private func isHeldAgain(
    _ row: EndingRow, since endedAt: Instant, _ own: [EndingRow], _ counts: [String: LastCount]
  ) -> Bool {
    guard let days = NaivePolicy.edition(at: now).clauses[row.clause]?.days,
      let zero = counts[row.id]?.dayZero, (zero + days).end(in: .china) > now
    else { return true }
    return own.contains { $0.clause == row.clause && $0.start >= endedAt }
  }

  /// From when each piece of evidence counted on which a restriction rested when it ended.
  private func latest(of restriction: String, at moment: Instant) async throws -> [Instant] {
    try await town.rows(
      """
      SELECT evidence.counted_from
      FROM restriction_evidence AS held
      JOIN evidence ON evidence.kind = held.kind AND evidence.reference = held.reference
        AND evidence.person = held.person AND evidence.infection = held.infection
      WHERE held.restriction = \(restriction) AND evidence.noted_at <= \(moment)
        AND (evidence.withdrawn_at IS NULL OR evidence.withdrawn_at > \(moment))
      """
    ).map { $0.instant(0) }
  }

  private func isThere(_ statement: SQL) async throws -> Bool {
    try await !town.rows(statement).isEmpty
  }
}
