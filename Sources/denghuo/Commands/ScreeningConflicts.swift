import ArgumentParser
import Detection
import Gazette
import Kernel
import Spreadsheets

extension ScreeningCommand {
  /// What contradicts what.
  struct Conflicts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "conflicts",
      abstract: told(
        "一轮中待人工核对的登记矛盾，以及可以怎样处理。",
        "What contradicts what in a round, and what may be decided."))

    @Argument(help: .told("轮次编号。", "The round.")) var round: String
    @Option(help: .told("json 或 csv。", "json or csv.")) var format = CSVOrJSON.csv
    @OptionGroup var folder: FolderOptions

    private static let header = [
      "conflict", "kind", "about", "noted_at", "tubes", "devices", "decisions", "counted",
      "registered", "fresh",
    ]

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let lines = try await door.ask(
        ListConflicts.name,
        Fields.json(
          Fields.jsonBytes(ListConflicts(round: try RoundID(round, field: "round")))),
        purpose: .supervision, as: [ListConflicts.Line].self)
      if format == .json { return try voice.say(json: lines) }
      var writer = DelimitedWriter(lineEnd: "\n")
      try writer.append(Self.header)
      for line in lines {
        try writer.append([
          line.conflict.text, line.kind, line.about, line.notedAt.text(in: .china),
          line.tubes.map(\.text).joined(separator: " "),
          line.devices.map { "\($0.device):\($0.swabs)" }.joined(separator: " "),
          line.decisions.map(\.rawValue).joined(separator: " "),
          line.counted.map(String.init) ?? "", line.registered.map(String.init) ?? "",
          line.fresh.joined(separator: " "),
        ])
      }
      try voice.say(bytes: writer.takeBytes())
    }
  }

  /// Decides a contradiction.
  struct Settle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "settle",
      abstract: told(
        "处理一项登记矛盾：保留、以一管为准、归一台设备、剔除重采或作废。",
        "Decide a contradiction: all stands, one tube counts, the tube is a device's, swab again, or void."
      ))

    @Argument(help: .told("矛盾编号。", "The contradiction.")) var conflict: String
    @Option(
      help: .told(
        "stands、keep（加 --tube）、device（加 --device）、reswab 或 void。",
        "stands, keep (with --tube), device (with --device), reswab or void."))
    var decision: String
    @Option(help: .told("以哪一管为准。", "The tube that counts.")) var tube: String?
    @Option(help: .told("试管归哪台设备。", "The device whose tube it is.")) var device: String?
    @Option(
      help: .told(
        "封管后采的为何算数：clock（时钟有误）或 opened（又打开过）。",
        "Why what was swabbed after the seal stands: clock (it was wrong) or opened (once more)."))
    var ground: String?
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      guard let decided = ConflictDecision(rawValue: decision) else {
        let codes = ConflictDecision.allCases.map(\.rawValue).joined(separator: " | ")
        throw Refusal.malformed("decision", decision, expected: Words(codes, codes))
      }
      let door = try await folder.door(voice)
      let command = SettleConflict(
        conflict: try ConflictID(conflict, field: "conflict"), decision: decided,
        tube: try tube.map { try TubeCode($0, field: "tube") }, device: device,
        ground: try ground.map { written in
          guard let known = LateGround(rawValue: written) else {
            let codes = LateGround.allCases.map(\.rawValue).joined(separator: " | ")
            throw Refusal.malformed("ground", written, expected: Words(codes, codes))
          }
          return known
        })
      let receipt = try await door.perform(
        SettleConflict.name, Fields.json(Fields.jsonBytes(command)))
      try voice.say(json: try receipt.decoded(SettleConflict.Answer.self))
    }
  }
}
