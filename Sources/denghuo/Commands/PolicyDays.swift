import ArgumentParser
import Containment
import Kernel

extension PolicyCommand {
  /// `denghuo policy days CLAUSE --from T`: one person's days under each edition, line by line.
  struct Days: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "days",
      abstract: told(
        "同一个人在各版本下的每一天：要求、采样、到何时、依据原文。",
        "One person's days under each edition: what is asked, samples, until when, by which sentence."
      ))

    @Argument(help: .told("条款编号，如 close。", "The clause, such as close.")) var clause: String
    @Option(
      help: .told("从何时算起（末次接触等）。", "From when is counted, such as the last exposure."))
    var from: String
    @Option(help: .told("只看这一版本。", "This edition only.")) var edition: String?
    @Option(help: .told("数据目录。", "The district's data folder.")) var data: String?
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text

    func run() async throws {
      let voice = Voice.fromEnvironment
      let library = try PolicyCommand.library(data)
      guard let counted = Instant(from, in: .china) else {
        throw Refusal.malformed(
          "from", from, expected: Words("2022-07-04T16:00", "2022-07-04T16:00"))
      }
      var editions = library.editions
      if let edition {
        guard let found = library.edition(edition) else {
          throw Refusal.notFound(Words("政策", "policy"), edition, field: "edition")
        }
        editions = [found]
      }
      let days = try EditionDays(clause, countedFrom: counted, under: editions, zone: .china)
      if format == .json { return try voice.say(json: days) }
      for edition in days.editions {
        for line in edition.lines(voice.language) { try voice.say(line) }
      }
    }
  }
}

extension EditionDays.OneEdition {
  /// The edition, each day, the end and the sentence behind it.
  func lines(_ language: Language) -> [String] {
    let until = effectiveTo?.text ?? "…"
    let head = "\(edition)  \(effectiveFrom.text) – \(until)  \(title(language))"
    guard let clause, let end else {
      return [head, "  " + Words("没有这类要求", "asks nothing of such a person")(language)]
    }
    var lines = [head, "  \(clause(language))  \(quote ?? "")  [\(source ?? "")]"]
    for day in days {
      let test = day.testBy == nil ? "" : Words("采样", "sample")(language)
      let health = day.healthBy.map { $0.clock(in: .china).time }.joined(separator: " ")
      let checks = health.isEmpty ? "" : Words("体温 \(health)", "temperature \(health)")(language)
      let asked = day.kind?.words(language) ?? Words("第 0 天", "day 0")(language)
      lines.append(
        "  "
          + [day.day.text, String(day.number), asked, test, checks]
          .filter { !$0.isEmpty }.joined(separator: "  "))
    }
    lines.append(
      "  "
        + Words(
          "到 \(end.shortText(in: .china)) 自动解除", "ends by itself at \(end.shortText(in: .china))")(
          language))
    return lines
  }
}
