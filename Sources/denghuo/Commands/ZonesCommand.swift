import ArgumentParser
import Containment
import Kernel
import Spreadsheets

/// `denghuo zones`: what published lists of zones say, straight from files.
struct ZonesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "zones",
    abstract: told("已公布的风险区清单。", "Published lists of zones."), subcommands: [History.self])

  struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "history",
      abstract: told(
        "逐日统计：在册、新增、解除、升级、降级，以及矛盾和时长。",
        "Day by day: standing, opened, closed, raised, lowered, contradictions, episodes."))

    @Argument(
      help: .told(
        "清单文件：as_of,city_code,county,area,level。",
        "A file of lists: as_of,city_code,county,area,level."))
    var file: String
    @Option(help: .told("json。", "json.")) var format = Format.json

    enum Format: String, ExpressibleByArgument {
      case json
    }

    func run() async throws {
      let voice = Voice.fromEnvironment
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
      let day = Day(cells[0])?.start(in: .china)
      guard let asOf = day ?? Instant(cells[0], in: .china) else {
        throw .row(
          row, "as_of", cells[0], Words("时间，如 2022-04-15 20:00", "a time such as 2022-04-15 20:00"))
      }
      guard !cells[1].isEmpty else {
        throw .row(row, "city_code", cells[1], Words("城市代码", "the code of a city"))
      }
      guard !cells[3].isEmpty else {
        throw .row(row, "area", cells[3], Words("区域名称", "the name of an area"))
      }
      guard let level = ZoneLevel(written: cells[4]) else {
        throw .row(
          row, "level", cells[4],
          Words("high、medium 或 low（高、中、低风险区）", "high, medium or low"))
      }
      return ZoneListing(
        asOf: asOf, zone: ListedZone(city: cells[1], county: cells[2], area: cells[3]), level: level
      )
    }
  }
}

extension Refusal {
  fileprivate static func row(
    _ row: Int, _ column: String, _ value: String, _ expected: Words
  ) -> Refusal {
    Refusal(
      .invalid, "zones.row",
      Words(
        "第 \(row) 行 \(column)“\(value)”应为\(expected.chinese)",
        "row \(row), \(column) “\(value)” should be \(expected.english)"), field: column)
  }
}
