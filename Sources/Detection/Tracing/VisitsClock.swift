import Kernel

/// Deletes visits, encounters and tracks whose time has come, day by day. Sent by the clock.
package struct ExpireVisits: Command {
  package struct Answer: Codable, Sendable {
    package let days: Int
  }

  package static let name = "visits.expire"
  package static let duty: Duty = .clockOnly

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Answer {
    let keep = try work.policy(ScansPolicy.self).keepDays
    let store = VisitsStore(work.transaction)
    var days = 0
    // Counted from when it was recorded: what a file tells of long ago is looked at first.
    while let first = try store.firstRecordedAt() {
      let day = Day(of: first, in: work.zone)
      guard work.today - day > keep else { break }
      let end = day.end(in: work.zone)
      let expired = try VisitsExpired(
        recordedOn: day.text, visits: store.dropVisits(before: end),
        encounters: store.dropEncounters(before: end),
        tracks: TracksStore(work.transaction).drop(before: end))
      try work.record(expired)
      days += 1
    }
    return Answer(days: days)
  }
}
