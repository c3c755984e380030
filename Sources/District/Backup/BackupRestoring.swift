import Cryptography
import Foundation
import Kernel
import Storage

extension DataFolder {
  /// Makes the district of a backup anew in this folder, which holds none. It is there whole, with
  /// every table compared, or not at all.
  ///
  /// - Parameter tail: the folder to which changes were shipped that are brought back, too.
  /// - Returns: what was restored, and what violates an invariant in it, the journal's chain among
  ///   them: it did when the backup was made.
  /// - Throws: a refusal when something is here, the key is another one, the backup is damaged or was
  ///   written by a newer program.
  package func restore(
    from file: String, privateKey: [UInt8], clock: Clock, tail: String? = nil
  ) async throws -> (summary: BackupSummary, violated: [String: Desk.Finding]) {
    guard !isMade, !FileManager.default.fileExists(atPath: database) else {
      throw Refusal(
        .conflict, "folder.made",
        Words(
          "“\(path)”中已有数据，请换一个目录", "“\(path)” holds a district already; choose another folder"),
        field: "data")
    }
    let part = DataFolder("\(path).restoring")
    try? FileManager.default.removeItem(atPath: part.path)
    defer { try? FileManager.default.removeItem(atPath: part.path) }
    var summary = try await part.fill(from: file, privateKey: privateKey)
    if let tail {
      summary.tail = try await part.bringBack(
        from: tail, privateKey: privateKey, taken: Set(summary.head.schema))
    }
    let violated = try await part.inspect(summary, clock)
    try part.settle(at: path)
    return (summary, violated)
  }

  private func settle(at path: String) throws {
    // An empty folder may be there already; a full one stays as it is.
    rmdir(path)
    guard rename(self.path, path) == 0 else {
      throw Refusal(
        .conflict, "folder.notEmpty",
        Words("“\(path)”不是空目录，请换一个目录", "“\(path)” is not empty; choose another folder"),
        field: "data")
    }
    // The name is on the disk before anybody is told that the district is there.
    try Self.keepNames(in: URL(filePath: path).deletingLastPathComponent().path)
  }

  private func fill(
    from file: String, privateKey: [UInt8]
  ) async throws -> BackupSummary {
    guard case .head(let json) = try BackupReader(file, privateKey: privateKey).next() else {
      throw Refusal.damagedBackup
    }
    let head = try Fields.json(json).decoded(BackupHead.self, strict: false)
    let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
    let migrations = District.assembly.migrations
    let known = Set(migrations.map(\.name))
    guard head.form == BackupHead.form, head.schema.allSatisfy(known.contains) else {
      throw Refusal.newerBackup
    }
    try FileManager.default.createDirectory(
      atPath: policies, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    let storage = try SQLiteStorage(file: database)
    let taken = Set(head.schema)
    let before = migrations.filter { taken.contains($0.name) }
    try await storage.migrate(before)
    let shapes = try await MovedTable.shapes(before)
    let folder = self
    let (tables, rows) = try await storage.write { transaction in
      let reader = try BackupReader(file, privateKey: privateKey)
      _ = try reader.next()
      return try folder.fill(transaction, shapes, from: reader)
    }
    try await storage.close()
    return BackupSummary(head: head, tables: tables, rows: rows, bytes: size)
  }

  private func fill(
    _ transaction: any Transaction, _ shapes: [MovedTable], from reader: BackupReader
  ) throws -> (tables: Int, rows: Int) {
    // Rows point to rows of the same table that come later.
    _ = try transaction.rows("PRAGMA defer_foreign_keys = ON")
    let known = Dictionary(uniqueKeysWithValues: shapes.map { ($0.name, $0) })
    var current: MovedTable?
    var (tables, rows) = (0, 0)
    while true {
      switch try reader.next() {
      case .head: throw Refusal.damagedBackup
      case .file(let name, let bytes): try keepFile(name, bytes)
      case .table(let name, let columns):
        guard let shape = known[name], shape.columnList == columns else {
          throw Refusal.damagedBackup
        }
        current = shape
      case .row(let values):
        guard let current else { throw Refusal.damagedBackup }
        try current.insert(values, into: transaction)
        rows += 1
      case .tableEnd(let count, let digest):
        guard let table = current else { throw Refusal.damagedBackup }
        let arrived = try table.counted(in: transaction, by: OpenSSLSuite())
        guard arrived.rows == count, arrived.digest == digest else {
          throw Refusal.damagedBackup
        }
        current = nil
        tables += 1
      case .end:
        guard tables == shapes.count, isMade else { throw Refusal.damagedBackup }
        try reader.requireEnd()
        return (tables, rows)
      }
    }
  }

  private func keepFile(_ name: String, _ bytes: [UInt8]) throws {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPolicy =
      parts.count == 2 && parts[0] == "policies" && parts[1].hasSuffix(".yaml")
      && !parts[1].hasPrefix(".")
    guard name == "secret.key" || isPolicy else { throw Refusal.damagedBackup }
    try keep(bytes, in: "\(path)/\(name)")
  }

  /// Opens what was restored as a server would, and looks whether its journal is the one that was
  /// backed up and what violates an invariant.
  private func inspect(
    _ summary: BackupSummary, _ clock: Clock
  ) async throws -> [String: Desk.Finding] {
    let (district, lock) = try await open(clock: clock)
    let last = try await district.desk.storage.read { transaction in
      try JournalStore(transaction: transaction).last()
    }
    let (entries, head) = (last?.sequence ?? 0, last?.head ?? "")
    let isTailsEnd = summary.tail?.isEnd(entries: entries, head: head)
    guard isTailsEnd ?? (entries == summary.head.entries && head == summary.head.head) else {
      throw Refusal.damagedBackup
    }
    // The lost machine's changes have an end of their own; this district's begin elsewhere.
    try await district.desk.storage.write { transaction in
      try KeepingStore(transaction: transaction).clear()
    }
    let violated = try await district.desk.violations()
    withExtendedLifetime(lock) {}
    return violated
  }
}
