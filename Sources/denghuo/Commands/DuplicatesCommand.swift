import ArgumentParser
import District
import Kernel
import Linkage
import Registry

/// `denghuo duplicates FILE`: records that are likely one person, with a probability.
struct DuplicatesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "duplicates",
    abstract: told(
      "找出可能是同一人的记录及概率。", "Records that are likely one person, with a probability."))

  @Argument(
    help: .told(
      "人员表，第一列是编号。", "A file of people; the first column identifies the record."))
  var file: String
  @Option(
    help: .told(
      "与另一个文件比对，而不在文件内部比对。", "Compare with this file instead of inside the first.")
  )
  var against: String?
  @Option(
    parsing: .upToNextOption,
    help: .told(
      "哪一列是什么：name、given_name、surname、sex、birth_date、identity、phone、address、locality、"
        + "postcode，如 name=姓名。",
      "What a column is: name, given_name, surname, sex, birth_date, identity, phone, address,"
        + " locality or postcode, as in name=full_name."))
  var match: [String]
  @Option(help: .told("csv 或 json。", "csv or json.")) var format = CSVOrJSON.csv

  private struct Shown: Encodable {
    let a: String
    let b: String
    let probability: Double
  }

  func run() async throws {
    let voice = Voice.fromEnvironment
    let match = try MatchOption(match)
    let threshold = try threshold()
    var people = PeopleList(columns: match.columns)
    let reading = ProgressLine(voice, Words("读取人员", "reading people"))
    defer { reading.finish() }
    try PeopleFile(file, match, voice).read(into: &people, isSecond: false, reading)
    if let against {
      try PeopleFile(against, match, voice).read(into: &people, isSecond: true, reading)
    }
    if people.count > 0, people.isSilent {
      throw Refusal(
        .invalid, "duplicates.silent",
        Words(
          "--match 给出的列全是空的，请换成有内容的列",
          "The columns given with --match are all empty; name columns with something in them"))
    }
    reading.finish()
    try tell(pairs(people, threshold, voice), voice)
  }

  private func pairs(
    _ people: PeopleList, _ threshold: Double, _ voice: Voice
  ) -> [LikelyPair] {
    let comparing = ProgressLine(voice, Words("比对的记录对", "pairs compared"))
    defer { comparing.finish() }
    return DuplicateSearch(people, threshold: threshold).pairs { stage, done, total in
      guard stage == .comparing, total > 0 else { return }
      comparing.show(done, share: Double(done) / Double(total))
    }
  }

  private func tell(_ pairs: [LikelyPair], _ voice: Voice) throws {
    switch format {
    case .json:
      try voice.say(
        json: pairs.map { Shown(a: $0.first, b: $0.second, probability: $0.probability) })
    case .csv:
      let table = PlainTable(
        header: ["a", "b", "probability"],
        rows: pairs.map { [$0.first, $0.second, String($0.probability)] })
      try voice.say(bytes: table.csv)
    }
  }

  /// The probability from which on the policy in force today has pairs reviewed.
  private func threshold() throws -> Double {
    let library = try PolicyFiles.library(sections: District.assembly.policySections)
    let today = Day(of: Clock.machine.now(), in: .china)
    return try library.section(DuplicatesPolicy.self, on: today).section.reviewFrom
  }
}
