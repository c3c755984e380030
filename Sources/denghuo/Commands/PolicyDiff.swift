import ArgumentParser
import Containment
import District
import Kernel

extension PolicyCommand {
  /// `denghuo policy diff A B`: what B asks otherwise than A, and whom that changes.
  struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "diff",
      abstract: told(
        "两个版本有何不同；给出 --data 时列出影响多少人。", "What two editions ask otherwise, and how many it changes.")
    )
    @Argument(help: .told("旧版本，如 cn-9。", "The older edition, such as cn-9.")) var before: String
    @Argument(help: .told("新版本。", "The newer edition.")) var after: String
    @Option(help: .told("数据目录。", "The district's data folder.")) var data: String?
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text

    func run() async throws {
      let voice = Voice.fromEnvironment
      let library = try PolicyCommand.library(data)
      func edition(_ name: String) throws -> PolicyEdition {
        guard let found = library.edition(name) else {
          throw Refusal.notFound(Words("政策", "policy"), name)
        }
        return found
      }
      var comparison = EditionComparison(try edition(before), try edition(after))
      if let data { try await count(&comparison, in: data, voice) }
      if format == .json { return try voice.say(json: comparison) }
      let none = Words("无", "none")(voice.language)
      let ends = Words("即时解除", "ends at once")(voice.language)
      for clause in comparison.clauses where clause.isChanged {
        let running = clause.running.map { " [\($0)]" } ?? ""
        let end = clause.isEnding ? "  \(ends)" : ""
        try voice.say(
          "\(clause.clause)\(running)  \(clause.before ?? none)  →  \(clause.after ?? none)\(end)")
      }
      for level in comparison.levels
      where level.before != level.after || level.goesOnAs != level.level {
        let standing = level.standing.map { " [\($0)]" } ?? ""
        let next = level.before == nil ? "" : "  ⇒ \(level.goesOnAs ?? ends)"
        try voice.say(
          "zone \(level.level)\(standing)  \(level.before ?? none)  →  \(level.after ?? none)\(next)"
        )
      }
    }

    private func count(
      _ comparison: inout EditionComparison, in data: String, _ voice: Voice
    ) async throws {
      let folder = try FolderOptions.parse(["--data", data])
      let counts = try await folder.door(voice).ask(
        CountByClause.name, .object([:]), purpose: .supervision, as: CountByClause.Answer.self)
      for index in comparison.clauses.indices {
        let name = comparison.clauses[index].clause
        comparison.clauses[index].running = counts.clauses.first { $0.name == name }?.count ?? 0
      }
      for index in comparison.levels.indices {
        let name = comparison.levels[index].level
        comparison.levels[index].standing = counts.levels.first { $0.name == name }?.count ?? 0
      }
    }
  }
}
