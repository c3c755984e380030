import Kernel

/// One person's days under each edition, as if what counts had happened at the same moment: what is
/// asked on each day, when it ends, and by which sentence.
package struct EditionDays: Codable, Sendable {
  /// A day with what is asked on it.
  package struct OneDay: Codable, Sendable {
    package let day: Day
    /// Its number, the day from which is counted being day 0.
    package let number: Int
    /// What is asked; nil on day 0, before the first phase begins.
    package let kind: RestrictionKind?
    /// By when a sample is taken, on days on which one is.
    package let testBy: Instant?
    /// By when temperature and symptoms are asked.
    package let healthBy: [Instant]
  }

  /// What one edition asks.
  package struct OneEdition: Codable, Sendable {
    package let edition: String
    package let title: Words
    package let effectiveFrom: Day
    package let effectiveTo: Day?
    /// Nil where the edition asks nothing of such a person.
    package let clause: Words?
    package let quote: String?
    package let source: String?
    package let colour: CodeColour?
    package let end: Instant?
    package let days: [OneDay]
  }

  package let clause: String
  package let countedFrom: Instant
  package let editions: [OneEdition]

  /// Counts the days of a clause under every edition that says anything of restrictions, in the order
  /// of their beginning. Restricted at the moment from which is counted.
  ///
  /// - Throws: a refusal when no edition knows the clause.
  package init(
    _ clause: String, countedFrom: Instant, under editions: [PolicyEdition], zone: Zone
  ) throws(Refusal) {
    self.clause = clause
    self.countedFrom = countedFrom
    var shown: [OneEdition] = []
    for edition in editions {
      guard let policy = edition.sections[RestrictionsPolicy.key] as? RestrictionsPolicy else {
        continue
      }
      shown.append(
        Self.edition(edition, policy.clause(clause), countedFrom: countedFrom, zone: zone))
    }
    guard shown.contains(where: { $0.clause != nil }) else {
      throw Refusal.notFound(Words("条款", "clause"), clause, field: "clause")
    }
    self.editions = shown.sorted { ($0.effectiveFrom, $0.edition) < ($1.effectiveFrom, $1.edition) }
  }

  private static func edition(
    _ edition: PolicyEdition, _ clause: RestrictionsPolicy.Clause?, countedFrom: Instant, zone: Zone
  ) -> OneEdition {
    let plan = clause.flatMap {
      RestrictionsRules.plan($0, countedFrom: countedFrom, start: countedFrom, zone: zone)
    }
    return OneEdition(
      edition: edition.reference, title: edition.head.title,
      effectiveFrom: edition.head.effectiveFrom, effectiveTo: edition.head.effectiveTo,
      clause: clause?.words, quote: clause?.quote, source: clause?.source,
      colour: clause?.colour, end: plan?.end,
      days: plan.map { days(of: $0, countedFrom: countedFrom, zone: zone) } ?? [])
  }

  private static func days(
    of plan: RestrictionPlan, countedFrom: Instant, zone: Zone
  ) -> [OneDay] {
    let zero = Day(of: countedFrom, in: zone)
    let last = Day(of: plan.end - .milliseconds(1), in: zone)
    return (0...(last - zero)).map { number in
      let day = zero + number
      let steps = plan.steps.filter { $0.day == day }
      return OneDay(
        day: day, number: number,
        kind: plan.phases.last { $0.dayOne <= day && $0.from < day.end(in: zone) }?.kind,
        testBy: steps.first { $0.kind == .test }?.deadline,
        healthBy: steps.filter { $0.kind == .health }.map(\.deadline))
    }
  }
}
