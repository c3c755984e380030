import Gazette
import Kernel

/// The wall: what the day has brought, what is owed and late, and where.
///
/// A duty officer looks up and sees today's numbers beside yesterday's at the same hour, the streets
/// with what is late in each, and the list of what to do first. Each number opens to its rows.
/// Retention: what stands of contacts and restrictions is kept as identifiers and times, until the
/// outbreak's end; boundaries as long as the installation.
package enum Dashboard {
  package static let slice = Slice(
    name: "dashboard", commands: [CommandKind(KeepBoundaries.self)],
    queries: [QueryKind(ShowWall.self)],
    facts: [
      BoundariesKept.self
    ], screens: WallScreens.all,
    reactions: [
      .on(ContactConfirmed.self) { fact, work in
        guard let path = try work.jurisdiction.path(fact.home, work.transaction) else { return }
        try WallStore(work.transaction).put(
          .contact, fact.contact.text, at: path, since: work.now, until: nil)
      },
      .on(ContactWithdrawn.self) { fact, work in
        try WallStore(work.transaction).end(.contact, fact.contact.text, at: work.now)
      },
      .on(RestrictionStarted.self) { fact, work in
        guard let path = try work.path(of: fact.person) else { return }
        try WallStore(work.transaction).put(
          .restriction, fact.restriction.text, at: path, since: work.now, until: fact.end)
      },
      .on(RestrictionEnded.self) { fact, work in
        try WallStore(work.transaction).end(.restriction, fact.restriction.text, at: work.now)
      },
    ],
    migrations: [
      Migration(
        "dashboard-0001",
        """
        CREATE TABLE wall_entry (
          kind TEXT NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL, since_at BIGINT NOT NULL,
          until_at BIGINT, ended_at BIGINT, PRIMARY KEY (kind, id),
          CHECK (kind IN ('contact', 'restriction')))
        """,
        "CREATE INDEX wall_entry_since ON wall_entry (kind, since_at)",
        "CREATE INDEX wall_entry_open ON wall_entry (kind, path) WHERE ended_at IS NULL",
        "CREATE INDEX wall_entry_ended ON wall_entry (kind, ended_at) WHERE ended_at IS NOT NULL",
        "CREATE TABLE boundary (code TEXT PRIMARY KEY, name TEXT NOT NULL, shape TEXT NOT NULL)"),
      // With all that is asked in the index: a district holds tens of thousands.
      Migration(
        "dashboard-0002", "DROP INDEX wall_entry_open", "DROP INDEX wall_entry_ended",
        """
        CREATE INDEX wall_entry_open ON wall_entry (kind, path, since_at, until_at)
        WHERE ended_at IS NULL
        """,
        """
        CREATE INDEX wall_entry_ended ON wall_entry (kind, ended_at, path, since_at, until_at)
        WHERE ended_at IS NOT NULL
        """),
      Migration(
        "dashboard-0003", "DROP INDEX wall_entry_open",
        """
        CREATE INDEX wall_entry_open ON wall_entry (kind, path, since_at, until_at, ended_at)
        WHERE ended_at IS NULL
        """),
    ])
}
