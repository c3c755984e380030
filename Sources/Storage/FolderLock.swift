import Foundation
import Kernel

/// The right of one process to a data folder, held until it ends.
package final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of a folder, which must exist.
  ///
  /// - Throws: a refusal when another process holds it.
  package init(folder: String) throws {
    // Kept apart until the lock is held: an initialiser that throws later would close it twice.
    let opened = open("\(folder)/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard opened >= 0 else {
      throw StorageFailure(.unavailable, "the lock file in the data folder cannot be opened")
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      let isHeld = errno == EWOULDBLOCK
      close(opened)
      guard isHeld else {
        throw StorageFailure(.unavailable, "the file system of the data folder knows no locks")
      }
      throw Refusal(
        .conflict, "folder.inUse",
        Words(
          "数据目录正被另一个灯火进程使用，请先停止它，或通过它操作",
          "Another Denghuo process is using this data folder; stop it first or go through it"))
    }
    descriptor = opened
  }

  deinit { close(descriptor) }
}
