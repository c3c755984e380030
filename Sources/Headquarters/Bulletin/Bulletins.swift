import Gazette
import Kernel

/// The day's numbers, as the city reads them in the evening.
///
/// Total, kinds, sources and districts are counted from one line list, so they can only disagree
/// when a row is broken or when a district typed something else. Then nothing is published until
/// the row is named and put right. What was published is kept for ever with the place in the journal
/// up to which it counted; what is corrected later stands as a line of its own in the bulletin of
/// the window in which it was recorded: total = previous + new - corrections.
/// Retention: the line list holds identifiers and codes; it goes with the cases.
package enum Bulletins {
  package static let slice = Slice(
    name: "bulletins",
    commands: [CommandKind(PublishBulletin.self)],
    queries: [
      QueryKind(ComposeBulletin.self), QueryKind(ListBulletinRows.self),
      QueryKind(WordBulletin.self), QueryKind(ListPublishedBulletins.self),
    ],
    facts: [
      BulletinPublished.self
    ],
    screens: BulletinScreens.all,
    reactions: [
      .on(CaseReported.self) { try BulletinLineList.reported($0, in: $1) },
      .on(CaseConverted.self) { try BulletinLineList.converted($0, in: $1) },
      .on(CaseCorrected.self) { try BulletinLineList.corrected($0, in: $1) },
      .on(CaseWithdrawn.self) { try BulletinLineList.withdrawn($0, in: $1) },
    ],
    migrations: [
      Migration(
        "bulletins-0001",
        """
        CREATE TABLE bulletin_entry (
          infection TEXT NOT NULL, since_entry BIGINT NOT NULL, until_entry BIGINT,
          person TEXT NOT NULL, kind TEXT NOT NULL, source TEXT, district TEXT NOT NULL,
          found_in TEXT, reported_at BIGINT NOT NULL, converted_at BIGINT,
          PRIMARY KEY (infection, since_entry))
        """,
        """
        CREATE UNIQUE INDEX bulletin_entry_live ON bulletin_entry (infection)
          WHERE until_entry IS NULL
        """,
        "CREATE INDEX bulletin_entry_reported ON bulletin_entry (reported_at)",
        """
        CREATE INDEX bulletin_entry_converted ON bulletin_entry (converted_at)
          WHERE converted_at IS NOT NULL
        """,
        """
        CREATE TABLE bulletin_correction (
          entry BIGINT PRIMARY KEY, infection TEXT NOT NULL, recorded_at BIGINT NOT NULL,
          what TEXT NOT NULL, field TEXT, was_at BIGINT, now_at BIGINT,
          is_published BIGINT NOT NULL, CHECK (is_published IN (0, 1)))
        """,
        "CREATE INDEX bulletin_correction_recorded ON bulletin_correction (recorded_at)",
        """
        CREATE TABLE bulletin (
          id TEXT PRIMARY KEY, from_at BIGINT NOT NULL, to_at BIGINT NOT NULL,
          published_at BIGINT NOT NULL, sender TEXT NOT NULL, entry BIGINT NOT NULL,
          head TEXT NOT NULL, policy TEXT NOT NULL, figures TEXT NOT NULL, total BIGINT NOT NULL,
          new_infections BIGINT NOT NULL, change BIGINT NOT NULL,
          previous TEXT REFERENCES bulletin (id), carried BIGINT NOT NULL,
          cumulative BIGINT NOT NULL, UNIQUE (from_at, to_at))
        """,
        "CREATE INDEX bulletin_to ON bulletin (to_at, from_at)")
    ],
    invariants: BulletinInvariants.all)
}
