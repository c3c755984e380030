import Kernel
import Registry

/// What must hold of isolation sites at any moment (I-37 to I-44).
enum IsolationInvariants {
  /// The clock turns once a minute; what it does is due within two turns.
  private static let tick = Duration.seconds(120)
  private static let most = 10_000

  static let all: [Invariant] = [
    Invariant(
      "I-37",
      "per site: present = admitted − released − transferred out + transferred in, and nobody is in two places"
    ) { context in
      let sites = try SitesStore(context.transaction).list(in: .everywhere)
      let stays = StaysStore(context.transaction)
      let wrong = try sites.filter { site in
        let present = try stays.running(at: site.place).count { $0.arrivedAt != nil }
        return try stays.movements(of: site.place).present != present
      }
      // Whoever left for another site is there, or on the way.
      let lost = try context.transaction.rows(
        """
        SELECT one.id
        FROM isolation_stay AS one
        WHERE one.leaving = 'transferred' AND NOT EXISTS (
          SELECT 1
          FROM isolation_stay AS next
          WHERE next.from_stay = one.id AND next.departed_at = one.left_at)
        ORDER BY one.id LIMIT 20
        """)
      let uncounted = try context.transaction.rows(
        """
        SELECT id
        FROM isolation_stay
        WHERE (arrived_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM isolation_movement AS move
            WHERE move.stay = isolation_stay.id AND move.kind IN ('admitted', 'transferred_in')))
          OR (leaving IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM isolation_movement AS move
            WHERE move.stay = isolation_stay.id AND move.kind = isolation_stay.leaving))
        ORDER BY id LIMIT 20
        """)
      return wrong.map(\.place.text) + (lost + uncounted).map { $0.text(0) }
    },
    Invariant(
      "I-38", "a room holds no more than its beds, sharing has a reason, and none is used uncleaned"
    ) { context in
      try context.transaction.rows(
        """
        SELECT room.id
        FROM isolation_room AS room
        WHERE room.beds < (
            SELECT COUNT(*) FROM isolation_stay AS stay
            WHERE stay.room = room.id AND stay.over = 0)
          OR 1 < (
            SELECT COUNT(*) FROM isolation_stay AS stay
            WHERE stay.room = room.id AND stay.over = 0 AND stay.sharing IS NULL)
          OR (room.dirty = 1 AND EXISTS (
            SELECT 1 FROM isolation_stay AS stay
            WHERE stay.room = room.id AND stay.over = 0 AND stay.arrived_at IS NOT NULL))
        ORDER BY room.id LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant(
      "I-38", "a room that somebody left is free only after its disinfection"
    ) { context in
      try context.transaction.rows(
        """
        SELECT room.id
        FROM isolation_room AS room
        JOIN isolation_stay AS stay ON stay.room = room.id AND stay.left_at IS NOT NULL
        WHERE room.dirty = 0
          AND NOT EXISTS (
            SELECT 1 FROM isolation_stay AS other
            WHERE other.room = room.id AND other.over = 0 AND other.arrived_at IS NOT NULL)
          AND NOT EXISTS (
            SELECT 1 FROM isolation_cleaning AS cleaning
            WHERE cleaning.room = room.id AND cleaning.at >= stay.left_at)
        ORDER BY room.id LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant("I-39", "whoever is held at a site is asked temperature and samples there") {
      context in
      let obligations = ObligationStore(context.transaction)
      let daily = [RestrictionDuties.health.name, RestrictionDuties.test.name]
      return try StaysStore(context.transaction).present(limit: most).filter { stay in
        guard stay.restriction != nil, stay.freeFrom == nil else { return false }
        let files = try ResidentsStore(context.transaction).identifiers(of: stay.person)
        let owed = try files.flatMap { try obligations.owed(concerning: $0) }
        // What was opened a moment ago for a new measure follows with the clock's next turn.
        return owed.contains {
          daily.contains($0.kind) && $0.place != stay.site && $0.openedAt < context.now - tick
        }
      }.map(\.id.text)
    },
    Invariant(
      "I-41", "nobody left while the measure asked it, and whom no measure holds is being let go"
    ) { context in
      try early(in: context) + kept(in: context)
    },
    Invariant(
      "I-42", "whoever is on the way is expected, and both sides of a trip are two people"
    ) { context in
      try context.transaction.rows(
        """
        SELECT stay.id
        FROM isolation_stay AS stay
        WHERE (stay.over = 0 AND stay.departed_at IS NOT NULL AND stay.arrived_at IS NULL
            AND NOT EXISTS (
              SELECT 1 FROM obligation
              WHERE obligation.subject = stay.id AND obligation.kind = 'isolation.arrive'
                AND obligation.closed_at IS NULL))
          OR stay.arrived_by = stay.departed_by
        ORDER BY stay.id LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant(
      "I-44",
      "bags labelled = weighed = handed over, and none stands longer unless somebody owes it"
    ) { context in
      try context.transaction.rows(
        """
        SELECT handover.id
        FROM isolation_handover AS handover
        WHERE handover.bags <> (
            SELECT COUNT(*) FROM isolation_bag AS bag WHERE bag.handover = handover.id)
          OR handover.grams <> (
            SELECT COALESCE(SUM(bag.grams), 0) FROM isolation_bag AS bag
            WHERE bag.handover = handover.id)
          OR (handover.taken_at IS NOT NULL AND handover.taken_bags <> handover.bags)
        UNION
        SELECT bag.site
        FROM isolation_bag AS bag
        LEFT JOIN isolation_handover AS handover ON handover.id = bag.handover
        WHERE handover.taken_at IS NULL AND NOT EXISTS (
          SELECT 1 FROM obligation
          WHERE obligation.subject = bag.site AND obligation.kind = 'isolation.waste'
            AND obligation.closed_at IS NULL)
        """
      ).map { $0.text(0) }
    },
  ]

  /// Stays that ended before the last central phase of their measure, as it was counted then. One
  /// that was ended or lifted before lets go at that moment.
  private static func early(in context: Invariant.Context) throws -> [String] {
    try context.transaction.rows(
      """
      SELECT stay.id
      FROM isolation_stay AS stay
      JOIN restriction ON restriction.id = stay.restriction
        AND restriction.person = stay.person AND restriction.counted_from = stay.counted_from
      JOIN restriction_phase AS phase ON phase.restriction = restriction.id
        AND phase.kind = 'central_isolation' AND phase.from_at <= stay.left_at
        AND phase.until_at > stay.left_at
      WHERE stay.leaving IN ('released', 'free')
        AND (restriction.ended_at IS NULL OR restriction.ended_at > stay.left_at)
        AND NOT EXISTS (
          SELECT 1 FROM objection
          WHERE objection.restriction = restriction.id AND objection.due_at <= stay.left_at)
      ORDER BY stay.id LIMIT 20
      """
    ).map { $0.text(0) }
  }

  private static func kept(in context: Invariant.Context) throws -> [String] {
    let held = try StaysStore(context.transaction).present(limit: most).filter { stay in
      guard let id = stay.restriction,
        let restriction = try RestrictionsStore(context.transaction).find(id),
        try CentralIsolation.holding(
          stay.person, at: context.now, in: context.transaction) == nil
      else { return false }
      let free = CentralIsolation.freeFrom(
        restriction, try RestrictionsStore(context.transaction).phases(of: id), at: context.now)
      guard free < context.now - tick else { return false }
      return try ObligationStore(context.transaction).owed(
        IsolationDuties.release.name, about: stay.id.text
      ).isEmpty
    }
    return held.map(\.id.text)
  }
}
