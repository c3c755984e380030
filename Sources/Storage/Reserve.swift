import Foundation

/// A file that holds nothing but room, to be given up when a disk is full.
struct Reserve: Sendable {
  let folder: String
  let bytes: Int
  private var file: String { "\(folder)/reserve" }

  init(folder: String, bytes: Int) {
    self.folder = folder
    self.bytes = bytes
  }

  /// Takes the room, unless it would leave less than as much again for the work itself.
  ///
  /// - Returns: whether it is held now.
  func take() -> Bool {
    var disk = statvfs()
    guard statvfs(folder, &disk) == 0 else { return false }
    var held = stat()
    let mine = stat(file, &held) == 0 ? Int(held.st_blocks) * Self.block : 0
    let free = Int(disk.f_bavail) * Int(disk.f_frsize) + mine
    guard free >= bytes * 2 else { return false }
    let descriptor = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    let isTaken = posix_fallocate(descriptor, 0, bytes) == 0
    close(descriptor)
    if !isTaken { giveUp() }
    return isTaken
  }

  /// Gives the room back to the disk.
  func giveUp() { unlink(file) }

  /// What the system counts a file's blocks in.
  private static let block = 512
}
