import Gazette
import Kernel
import Registry

/// What must hold of zones at any moment.
enum ZonesInvariants {
  /// The clock turns once a minute; what it does is due within two turns.
  private static let tick = Duration.seconds(120)

  static let all: [Invariant] = [
    Invariant(
      "I-11",
      "no zone without level, edition, places and an infection that nobody withdrew or has to approve"
    ) { context in
      try context.transaction.rows(
        """
        SELECT id FROM zone
        WHERE state = 'standing' AND (
          NOT EXISTS (
            SELECT 1 FROM zone_place
            WHERE zone_place.zone = zone.id AND zone_place.until_at IS NULL)
          OR NOT EXISTS (
            SELECT 1 FROM zone_infection
            WHERE zone_infection.zone = zone.id AND zone_infection.withdrawn_at IS NULL
              AND \(ZoneDoubtStore.isCredibleInZone)))
        ORDER BY id LIMIT 20
        """
      ).map { $0.text(0) }
    },
    Invariant(
      "I-16", "what one opened is as small as one may decide; all else two people did"
    ) { context in
      try ZonesStore(context.transaction).standing().filter { held in
        guard !held.isByTwo, let policy = context.rules.zones(of: held) else { return false }
        return held.people > policy.alone.people
      }.map(\.id.text)
    },
    Invariant("I-41", "no zone was over before its clauses' days, and none stays when all are met")
    {
      context in
      let store = ZonesStore(context.transaction)
      let early = try store.list(.ended, in: .everywhere, limit: 2_000).filter { held in
        guard held.end == .released, let policy = context.rules.zones(of: held),
          let counted = held.countedFrom, let ended = held.endedAt
        else { return false }
        let days = ZoneAssessment.clauses(of: held, under: policy)
          .first { $0.kind == .daysWithoutNewCase && $0.sinceStepDown != true }?.days
        return days.map {
          ended < ZonesRules.complete($0, after: counted, zone: context.rules.zone)
        } ?? false
      }
      let late = try context.transaction.rows(
        """
        SELECT zone.id
        FROM zone
        JOIN obligation ON obligation.subject = zone.id
        WHERE zone.state = 'standing' AND obligation.kind = 'zones.release'
          AND obligation.closed_at IS NULL AND obligation.deadline < \(context.now - tick)
        ORDER BY zone.id LIMIT 20
        """)
      return early.map(\.id.text) + late.map { $0.text(0) }
    },
    Invariant(
      "I-48", "nobody is on two turns at once",
      violations: """
        SELECT one.id
        FROM zone_shift AS one
        JOIN zone_shift AS other ON other.account = one.account AND other.id > one.id
        WHERE one.removed_at IS NULL AND other.removed_at IS NULL
          AND one.from_at < other.until_at AND other.from_at < one.until_at
        ORDER BY one.id LIMIT 20
        """),
    Invariant(
      "I-61", "everything that happened to a zone stands in its history",
      violations: """
        SELECT id FROM zone
        WHERE NOT EXISTS (
            SELECT 1 FROM zone_event WHERE zone_event.zone = zone.id AND kind = 'proposed')
          OR (state = 'ended' AND NOT EXISTS (
            SELECT 1 FROM zone_event
            WHERE zone_event.zone = zone.id AND zone_event.kind = zone.end_reason))
        ORDER BY id LIMIT 20
        """),
  ]
}
