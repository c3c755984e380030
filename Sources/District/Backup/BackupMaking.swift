import Cryptography
import Foundation
import Kernel
import Storage

/// What a backup holds.
package struct BackupSummary: Codable, Sendable {
  package let head: BackupHead
  package let tables: Int
  package let rows: Int
  package let bytes: Int
  /// What was brought back besides it; nil when nothing else was asked for.
  package var tail: TailSummary?
}

extension DataFolder {
  /// Writes a backup of the district as it is at this moment, while work goes on: everything in the
  /// database, the secret and the policies, locked to a key whose other half is elsewhere.
  ///
  /// - Throws: a refusal when the file exists, a failure when it cannot be written.
  package func backUp(
    _ storage: any Storage, to file: String, for key: BackupKey, at now: Instant,
    entropy: Entropy = .system
  ) async throws -> BackupSummary {
    guard !FileManager.default.fileExists(atPath: file) else {
      throw Refusal(
        .conflict, "backup.exists",
        Words("“\(file)”已存在，请换一个文件名", "“\(file)” is there already; choose another name"),
        field: "to")
    }
    let part = "\(file).part"
    let descriptor = Foundation.open(part, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StorageFailure(.unavailable, "“\(file)” cannot be written")
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      let summary = try await write(storage, into: handle, for: key, at: now, entropy)
      try handle.synchronize()
      let bytes = try handle.offset()
      try handle.close()
      guard rename(part, file) == 0 else {
        throw StorageFailure(.unavailable, "“\(file)” cannot be written")
      }
      try Self.keepNames(in: URL(filePath: file).deletingLastPathComponent().path)
      return BackupSummary(
        head: summary.head, tables: summary.tables, rows: summary.rows, bytes: Int(bytes))
    } catch {
      unlink(part)
      throw error
    }
  }

  private func write(
    _ storage: any Storage, into handle: FileHandle, for key: BackupKey, at now: Instant,
    _ entropy: Entropy
  ) async throws -> (head: BackupHead, tables: Int, rows: Int) {
    let files = try filesToKeep()
    let shapes = try await MovedTable.shapes(District.assembly.migrations)
    return try await storage.read { transaction in
      let writer = try BackupWriter(handle, .backup, for: key, entropy: entropy)
      let last = try transaction.row(
        "SELECT sequence, head FROM journal ORDER BY sequence DESC LIMIT 1")
      let head = BackupHead(
        form: BackupHead.form, madeAt: now,
        schema: try transaction.rows("SELECT name FROM migration ORDER BY place")
          .map { $0.text(0) },
        entries: last?.integer(0) ?? 0, head: last?.text(1) ?? "")
      try writer.write(.head(Fields.jsonBytes(head)))
      for (name, bytes) in files { try writer.write(.file(name: name, bytes)) }
      var rows = 0
      for shape in shapes {
        try writer.write(.table(name: shape.name, columns: shape.columnList))
        let counted = try shape.counted(in: transaction, by: OpenSSLSuite()) { row in
          try writer.write(.row(row.values))
        }
        try writer.write(.tableEnd(rows: counted.rows, digest: counted.digest))
        rows += counted.rows
      }
      try writer.write(.end)
      try writer.finish()
      return (head, shapes.count, rows)
    }
  }

  /// The secret and the district's own policies.
  private func filesToKeep() throws -> [(name: String, bytes: [UInt8])] {
    var files = [("secret.key", try secret())]
    let names = (try? FileManager.default.contentsOfDirectory(atPath: policies)) ?? []
    for name in names.sorted() where name.hasSuffix(".yaml") {
      guard let data = FileManager.default.contents(atPath: "\(policies)/\(name)") else {
        throw StorageFailure(.unavailable, "the policy “\(name)” cannot be read")
      }
      files.append(("policies/\(name)", Array(data)))
    }
    return files
  }
}
