import ArgumentParser
import District
import Foundation
import Kernel

/// `denghuo backup`: a locked copy of a district while work goes on, its keys, and whether it holds.
struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: told("备份、密钥与备份的核对。", "Backups, their keys, and whether they hold."),
    subcommands: [Make.self, Key.self, Check.self], defaultSubcommand: Make.self)

  struct Make: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "make",
      abstract: told("在线备份到一个加密文件。", "Back a district up into a locked file."))

    @Option(help: .told("备份写到哪个文件。", "The file to write.")) var to: String
    @Option(
      help: .told("备份公钥，或存放公钥的文件。", "The public backup key, or a file that holds it."))
    var key: String
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let key = try BackupKey.named(key)
      let door = try await folder.door(voice)
      // The server that writes it may run in another folder.
      let file = URL(filePath: to).standardizedFileURL.path
      try tell(try await door.backUp(to: file, for: key), format, voice)
    }
  }

  struct Key: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "key",
      abstract: told(
        "生成一对备份密钥：私钥写入文件，公钥打印出来。",
        "Make a pair of backup keys: the private one into a file, the public one printed."))

    @Option(help: .told("私钥写到哪个文件，请存放在别处。", "The private key’s file; keep it elsewhere."))
    var `private`: String

    func run() async throws {
      let voice = Voice.fromEnvironment
      let (text, key) = try BackupKey.make()
      let file = open(self.private, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
      guard file >= 0 else {
        throw Refusal(
          .conflict, "backup.keyFile",
          Words(
            "不能新建“\(self.private)”（已存在或没有权限），请换一个文件名",
            "“\(self.private)” cannot be made (it exists, or may not be written); choose another name"
          ),
          field: "private")
      }
      let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
      try handle.write(contentsOf: Data(text.utf8))
      try handle.synchronize()
      try voice.say(key.text)
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check",
      abstract: told(
        "把备份恢复到临时目录并核对，然后删除。",
        "Restore a backup into a folder of its own, verify it, and take it away again."))

    @Argument(help: .told("备份文件。", "The backup.")) var file: String
    @Option(help: .told("私钥文件。", "The private key’s file.")) var `private`: String
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text

    func run() async throws {
      let voice = Voice.fromEnvironment
      let key = try BackupKey.privateFile(self.private)
      let place = FileManager.default.temporaryDirectory
        .appending(path: "denghuo-backup-check-\(UUID().uuidString)").path
      defer { try? FileManager.default.removeItem(atPath: place) }
      let (summary, violated) = try await DataFolder(place).restore(
        from: file, privateKey: key, clock: .machine)
      try tell(summary, format, voice)
      try RestoreCommand.requireNone(violated)
    }
  }

  fileprivate static func words(_ summary: BackupSummary) -> Words {
    let head = summary.head
    return Words(
      "备份：\(summary.tables) 张表、\(summary.rows) 行，日志 \(head.entries) 条，\(summary.bytes) 字节，"
        + "时间 \(head.madeAt.text(in: .china))",
      "backup of \(summary.tables) tables, \(summary.rows) rows, a journal of \(head.entries) entries, "
        + "\(summary.bytes) bytes, made at \(head.madeAt.text(in: .china))")
  }

  fileprivate static func tell(
    _ summary: BackupSummary, _ format: TextOrJSON, _ voice: Voice
  ) throws {
    switch format {
    case .text: try voice.say(words(summary)(voice.language))
    case .json: try voice.say(json: summary)
    }
  }
}

extension AsyncParsableCommand {
  fileprivate func tell(
    _ summary: BackupSummary, _ format: TextOrJSON, _ voice: Voice
  ) throws { try BackupCommand.tell(summary, format, voice) }
}

/// `denghuo restore FILE`: makes the district of a backup anew.
struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: told("从备份恢复到一个新目录。", "Make the district of a backup anew in a new folder."))

  @Argument(help: .told("备份文件。", "The backup.")) var file: String
  @Option(help: .told("私钥文件。", "The private key’s file.")) var `private`: String
  @Option(help: .told("恢复到哪个新目录。", "The new data folder.")) var data: String
  @Option(
    help: .told(
      "备份之后的变更存在哪个目录（journal keep）。",
      "The folder with the changes after the backup (journal keep)."))
  var tail: String?
  @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text

  func run() async throws {
    let voice = Voice.fromEnvironment
    let key = try BackupKey.privateFile(self.private)
    let (summary, violated) = try await DataFolder(data).restore(
      from: file, privateKey: key, clock: .machine, tail: tail)
    try tell(summary, format, voice)
    if let tail = summary.tail { try Self.tell(tail, format, voice) }
    try Self.requireNone(violated)
  }

  private static func tell(
    _ tail: TailSummary, _ format: TextOrJSON, _ voice: Voice
  ) throws {
    if format == .text {
      let until = tail.until.map { $0.text(in: .china) } ?? "–"
      try voice.say(
        Words(
          "备份之后的变更：\(tail.records) 个事务，至 \(until)",
          "changes after the backup: \(tail.records) transactions, until \(until)")(voice.language))
    }
    guard tail.isBroken else { return }
    throw Refusal(
      .conflict, "backup.tailBroken",
      Words(
        "备份之后的变更有缺失或被改动，已恢复到缺口之前；请检查另存目录是否完整",
        "Some of the changes after the backup are missing or were changed; everything before them is "
          + "back. See whether the second place is whole"), field: "tail")
  }

  /// A district comes back as it was; what was wrong with it is said.
  fileprivate static func requireNone(_ violated: [String: Desk.Finding]) throws(Refusal) {
    guard let first = violated.keys.min() else { return }
    throw Refusal(
      .conflict, "backup.violated",
      Words(
        "恢复完整，但有 \(violated.count) 项不变式不成立（如 \(first)）；备份时即已如此，请用 denghuo verify 查看",
        "It came back whole, but \(violated.count) invariants are violated (\(first) among them); they were "
          + "when the backup was made. See denghuo verify"))
  }
}

extension BackupKey {
  /// A public key that is written out, or stands in a file.
  static func named(_ written: String) throws -> BackupKey {
    if let data = FileManager.default.contents(atPath: written) {
      return try BackupKey(publicText: String(decoding: data, as: UTF8.self))
    }
    return try BackupKey(publicText: written)
  }

  fileprivate static func privateFile(_ file: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: try NamedFile.path(file)) else {
      throw WorldFailed("无法读取“\(file)”", "“\(file)” cannot be read")
    }
    return try privateKey(String(decoding: data, as: UTF8.self))
  }
}
