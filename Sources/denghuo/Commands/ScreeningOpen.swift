import ArgumentParser
import Detection
import Gazette
import Kernel
import Registry
import Spreadsheets

extension ScreeningCommand {
  /// Freezes who is to be tested: everybody of some areas, or those on a list.
  struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "open",
      abstract: told(
        "开一轮检测，冻结应检名单：按范围、按名单文件或按一类人。",
        "Open a round and freeze who is to be tested: by area, by a list in a file, or by a group.")
    )

    @Option(
      parsing: .upToNextOption,
      help: .told(
        "范围的代码或编号；按名单时只写一个。", "The areas, by code or identifier; one where a list names people."))
    var area: [String]
    @Option(help: .told("轮次名称。", "The round's name.")) var name: String
    @Option(help: .told("几人一管：1、5、10 或 20。", "How many share a tube: 1, 5, 10 or 20."))
    var pool: Int
    @Option(
      help: .told(
        "名单文件（CSV 或 XLSX），列 person（人员编号）或 identity（证件号）。",
        "A list (CSV or XLSX) with a column person, or identity for identity cards."))
    var list: String?
    @Option(
      help: .told(
        "一类人：contacts、need:代码、untested:轮次、again:轮次 或 clause:条款代码。",
        "A group: contacts, need:CODE, untested:ROUND, again:ROUND or clause:CODE."))
    var group: String?
    @Flag(help: .told("有问题的行不列入，照开。", "Open it without the rows that have faults."))
    var leaveOut = false
    @Flag(
      help: .told("一户一管（方案允许的混管人数）。", "One household may share one tube, where the policy lets it.")
    )
    var household = false
    @OptionGroup var folder: FolderOptions

    private struct Opened: Encodable {
      let round: RoundID
      let listed: Int
    }

    /// How often a server that freezes a large list is asked whether it is done.
    private static let pause = Duration.milliseconds(200)

    func validate() throws {
      let language = Voice.fromEnvironment.language
      if list != nil, group != nil {
        throw ValidationError(
          Words("--list 与 --group 只写一个", "give --list or --group, not both")(language))
      }
      if list != nil || group != nil, area.count != 1 {
        throw ValidationError(
          Words("按名单开轮时，--area 只写一个范围", "where a list names people, --area is one area")(language))
      }
      if household, list != nil || group != nil {
        throw ValidationError(
          Words(
            "--household 只用于整片范围的轮次；按名单开轮时请去掉",
            "--household is for rounds over areas; leave it out where a list names people")(
              language))
      }
    }

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let answer =
        list == nil && group == nil
        ? try await overAreas(door) : try await overList(door, voice)
      var count = try await coverage(of: answer.round, door)
      while !count.frozen {
        try await Task.sleep(for: Self.pause)
        try await door.followUp()
        count = try await coverage(of: answer.round, door)
      }
      try voice.say(json: Opened(round: answer.round, listed: count.listed))
    }

    private func overAreas(_ door: any Door) async throws -> OpenRound.Answer {
      let areas = try area.map { try PlaceID($0, field: "area") }
      let command = OpenRound(
        areas: areas, name: name, pool: pool, householdTube: household ? true : nil)
      let receipt = try await door.perform(
        OpenRound.name, Fields.json(Fields.jsonBytes(command)))
      return try receipt.decoded(OpenRound.Answer.self)
    }

    /// First the list is read and its faults are told, row by row; only then the round opens.
    private func overList(_ door: any Door, _ voice: Voice) async throws -> OpenRound.Answer {
      let area = try PlaceID(area[0], field: "area")
      let file = try list.map { try Self.read($0, voice) }
      let made = try await door.perform(
        MakeRoundList.name,
        Fields.json(
          Fields.jsonBytes(MakeRoundList(area: area, people: file?.text, group: group)))
      ).decoded(MakeRoundList.Answer.self)
      let found = try await door.ask(
        ShowRoundList.name, Fields.json(Fields.jsonBytes(ShowRoundList(list: made.list))),
        purpose: .supervision, as: ShowRoundList.Answer.self)
      for fault in found.faults {
        // The first line that was sent is the header.
        let row = file?.numbers[fault.row - 2] ?? fault.row
        voice.complain(
          Words(
            "\(list ?? "")：第 \(row) 行：\(fault.kind.words.chinese)",
            "\(list ?? ""): row \(row): \(fault.kind.words.english)"))
      }
      let wrong = found.faults.count { $0.kind != .twice }
      guard wrong == 0 || leaveOut else {
        throw Refusal(
          .invalid, "round.listFaults",
          Words(
            "\(wrong) 行有问题，没有开轮；更正后再试，或加 --leave-out 不列这些行",
            "\(wrong) rows have faults, and no round was opened; correct them, or add --leave-out to go without them"
          ))
      }
      let command = OpenListedRound(area: found.area, name: name, pool: pool, list: made.list)
      let receipt = try await door.perform(
        OpenListedRound.name, Fields.json(Fields.jsonBytes(command)))
      return try receipt.decoded(OpenRound.Answer.self)
    }

    /// The file's numbers as the district reads a list, and the row in which each stands.
    private static func read(
      _ file: String, _ voice: Voice
    ) throws -> (text: String, numbers: [Int]) {
      let table = try FileTable.read(
        file,
        columns: [
          Column("person", aliases: ["人员", "人员编号", "编号"], required: false),
          Column("identity", aliases: ["证件号", "身份证", "身份证号"], required: false),
        ], voice: voice)
      guard !table.header.isEmpty else {
        throw Refusal(
          .invalid, "round.listColumns",
          Words(
            "\(file)：没有 person（人员编号）或 identity（证件号）列；请加上表头",
            "\(file): there is no column person or identity; name one in the header"))
      }
      let numbers = table.rows.map { cells in
        cells.first { !$0.isEmpty } ?? ""
      }
      return (
        (["person"] + numbers).joined(separator: "\n"), numbers.indices.map(table.number(of:))
      )
    }

    private func coverage(of round: RoundID, _ door: any Door) async throws -> CountRound.Answer {
      try await door.ask(
        CountRound.name, Fields.json(Fields.jsonBytes(CountRound(round: round))),
        purpose: .supervision, as: CountRound.Answer.self)
    }
  }
}
