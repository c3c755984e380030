import ArgumentParser
import Kernel
import Visits

/// `denghuo exposed`: who was at a venue between two times, straight from files.
struct ExposedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exposed",
    abstract: told(
      "某段时间谁在某个场所，直接从文件查。",
      "Who was at a venue between two times, straight from files."))

  @Option(
    parsing: .upToNextOption,
    help: .told("到访文件：person,venue,from,to。", "Files of visits: person,venue,from,to."))
  var visits: [String]
  @Option(help: .told("场所编号。", "The venue.")) var venue: String
  @Option(help: .told("开始时间。", "From when.")) var from: String
  @Option(help: .told("结束时间。", "Until when.")) var to: String
  @Option(help: .told("csv 或 json。", "csv or json.")) var format = CSVOrJSON.csv

  private struct Shown: Encodable {
    let person: String
    let seconds: UInt32
  }

  func run() async throws {
    let voice = Voice.fromEnvironment
    let span = try SearchWindow(from: from, to: to).span ?? .always
    do { try answer(span, voice) } catch let fault as VisitFault {
      throw WorldFailed(fault.chinese, fault.english)
    }
  }

  private func answer(_ span: SecondSpan, _ voice: Voice) throws {
    var rows = try VisitRows(visits, voice: voice)
    let visitors = try rows.visitors { VisitorSearch(venue: venue, span: span) }.visitors()
    switch format {
    case .csv:
      let rows = visitors.map { [$0.person, "\($0.seconds)"] }
      try voice.say(bytes: PlainTable(header: ["person", "seconds"], rows: rows).csv)
    case .json:
      try voice.say(json: visitors.map { Shown(person: $0.person, seconds: $0.seconds) })
    }
  }
}
