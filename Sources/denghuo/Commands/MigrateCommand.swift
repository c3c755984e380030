import ArgumentParser
import Cryptography
import District
import Kernel
import Storage

/// `denghuo migrate`: moves a district's data into PostgreSQL, or back into a file.
struct MigrateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: told(
      "把数据迁往 PostgreSQL，或迁回文件。",
      "Move a district's data into PostgreSQL, or back into a file."))

  @Option(help: .told("数据目录。", "The district's data folder.")) var data: String
  @Option(
    help: .told(
      "postgres://… 或 sqlite。", "Where to: postgres://…, or sqlite for a file in the folder."))
  var to: String

  func run() async throws {
    let voice = Voice.fromEnvironment
    let target = to == "sqlite" ? nil : try PostgresAddress(to)
    let tables = try await DataFolder(data).moveData(to: target)
    for table in tables {
      try voice.say("\(table.name)\t\(table.rows)\t\(table.digest)")
    }
    let rows = tables.reduce(0) { $0 + $1.rows }
    voice.note(
      Words(
        "已迁移 \(tables.count) 张表、\(rows) 行，逐表核对一致。",
        "Moved \(tables.count) tables, \(rows) rows, each compared."
      ))
    voice.note(
      target == nil
        ? Words(
          "原数据库已停用，其中仍有个人数据，确认后请删除该库。",
          "The database is out of use and still holds people's data; drop it when you are sure.")
        : Words(
          "原文件改名为 \(DataFolder(data).movedDatabase)，其中仍有个人数据，确认后请删除。",
          "The old file is now \(DataFolder(data).movedDatabase) and still holds people's data; delete it when you are sure."
        ))
  }
}
