import Kernel
import Registry

/// What must hold of the daily life at isolation sites: temperatures, meals, labels and staff.
enum SiteLifeInvariants {
  /// The clock turns once a minute; what it does is due within two turns.
  private static let tick = Duration.seconds(120)
  private static let most = 10_000
  /// How many past days of each stay are looked at: older ones were looked at on their own days.
  private static let daysBack = 2

  static let all: [Invariant] = [
    Invariant("I-39", "whoever is held at a site is asked what the day of the measure asks") {
      context in
      try held(in: context).filter { held in
        let midnight = Day(of: context.now, in: context.rules.zone).end(in: context.rules.zone)
        let end = min(midnight, held.openedUntil)
        let due = held.plan.steps.count {
          $0.kind == .health && $0.deadline > context.now && $0.deadline < end
        }
        let checks = try held.checks(from: context.now, to: end, in: context)
        return checks.count { $0.closed == nil || $0.isSaid } < due
      }.map(\.stay.id.text)
    },
    Invariant("I-39", "on each past day every temperature was taken, or its gap went up the ladder")
    {
      context in
      let zone = context.rules.zone
      let today = Day(of: context.now, in: zone)
      return try held(in: context).filter { held in
        try (1...daysBack).contains { back in
          let day = today - back
          guard held.since <= day.start(in: zone) else { return false }
          let checks = try held.checks(
            from: day.start(in: zone), to: day.end(in: zone), in: context)
          // Of a day before which the clock stood still nothing was opened in time; what that day was
          // still to come is looked at above.
          guard checks.contains(where: { $0.openedAt < day.start(in: zone) }) else { return false }
          let asked = held.plan.steps.count { $0.kind == .health && $0.day == day }
          return checks.count(where: \.isSaid) < asked
        }
      }.map(\.stay.id.text)
    },
    Invariant("I-43", "whoever is at a site is owed the next meal, or has had it") { context in
      try context.transaction.rows(
        """
        SELECT DISTINCT stay.site
        FROM isolation_stay AS stay
        WHERE stay.over = 0 AND stay.arrived_at < \(context.now - tick)
          AND NOT EXISTS (
            SELECT 1
            FROM isolation_meal AS meal
            JOIN obligation ON obligation.id = meal.obligation
            WHERE meal.site = stay.site AND meal.deadline > \(context.now)
              AND (meal.served_at IS NOT NULL OR obligation.closed_at IS NULL))
        ORDER BY stay.site LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant("I-43", "a meal that was brought reached everybody, or its doors are known") {
      context in
      try context.transaction.rows(
        """
        SELECT meal.site
        FROM isolation_meal AS meal
        JOIN obligation ON obligation.id = meal.obligation
        WHERE (meal.served_at IS NULL) <> (obligation.closed_at IS NULL)
          AND NOT (meal.served_at IS NULL AND obligation.state = 'waived')
        ORDER BY meal.site LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant(
      "I-43", "somebody answers for the guests of each site, or the gap is owed"
    ) { context in
      guard
        let staff = try? context.rules.policies.section(
          SiteStaffPolicy.self, on: Day(of: context.now, in: context.rules.zone)
        ).section
      else { return [] }
      return try context.transaction.rows(
        """
        SELECT DISTINCT stay.site
        FROM isolation_stay AS stay
        WHERE stay.over = 0 AND stay.arrived_at < \(context.now - tick)
          AND NOT EXISTS (
            SELECT 1 FROM isolation_turn AS turn
            WHERE turn.site = stay.site AND turn.post = \(staff.leader)
              AND turn.removed_at IS NULL AND turn.from_at <= \(context.now)
              AND turn.until_at > \(context.now))
          AND NOT EXISTS (
            SELECT 1 FROM obligation
            WHERE obligation.subject = stay.site AND obligation.kind = 'isolation.staff'
              AND obligation.closed_at IS NULL)
        ORDER BY stay.site LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant(
      "I-44", "no bag leaves without its label",
      violations: """
        SELECT label FROM isolation_bag
        WHERE handover IS NOT NULL AND labelled_at IS NULL
        ORDER BY label LIMIT 20
        """),
    Invariant(
      "I-48", "nobody is on two turns at once, at sites and zones",
      violations: """
        SELECT one.id
        FROM isolation_turn AS one
        JOIN isolation_turn AS other ON other.account = one.account AND other.id > one.id
        WHERE one.removed_at IS NULL AND other.removed_at IS NULL
          AND one.from_at < other.until_at AND other.from_at < one.until_at
        UNION
        SELECT one.id
        FROM isolation_turn AS one
        JOIN zone_shift AS other ON other.account = one.account
        WHERE one.removed_at IS NULL AND other.removed_at IS NULL
          AND one.from_at < other.until_at AND other.from_at < one.until_at
        """),
    Invariant(
      "I-48", "who is in a closed loop, or left it and has days to go, holds no open post",
      violations: """
        SELECT shift.id
        FROM zone_shift AS shift
        JOIN isolation_loop AS entered ON entered.account = shift.account
        WHERE shift.removed_at IS NULL AND shift.until_at > entered.entered_at
          AND (entered.open_from IS NULL OR shift.from_at < entered.open_from)
        UNION
        SELECT turn.id
        FROM isolation_turn AS turn
        JOIN isolation_loop AS entered ON entered.account = turn.account
        WHERE turn.removed_at IS NULL AND turn.in_loop = 0 AND turn.until_at > entered.entered_at
          AND (entered.open_from IS NULL OR turn.from_at < entered.open_from)
        UNION
        SELECT turn.id
        FROM isolation_turn AS turn
        WHERE turn.removed_at IS NULL AND turn.in_loop = 1 AND NOT EXISTS (
          SELECT 1 FROM isolation_loop AS entered
          WHERE entered.account = turn.account AND entered.site = turn.site
            AND entered.entered_at <= turn.from_at
            AND (entered.left_at IS NULL OR entered.left_at >= turn.until_at))
        """),
  ]

  /// Somebody who is at a site because a measure asks it, and has been for longer than a turn.
  private struct Held {
    let stay: SiteStay
    let files: [PersonID]
    let plan: RestrictionPlan
    /// From when on nothing interrupts it: the arrival, or the beginning of the measure.
    let since: Instant
    /// Up to when the clock has opened what is asked.
    let openedUntil: Instant

    func checks(
      from: Instant, to: Instant, in context: Invariant.Context
    ) throws -> [HealthCheck] {
      try StaysStore(context.transaction).healthChecks(of: files, from: from, to: to)
    }
  }

  /// Those whose measure asks central isolation without a break and without an objection.
  private static func held(in context: Invariant.Context) throws -> [Held] {
    let store = RestrictionsStore(context.transaction)
    let residents = ResidentsStore(context.transaction)
    return try StaysStore(context.transaction).present(limit: most).compactMap { stay in
      guard stay.freeFrom == nil, let id = stay.restriction, let arrived = stay.arrivedAt,
        arrived < context.now - tick, let restriction = try store.find(id),
        restriction.endedAt == nil, restriction.suspendsAt == nil,
        restriction.start < context.now - tick,
        let clause = context.rules.clause(of: restriction),
        let plan = RestrictionsRules.plan(
          clause, countedFrom: restriction.countedFrom, start: restriction.start,
          zone: context.rules.zone),
        CentralIsolation.end(of: try store.phases(of: id), from: context.now) != nil
      else { return nil }
      return Held(
        stay: stay, files: try residents.identifiers(of: stay.person), plan: plan,
        since: max(arrived, restriction.start), openedUntil: restriction.openedUntil)
    }
  }
}
