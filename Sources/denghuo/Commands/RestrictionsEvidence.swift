import ArgumentParser
import Containment
import Gazette
import Kernel

extension RestrictionsCommand {
  /// What is known of one person and may be cited.
  struct KnownEvidence: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "evidence",
      abstract: told(
        "关于一个人的依据及其编号，申请管控时引用。",
        "What is known of one person and may be cited, each with its number."))

    @Argument(help: .told("人员编号。", "The person's identifier.")) var person: String
    @Option(help: .told("text 或 json。", "text or json.")) var format = TextOrJSON.text
    @OptionGroup var folder: FolderOptions

    func run() async throws {
      let voice = Voice.fromEnvironment
      let query = EvidenceOfPerson(person: try PersonID(person, field: "person"))
      let pieces = try await folder.door(voice).ask(
        EvidenceOfPerson.name, Fields.json(Fields.jsonBytes(query)), purpose: .containment,
        as: EvidenceOfPerson.Answer.self
      ).evidence
      if format == .json { return try voice.say(json: pieces) }
      if pieces.isEmpty {
        try voice.say(Words("没有关于此人的依据", "there is no evidence about this person")(voice.language))
      }
      for piece in pieces {
        try voice.say(
          [
            piece.kind.rawValue, piece.reference, piece.kind.words(voice.language),
            piece.countedFrom.shortText(in: .china),
          ].joined(separator: "  "))
      }
    }
  }
}
