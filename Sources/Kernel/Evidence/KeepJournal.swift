/// From now on the journal is kept elsewhere, under this run; or no longer.
package struct JournalKept: Fact {
  package static let name = "journal.kept"
  package static let words = Words("日志另存已开启或停止", "Journal kept in a second place, or no longer")
  package static let about = Matter.district
  /// Nil when it is kept nowhere any more.
  package let run: String?
  /// Whether changes go there, too, and not checkpoints alone.
  package let ships: Bool
  package var subject: String { "journal" }
}

/// Says where checkpoints are kept besides the tables, and whether changes go there, too, locked to
/// a backup key. The operator's command line alone sends it: it names a folder of the machine.
package struct KeepJournal: Command {
  package static let name = "journal.keep"
  package static let duty: Duty = "journal.keep"
  /// The folder; nil to keep the journal nowhere else.
  package let place: String?
  /// The public backup key to which changes are locked; nil to keep checkpoints only.
  package let key: String?

  package init(place: String?, key: String?) {
    self.place = place
    self.key = key
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    let store = KeepingStore(transaction: work.transaction)
    try store.clear()
    guard let place else {
      try work.record(JournalKept(run: nil, ships: false))
      return Done()
    }
    // Numbers begin anew under a name of their own: what was shipped before does not go on here.
    let run: ID<JournalKeeping> = work.newID()
    try store.insert(JournalKeeping(place: place, key: key, run: run.text))
    try work.record(JournalKept(run: run.text, ships: key != nil))
    return Done()
  }
}

/// Where the journal is kept besides the tables.
package struct JournalKeeping: Sendable, Equatable {
  package let place: String
  package let key: String?
  package let run: String
}
