import ArgumentParser
import Kernel
import Spreadsheets
import Visits

/// `denghuo companions`: who was near some people, straight from files.
struct CompanionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "companions",
    abstract: told(
      "谁与某些人同时在同一处，直接从文件查。",
      "Who was where and when some people were, straight from files."))

  @Option(
    parsing: .upToNextOption,
    help: .told("到访文件：person,venue,from,to。", "Files of visits: person,venue,from,to."))
  var visits: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: .told(
      "接触文件：person_a,person_b,at,seconds。",
      "Files of encounters: person_a,person_b,at,seconds."))
  var encounters: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: .told("要查的人员编号，可给几个。", "The people asked about; several are allowed."))
  var index: [String] = []
  @Option(
    help: .told("每行一个人员编号的文件。", "A file with one of the people asked about on each line."))
  var indexFile: String?
  @Option(help: .told("合计至少同处多少秒。", "The least common seconds in total.")) var minimum: UInt32
  @Option(help: .told("时间窗的开始。", "The begin of the window.")) var from: String?
  @Option(help: .told("时间窗的结束。", "The end of the window.")) var to: String?
  @Option(help: .told("1 或 2（密接的密接）。", "1, or 2 for contacts of contacts.")) var degree = 1
  @Option(help: .told("csv 或 json。", "csv or json.")) var format = CSVOrJSON.csv

  private static let header = [
    "index", "person", "degree", "overlap_seconds", "meetings", "first_at", "last_at",
  ]

  private struct Shown: Encodable {
    let index: String
    let person: String
    let degree: Int
    let overlapSeconds: UInt32
    let meetings: UInt32
    let firstAt: String
    let lastAt: String

    enum CodingKeys: String, CodingKey {
      case index, person, degree, meetings
      case overlapSeconds = "overlap_seconds"
      case firstAt = "first_at"
      case lastAt = "last_at"
    }
  }

  func run() async throws {
    let voice = Voice.fromEnvironment
    guard visits.isEmpty != encounters.isEmpty else {
      throw WrongUse("请给出 --visits 或 --encounters 之一", "Give either --visits or --encounters")
    }
    guard (1...2).contains(degree) else {
      throw WrongUse("--degree 只能是 1 或 2", "--degree is 1 or 2")
    }
    let window = try SearchWindow(from: from, to: to)
    let people = try indices()
    do {
      if visits.isEmpty {
        try answerEncounters(people, window, voice)
      } else {
        try answerVisits(people, window, voice)
      }
    } catch let fault as VisitFault { throw WorldFailed(fault.chinese, fault.english) }
  }

  /// The people asked about, from the command line and the file.
  private func indices() throws -> [String] {
    var people = index
    if let indexFile {
      let path = try NamedFile.path(indexFile)
      let text = try FaultyFile.naming(indexFile) { try WholeText.read(path: path) }
      var lines = text.split(whereSeparator: \.isNewline).map { String($0).trimmingWhitespace() }
      if let first = lines.first, ["index", "person", "人员", "人员编号"].contains(first) {
        lines.removeFirst()
      }
      people += lines.filter { !$0.isEmpty }
    }
    guard !people.isEmpty else {
      throw WrongUse("请用 --index 或 --index-file 给出要查的人", "Name people with --index or --index-file")
    }
    return people
  }

  private func answerVisits(_ people: [String], _ window: SearchWindow, _ voice: Voice) throws {
    var rows = try VisitRows(visits, voice: voice)
    let keepsAll = !rows.areRepeatable
    let search = try rows.companions {
      VisitSearch(
        indices: people, rule: MeetingRule(minimumTotal: minimum),
        window: window.span ?? .always, degree: degree, keepsAll: keepsAll)
    }
    try say(search.lines(), rows.clock, voice)
  }

  private func answerEncounters(
    _ people: [String], _ window: SearchWindow, _ voice: Voice
  ) throws {
    var rows = try EncounterRows(encounters, voice: voice)
    let search = EncounterSearch(
      indices: people, minimum: minimum, window: window.span, degree: degree)
    try rows.companions(search)
    try say(search.lines(), rows.clock, voice)
  }

  private func say(_ lines: [CompanionLine], _ clock: SearchClock, _ voice: Voice) throws {
    switch format {
    case .csv:
      let rows = lines.map { line in
        [
          line.index, line.person, "\(line.degree)", "\(line.figures.overlap)",
          "\(line.figures.meetings)", clock.written(line.figures.first),
          clock.written(line.figures.last),
        ]
      }
      try voice.say(bytes: PlainTable(header: Self.header, rows: rows).csv)
    case .json:
      try voice.say(
        json: lines.map { line in
          Shown(
            index: line.index, person: line.person, degree: line.degree,
            overlapSeconds: line.figures.overlap, meetings: line.figures.meetings,
            firstAt: clock.written(line.figures.first), lastAt: clock.written(line.figures.last))
        })
    }
  }
}
