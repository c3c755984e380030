import ArgumentParser
import Detection
import Gazette
import Kernel
import Spreadsheets

extension ScreeningCommand {
  /// Lists that are missing.
  struct Gaps: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "gaps",
      abstract: told(
        "检测机构跳过、结果未到的批号。", "Numbers of laboratories' lists that were passed over."))

    @Option(help: .told("csv 或 json。", "csv or json.")) var format = CSVOrJSON.csv
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let gaps = try await door.ask(
        ListGaps.name, Fields.json(Fields.jsonBytes(ListGaps())), purpose: .supervision,
        as: [ListGap].self)
      if format == .json { return try voice.say(json: gaps) }
      var writer = DelimitedWriter(lineEnd: "\n")
      try writer.append(["laboratory", "first", "missing", "noted_at"])
      for gap in gaps {
        try writer.append([
          gap.laboratory.text, String(gap.first),
          gap.missing.map(String.init).joined(separator: " "), gap.notedAt.text(in: .china),
        ])
      }
      try voice.say(bytes: writer.takeBytes())
    }
  }

  /// What became of lists that never come.
  struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "explain-gap",
      abstract: told("说明缺批的去向。", "Say what became of lists that never come."))

    @Argument(help: .told("检测机构编号。", "The laboratory.")) var laboratory: String
    @Argument(help: .told("缺批的第一个批号。", "The first number of the gap.")) var first: Int
    @Option(
      help: .told(
        "skipped（跳号）、resent（改号上报）或 other_way（手工或文件）。",
        "skipped, resent (under another number) or other_way (by hand or in a file)."))
    var reason: String
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      guard let said = GapReason(rawValue: reason) else {
        let codes = GapReason.allCases.map(\.rawValue).joined(separator: " | ")
        throw Refusal.malformed("reason", reason, expected: Words(codes, codes))
      }
      let door = try await folder.door(voice)
      let command = ExplainGap(
        laboratory: try LaboratoryID(laboratory, field: "laboratory"), first: first, reason: said)
      _ = try await door.perform(
        ExplainGap.name, Fields.json(Fields.jsonBytes(command)))
      voice.note(Words("已说明", "noted"))
    }
  }

  /// A tube of known content.
  struct Control: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "control",
      abstract: told(
        "把一支内容已知的质控管混入一轮。", "Put a tube of known content among those of a round."))

    @Argument(help: .told("轮次编号。", "The round.")) var round: String
    @Argument(help: .told("管码，须未用过。", "The tube's code, a new one.")) var tube: String
    @Option(help: .told("positive 或 negative。", "positive or negative.")) var kind: String
    @Option(help: .told("从哪个采样点送出。", "The point from which it goes.")) var point: String?
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      guard let kind = ControlKind(rawValue: kind) else {
        let codes = ControlKind.allCases.map(\.rawValue).joined(separator: " | ")
        throw Refusal.malformed("kind", self.kind, expected: Words(codes, codes))
      }
      let door = try await folder.door(voice)
      let command = AddControl(
        round: try RoundID(round, field: "round"), tube: try TubeCode(tube, field: "tube"),
        kind: kind, point: try point.map { try PointID($0, field: "point") })
      _ = try await door.perform(AddControl.name, Fields.json(Fields.jsonBytes(command)))
      voice.note(Words("质控管 \(tube) 已加入", "the control \(tube) is among them"))
    }
  }

  /// The tubes of known content of a round.
  struct Controls: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "controls",
      abstract: told("一轮的质控管和结果。", "A round's tubes of known content, and their results."))

    @Argument(help: .told("轮次编号。", "The round.")) var round: String
    @Option(help: .told("csv 或 json。", "csv or json.")) var format = CSVOrJSON.csv
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let query = ListControls(round: try RoundID(round, field: "round"))
      let lines = try await door.ask(
        ListControls.name, Fields.json(Fields.jsonBytes(query)), purpose: .supervision,
        as: [ListControls.Line].self)
      if format == .json { return try voice.say(json: lines) }
      var writer = DelimitedWriter(lineEnd: "\n")
      try writer.append(["tube", "kind", "laboratory", "result", "is_wrong"])
      for line in lines {
        try writer.append([
          line.tube.text, line.kind.rawValue, line.laboratory?.text ?? "",
          line.result?.rawValue ?? "", line.isWrong ? "yes" : "no",
        ])
      }
      try voice.say(bytes: writer.takeBytes())
    }
  }
}
