import Kernel
import Registry

/// What must hold of isolation at home at any moment (I-39 to I-43).
enum HomeInvariants {
  private static let most = 10_000

  static let all: [Invariant] = [
    Invariant(
      "I-39", "whoever is asked at home is heard of within the day, or somebody looks",
      violations: """
        SELECT stay.id
        FROM home_stay AS stay
        WHERE stay.ended_at IS NULL AND stay.silence = 1 AND stay.silence_at IS NULL
          AND NOT EXISTS (
            SELECT 1 FROM obligation
            WHERE obligation.subject = stay.id AND obligation.kind = 'home.silence'
              AND obligation.closed_at IS NULL)
        ORDER BY stay.id LIMIT 20
        """),
    Invariant("I-40", "a fever or symptom that a resident reported calls a doctor") { context in
      let since = context.now - .days(1)
      return try reports(in: context, since: since).filter { report in
        guard let policy = try fever(on: report.at, in: context),
          RestrictionsRules.alarm(
            in: try Fields.json(Array(report.proof.utf8)), feverCelsius: policy) != nil
        else { return false }
        return try !ObligationStore(context.transaction).about(report.subject).contains {
          $0.kind == RestrictionDuties.medical.name && $0.openedAt >= report.at
        }
      }.map(\.id)
    },
    Invariant(
      "I-42",
      "a way out for care is expected at its next leg, said by two sides, and a driver is on one",
      violations: """
        SELECT outing.id
        FROM home_outing AS outing
        WHERE (outing.state IN ('approved', 'out', 'there', 'back') AND NOT EXISTS (
            SELECT 1 FROM obligation
            WHERE obligation.subject = outing.id AND obligation.kind = 'home.trip'
              AND obligation.closed_at IS NULL))
          OR (outing.state = 'asked' AND NOT EXISTS (
            SELECT 1 FROM obligation
            WHERE obligation.subject = outing.id AND obligation.kind = 'home.outing'
              AND obligation.closed_at IS NULL))
          OR outing.arrived_by = outing.departed_by OR outing.home_by = outing.back_by
          OR (outing.state IN ('out', 'back') AND 1 < (
            SELECT COUNT(*) FROM home_outing AS other
            WHERE other.driver = outing.driver AND other.over = 0))
        ORDER BY outing.id LIMIT 20
        """),
    Invariant("I-43", "nobody is isolated at home without somebody who brings food and medicine") {
      context in
      try unserved(in: context) + unlooked(in: context)
    },
    Invariant(
      "I-43", "what a resident asked for is somebody's until it is answered",
      violations: """
        SELECT request.id
        FROM home_request AS request
        WHERE request.answered_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM obligation
          WHERE obligation.subject = request.id AND obligation.closed_at IS NULL)
        ORDER BY request.id LIMIT 20
        """),
  ]

  /// Households for which nothing is opened until the end of today, though the clock is not about to.
  private static func unserved(in context: Invariant.Context) throws -> [String] {
    try context.transaction.rows(
      """
      SELECT household.id
      FROM home_household AS household
      WHERE household.closed_at IS NULL AND household.check_at > \(context.now)
        AND (household.served_until IS NULL OR household.served_until <= \(context.now))
        AND EXISTS (
          SELECT 1 FROM home_stay AS stay
          WHERE stay.household = household.id AND stay.ended_at IS NULL AND stay.deliveries = 1)
      ORDER BY household.id LIMIT 20
      """
    ).map { $0.text(0) }
  }

  /// Those whom a measure keeps at home whom nobody looks after, though the clock is not about to look.
  private static func unlooked(in context: Invariant.Context) throws -> [String] {
    guard let policy = try? context.policy(HomePolicy.self) else { return [] }
    let waiting = Set(
      try context.transaction.rows(
        "SELECT person FROM home_watch WHERE check_at <= \(context.now) LIMIT \(most)"
      ).map { $0.text(0) })
    let finder = HomeFinder(
      transaction: context.transaction, now: context.now, policy: policy)
    let people = Set(
      try RestrictionsStore(context.transaction).unended(limit: most)
        .filter { policy.clause($0.clause) != nil }.map(\.person))
    return try people.sorted().filter { person in
      guard let live = try ResidentsStore(context.transaction).current(person),
        !waiting.contains(person.text), !waiting.contains(live.id.text)
      else { return false }
      let asked = try finder.asked(of: live.id).now
      let stay = try HomeStore(context.transaction).running(of: live.id)
      return asked?.asks != stay?.asks || asked?.kind != stay?.kind
    }.map(\.text)
  }

  private static func reports(
    in context: Invariant.Context, since: Instant
  ) throws -> [(id: String, subject: String, at: Instant, proof: String)] {
    try context.transaction.rows(
      """
      SELECT id, subject, closed_at, proof
      FROM obligation
      WHERE closed_at >= \(since) AND kind = 'restrictions.health' AND state = 'done'
        AND closed_by LIKE 'resident:%'
      ORDER BY id LIMIT \(most)
      """
    ).map { ($0.text(0), $0.text(1), $0.instant(2), $0.text(3)) }
  }

  /// From which temperature it was a fever on a day; nil when no edition said so.
  private static func fever(on moment: Instant, in context: Invariant.Context) throws -> Double? {
    let day = Day(of: moment, in: context.rules.zone)
    return try? context.rules.policies.section(RestrictionsPolicy.self, on: day).section
      .feverCelsius
  }
}
