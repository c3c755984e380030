import Gazette
import Kernel

/// A grid worker's round: whom to visit today, building by building from the top floor down, and
/// what to do at each door.
///
/// In the street: the worker opens the phone at eight, goes up and works downwards, door by door.
/// The measures that stand beside a name come from what the restrictions published; they are kept
/// here so that one glance needs no second question.
/// Retention: the kept measures hold identifiers only and are removed when they end.
package enum Rounds {
  package static let slice = Slice(
    name: "rounds", queries: [QueryKind(RoundToday.self)],
    screens: [RoundsScreens.round, RoundsScreens.queue],
    reactions: [
      .on(RestrictionStarted.self) { fact, work in
        try RoundsStore(work.transaction).keep(
          Measure(
            restriction: fact.restriction, person: fact.person, kind: fact.kind,
            dayZero: fact.dayZero, end: fact.end))
      },
      .on(RestrictionMoved.self) { fact, work in
        try RoundsStore(work.transaction).move(
          fact.restriction, dayZero: fact.dayZero, end: fact.end)
      },
      .on(RestrictionEnded.self) { fact, work in
        try RoundsStore(work.transaction).remove(fact.restriction)
      },
      // What is lifted because nobody decided in time stands beside no name either.
      .on(ObjectionRaised.self) { fact, work in
        try RoundsStore(work.transaction).suspend(fact.restriction, from: fact.due)
      },
      .on(ObjectionDecided.self) { fact, work in
        try RoundsStore(work.transaction).suspend(fact.restriction, from: nil)
      },
    ],
    migrations: [
      Migration(
        "rounds-0001",
        """
        CREATE TABLE round_measure (
          restriction TEXT PRIMARY KEY, person TEXT NOT NULL, kind TEXT NOT NULL,
          day_zero TEXT NOT NULL, end_at BIGINT NOT NULL)
        """,
        "CREATE INDEX round_measure_person ON round_measure (person)"),
      Migration("rounds-0002", "ALTER TABLE round_measure ADD COLUMN suspends_at BIGINT"),
    ])
}

/// A restriction as a round shows it.
struct Measure: Sendable {
  let restriction: RestrictionID
  let person: PersonID
  let kind: String
  let dayZero: Day
  let end: Instant
}
