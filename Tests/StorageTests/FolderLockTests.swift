import Foundation
import Kernel
import Storage
import Testing

@Suite("The lock of a data folder") struct FolderLockTests {
  @Test("keeps a second one out until the first lets go")
  func second() throws {
    let folder = try Folder()
    var lock: FolderLock? = try FolderLock(folder: folder.path)
    for _ in 0..<20 {
      let refusal = #expect(throws: Refusal.self) { try FolderLock(folder: folder.path) }
      #expect(refusal?.code == "folder.inUse" && refusal?.kind == .conflict)
    }
    #expect(lock != nil)
    lock = nil
    _ = try FolderLock(folder: folder.path)
  }

  @Test("being refused closes no file of somebody else")
  func closedOnce() throws {
    let folder = try Folder()
    let lock = try FolderLock(folder: folder.path)
    // Each refused lock had the lowest free number; whoever opens a file next gets the same one.
    for _ in 0..<50 {
      _ = try? FolderLock(folder: folder.path)
      let file = open("/dev/null", O_RDONLY)
      defer { close(file) }
      #expect(fcntl(file, F_GETFD) >= 0)
    }
    withExtendedLifetime(lock) {}
  }

  @Test("needs a folder")
  func noFolder() {
    #expect(throws: StorageFailure.self) { try FolderLock(folder: "/nowhere/at/all") }
  }
}
