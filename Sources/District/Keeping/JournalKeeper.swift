import Foundation
import Kernel
import Storage

/// Takes to a second place what must outlive the machine, or its operator: each checkpoint in the
/// clear, and each transaction's changes locked to the backup key.
package actor JournalKeeper {
  private let desk: Desk
  private let entropy: Entropy
  private var keeping: JournalKeeping?
  private var keptSize = 0
  private var shipped = 0
  private var writer: TailWriter?

  private static let checkpointsAtOnce = 1_000
  private static let recordsAtOnce = 64

  package init(_ desk: Desk, entropy: Entropy = .system) {
    self.desk = desk
    self.entropy = entropy
  }

  /// How long to wait between two turns.
  ///
  /// - Throws: a refusal when no policy in force says it.
  package var pause: Duration {
    get throws { .seconds(try policy().shipSeconds) }
  }

  /// Takes along all that is new.
  ///
  /// - Returns: how many checkpoints and changes that were.
  /// - Throws: a failure when the second place cannot be written; what waits stays and is taken along
  ///   when it can.
  @discardableResult
  package func turn() async throws -> Int {
    guard try await desk.storage.holds(Pump.work) else { return 0 }
    var sent = 0
    do {
      // What comes in meanwhile can wait for the next turn: each costs a sync of its own.
      while true {
        let now = try await round()
        sent += now.sent
        if !now.isMore { return sent }
      }
    } catch {
      // What was half written is not gone on with: the next turn begins a file of its own.
      writer = nil
      keeping = nil
      throw error
    }
  }

  /// Ends the file that is being written.
  package func close() throws {
    try writer?.finish()
    writer = nil
    keeping = nil
  }

  private func round() async throws -> (sent: Int, isMore: Bool) {
    let (size, number) = (keptSize, shipped)
    let known = keeping
    let (now, checkpoints, records, schema) = try await desk.storage.read { transaction in
      let store = KeepingStore(transaction: transaction)
      let keeping = try store.keeping()
      let isSame = keeping == known
      return (
        keeping,
        try keeping == nil || !isSame
          ? []
          : CheckpointStore(transaction: transaction).after(size, limit: Self.checkpointsAtOnce),
        try keeping?.key == nil || !isSame
          ? [] : store.records(after: number, limit: Self.recordsAtOnce),
        try transaction.rows("SELECT name FROM migration ORDER BY place").map { $0.text(0) }
      )
    }
    guard let now else {
      try close()
      return (0, false)
    }
    guard now == known else {
      try begin(now)
      return try await round()
    }
    if !records.isEmpty { try await ship(records, now, schema) }
    // No checkpoint stands there whose entries do not: after a loss it would look like a forgery.
    if records.count == Self.recordsAtOnce { return (records.count, true) }
    if !checkpoints.isEmpty {
      try KeptCheckpoints(now.place).append(checkpoints)
      keptSize = checkpoints.last?.size ?? keptSize
    }
    return (
      checkpoints.count + records.count, checkpoints.count == Self.checkpointsAtOnce
    )
  }

  private func begin(_ keeping: JournalKeeping) throws {
    try close()
    do {
      try FileManager.default.createDirectory(
        atPath: keeping.place, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw StorageFailure(.unavailable, "the folder “\(keeping.place)” cannot be made")
    }
    keptSize = try KeptCheckpoints(keeping.place).end().size
    shipped = 0
    self.keeping = keeping
  }

  private func ship(
    _ records: [TailRecord], _ keeping: JournalKeeping, _ schema: [String]
  ) async throws {
    guard let key = keeping.key, let first = records.first, let last = records.last else { return }
    let policy = try policy()
    let today = Day(of: desk.clock.now(), in: desk.rules.zone)
    // Another node may have shipped what lies between: a file has no gap.
    let isGap = first.number != shipped + 1
    if let old = writer,
      isGap || old.begun != today || old.size >= policy.segmentMegabytes << 20
    {
      try old.finish()
      writer = nil
    }
    let writer: TailWriter
    if let open = self.writer {
      writer = open
    } else {
      writer = try TailWriter(
        in: keeping.place,
        TailSegment.Head(form: TailSegment.Head.form, run: keeping.run, schema: schema),
        first: first.number, for: BackupKey(publicText: key), on: today, entropy: entropy)
      self.writer = writer
      try clear(keeping.place, keepDays: policy.keepDays)
    }
    for record in records { try writer.append(record) }
    try writer.flush()
    shipped = last.number
    try await desk.storage.write { transaction in
      try KeepingStore(transaction: transaction).forget(before: last.number)
    }
  }

  /// Takes away files that no backup needs any more that is young enough.
  private func clear(_ place: String, keepDays: Int) throws {
    let oldest = desk.clock.now() - .days(keepDays)
    for file in try TailSegment.files(in: place) {
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      guard let changed = attributes[.modificationDate] as? Date else { continue }
      if Int64(changed.timeIntervalSince1970 * 1_000) < oldest.milliseconds {
        try FileManager.default.removeItem(atPath: file)
      }
    }
  }

  private func policy() throws -> JournalPolicy {
    let today = Day(of: desk.clock.now(), in: desk.rules.zone)
    return try desk.rules.policies.section(JournalPolicy.self, on: today).section
  }
}
