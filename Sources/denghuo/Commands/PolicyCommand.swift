import ArgumentParser
import District
import Foundation
import Kernel

/// `denghuo policy list|check|show|diff|days`.
struct PolicyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: told("查看起作用的政策。", "Look at the policies that decide."),
    subcommands: [List.self, Check.self, Show.self, Diff.self, Days.self])

  /// The policies of the binary and of a data folder.
  static func library(_ data: String?) throws -> PolicyLibrary {
    try PolicyFiles.library(
      sections: District.assembly.policySections,
      folder: data.map { DataFolder($0).policies })
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: told("全部版本及日期。", "All versions with their days."))
    @Option(help: .told("数据目录。", "The district's data folder.")) var data: String?
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text

    private struct Shown: Encodable {
      let policy: String
      let title: Words
      let effectiveFrom: Day
      let effectiveTo: Day?
      let sections: [String]
      let digest: String

      private enum CodingKeys: String, CodingKey {
        case policy
        case title
        case effectiveFrom = "effective_from"
        case effectiveTo = "effective_to"
        case sections
        case digest
      }
    }

    func run() async throws {
      let voice = Voice.fromEnvironment
      let shown = try PolicyCommand.library(data).editions.map { edition in
        Shown(
          policy: edition.reference, title: edition.head.title,
          effectiveFrom: edition.head.effectiveFrom, effectiveTo: edition.head.effectiveTo,
          sections: edition.sections.keys.sorted(), digest: edition.digest)
      }
      if format == .json { return try voice.say(json: shown) }
      for one in shown {
        let until = one.effectiveTo?.text ?? "…"
        let parts = one.sections.joined(separator: " ")
        try voice.say(
          "\(one.policy)  \(one.effectiveFrom.text) – \(until)  \(one.title(voice.language))  "
            + "[\(parts)]")
      }
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "check", abstract: told("检查政策文件。", "Check policy files."))
    @Argument(
      help: .told("YAML 文件；不给则检查现有的。", "YAML files; none checks those in force."))
    var files: [String] = []
    @Option(help: .told("数据目录。", "The district's data folder.")) var data: String?

    func run() async throws {
      let voice = Voice.fromEnvironment
      var failed = false
      for file in files {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
          throw WrongUse("无法读取“\(file)”", "“\(file)” cannot be read")
        }
        do {
          let edition = try PolicyFiles.edition(
            text, file: file, sections: District.assembly.policySections)
          try voice.say("\(file): \(edition.reference) ok")
        } catch let refusal as Refusal {
          failed = true
          voice.complain(refusal.words, field: refusal.field)
        }
      }
      if files.isEmpty {
        let library = try PolicyCommand.library(data)
        for edition in library.editions { try voice.say("\(edition.reference) ok") }
        for line in library.sameDay { try voice.say(line(voice.language)) }
      }
      if failed { throw ExitCode(1) }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: told("原样打印一份政策。", "Print a policy as it stands."))
    @Argument(
      help: .told(
        "编号如 cn-9，或版本如 cn-9@1。", "An id such as cn-9, or a version such as cn-9@1."))
    var policy: String
    @Option(help: .told("数据目录。", "The district's data folder.")) var data: String?

    func run() async throws {
      let voice = Voice.fromEnvironment
      guard let edition = try PolicyCommand.library(data).edition(policy) else {
        throw Refusal.notFound(Words("政策", "policy"), policy)
      }
      try voice.say(bytes: Array(edition.text.utf8))
    }
  }
}

extension PolicyLibrary {
  /// Which of several editions counts that say something of the same matter from the same day.
  fileprivate var sameDay: [Words] {
    var lines: [Words] = []
    for (index, later) in editions.enumerated() {
      for earlier in editions[..<index] where earlier.head.effectiveFrom == later.head.effectiveFrom
      {
        let both = Set(earlier.sections.keys).intersection(later.sections.keys).sorted()
        if both.isEmpty { continue }
        let day = later.head.effectiveFrom.text
        let matters = both.joined(separator: ", ")
        lines.append(
          Words(
            "\(day) 起 \(earlier.reference) 与 \(later.reference) 都规定 \(matters)：以 \(later.reference) 为准",
            "from \(day) both \(earlier.reference) and \(later.reference) say something of \(matters): "
              + "\(later.reference) counts"))
      }
    }
    return lines
  }
}
