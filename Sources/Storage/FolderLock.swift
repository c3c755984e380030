import Foundation
import Kernel

/// The right of one process to a data folder, held until it ends.
package final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock of a folder, which must exist.
  ///
  /// - Throws: a refusal when another process holds it.
  package init(folder: String) throws {
    descriptor = open("\(folder)/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StorageFailure(.unavailable, "the lock file in the data folder cannot be opened")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw Refusal(
        .conflict, "folder.inUse",
        Words(
          "数据目录正被另一个灯火进程使用，请先停止它，或通过它操作",
          "Another Denghuo process is using this data folder; stop it first or go through it"))
    }
  }

  deinit { close(descriptor) }
}
