/// Signs the journal when it has grown enough, or long enough ago. Sent by the clock, often.
package struct MakeCheckpoint: Command {
  /// How many entries the newest checkpoint has.
  package struct Answer: Codable, Sendable {
    package let size: Int
  }

  package static let name = "journal.checkpoint"
  package static let duty: Duty = .clockOnly
  /// Whether the process that wrote ends now, so that nobody is there to do it later.
  package let isLast: Bool

  package init(isLast: Bool = false) { self.isLast = isLast }

  private enum CodingKeys: String, CodingKey {
    case isLast = "is_last"
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Answer {
    let store = CheckpointStore(transaction: work.transaction)
    let journal = JournalStore(transaction: work.transaction)
    let last = try store.last()
    let size = last?.size ?? 0
    guard let (sequence, head) = try journal.last(), sequence > size,
      try isDue(since: last, growth: sequence - size, in: work)
    else { return Answer(size: size) }
    // A journal that is not the one that was signed before gets no signature; verifying says why.
    if let last, try journal.head(at: last.size) != last.head { return Answer(size: size) }
    try store.insert(Checkpoint(size: sequence, at: work.now, head: head, by: work.vault))
    return Answer(size: sequence)
  }

  private func isDue(since last: Checkpoint?, growth: Int, in work: Work) throws -> Bool {
    guard let last, !isLast else { return true }
    let policy: JournalPolicy = try work.policy()
    let age = work.now - Instant(milliseconds: last.at)
    return age >= .minutes(policy.checkpointMinutes) || growth >= policy.checkpointEntries
  }
}
