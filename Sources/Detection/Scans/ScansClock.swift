import Kernel

/// Deletes the scans of each day whose time has come. Sent by the clock.
package struct ExpireScans: Command {
  package struct Answer: Codable, Sendable {
    package let days: Int
  }

  package static let name = "scans.expire"
  package static let duty: Duty = .clockOnly

  package init() {}

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Answer {
    let keep = try work.policy(ScansPolicy.self).keepDays
    let store = ScansStore(work.transaction)
    // A list that tells of long ago is kept as long as others from when it came.
    let due = try store.days().filter { day, recordedAt in
      work.today - Day(number: day) > keep
        && work.today - Day(of: recordedAt, in: work.zone) > keep
    }
    for (day, _) in due {
      let heads = try store.heads(of: day)
      let digests = heads.map { "\($0.number) \($0.digest)" }.joined(separator: "\n")
      let digest = Hex.text(work.vault.suite.digest(Array(digests.utf8)))
      let scans = heads.reduce(0) { $0 + $1.scans }
      try store.drop(day: day, scans: scans, digest: digest, at: work.now)
      try work.record(
        ScansExpired(day: Day(number: day).text, scans: scans, digest: digest))
    }
    return Answer(days: due.count)
  }
}

/// Writes down that a node's index has deleted a day, with what proves it. Sent by the node itself.
package struct NoteDroppedScans: Command {
  package static let name = "scans.noteDropped"
  package static let duty: Duty = .clockOnly
  package let day: Int
  package let node: String
  package let stays: Int
  package let checksum: String

  package init(day: Int, node: String, stays: Int, checksum: String) {
    self.day = day
    self.node = node
    self.stays = stays
    self.checksum = checksum
  }

  package func area(in work: Work) -> Area { .everywhere }

  package func perform(in work: Work) throws -> Done {
    guard try ScansStore(work.transaction).gone().contains(day) else {
      throw Refusal.notFound(Words("已删除的日期", "deleted day"), String(day), field: "day")
    }
    try work.record(
      ScansDropped(
        day: Day(number: day).text, node: node, stays: stays, checksum: checksum))
    return Done()
  }
}
