import Gazette
import Kernel
import Registry

/// What must hold of rounds, tubes, boxes and results at any moment (I-21 to I-30).
enum ScreeningInvariants {
  private static let most = 20

  static let all: [Invariant] = [
    Invariant("I-21", "a list is sampled, exempt, away, refused and missing, disjoint and complete")
    {
      context in try lists(context)
    },
    Invariant(
      "I-22",
      "nobody is in two tubes of one round, unless as a recheck or on the list of conflicts",
      violations: """
        SELECT swab.person
        FROM swab
        JOIN tube ON tube.code = swab.tube
        WHERE swab.withdrawn_at IS NULL AND swab.is_recheck = 0 AND swab.late = 0
          AND tube.voided_at IS NULL
          AND (tube.result IS NULL OR tube.result <> 'invalid')
          AND NOT EXISTS (
            SELECT 1 FROM swab_conflict
            WHERE swab_conflict.kind = 'second_tube' AND swab_conflict.round = swab.round
              AND swab_conflict.about = swab.person)
        GROUP BY swab.person, swab.round
        HAVING COUNT(*) > 1
        ORDER BY swab.person
        LIMIT 20
        """),
    Invariant(
      "I-23",
      "no more people than a tube takes, none after its seal, unless on the list of conflicts",
      violations: """
        SELECT tube.code
        FROM tube
        JOIN swab ON swab.tube = tube.code
        WHERE swab.withdrawn_at IS NULL
          AND NOT EXISTS (
            SELECT 1 FROM swab_conflict
            WHERE swab_conflict.kind IN ('overfull', 'after_seal')
              AND swab_conflict.about = tube.code)
        GROUP BY tube.code, tube.capacity, tube.sealed_at
        HAVING COUNT(*) > tube.capacity OR MAX(swab.sampled_at) > tube.sealed_at
        ORDER BY tube.code
        LIMIT 20
        """),
    Invariant(
      "I-23",
      "a tube's swabs are as many as were counted at its seal, unless on the list of conflicts",
      violations: """
        SELECT tube.code
        FROM tube
        LEFT JOIN swab ON swab.tube = tube.code
        WHERE tube.sealed_count IS NOT NULL
          AND tube.round IN (SELECT id FROM screening_round WHERE erased_at IS NULL)
          AND NOT EXISTS (
            SELECT 1 FROM swab_conflict
            WHERE swab_conflict.kind = 'seal_count' AND swab_conflict.about = tube.code)
        GROUP BY tube.code, tube.sealed_at, tube.sealed_count
        HAVING tube.sealed_count > COUNT(swab.tube) OR tube.sealed_count < COUNT(
          CASE WHEN swab.withdrawn_at IS NULL AND swab.sampled_at <= tube.sealed_at THEN 1 END)
        ORDER BY tube.code
        LIMIT 20
        """),
    Invariant(
      "I-24",
      "a swab of after its tube was sealed, received or tested counts for nothing and is on the list of conflicts",
      violations: """
        SELECT tube.code
        FROM tube
        JOIN swab ON swab.tube = tube.code
        WHERE swab.withdrawn_at IS NULL
          AND (swab.sampled_at > tube.sealed_at OR swab.sampled_at > tube.received_at
            OR swab.sampled_at > tube.first_reported_at)
          AND (swab.late = 0 AND swab.accepted_at IS NULL
            OR swab.late = 0 AND swab.sampled_at > tube.first_reported_at
            OR NOT EXISTS (
              SELECT 1 FROM swab_conflict
              WHERE swab_conflict.kind = 'after_seal' AND swab_conflict.about = tube.code))
          AND tube.code NOT IN (SELECT tube FROM tube_recount)
        ORDER BY tube.code
        LIMIT 20
        """),
    Invariant(
      "I-24", "a box's way has no gaps, and no time in it runs backwards",
      violations: """
        SELECT leg.box
        FROM box_leg AS leg
        JOIN tube_box ON tube_box.id = leg.box
        LEFT JOIN box_leg AS earlier
          ON earlier.box = leg.box AND earlier.number = leg.number - 1
        WHERE leg.given_at < tube_box.packed_at
          OR (leg.number > 1 AND (earlier.taken_at IS NULL OR earlier.taken_at > leg.given_at))
        ORDER BY leg.box
        LIMIT 20
        """),
    Invariant(
      "I-24", "no tube has a result before it was received, where its way was written down",
      violations: """
        SELECT code
        FROM tube
        WHERE result IS NOT NULL AND received_at IS NULL AND box IS NOT NULL
          OR reported_at < received_at
        ORDER BY code
        LIMIT 20
        """),
    Invariant(
      "I-25", "a box holds the tubes that were packed into it",
      violations: """
        SELECT tube_box.id
        FROM tube_box
        LEFT JOIN tube ON tube.box = tube_box.id AND tube.box IS NOT NULL
        GROUP BY tube_box.id, tube_box.tubes
        HAVING COUNT(tube.code) <> tube_box.tubes
        ORDER BY tube_box.id
        LIMIT 20
        """),
    Invariant("I-25", "a difference at a hand-over is owed to somebody") { context in
      try differences(context)
    },
    Invariant("I-26", "a tube that is long without a result has an alarm") { context in
      let policy: ScreeningPolicy = try context.policy()
      // The clock turns once a minute; what it does is due within two turns.
      let moment = context.now - .minutes(policy.clocks.resultMinutes + 2)
      return try context.transaction.rows(
        """
        SELECT code FROM tube
        WHERE result IS NULL AND voided_at IS NULL AND alarmed_at IS NULL
          AND opened_at < \(moment)
          AND round IN (SELECT id FROM screening_round WHERE opened_at < \(moment))
        ORDER BY opened_at, code LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant("I-27", "the pace counts each swab once") { context in
      try context.transaction.rows(
        """
        SELECT screening_round.id
        FROM screening_round
        WHERE screening_round.erased_at IS NULL AND (SELECT COALESCE(SUM(swabs), 0) FROM swab_pace WHERE round = screening_round.id)
          <> (SELECT COUNT(*) FROM swab
            WHERE swab.round = screening_round.id AND swab.withdrawn_at IS NULL)
        ORDER BY screening_round.id LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant("I-28", "everyone in a tube that is not negative is recalled") { context in
      try recalls(context)
    },
    Invariant(
      "I-28", "whoever is held is owed a swab, or its result, by somebody",
      violations: """
        SELECT recall.tube || '/' || recall.person
        FROM recall
        WHERE recall.state = 'held' AND NOT EXISTS (
          SELECT 1 FROM obligation
          WHERE obligation.subject = recall.tube || '/' || recall.person
            AND obligation.kind IN ('screening.reswab', 'screening.decide')
            AND obligation.closed_at IS NULL)
        ORDER BY recall.tube, recall.person
        LIMIT 20
        """),
    Invariant("I-29", "a result that was not negative changes only by two people") { context in
      try changes(context)
    },
    Invariant("I-30", "nobody is released by a tube in which their swab is not") { context in
      try releases(context)
    },
    Invariant("I-30", "nobody is decided by a tube in which somebody else is, too") { context in
      try shared(context)
    },
  ]

  /// Each list adds up, and who stands as sampled has a swab that is good.
  private static func lists(_ context: Invariant.Context) throws -> [String] {
    let roster = RosterStore(context.transaction)
    var faults: [String] = []
    for round in try ScreeningRoundStore(context.transaction).latest(limit: 1_000) {
      let sampled = try sampledPeople(of: round.id, context)
      var listed = 0
      var seen: Set<PersonID> = []
      // Of a list that was deleted the totals are left.
      if round.erasedAt != nil {
        try roster.eachTotal(of: round.id, in: round.path) { listed += $1.listed }
        if listed != round.listed { faults.append(round.id.text) }
        continue
      }
      try roster.eachCell(of: round.id) { key, cell, counts in
        listed += counts.listed
        let name = "\(round.id.text) \(key.path.text)/\(key.number)"
        guard let cell, cell.counts == counts else { return faults.append(name) }
        for member in cell.members {
          let isSampled = member.now.standing == .sampled || member.now.standing == .tested
          if !seen.insert(member.person).inserted || isSampled != sampled.contains(member.person) {
            faults.append("\(name) \(member.person.text)")
          }
        }
      }
      if listed != round.listed { faults.append(round.id.text) }
    }
    return Array(faults.prefix(most))
  }

  private static func sampledPeople(
    of round: RoundID, _ context: Invariant.Context
  ) throws -> Set<PersonID> {
    var people: Set<PersonID> = []
    try context.transaction.eachRow(
      """
      SELECT DISTINCT swab.listed_as
      FROM swab
      JOIN tube ON tube.code = swab.tube
      WHERE swab.round = \(round) AND swab.listed_as IS NOT NULL AND swab.withdrawn_at IS NULL
        AND swab.late = 0 AND tube.voided_at IS NULL AND (tube.result IS NULL OR tube.result <> 'invalid')
      """
    ) { people.insert($0.id(0)) }
    return people
  }

  private static func differences(_ context: Invariant.Context) throws -> [String] {
    try context.transaction.rows(
      """
      SELECT leg.box || '/' || CAST(leg.number AS TEXT)
      FROM box_leg AS leg
      WHERE leg.taken_tubes <> leg.given_tubes AND NOT EXISTS (
        SELECT 1 FROM obligation
        WHERE obligation.subject = leg.box || '/' || CAST(leg.number AS TEXT)
          AND obligation.kind = 'screening.custody')
      ORDER BY leg.box, leg.number LIMIT 20
      """
    ).map { $0.text(0) }
  }

  /// Who is in a tube that is not negative and is recalled for it under none of their identifiers.
  private static func recalls(_ context: Invariant.Context) throws -> [String] {
    let residents = ResidentsStore(context.transaction)
    let doubtful = try context.transaction.rows(
      """
      SELECT tube.code, swab.person, swab.round, tube.is_single
      FROM tube
      JOIN swab ON swab.tube = tube.code
      WHERE tube.result IN ('positive', 'grey', 'single_target') AND swab.withdrawn_at IS NULL
        AND NOT EXISTS (
          SELECT 1 FROM recall WHERE recall.tube = tube.code AND recall.person = swab.person)
      ORDER BY tube.code, swab.person
      LIMIT 100000
      """)
    let wrong = try doubtful.filter { row in
      let (tube, round): (TubeCode, RoundID) = (row.id(0), row.id(2))
      // Of a single tube any recall of the round is enough.
      let answering: SQL =
        row.integer(3) == 1 ? "1 = 1" : "(single = \(tube) OR state = 'held')"
      return try context.transaction.row(
        """
        SELECT 1
        FROM recall
        WHERE person IN (\(SQL.list(residents.identifiers(of: row.id(1)))))
          AND (tube = \(tube) OR round = \(round) AND \(answering))
        LIMIT 1
        """) == nil
    }
    return wrong.prefix(most).map { "\($0.text(0))/\($0.text(1))" }
  }

  /// Whose own tube is not negative, or has no swab of theirs under any of their identifiers.
  private static func releases(_ context: Invariant.Context) throws -> [String] {
    let residents = ResidentsStore(context.transaction)
    let swabs = SwabsStore(context.transaction)
    let doubtful = try context.transaction.rows(
      """
      SELECT recall.tube, recall.person, own.code
      FROM recall
      JOIN tube AS pool ON pool.code = recall.tube
      LEFT JOIN tube AS own ON own.code = recall.single AND own.result = 'negative'
        AND own.voided_at IS NULL
      WHERE recall.state = 'released' AND NOT (pool.result = 'negative')
        AND NOT EXISTS (
          SELECT 1 FROM swab
          WHERE swab.tube = own.code AND swab.person = recall.person
            AND swab.withdrawn_at IS NULL)
      ORDER BY recall.tube, recall.person
      LIMIT 1000
      """)
    let wrong = try doubtful.filter { row in
      guard let own: TubeCode = row.optionalID(2) else { return true }
      let identifiers = try residents.identifiers(of: row.id(1))
      return try !swabs.inTube(own).contains {
        $0.withdrawnAt == nil && identifiers.contains($0.person)
      }
    }
    return wrong.prefix(most).map { "\($0.text(0))/\($0.text(1))" }
  }

  /// Whose own tube counts a swab of somebody else as well.
  private static func shared(_ context: Invariant.Context) throws -> [String] {
    let residents = ResidentsStore(context.transaction)
    return try context.transaction.rows(
      """
      SELECT recall.tube, recall.person, swab.person
      FROM recall
      JOIN swab ON swab.tube = recall.single
      WHERE recall.single IS NOT NULL AND recall.state IN ('held', 'released')
        AND swab.person <> recall.person AND swab.withdrawn_at IS NULL AND swab.late = 0
        AND recall.single NOT IN (SELECT tube FROM tube_recount)
      ORDER BY recall.tube, recall.person
      LIMIT 1000
      """
    ).filter { row in
      try !residents.identifiers(of: row.id(1)).contains(row.id(2))
    }.prefix(most).map { "\($0.text(0))/\($0.text(1))" }
  }

  private static func changes(_ context: Invariant.Context) throws -> [String] {
    let results = ResultsStore(context.transaction)
    let changed = try context.transaction.rows(
      """
      SELECT tube FROM tube_result GROUP BY tube HAVING COUNT(*) > 1 ORDER BY tube LIMIT 100000
      """)
    let single = try changed.filter { row in
      let history = try results.history(of: row.id(0))
      return zip(history, history.dropFirst()).contains { was, became in
        ResultsRules.isStepBack(from: was.row.result, to: became.row.result)
          && became.correction == nil
      }
    }.map { $0.text(0) }
    let alone = try context.transaction.rows(
      "SELECT id FROM result_correction WHERE decided_by = asked_by ORDER BY id LIMIT 20"
    ).map { $0.text(0) }
    return Array((single + alone).prefix(most))
  }
}
