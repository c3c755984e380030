import Cryptography
import Foundation
import Kernel
import Storage

/// The folder in which a district lives: secret, own policies, lock and socket, and the database, or
/// the address of the PostgreSQL database that it is in.
package struct DataFolder: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var database: String { "\(path)/denghuo.sqlite" }
  package var socket: String { "\(path)/denghuo.sock" }
  package var policies: String { "\(path)/policies" }
  /// The index of scans; made anew whenever it is not there.
  package var scans: String { "\(path)/visits" }
  /// Holds the address of the district's PostgreSQL database; not there when the database is a file.
  package var storeFile: String { "\(path)/store" }
  private var secretFile: String { "\(path)/secret.key" }

  /// Whether a district was made here before.
  package var isMade: Bool { FileManager.default.fileExists(atPath: secretFile) }

  /// Makes the folder with a new secret, which is never in the database.
  ///
  /// - Parameter store: where the district's data will be; nil for a file in the folder.
  /// - Throws: a refusal when something is there already.
  package func make(store: PostgresAddress? = nil, entropy: Entropy = .system) throws {
    try requireFolder()
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
    try keep(entropy.bytes(32), in: secretFile)
    if let store { try keep(Array("\(store.text)\n".utf8), in: storeFile) }
  }

  /// An address in the place of a folder would become a folder of that name.
  private func requireFolder() throws(Refusal) {
    guard !path.contains("://") else {
      throw Refusal(
        .invalid, "folder.address",
        Words(
          "--data 是数据目录（密钥在其中）；数据库地址请写在 init 的 --store 中",
          "--data names a folder, where the secret is; give the database's address to init as --store"
        ),
        field: "data")
    }
  }

  /// Writes a file so that it is its owner's alone from the first moment, and on the disk before
  /// anything is locked with it.
  func keep(_ bytes: [UInt8], in name: String) throws {
    let failure = StorageFailure(.unavailable, "“\(name)” cannot be written")
    let file = Foundation.open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure }
    let written = write(file, bytes, bytes.count)
    let isKept = written == bytes.count && fsync(file) == 0
    guard close(file) == 0, isKept else {
      unlink(name)
      throw failure
    }
    try Self.keepNames(in: path)
  }

  /// Puts the names of the files in a folder on the disk: a file that was made or renamed there
  /// outlives a power cut only then.
  static func keepNames(in folder: String) throws {
    let directory = Foundation.open(folder, O_RDONLY | O_CLOEXEC)
    guard directory >= 0 else {
      throw StorageFailure(.unavailable, "“\(folder)” cannot be opened")
    }
    defer { close(directory) }
    guard fsync(directory) == 0 else {
      throw StorageFailure(.unavailable, "“\(folder)” cannot be written")
    }
  }

  /// Takes away what ``make(entropy:)`` and a first opening left that came to nothing.
  package func clearUnfinished() {
    let made = [
      secretFile, storeFile, database, "\(database)-wal", "\(database)-shm", "\(path)/lock",
    ]
    for file in made { try? FileManager.default.removeItem(atPath: file) }
  }

  /// The secret from which the keys are derived.
  ///
  /// - Throws: a refusal when nothing is here, a failure when it cannot be read.
  package func secret() throws -> [UInt8] {
    try requireFolder()
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
    let storage = try await storage()
    let district = try await District(
      storage: storage, rules: District.rulebook(policyFolder: policies), secret: secret,
      clock: clock, entropy: entropy, scans: ScanEngine(folder: scans),
      changed: changed)
    return (district, lock)
  }

  /// A district that was opened for work, with what it needs to stay open.
  package struct Opened: Sendable {
    package let district: District
    /// Held as long as the district is.
    package let lock: FolderLock
    package let clock: BoundedClock
  }

  /// Opens the district that lives here on a machine's clock, which is believed within the bounds of
  /// the policy, beginning with the last time that stands in the journal.
  ///
  /// - Throws: a refusal when nothing is here, another process holds it, or a policy is wrong.
  package func open(
    machine: @escaping @Sendable () -> BoundedClock.Reading, entropy: Entropy = .system,
    changed: @escaping @Sendable () -> Void = {}
  ) async throws -> Opened {
    let secret = try secret()
    let lock = try FolderLock(folder: path)
    let storage = try await storage()
    let rules = try District.rulebook(policyFolder: policies)
    let clock = BoundedClock(bounds: try rules.policies.machine().clockBounds, read: machine)
    let district = try await District(
      storage: storage, rules: rules, secret: secret, clock: clock.clock, entropy: entropy,
      scans: ScanEngine(folder: scans), changed: changed)
    clock.start(
      after: try await storage.read { try JournalStore(transaction: $0).lastTime() })
    return Opened(district: district, lock: lock, clock: clock)
  }

  /// Where the district's data is, opened.
  package func storage() async throws -> any Storage {
    guard let address = try store() else { return try SQLiteStorage(file: database) }
    return try await PostgresStorage(address)
  }

  /// The address of the district's PostgreSQL database; nil when the database is a file here.
  ///
  /// - Throws: a refusal when what stands in `store` is no address.
  package func store() throws -> PostgresAddress? {
    guard access(storeFile, F_OK) == 0 else { return nil }
    guard let data = FileManager.default.contents(atPath: storeFile) else {
      throw StorageFailure(.unavailable, "“\(storeFile)” cannot be read")
    }
    return try PostgresAddress(String(decoding: data, as: UTF8.self).trimmingWhitespace())
  }
}
