import ArgumentParser
import Containment
import Gazette
import Kernel
import Spreadsheets

/// `denghuo restrictions`: what holds for whom and why, and what a second person decides.
struct RestrictionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restrictions",
    abstract: told(
      "管控措施：名单、一个人的全部、申请与批准、异议、公开数字。",
      "Restrictions: lists, all of one person, asking and approving, objections, public figures."),
    subcommands: [
      List.self, Show.self, Issue.self, End.self, Held.self, Approve.self, Objection.self,
      Figures.self, KnownEvidence.self,
    ])

  /// Refuses a clause that no edition has, naming those that there are.
  fileprivate static func require(_ clause: String, in data: String) throws {
    let policies = try PolicyCommand.library(data).editions.compactMap {
      $0.sections[RestrictionsPolicy.key] as? RestrictionsPolicy
    }
    let known = Set(policies.flatMap { $0.clauses.map(\.id) }).sorted()
    if known.contains(clause) { return }
    let names = known.joined(separator: ", ")
    throw Refusal(
      .invalid, "restriction.noClause",
      Words(
        "没有“\(clause)”这一条款，可用：\(names)",
        "No edition has a clause “\(clause)”; use one of: \(names)"), field: "clause")
  }

  /// How to object, in a language: a decision keeps the sentence in Chinese, its edition has both.
  fileprivate static func appeal(
    of view: RestrictionView, _ library: PolicyLibrary, _ language: Language
  ) -> String {
    let edition = library.edition(view.edition)
    guard let policy = edition?.sections[RestrictionsPolicy.key] as? RestrictionsPolicy,
      policy.appeal.chinese == view.appeal
    else { return view.appeal }
    return policy.appeal(language)
  }

  /// Everybody for whom something holds, or did.
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: told("列出管控中的人（姓名打码）。", "Who is restricted, names hidden."))

    @Option(help: .told("地点的编号或代码。", "A place's identifier or code.")) var place: String?
    @Option(help: .told("effective、suspended 或 ended。", "effective, suspended or ended."))
    var state: String?
    @Option(help: .told("只列这一条款。", "Those under this clause only.")) var clause: String?
    @Option(help: .told("text、json 或 csv。", "text, json or csv.")) var format = AnyFormat.text
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      if let clause { try RestrictionsCommand.require(clause, in: folder.data) }
      let door = try await folder.door(voice)
      var entries: [ListRestrictions.Entry] = []
      var after: String?
      repeat {
        let query = ListRestrictions(
          place: try place.map { try PlaceID($0, field: "place") }, state: try wanted(),
          clause: clause, after: after, limit: 1_000)
        let page = try await door.ask(
          ListRestrictions.name, Fields.json(Fields.jsonBytes(query)), purpose: .supervision,
          as: ListRestrictions.Answer.self)
        entries += page.restrictions
        after = page.after
      } while after != nil
      switch format {
      case .json: try voice.say(json: entries)
      case .csv: try voice.say(bytes: try table(of: entries))
      case .text:
        if entries.isEmpty {
          try voice.say(Words("没有管控中的人", "nobody is restricted")(voice.language))
        }
        for entry in entries { try voice.say(entry.line(voice.language)) }
      }
    }

    private func wanted() throws -> RestrictionState? {
      guard let state else { return nil }
      guard let known = RestrictionState(rawValue: state) else {
        throw WrongUse.noSuch("--state", state, RestrictionState.allCases.map(\.rawValue))
      }
      return known
    }

    private func table(of entries: [ListRestrictions.Entry]) throws -> [UInt8] {
      var writer = DelimitedWriter(lineEnd: "\n")
      try writer.append([
        "restriction", "person", "kind", "clause", "edition", "place", "end", "day", "days",
        "end_reason",
      ])
      for entry in entries {
        try writer.append([
          entry.restriction.text, entry.person.text, entry.kind.rawValue, entry.clause,
          entry.edition, entry.place.text, entry.end.text(in: .china), String(entry.day),
          String(entry.days), entry.endReason?.rawValue ?? "",
        ])
      }
      return writer.takeBytes()
    }
  }

  /// Everything that was ever asked of one person, with what explains it.
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: told(
        "一个人的全部措施：依据、证据、谁决定、到何时、如何异议。",
        "All of one person: clause, evidence, who decided, until when, how to object."))

    @Argument(help: .told("人员编号。", "The person's identifier.")) var person: String
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let query = RestrictionsOfPerson(person: try PersonID(person, field: "person"))
      let answer = try await folder.door(voice).ask(
        RestrictionsOfPerson.name, Fields.json(Fields.jsonBytes(query)), purpose: .supervision,
        as: RestrictionsAnswer.self)
      if format == .json { return try voice.say(json: answer.restrictions) }
      if answer.restrictions.isEmpty {
        try voice.say(Words("没有任何管控", "nothing was ever asked")(voice.language))
      }
      let library = try PolicyCommand.library(folder.data)
      for view in answer.restrictions {
        let appeal = RestrictionsCommand.appeal(of: view, library, voice.language)
        for line in view.lines(voice.language, appeal: appeal) { try voice.say(line) }
      }
    }
  }

  /// Asks for one restriction that no rule decides; a second person approves it.
  struct Issue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "issue",
      abstract: told(
        "依据一项证据申请管控一人，另一单位批准后才生效。",
        "Ask for one person on one piece of evidence; nothing holds until another office approves.")
    )

    @Argument(help: .told("人员编号。", "The person's identifier.")) var person: String
    @Option(help: .told("条款编号。", "The clause.")) var clause: String
    @Option(
      help: .told(
        "证据种类，如 symptoms、entry_record。", "The kind of evidence, such as symptoms or entry_record."))
    var evidence: String
    @Option(help: .told("证据的编号。", "What the evidence is: its identifier.")) var reference: String
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      guard let kind = EvidenceKind(rawValue: evidence) else {
        throw WrongUse.noSuch("--evidence", evidence, EvidenceKind.allCases.map(\.rawValue))
      }
      let command = IssueRestriction(
        person: try PersonID(person, field: "person"), clause: clause,
        evidence: Evidence(kind: kind, reference: reference))
      let receipt = try await folder.door(voice).perform(
        IssueRestriction.name, Fields.json(Fields.jsonBytes(command)))
      try voice.say(try receipt.decoded(IssueRestriction.Answer.self).restriction.text)
      voice.note(Words("等待另一单位批准", "another office has to approve it"))
    }
  }
}

extension ListRestrictions.Entry {
  fileprivate func line(_ language: Language) -> String {
    [
      restriction.text, name, kind.words(language), "\(clause) \(edition)",
      Words("第 \(day)/\(days) 天", "day \(day) of \(days)")(language),
      Words("至 \(end.shortText(in: .china))", "until \(end.shortText(in: .china))")(language),
      endReason.map { $0.words(language) } ?? "",
    ].filter { !$0.isEmpty }.joined(separator: "  ")
  }
}
