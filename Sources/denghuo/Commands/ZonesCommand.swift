import ArgumentParser
import Containment
import Kernel
import Spreadsheets

/// `denghuo zones`: the zones of a district, and what published lists of zones say.
struct ZonesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "zones",
    abstract: told("风险区，以及已公布的风险区清单。", "Zones, and published lists of zones."),
    subcommands: [
      List.self, Show.self, Propose.self, Open.self, Release.self, History.self, TakeOut.self,
      TakenOut.self,
    ])

  struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "history",
      abstract: told(
        "逐日统计：在册、新增、解除、升级、降级，以及矛盾和时长。",
        "Day by day: standing, opened, closed, raised, lowered, contradictions, episodes."))

    @Argument(
      help: .told(
        "清单文件：as_of,city_code,county,area,level；不填则用 --data 中已导入的清单。",
        "A file of lists: as_of,city_code,county,area,level; without one the lists imported to --data."
      ))
    var file: String?
    @Option(help: .told("json。", "json.")) var format = Format.json
    @Option(help: .told("数据目录。", "The data folder.")) var data: String?

    enum Format: String, ExpressibleByArgument {
      case json
    }

    func run() async throws {
      let voice = Voice.fromEnvironment
      guard let file else { return try voice.say(json: try await imported(voice)) }
      let table = try FileTable.read(
        file,
        columns: [
          Column("as_of", aliases: ["发布时间", "截至"]), Column("city_code", aliases: ["城市代码"]),
          Column("county", aliases: ["区县"]), Column("area", aliases: ["区域", "范围"]),
          Column("level", aliases: ["等级", "风险等级"]),
        ], voice: voice)
      let history = ZoneHistory(try listings(of: table, voice), zone: .china)
      if let first = history.daysWithoutList.first {
        let count = history.daysWithoutList.count
        voice.note(
          Words(
            "有 \(count) 天没有清单（首日 \(first)），按当日无区域计，见 days_without_list",
            "\(count) days have no list (the first is \(first)); nothing stood on them, see days_without_list"
          ))
      }
      try voice.say(json: history)
    }

    /// What became of the zones of the lists that a folder holds.
    private func imported(_ voice: Voice) async throws -> ZoneHistory {
      guard let data else {
        throw ValidationError(
          Words("请给出清单文件或 --data", "give a file of lists or --data")(voice.language))
      }
      let folder = try FolderOptions.parse(["--data", data])
      return try await folder.door(voice).ask(
        ListedZoneHistory.name, .object([:]), purpose: .supervision, as: ZoneHistory.self)
    }

    /// The rows of the file; all that are wrong are named, and then nothing is answered.
    private func listings(of table: PlainTable, _ voice: Voice) throws -> [ZoneListing] {
      let names = ["as_of", "city_code", "county", "area", "level"]
      let places = try names.map { try table.column($0) }
      var listings: [ZoneListing] = []
      var faults: [Refusal] = []
      for row in table.rows.indices {
        let cells = places.map { table.cell(row, $0) }
        do { listings.append(try listing(cells, row: table.number(of: row))) } catch {
          faults.append(error)
        }
      }
      for fault in faults.dropLast() { voice.complain(fault.words) }
      if let last = faults.last { throw last }
      return listings
    }

    private func listing(_ cells: [String], row: Int) throws(Refusal) -> ZoneListing {
      do {
        return try ZoneListRow(
          asOf: cells[0], cityCode: cells[1], county: cells[2], area: cells[3], level: cells[4]
        ).listing(in: .china)
      } catch {
        throw error.inRow(row)
      }
    }
  }
}

extension Refusal {
  /// The same of a row of a file.
  fileprivate func inRow(_ row: Int) -> Refusal {
    let column = field ?? ""
    return Refusal(
      .invalid, "zones.row",
      Words(
        "第 \(row) 行 \(column)：\(words.chinese)", "row \(row), \(column): \(words.english)"),
      field: field)
  }
}
