import Cryptography
import Foundation
import Kernel
import Storage

extension DataFolder {
  /// Where the file is kept from which the data was moved away.
  package var movedDatabase: String { "\(database).moved" }
  private var arrivingDatabase: String { "\(database).arriving" }

  /// Moves the district's data into a database, or into a file again, and uses it from there on.
  ///
  /// The data is where it was until all of it has arrived and was compared; then one step switches.
  /// Whenever it is cut off, the same move can be made again.
  ///
  /// - Parameter target: where to; nil for a file in the folder.
  /// - Throws: a refusal when it is there already, or others use it.
  package func moveData(
    to target: PostgresAddress?, durability: PostgresStorage.Durability = .required
  ) async throws -> [MovedTable] {
    _ = try secret()
    let lock = try FolderLock(folder: path)
    let moved: [MovedTable]
    switch (try store(), target) {
    case (nil, let address?): moved = try await moveOut(to: address, durability)
    case (let address?, nil): moved = try await moveIn(from: address)
    case (nil, nil):
      throw Refusal(
        .conflict, "store.already",
        Words("数据已在目录的文件中", "The data is in a file of the folder already"), field: "to")
    case (_?, _?):
      throw Refusal(
        .conflict, "store.already",
        Words(
          "数据已在 PostgreSQL 中；两个数据库之间请用 pg_dump 迁移，再修改目录中的 store",
          "The data is in PostgreSQL already; between two databases use pg_dump, then change the "
            + "folder's store"), field: "to")
    }
    withExtendedLifetime(lock) {}
    return moved
  }

  private func moveOut(
    to address: PostgresAddress, _ durability: PostgresStorage.Durability
  ) async throws -> [MovedTable] {
    let migrations = District.assembly.migrations
    let file = try SQLiteStorage(file: database)
    try await file.migrate(migrations)
    let moved = try await DistrictMove.move(
      file, to: address, durability: durability, migrations: migrations, suite: OpenSSLSuite())
    try await file.close()
    try keep(Array("\(address.text)\n".utf8), in: storeFile)
    try setAside()
    return moved
  }

  private func moveIn(from address: PostgresAddress) async throws -> [MovedTable] {
    // A move out that was cut off at its very end left the file where it was.
    if FileManager.default.fileExists(atPath: database) { try setAside() }
    for file in Self.files(of: arrivingDatabase) {
      try? FileManager.default.removeItem(atPath: file)
    }
    let file = try SQLiteStorage(file: arrivingDatabase)
    let moved = try await DistrictMove.move(
      address, to: file, migrations: District.assembly.migrations, suite: OpenSSLSuite())
    try await file.close()
    guard rename(arrivingDatabase, database) == 0, unlink(storeFile) == 0 else {
      throw StorageFailure(.unavailable, "the folder “\(path)” cannot be changed")
    }
    return moved
  }

  /// Puts the old file where nobody opens it by mistake.
  private func setAside() throws {
    for (from, to) in zip(Self.files(of: database), Self.files(of: movedDatabase)) {
      try? FileManager.default.removeItem(atPath: to)
      guard rename(from, to) == 0 || errno == ENOENT else {
        throw StorageFailure(.unavailable, "“\(from)” cannot be renamed")
      }
    }
  }

  private static func files(of database: String) -> [String] {
    [database, "\(database)-wal", "\(database)-shm"]
  }
}
