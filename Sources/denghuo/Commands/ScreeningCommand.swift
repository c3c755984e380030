import ArgumentParser
import Detection
import Gazette
import Kernel
import Look
import Registry
import Spreadsheets

/// `denghuo screening`: rounds of mass testing from the command line.
struct ScreeningCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screening",
    abstract: told(
      "全员核酸：开轮、覆盖率、追阳、未采名单、测算、管码标签、登记矛盾、缺批、质控管。",
      "Rounds of mass testing: open, coverage, recalls, untested, plan, labels, conflicts, gaps, controls."
    ),
    subcommands: [
      Open.self, Coverage.self, Recalls.self, Untested.self, Plan.self, Labels.self, Conflicts.self,
      Settle.self, Gaps.self, Explain.self, Control.self, Controls.self,
    ])

  /// How much of the list is tested.
  struct Coverage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "coverage", abstract: told("一轮的覆盖率。", "How much of a round's list is tested."))

    enum Level: String, ExpressibleByArgument {
      case street
      case community
      case grid
      case building
    }

    @Argument(help: .told("轮次编号。", "The round.")) var round: String
    @Option(
      help: .told("street、community、grid 或 building。", "street, community, grid or building."))
    var by = Level.street
    @Option(help: .told("text、json 或 csv。", "text, json or csv.")) var format = AnyFormat.text
    @OptionGroup var folder: FolderOptions

    private struct Figures: Encodable {
      let round: RoundID
      let listed: Int
      let exempt: Int
      let tested: Int
      let coverage: Double
      let unlistedSwabbed: Int
      let unlistedTested: Int
      let withoutHome: Int
      let by: [CountRound.Line]

      private enum CodingKeys: String, CodingKey {
        case round
        case listed
        case exempt
        case tested
        case coverage
        case by
        case unlistedSwabbed = "unlisted_swabbed"
        case unlistedTested = "unlisted_tested"
        case withoutHome = "without_home"
      }
    }

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let query = CountRound(
        round: try RoundID(round, field: "round"), by: PlaceLevel(rawValue: by.rawValue))
      let found = try await door.ask(
        CountRound.name, Fields.json(Fields.jsonBytes(query)), purpose: .supervision,
        as: CountRound.Answer.self)
      switch format {
      case .json:
        try voice.say(
          json: Figures(
            round: found.round, listed: found.listed, exempt: found.exempt,
            tested: found.tested, coverage: found.coverage,
            unlistedSwabbed: found.unlistedSwabbed, unlistedTested: found.unlistedTested,
            withoutHome: found.withoutHome, by: found.by))
      case .csv:
        var writer = DelimitedWriter(lineEnd: "\n")
        try writer.append(["code", "name", "listed", "exempt", "tested", "untested"])
        for line in found.by { try writer.append(Self.cells(line)) }
        try voice.say(bytes: writer.takeBytes())
      case .text:
        let percent = (found.coverage * 1_000).rounded(.down) / 10
        try voice.say(
          Words(
            "应检 \(found.listed)，免采 \(found.exempt)，已检 \(found.tested)，覆盖率 \(percent)%，名单外已采 \(found.unlistedSwabbed)、已检 \(found.unlistedTested)",
            "listed \(found.listed), exempt \(found.exempt), tested \(found.tested), coverage \(percent) %, unlisted \(found.unlistedSwabbed), of them tested \(found.unlistedTested)"
          )(voice.language))
        if found.withoutHome > 0 {
          try voice.say(
            Words(
              "另有 \(found.withoutHome) 人只在以前采样时登记过、没有住址，不列入名单；补登住址后列入以后的轮次",
              "\(found.withoutHome) more were only swabbed here before and have no home: they are on no list until one is registered"
            )(voice.language))
        }
        for line in found.by { try voice.say(Self.cells(line).joined(separator: "  ")) }
      }
    }

    private static func cells(_ line: CountRound.Line) -> [String] {
      [line.code ?? "", line.name]
        + [line.listed, line.exempt, line.tested, line.untested].map(String.init)
    }
  }

  /// Who is held for a tube.
  struct Recalls: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "recalls",
      abstract: told("混管异常的人员及其结局。", "Who is held for a tube, and how it ended."))

    @Argument(help: .told("轮次编号。", "The round.")) var round: String
    @Option(help: .told("json 或 csv。", "json or csv.")) var format = CSVOrJSON.csv
    @OptionGroup var folder: FolderOptions

    private static let header = [
      "person", "tube", "held_since", "state", "single_tube", "decided_at",
    ]

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let id = try RoundID(round, field: "round")
      var rows: [[String?]] = []
      var after: String?
      repeat {
        let query = ListRecalls(round: id, after: after)
        let page = try await door.ask(
          ListRecalls.name, Fields.json(Fields.jsonBytes(query)), purpose: .exchange,
          as: ListRecalls.Answer.self)
        rows += page.lines.map { line in
          [
            line.person.text, line.tube.text, line.heldSince.text(in: .china), line.state,
            line.singleTube?.text, line.decidedAt?.text(in: .china),
          ]
        }
        after = page.after
      } while after != nil
      switch format {
      case .csv:
        var writer = DelimitedWriter(lineEnd: "\n")
        try writer.append(Self.header)
        for row in rows { try writer.append(row.map { $0 ?? "" }) }
        try voice.say(bytes: writer.takeBytes())
      case .json:
        try voice.say(
          json: rows.map { row in
            Fields.object(
              Dictionary(
                zip(Self.header, row.map { $0.map(Fields.text) ?? .null })
              ) { first, _ in first })
          })
      }
    }
  }

  /// Who has no result.
  struct Untested: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "untested",
      abstract: told(
        "应检而无结果的人员，按楼栋和门牌。", "Who should be tested and has no result, by building and door."))

    @Argument(help: .told("轮次编号。", "The round.")) var round: String
    @Option(help: .told("csv 或 json。", "csv or json.")) var format = CSVOrJSON.csv
    @Flag(help: .told("连同免采人员及其原因。", "Those who are exempt, too, with the reason."))
    var exempt = false
    @Flag(help: .told("加一列 listed：为何在名单上。", "A further column listed: why each is on the list."))
    var listed = false
    @OptionGroup var folder: FolderOptions

    private static let header = [
      "person", "community", "building", "entrance", "floor", "room", "reason",
    ]

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let id = try RoundID(round, field: "round")
      var writer = DelimitedWriter(lineEnd: "\n")
      let header = Self.header + (listed || format == .json ? ["listed"] : [])
      try writer.append(header)
      var objects: [Fields] = []
      var after: String?
      repeat {
        let query = ListUntested(round: id, after: after, exempt: exempt)
        let page = try await door.ask(
          ListUntested.name, Fields.json(Fields.jsonBytes(query)), purpose: .exchange,
          as: ListUntested.Answer.self)
        for line in page.lines {
          let cells = [
            line.person.text, line.community ?? "", line.building ?? "", line.entrance ?? "",
            line.floor ?? "", line.room ?? "", line.reason, line.listed,
          ]
          switch format {
          case .csv: try writer.append(Array(cells.prefix(header.count)))
          case .json:
            objects.append(
              .object(
                Dictionary(zip(header, cells.map(Fields.text))) { first, _ in first }))
          }
        }
        if format == .csv { try voice.say(bytes: writer.takeBytes()) }
        after = page.after
      } while after != nil
      if format == .json { try voice.say(json: objects) }
    }
  }

  /// What a round would need.
  struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "plan",
      abstract: told(
        "测算采样点、采样员、采样管、上门组和检测能力，列出公式。",
        "Points, samplers, tubes, home teams and laboratory lines for a round, with formulae."))

    @Option(
      parsing: .upToNextOption,
      help: .told("范围的代码或编号。", "The areas, by code or identifier."))
    var area: [String]
    @Option(help: .told("几小时完成。", "In how many hours it has to be done.")) var hours: Int?
    @Option(help: .told("几人一管。", "How many share a tube.")) var pool: Int?
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      let query = PlanRound(
        areas: try area.map { try PlaceID($0, field: "area") }, hours: hours, pool: pool)
      let plan = try await door.ask(
        PlanRound.name, Fields.json(Fields.jsonBytes(query)), purpose: .supervision,
        as: PlanRound.Answer.self)
      if format == .json { return try voice.say(json: plan) }
      let language = voice.language
      try voice.say(
        Words(
          "\(plan.people) 人，\(plan.hours) 小时，\(plan.pool) 混 1",
          "\(plan.people) people, \(plan.hours) h, \(plan.pool) in a tube")(language))
      for item in plan.items {
        try voice.say("\(item.words(language))  \(item.value)  = \(item.formula(language))")
      }
      try voice.say(
        Words("每人检测次数（感染率，几人一管）：", "tests a person (share infected, pool):")(language))
      for line in plan.pooling where line.pool > 1 {
        let tests = (line.testsPerPerson * 1_000).rounded() / 1_000
        try voice.say("  \(line.prevalence * 100) %  \(line.pool)  \(tests)")
      }
    }
  }

  /// Sheets of labels for tubes.
  struct Labels: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "labels",
      abstract: told("生成管码标签（PDF，一维码和二维码）。", "Labels for tubes as PDF, with bars and QR codes."))

    @Option(help: .told("多少张。", "How many labels.")) var count: Int
    @Option(help: .told("写到哪个 PDF 文件。", "The PDF file to write.")) var to: String
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      // Codes are given out once for ever: none is spent on a file that cannot be written.
      let file = try NewFile(to)
      let door = try await folder.door(voice)
      let receipt = try await door.perform(
        MakeLabels.name, Fields.json(Fields.jsonBytes(MakeLabels(count: count))))
      let codes = try receipt.decoded(MakeLabels.Answer.self).codes
      try file.write(LabelSheet.pdf(of: codes))
      voice.note(
        Words(
          "\(codes.count) 张标签：\(codes[0]) 至 \(codes[codes.count - 1])",
          "\(codes.count) labels: \(codes[0]) to \(codes[codes.count - 1])"))
    }
  }
}
