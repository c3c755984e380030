import Cryptography
import Foundation
import Kernel
import Storage

/// The folder in which a district lives: database, secret, own policies, lock and socket.
package struct DataFolder: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var database: String { "\(path)/denghuo.sqlite" }
  package var socket: String { "\(path)/denghuo.sock" }
  package var policies: String { "\(path)/policies" }
  private var secretFile: String { "\(path)/secret.key" }

  /// Whether a district was made here before.
  package var isMade: Bool { FileManager.default.fileExists(atPath: secretFile) }

  /// Makes the folder with a new secret, which is never in the database.
  ///
  /// - Throws: a refusal when something is there already.
  package func make(entropy: Entropy = .system) throws {
    guard !isMade else {
      throw Refusal(
        .conflict, "folder.made",
        Words(
          "“\(path)”中已有数据，请换一个目录", "“\(path)” holds a district already; choose another folder"))
    }
    let files = FileManager.default
    do {
      try files.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      // A folder that was there before may be open to others.
      try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
      try files.createDirectory(atPath: policies, withIntermediateDirectories: true)
    } catch {
      throw StorageFailure(.unavailable, "the folder “\(path)” cannot be made")
    }
    try keep(entropy.bytes(32))
  }

  /// Writes the secret so that it is its owner's alone from the first moment, and on the disk before
  /// anything is locked with it.
  private func keep(_ secret: [UInt8]) throws {
    let failure = StorageFailure(.unavailable, "the secret cannot be written")
    let file = Foundation.open(secretFile, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure }
    let written = write(file, secret, secret.count)
    let isKept = written == secret.count && fsync(file) == 0
    guard close(file) == 0, isKept else {
      unlink(secretFile)
      throw failure
    }
    let directory = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard directory >= 0 else { throw failure }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw failure }
  }

  /// Takes away what ``make(entropy:)`` and a first opening left that came to nothing.
  package func clearUnfinished() {
    let made = [secretFile, database, "\(database)-wal", "\(database)-shm", "\(path)/lock"]
    for file in made { try? FileManager.default.removeItem(atPath: file) }
  }

  /// The secret from which the keys are derived.
  ///
  /// - Throws: a refusal when nothing is here, a failure when it cannot be read.
  package func secret() throws -> [UInt8] {
    guard !isMade || access(secretFile, R_OK) == 0 else {
      throw StorageFailure(.unavailable, "the secret in “\(path)” cannot be read")
    }
    guard let data = FileManager.default.contents(atPath: secretFile), data.count >= 32 else {
      throw Refusal(
        .notFound, "folder.none",
        Words(
          "“\(path)”中没有灯火数据，请先运行 denghuo init --data",
          "There is no district in “\(path)”; run denghuo init --data first"))
    }
    return Array(data)
  }

  /// Opens the district that lives here; the lock is held as long as the result.
  ///
  /// - Throws: a refusal when nothing is here, another process holds it, or a policy is wrong.
  package func open(
    clock: Clock, entropy: Entropy = .system, changed: @escaping @Sendable () -> Void = {}
  ) async throws -> (district: District, lock: FolderLock) {
    let secret = try secret()
    let lock = try FolderLock(folder: path)
    let storage = try SQLiteStorage(file: database)
    let district = try await District(
      storage: storage, rules: District.rulebook(policyFolder: policies), secret: secret,
      clock: clock, entropy: entropy, changed: changed)
    return (district, lock)
  }
}
