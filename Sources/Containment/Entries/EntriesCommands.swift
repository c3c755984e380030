import Gazette
import Kernel
import Registry

/// Notes that somebody of the register came from an area of risk. What follows is the edition's to say.
package struct NoteEntry: Command {
  package struct Answer: Codable, Sendable {
    package let entry: EntryID
    /// Whether it was not known yet.
    package let isNew: Bool
  }

  package static let name = "entries.note"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = "entries.note"
  package let person: PersonID
  /// The area in which they were, by its code in GB/T 2260, such as `130102`.
  package let areaCode: String
  package let level: EntryLevel
  package let leftOn: Day
  package let arrivedOn: Day
  /// Who says so, by the policy's code.
  package let source: String
  /// The number that the source has given it.
  package let entry: EntryID?

  package init(
    person: PersonID, areaCode: String, level: EntryLevel, leftOn: Day, arrivedOn: Day,
    source: String, entry: EntryID? = nil
  ) {
    self.person = person
    self.areaCode = areaCode
    self.level = level
    self.leftOn = leftOn
    self.arrivedOn = arrivedOn
    self.source = source
    self.entry = entry
  }

  // Where the person lives: the office there answers for what follows.
  package func area(in work: Work) throws -> Area {
    .path(try ResidentsStore(work.transaction).survivor(of: person).path)
  }

  package func perform(in work: Work) throws -> Answer {
    let (record, isNew) = try work.note(
      EntryTold(
        entry: entry, person: person, area: areaCode, level: level, leftOn: leftOn,
        arrivedOn: arrivedOn, source: source))
    return Answer(entry: record.id, isNew: isNew)
  }
}

/// Withdraws a record that is wrong; what rests on it is over at once. It is entered anew as it is right.
package struct WithdrawEntry: Command {
  package static let name = "entries.withdraw"
  package static let urgency = Urgency.outbreak
  package static let duty: Duty = NoteEntry.duty
  package let entry: EntryID

  package init(entry: EntryID) { self.entry = entry }

  package func area(in work: Work) throws -> Area { .path(try found(in: work).path) }

  package func perform(in work: Work) throws -> Done {
    let found = try found(in: work)
    guard found.withdrawnAt == nil else {
      throw Refusal(
        .conflict, "entry.withdrawn",
        Words("这条登记已撤销，无需再办", "This record was withdrawn already; nothing is left to do"),
        field: "entry")
    }
    try EntriesStore(work.transaction).withdraw(
      entry, at: work.now, by: work.authority.sender.text)
    try work.record(EntryWithdrawn(entry: entry, person: found.person))
    return Done()
  }

  private func found(in work: Work) throws -> EntryRecord {
    guard let found = try EntriesStore(work.transaction).find(entry) else {
      throw Refusal.notFound(Words("来返登记", "entry record"), entry.text, field: "entry")
    }
    return found
  }
}

/// The clock's command: deletes records when their time is over.
package struct ForgetEntries: Command {
  package static let name = "entries.forget"
  package static let duty: Duty = .clockOnly

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  /// Answers how many were deleted.
  package func perform(in work: Work) throws -> Int {
    let keepDays = try work.policy(EntriesPolicy.self).keepDays
    return try EntriesStore(work.transaction).forget(before: work.now - .days(keepDays))
  }
}
