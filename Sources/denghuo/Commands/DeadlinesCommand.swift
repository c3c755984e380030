import ArgumentParser
import District
import Kernel
import Spreadsheets

/// `denghuo deadlines FILE`: due time and verdict of each request under each rule.
struct DeadlinesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "deadlines",
    abstract: told(
      "诉求的到期时间与判定，可按工作日。", "Due times and verdicts of requests, in working time too."))

  @Argument(
    help: .told(
      "诉求文件：request,opened_at,closed_at,category,target_at。",
      "A file of requests: request,opened_at,closed_at,category,target_at."))
  var file: String
  @Option(
    parsing: .upToNextOption,
    help: .told(
      "2h、3wd、3wd-rolling 或 target，可给几个。",
      "2h, 3wd, 3wd-rolling or target; several are allowed."))
  var rule: [String]
  @Option(help: .told("判定未办结诉求的时刻。", "The moment at which open requests are judged.")) var asOf:
    String
  @Option(help: .told("日历文件：date,is_workday。", "A calendar file: date,is_workday.")) var calendar:
    String?
  @Option(help: .told("csv 或 json。", "csv or json.")) var format = CSVOrJSON.csv

  func run() async throws {
    let voice = Voice.fromEnvironment
    let rules: [DeadlineRule] = try rule.map { written in
      do { return try DeadlineRule(written) } catch let refusal as Refusal {
        throw WrongUse(refusal.words.chinese, refusal.words.english)
      }
    }
    let asOf = try instantArgument(asOf, "as-of")
    let table = try FileTable.read(
      file,
      columns: [
        Column("request", aliases: ["工单号", "编号"]), Column("opened_at", aliases: ["受理时间"]),
        Column("closed_at", aliases: ["办结时间"]),
        Column("category", aliases: ["类别"], required: false),
        Column("target_at", aliases: ["截止时间"], required: rules.contains(.target)),
      ], voice: voice)
    let requests = try DeadlineReport.requests(of: table, rules: rules, zone: .china)
    let report = DeadlineReport(
      requests, rules: rules, asOf: asOf, calendar: try workingCalendar(voice), zone: .china)
    switch format {
    case .csv: try voice.say(bytes: report.table.csv)
    case .json: try voice.say(json: report.lines)
    }
  }

  private func workingCalendar(_ voice: Voice) throws -> WorkingCalendar {
    guard let calendar else { return try District.calendar() }
    let table = try FileTable.read(
      calendar,
      columns: [
        Column("date", aliases: ["日期"]), Column("is_workday", aliases: ["是否工作日"]),
      ], voice: voice)
    return try WorkingCalendar(days: table)
  }
}
