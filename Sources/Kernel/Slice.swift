/// A capability: commands, questions, pages and what follows from them. Routes, command line,
/// OpenAPI document, permission list, journal and obligations board are made from this value.
package struct Slice: Sendable {
  package let name: String
  package let commands: [CommandKind]
  package let queries: [QueryKind]
  /// What it writes into the journal, so that a reader of the journal finds the words of each.
  package let facts: [any Fact.Type]
  package let screens: [Screen]
  package let reactions: [Reaction]
  package let ticks: [Tick]
  package let obligationKinds: [ObligationKind]
  package let imports: [ImportKind]
  package let exports: [ExportKind]
  package let migrations: [Migration]
  package let policySections: [any PolicySection.Type]
  package let invariants: [Invariant]
  package let finders: [Finder]
  package let tallies: [TallyKind]

  package init(
    name: String, commands: [CommandKind] = [], queries: [QueryKind] = [],
    facts: [any Fact.Type] = [], screens: [Screen] = [], reactions: [Reaction] = [],
    ticks: [Tick] = [],
    obligationKinds: [ObligationKind] = [], imports: [ImportKind] = [],
    exports: [ExportKind] = [], migrations: [Migration] = [],
    policySections: [any PolicySection.Type] = [], invariants: [Invariant] = [],
    finders: [Finder] = [], tallies: [TallyKind] = []
  ) {
    self.name = name
    self.commands = commands
    self.queries = queries
    self.facts = facts
    self.screens = screens
    self.reactions = reactions
    self.ticks = ticks
    self.obligationKinds = obligationKinds
    self.imports = imports
    self.exports = exports
    self.migrations = migrations
    self.policySections = policySections
    self.invariants = invariants
    self.finders = finders
    self.tallies = tallies
  }
}

/// A command that the clock sends again and again.
package struct Tick: Sendable {
  package let every: Duration
  package let name: String
  package let command: @Sendable () -> any Command

  package init<C: Command>(every: Duration, _ command: @escaping @Sendable () -> C) {
    self.every = every
    name = C.name
    self.command = command
  }
}

/// Something that must hold at any moment, checked by `denghuo verify` and by the simulation.
package struct Invariant: Sendable {
  /// What a check may look at.
  package struct Context {
    package let transaction: any Transaction
    package let now: Instant
    package let rules: Rulebook
    package let vault: Vault
    package let jurisdiction: Jurisdiction

    /// The section in force now.
    package func policy<Section: PolicySection>(
      _ type: Section.Type = Section.self
    ) throws(Refusal) -> Section {
      try rules.policies.section(type, on: Day(of: now, in: rules.zone)).section
    }
  }

  /// `I-6`, as the list of invariants numbers it.
  package let number: String
  package let sentence: String
  /// The identifiers of what violates it; empty when it holds.
  package let violations: @Sendable (Context) throws -> [String]

  package init(
    _ number: String, _ sentence: String,
    check: @escaping @Sendable (Context) throws -> [String]
  ) {
    self.number = number
    self.sentence = sentence
    violations = check
  }

  /// An invariant whose violations one statement finds; its first column identifies them.
  package init(_ number: String, _ sentence: String, violations statement: SQL) {
    self.init(number, sentence) { context in
      try context.transaction.rows(statement).map { $0.text(0) }
    }
  }
}
