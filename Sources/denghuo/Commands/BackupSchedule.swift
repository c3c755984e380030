import ArgumentParser
import District
import Foundation
import Kernel

/// Backups that a server makes by itself.
struct BackupSchedule: ParsableArguments {
  @Option(help: .told("把备份定时写到这个目录。", "Write backups into this folder by the clock.")) var backupTo:
    String?
  @Option(help: .told("定时备份的公钥。", "The public key of these backups.")) var backupKey: String?
  @Option(help: .told("每隔几小时备份一次。", "Hours between two backups.")) var backupHours = 6
  @Option(help: .told("保留最近几份。", "How many of the latest are kept.")) var backupKeep = 8

  /// Where, for whom and how often.
  struct Plan: Sendable {
    let folder: String
    let key: BackupKey
    let every: Swift.Duration
    let kept: Int
  }

  /// The plan, nil when none was asked for.
  ///
  /// - Throws: wrong use when it is only half there.
  func plan() throws -> Plan? {
    switch (backupTo, backupKey) {
    case (nil, nil): return nil
    case (let folder?, let key?):
      guard backupHours > 0, backupKeep > 0 else {
        throw WrongUse(
          "--backup-hours 和 --backup-keep 须大于 0", "--backup-hours and --backup-keep are above 0")
      }
      return Plan(
        folder: folder, key: try BackupKey(publicText: key), every: .seconds(3_600 * backupHours),
        kept: backupKeep)
    default:
      throw WrongUse(
        "--backup-to 和 --backup-key 须一起给出", "--backup-to and --backup-key go together")
    }
  }
}

extension BackupSchedule.Plan {
  private static let start = "denghuo-"
  private static let end = ".backup"

  /// Makes a backup at once and then by the clock, until the task is cancelled.
  func keep(_ folder: DataFolder, _ storage: any Storage, _ voice: Voice) async {
    while !Task.isCancelled {
      do {
        try FileManager.default.createDirectory(
          atPath: self.folder, withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700])
        let now = Clock.machine.now()
        let name = now.text(in: .china).filter { $0.isNumber }.prefix(14)
        let file = "\(self.folder)/\(Self.start)\(name)\(Self.end)"
        let made = try await folder.backUp(storage, to: file, for: key, at: now)
        voice.note(
          Words("已备份：\(file)，\(made.bytes) 字节", "backed up: \(file), \(made.bytes) bytes"))
        try clear()
      } catch is CancellationError {
        return
      } catch {
        let reason = Words(of: error)
        voice.complain(
          Words(
            "定时备份失败：\(reason.chinese)", "the backup by the clock failed: \(reason.english)"))
      }
      try? await Task.sleep(for: every)
    }
  }

  /// Takes the oldest away; other files in the folder are not touched.
  private func clear() throws {
    let mine = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasPrefix(Self.start) && $0.hasSuffix(Self.end) }.sorted()
    for old in mine.dropLast(kept) {
      try FileManager.default.removeItem(atPath: "\(folder)/\(old)")
    }
  }
}
