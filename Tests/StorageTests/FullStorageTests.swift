import Foundation
import Kernel
import Storage
import Testing

@Suite("A file that finds no room") struct FullStorageTests {
  private static let schema = Migration("note-1", "CREATE TABLE note (text TEXT NOT NULL)")
  private static let mebibyte = 1 << 20

  private func storage(in folder: Folder) async throws -> SQLiteStorage {
    let storage = try SQLiteStorage(file: "\(folder.path)/file.sqlite")
    try await storage.migrate([Self.schema])
    return storage
  }

  /// Lets the file grow to so many pages and no further.
  private func bound(_ storage: SQLiteStorage, pages: Int) async throws {
    try await storage.write { transaction in
      _ = try transaction.rows(SQL(stringLiteral: "PRAGMA max_page_count = \(pages)"))
    }
  }

  private func fill(_ storage: SQLiteStorage) async throws {
    try await storage.write { transaction in
      _ = try transaction.execute("INSERT INTO note (text) VALUES (hex(zeroblob(1000000)))")
    }
  }

  @Test("gives its reserve up, says so, reads on, and takes more when there is room")
  func full() async throws {
    let folder = try Folder()
    let storage = try await storage(in: folder)
    storage.keepReserve(of: Self.mebibyte, in: folder.path)
    let reserve = "\(folder.path)/reserve"
    #expect(storage.trouble == nil && FileManager.default.fileExists(atPath: reserve))
    try await bound(storage, pages: 20)
    let failure = await #expect(throws: StorageFailure.self) { try await fill(storage) }
    #expect(failure?.kind == .full && storage.trouble?.kind == .full)
    #expect(!FileManager.default.fileExists(atPath: reserve))
    let count = try await storage.read { try $0.row("SELECT COUNT(*) FROM note")?.integer(0) }
    #expect(count == 0)
    await storage.recover()
    #expect(storage.trouble == nil && FileManager.default.fileExists(atPath: reserve))
    try await bound(storage, pages: 100_000)
    try await fill(storage)
    storage.giveUpReserve()
    #expect(!FileManager.default.fileExists(atPath: reserve))
  }

  @Test("is full from the start when the reserve cannot be had with as much again")
  func noReserve() async throws {
    let folder = try Folder()
    let storage = try await storage(in: folder)
    storage.keepReserve(of: 1 << 60, in: folder.path)
    #expect(storage.trouble?.kind == .full)
    await storage.recover()
    #expect(storage.trouble?.kind == .full)
    // What has to be written down all the same still is.
    try await fill(storage)
  }

  @Test("without a reserve leaves it to the next who writes")
  func nothingKept() async throws {
    let folder = try Folder()
    let storage = try await storage(in: folder)
    try await bound(storage, pages: 20)
    let failure = await #expect(throws: StorageFailure.self) { try await fill(storage) }
    #expect(failure?.kind == .full && storage.trouble == nil)
  }

  @Test("puts the log into the file when it opens")
  func settles() async throws {
    let folder = try Folder()
    let storage = try await storage(in: folder)
    try await fill(storage)
    let copy = "\(folder.path)/copy.sqlite"
    for end in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: "\(folder.path)/file.sqlite\(end)", toPath: copy + end)
    }
    func size(_ file: String) throws -> Int {
      try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? -1
    }
    #expect(try size(copy + "-wal") > Self.mebibyte)
    let again = try SQLiteStorage(file: copy)
    #expect(try size(copy + "-wal") == 0)
    #expect(try await again.read { try $0.row("SELECT COUNT(*) FROM note")?.integer(0) } == 1)
  }

  @Test("keeps the log short, and cuts it when it begins anew")
  func log() async throws {
    let folder = try Folder()
    let file = "\(folder.path)/file.sqlite"
    let storage = try SQLiteStorage(file: file, logBytes: 4 * Self.mebibyte)
    try await storage.migrate([Self.schema])
    func size(_ file: String) throws -> Int {
      try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? -1
    }
    for _ in 0..<12 {
      try await fill(storage)
      #expect(try size(file + "-wal") < 7 * Self.mebibyte)
    }
    #expect(try size(file) > 15 * Self.mebibyte)
    #expect(storage.trouble == nil)
  }

  @Test("that is damaged is not written to again")
  func damaged() async throws {
    let folder = try Folder()
    let file = "\(folder.path)/file.sqlite"
    do {
      let storage = try await storage(in: folder)
      for _ in 0..<3 { try await fill(storage) }
      try await storage.close()
    }
    let handle = try #require(FileHandle(forUpdatingAtPath: file))
    // All tables begin behind the first page, which says only where.
    let size = try handle.seekToEnd()
    try handle.seek(toOffset: 4_096)
    handle.write(Data(repeating: 0xEE, count: Int(size) - 4_096))
    try handle.close()
    let storage = try SQLiteStorage(file: file)
    let failure = await #expect(throws: StorageFailure.self) { try await fill(storage) }
    #expect(failure?.kind == .broken && storage.trouble?.kind == .broken)
    await storage.recover()
    await #expect(throws: StorageFailure.self) {
      _ = try await storage.write { try $0.execute("CREATE TABLE other (id TEXT)") }
    }
    // Reading what is sound goes on.
    _ = try await storage.read { try $0.rows("SELECT name FROM sqlite_master") }
  }
}
