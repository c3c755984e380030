import Foundation
import Kernel
import Storage

/// What was brought back besides the backup.
package struct TailSummary: Codable, Sendable {
  /// How many transactions.
  package fileprivate(set) var records = 0
  /// When the last of them was made.
  package fileprivate(set) var until: Instant?
  /// Whether something that was shipped is missing or was changed, so that it ends too soon.
  package fileprivate(set) var isBroken = false
  fileprivate var number: Int
  /// How many entries the journal has afterwards, and its head; nil when nothing was brought back.
  fileprivate var end: End?

  fileprivate struct End: Codable, Sendable {
    let entries: Int
    let head: String
  }

  fileprivate init(number: Int) { self.number = number }

  /// Whether the journal ends where the last change left it.
  func isEnd(entries: Int, head: String) -> Bool? {
    end.map { $0.entries == entries && $0.head == head }
  }
}

extension DataFolder {
  private static let recordsAtOnce = 500

  /// Does once more, on a district that came from a backup, what was shipped after the backup.
  ///
  /// - Parameter taken: the steps of the schema that the backup had.
  /// - Throws: a refusal when the folder holds nothing that goes on from this backup.
  func bringBack(
    from folder: String, privateKey: [UInt8], taken: Set<String>
  ) async throws -> TailSummary {
    let storage = try SQLiteStorage(file: database)
    let (keeping, number) = try await storage.read { transaction in
      let store = KeepingStore(transaction: transaction)
      return (try store.keeping(), try store.lastNumber())
    }
    let files = try keeping.map { try Self.tails(of: $0, in: folder) } ?? []
    guard keeping?.key != nil, !files.isEmpty else { throw Refusal.noTail(folder) }
    var taken = taken
    var summary = TailSummary(number: number)
    for file in files {
      let reader: TailReader
      do {
        guard let found = try TailReader(file, privateKey: privateKey) else { continue }
        reader = found
      } catch let refusal as Refusal where refusal.code == Refusal.damagedBackup.code {
        summary.isBroken = true
        continue
      }
      try await storage.extend(&taken, by: reader.head.schema)
      try await bringBack(reader, into: storage, &summary)
      if reader.isDamaged { summary.isBroken = true }
    }
    try await storage.close()
    return summary
  }

  private static func tails(of keeping: JournalKeeping, in folder: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: folder) else { throw Refusal.noTail(folder) }
    return try TailSegment.files(in: folder, run: keeping.run)
  }

  private func bringBack(
    _ reader: TailReader, into storage: SQLiteStorage, _ summary: inout TailSummary
  ) async throws {
    while true {
      var records: [TailRecord] = []
      while records.count < Self.recordsAtOnce, let record = try reader.next() {
        // What was shipped twice is done once.
        guard record.number > summary.number else { continue }
        guard record.number == summary.number + 1 else {
          summary.isBroken = true
          break
        }
        records.append(record)
        summary.number = record.number
      }
      guard let last = records.last else { return }
      do {
        let records = records
        try await storage.write { transaction in
          for record in records { try record.perform(in: transaction) }
        }
      } catch is Defect {
        throw Refusal.tailDiffers
      } catch is EncodedValues.Damaged {
        throw Refusal.tailDiffers
      }
      summary.records += records.count
      summary.until = last.at
      summary.end = TailSummary.End(entries: last.entries, head: last.head)
      if summary.isBroken { return }
    }
  }
}

extension SQLiteStorage {
  /// Takes the steps of the schema that a file of changes was written after.
  fileprivate func extend(_ taken: inout Set<String>, by schema: [String]) async throws {
    guard !taken.isSuperset(of: schema) else { return }
    let migrations = District.assembly.migrations
    guard Set(migrations.map(\.name)).isSuperset(of: schema) else { throw Refusal.newerBackup }
    taken.formUnion(schema)
    let all = taken
    try await migrate(migrations.filter { all.contains($0.name) })
  }
}

extension Refusal {
  fileprivate static func noTail(_ folder: String) -> Refusal {
    Refusal(
      .notFound, "backup.noTail",
      Words(
        "“\(folder)”中没有接续这份备份的变更；备份须在 denghuo journal keep 之后制作",
        "“\(folder)” holds no changes that go on from this backup; it has to be made after "
          + "denghuo journal keep"),
      field: "tail")
  }

  fileprivate static let tailDiffers = Refusal(
    .invalid, "backup.tailDiffers",
    Words(
      "备份之后的变更与备份不符，没有恢复任何内容；可不带 --tail 只恢复备份",
      "The changes after the backup do not fit it; nothing was restored. Without --tail the backup "
        + "alone is restored"),
    field: "tail")
}
