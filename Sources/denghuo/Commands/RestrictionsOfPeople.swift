import ArgumentParser
import Containment
import Gazette
import Kernel
import Spreadsheets

extension RestrictionsCommand {
  /// Takes an objection down, or decides it.
  struct Objection: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "objection",
      abstract: told(
        "代为登记一项异议，或（另一单位）作出决定。",
        "Take down somebody's objection, or decide one, for another office than decided."))

    @Argument(
      help: .told("措施编号；决定时为异议编号。", "The restriction; to decide, the objection."))
    var about: String
    @Option(help: .told("异议的理由。", "Why the person objects.")) var ground: String?
    @Option(help: .told("uphold 或 reject。", "uphold or reject.")) var decide: Decision?
    @Option(help: .told("决定的理由，本人可见。", "Why; the person reads it.")) var reason: String?
    @OptionGroup var folder: FolderOptions

    enum Decision: String, ExpressibleByArgument {
      case uphold
      case reject
    }

    func validate() throws {
      if (ground == nil) == (decide == nil) {
        throw ValidationError(
          Words("请给出 --ground 或 --decide 其中之一", "give either --ground or --decide")(
            Voice.fromEnvironment.language))
      }
      if decide != nil, reason == nil {
        throw ValidationError(
          Words("决定须写明 --reason", "a decision needs its --reason")(
            Voice.fromEnvironment.language))
      }
    }

    func run() async throws {
      let voice = Voice.fromEnvironment
      let door = try await folder.door(voice)
      if let ground {
        let command = TakeObjection(
          restriction: try RestrictionID(about, field: "restriction"), ground: ground)
        let receipt = try await door.perform(
          TakeObjection.name, Fields.json(Fields.jsonBytes(command)))
        let answer = try receipt.decoded(RaiseObjection.Answer.self)
        try voice.say(answer.objection.text)
        let due = answer.due.shortText(in: .china)
        voice.note(Words("\(due) 前答复，逾期先解除", "decided by \(due), otherwise lifted"))
      } else if let decide {
        let command = DecideObjection(
          objection: try ObjectionID(about, field: "objection"), upheld: decide == .uphold,
          reason: reason ?? "")
        _ = try await door.perform(
          DecideObjection.name, Fields.json(Fields.jsonBytes(command)))
        voice.note(decide == .uphold ? Words("异议成立", "upheld") : Words("维持原决定", "rejected"))
      }
    }
  }

  /// What anybody may know.
  struct Figures: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "figures",
      abstract: told(
        "公开数字：每天新管控、解除、异议、批量决定。",
        "The public figures: restricted, ended, objections, decisions on many, day by day."))

    @Option(help: .told("最近多少天，默认 14。", "How many days back, 14 unless given.")) var days: Int?
    @Option(help: .told("csv 或 json。", "csv or json.")) var format = CSVOrJSON.csv
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let answer = try await folder.door(voice).ask(
        PublicFigures.name, Fields.json(Fields.jsonBytes(PublicFigures(days: days))),
        purpose: .supervision, as: PublicFigures.Answer.self)
      if format == .json { return try voice.say(json: answer) }
      var writer = DelimitedWriter(lineEnd: "\n")
      try writer.append([
        "day", "restricted", "ended", "objections", "decided", "upheld", "lapsed", "approved",
        "declined", "alarms",
      ])
      for day in answer.days {
        try writer.append(
          [day.day.text]
            + [
              day.started, day.ended, day.objections, day.decided, day.upheld, day.lapsed,
              day.approved, day.declined, day.alarms,
            ].map(String.init))
      }
      try voice.say(bytes: writer.takeBytes())
    }
  }
}

extension RestrictionView {
  /// What explains a restriction, line by line.
  ///
  /// - Parameter appeal: how to object, in the language.
  func lines(_ language: Language, appeal: String) -> [String] {
    func line(_ title: Words, _ text: String) -> String { "  \(title(language))  \(text)" }
    var lines = [
      "\(restriction.text)  \(kindWords(language))  "
        + Words("第 \(day)/\(days) 天", "day \(day) of \(days)")(language),
      line(Words("依据", "clause"), "\(clauseWords(language))  \(clause) \(edition)"),
      line(
        Words("证据", "evidence"),
        evidence.map { "\($0.kind.words(language)) \($0.reference)" }.joined(separator: ", ")),
      line(
        Words("决定", "decided by"), [issuer, approver].compactMap(\.self).joined(separator: " + ")),
      line(Words("到何时", "until"), end.text(in: .china)),
      line(Words("异议", "to object"), appeal),
    ]
    if let endedAt {
      lines.append(
        line(
          Words("已结束", "over"),
          "\(endedAt.text(in: .china))  \(endReason.map { $0.words(language) } ?? "")"))
    }
    return lines
  }
}
