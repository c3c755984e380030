/// All slices of a product, found by the names of what they offer.
package struct Assembly: Sendable {
  package let slices: [Slice]
  package let commands: [String: CommandKind]
  package let queries: [String: QueryKind]
  package let facts: [String: any Fact.Type]
  package let obligationKinds: [String: ObligationKind]
  package let imports: [String: ImportKind]
  package let exports: [String: ExportKind]
  let reactions: [String: [Reaction]]

  /// Puts slices together; two of anything with one name is a defect.
  package init(_ slices: [Slice]) {
    let all = [KernelSchema.slice, Obligations.slice] + slices
    self.slices = all
    commands = Self.unique(all.flatMap(\.commands), "command", by: \.name)
    queries = Self.unique(all.flatMap(\.queries), "query", by: \.name)
    facts = Self.unique(all.flatMap(\.facts), "fact") { $0.name }
    obligationKinds = Self.unique(all.flatMap(\.obligationKinds), "obligation", by: \.name)
    imports = Self.unique(all.flatMap(\.imports), "import", by: \.kind)
    exports = Self.unique(all.flatMap(\.exports), "export", by: \.kind)
    reactions = Dictionary(grouping: all.flatMap(\.reactions), by: \.fact)
    _ = Self.unique(migrations, "migration", by: \.name)
    _ = Self.unique(screens, "screen", by: \.path)
  }

  package var screens: [Screen] { slices.flatMap(\.screens) }
  package var migrations: [Migration] { slices.flatMap(\.migrations) }
  package var policySections: [any PolicySection.Type] { slices.flatMap(\.policySections) }
  package var ticks: [Tick] { slices.flatMap(\.ticks) }
  package var invariants: [Invariant] { slices.flatMap(\.invariants) }
  /// What finds things by what is printed on paper, in the order in which it is shown.
  package var finders: [Finder] { slices.flatMap(\.finders).sorted { $0.order < $1.order } }
  /// What slices put on the wall, in its order.
  package var tallies: [TallyKind] { slices.flatMap(\.tallies).sorted { $0.order < $1.order } }

  /// Every duty that a command, a question or a page asks for.
  package var duties: Set<Duty> {
    let named = commands.values.map(\.duty) + queries.values.map(\.duty)
    return Set(named + screens.compactMap(\.duty)).subtracting([
      .ownAccount, .ownFile, .clockOnly, .anyone,
    ])
  }

  private static func unique<Value>(
    _ values: [Value], _ what: String, by name: (Value) -> String
  ) -> [String: Value] {
    Dictionary(values.map { (name($0), $0) }) { first, _ in
      preconditionFailure("two slices offer a \(what) named \(name(first))")
    }
  }
}

/// The kernel's own tables.
enum KernelSchema {
  static let slice = Slice(
    name: "kernel",
    commands: [CommandKind(MakeCheckpoint.self), CommandKind(KeepJournal.self, edgeOnly: true)],
    queries: [
      QueryKind(VerifyEverything.self), QueryKind(ListJournalEntries.self),
      QueryKind(ListCheckpoints.self), QueryKind(CompareCheckpoints.self),
    ],
    facts: [
      JournalKept.self, TakenAfterShift.self,
    ],
    ticks: [Tick(every: .seconds(5)) { MakeCheckpoint() }],
    migrations: [
      Migration(
        "kernel-0001",
        """
        CREATE TABLE receipt (
          command TEXT PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL, policy TEXT NOT NULL,
          answer TEXT NOT NULL, sender TEXT NOT NULL, fingerprint TEXT NOT NULL)
        """,
        """
        CREATE TABLE journal (
          sequence BIGINT PRIMARY KEY, at BIGINT NOT NULL, name TEXT NOT NULL,
          command TEXT NOT NULL, sender TEXT NOT NULL, policy TEXT NOT NULL,
          subject TEXT NOT NULL, payload TEXT, salt TEXT, leaf TEXT NOT NULL, head TEXT NOT NULL)
        """,
        "CREATE INDEX journal_subject ON journal (subject, sequence)",
        "CREATE INDEX journal_command ON journal (command)",
        """
        CREATE TABLE outbox (
          command TEXT PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL, due_at BIGINT NOT NULL,
          attempts BIGINT NOT NULL, failure TEXT, failed_at BIGINT)
        """,
        "CREATE INDEX outbox_due ON outbox (due_at, command) WHERE failed_at IS NULL",
        """
        CREATE TABLE disclosure (
          id TEXT PRIMARY KEY, person TEXT, area TEXT, at BIGINT NOT NULL, sender TEXT NOT NULL,
          purpose TEXT NOT NULL, question TEXT NOT NULL,
          CHECK ((person IS NULL) <> (area IS NULL)))
        """,
        "CREATE INDEX disclosure_person ON disclosure (person, at) WHERE person IS NOT NULL",
        "CREATE INDEX disclosure_area ON disclosure (area, at) WHERE area IS NOT NULL",
        "CREATE INDEX disclosure_sender ON disclosure (sender, at)"),
      Migration(
        "kernel-0002",
        "CREATE TABLE vault_mark (name TEXT PRIMARY KEY, value TEXT NOT NULL)"),
      Migration(
        "kernel-0003",
        """
        CREATE TABLE journal_checkpoint (
          size BIGINT PRIMARY KEY, at BIGINT NOT NULL, head TEXT NOT NULL, key TEXT NOT NULL,
          signature TEXT NOT NULL)
        """,
        "CREATE TABLE journal_keeping (run TEXT PRIMARY KEY, place TEXT NOT NULL, key TEXT)",
        """
        CREATE TABLE journal_tail (
          number BIGINT PRIMARY KEY, at BIGINT NOT NULL, entries BIGINT NOT NULL,
          head TEXT NOT NULL, changes BYTEA NOT NULL)
        """,
        "ALTER TABLE receipt ADD COLUMN checkpoint TEXT"),
      Migration("kernel-0004", "CREATE INDEX journal_sender ON journal (sender, sequence)"),
      Migration("kernel-0005", "CREATE INDEX journal_name ON journal (name, sequence)"),
    ],
    policySections: [MachinePolicy.self, JournalPolicy.self],
    invariants: [
      Invariant("I-53", "the journal's chain verifies") { context in
        try JournalVerification.faults(in: context.transaction, suite: context.vault.suite)
      },
      Invariant("I-53", "the journal is what its signed checkpoints say") { context in
        try CheckpointVerification.faults(in: context.transaction, vault: context.vault)
      },
      Invariant(
        "I-59", "every command in the journal has one receipt",
        violations: """
          SELECT DISTINCT journal.command
          FROM journal
          WHERE NOT EXISTS (SELECT 1 FROM receipt WHERE receipt.command = journal.command)
          ORDER BY journal.command
          LIMIT 20
          """),
    ])
}
