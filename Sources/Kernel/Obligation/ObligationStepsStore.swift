/// What is asked of whom on the days to come, for commands that open the days of hundreds at once.
extension ObligationStore {
  /// Something that is asked about a subject, by kind and hour.
  package struct Step: Sendable {
    package let subject: String
    package let kind: String
    package let deadline: Instant
  }

  /// What is asked about each of some subjects after a moment, whether it is done already or not;
  /// what fell away is not asked.
  package func steps(aboutAny subjects: [String], after moment: Instant) throws -> [Step] {
    var found: [Step] = []
    for part in subjects.sorted().chunks(of: 500) {
      try transaction.eachRow(
        """
        SELECT subject, kind, deadline
        FROM obligation
        WHERE subject IN (\(SQL.list(part))) AND deadline > \(moment) AND state <> 'waived'
        """
      ) { found.append(Step(subject: $0.text(0), kind: $0.text(1), deadline: $0.instant(2))) }
    }
    return found
  }
}
