import ArgumentParser
import District
import Foundation
import Kernel

/// `denghuo journal`: the journal as evidence, for those who check it without this program.
struct JournalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "journal",
    abstract: told(
      "日志：导出、另存一处、签名公钥。",
      "The journal: exported, kept in a second place, the key that signs it."),
    subcommands: [Export.self, Keep.self, Key.self])

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export",
      abstract: told(
        "把日志和检查点写成 JSON 行，供独立核对。",
        "Write entries and checkpoints as lines of JSON, to be checked by others."))

    @Argument(help: .told("写到哪个文件。", "The file to write.")) var file: String
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let descriptor = open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else {
        throw Refusal(
          .conflict, "journal.exportFile",
          Words(
            "不能新建“\(file)”（已存在或没有权限），请换一个文件名",
            "“\(file)” cannot be made (it exists, or may not be written); choose another name"),
          field: "file")
      }
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      do {
        let count = try await JournalExport(door: door, file: handle).write()
        try handle.synchronize()
        voice.note(
          Words(
            "已导出日志 \(count.entries) 条、检查点 \(count.checkpoints) 个",
            "\(count.entries) entries and \(count.checkpoints) checkpoints written"))
      } catch {
        unlink(file)
        throw error
      }
    }
  }

  struct Keep: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "keep",
      abstract: told(
        "把检查点（和加密的变更）持续存到另一处。",
        "Keep checkpoints, and locked changes with --key, in a second place from now on."))

    @Option(help: .told("另存到哪个目录。", "The folder of the second place.")) var to: String?
    @Option(
      help: .told(
        "备份公钥，或存放公钥的文件；给出后变更也加密存去。",
        "The public backup key, or a file that holds it: changes are kept there, too."))
    var key: String?
    @Flag(help: .told("不再另存。", "Keep it nowhere else any more.")) var stop = false
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      guard (to == nil) == stop, !stop || key == nil else {
        throw WrongUse("请给出 --to 目录，或 --stop", "Give --to with a folder, or --stop")
      }
      let place = to.map { URL(filePath: $0).standardizedFileURL.path }
      let command = KeepJournal(
        place: place, key: try key.map { try BackupKey.named($0).text })
      let door = try await folder.door(voice)
      _ = try await door.perform(KeepJournal.name, Fields.json(Fields.jsonBytes(command)))
      if key != nil {
        voice.note(
          Words(
            "请现在做一次备份：只有此后的备份能接上变更",
            "Make a backup now: only backups from here on can be continued with the changes"))
      }
    }
  }

  struct Key: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "key",
      abstract: told("打印检查点的签名公钥。", "Print the public key that checkpoints are signed with."))

    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let answer = try await folder.door(voice).checkpoints(after: .max)
      try voice.say(answer.key)
    }
  }
}

/// Writes a journal as lines of JSON.
private struct JournalExport {
  let door: any Door
  let file: FileHandle

  private struct Head: Encodable {
    let form = "denghuo-journal-1"
    let key: String
  }

  func write() async throws -> (entries: Int, checkpoints: Int) {
    // Checkpoints first: an entry that is made meanwhile does no harm, a checkpoint of entries that
    // are not in the file would.
    var checkpoints: [Checkpoint] = []
    var page = try await door.checkpoints(after: 0)
    checkpoints += page.checkpoints
    while let after = page.after {
      page = try await door.checkpoints(after: after)
      checkpoints += page.checkpoints
    }
    try line(Head(key: page.key))
    var entries = 0
    var after: Int? = 0
    while let start = after {
      // Taken as they come: decoding would read an empty text as one that is not there.
      let page = try Fields.json(
        try await door.ask(
          ListJournalEntries.name, .object(["after": .integer(Int64(start))]), purpose: .audit))
      guard case .list(let found) = page["entries"] else { break }
      try lines(found)
      entries += found.count
      if case .integer(let next) = page["after"] { after = Int(next) } else { after = nil }
    }
    try lines(checkpoints)
    return (entries, checkpoints.count)
  }

  private func line(_ value: some Encodable) throws { try lines([value]) }

  private func lines(_ values: [some Encodable]) throws {
    var bytes: [UInt8] = []
    for value in values { bytes += try Fields.jsonBytes(value) + [UInt8(ascii: "\n")] }
    try file.write(contentsOf: Data(bytes))
  }
}

extension Door {
  /// A page of the journal's checkpoints, with the key that signs them.
  func checkpoints(after size: Int) async throws -> ListCheckpoints.Answer {
    try await ask(
      ListCheckpoints.name, .object(["after": .integer(Int64(size))]), purpose: .audit)
  }
}
